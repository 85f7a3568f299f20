import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest
@testable import Normalize

/// Records that several workers code, in any assignment, and that are put together in their order, are those that one
/// has coded.
@Suite("Several workers code a table")
struct WorkersTests {
  enum Kind: String, Sendable, CaseIterable {
    case columns, joins, oneStratum, noStratum, byDimension, register, replicates
  }

  private static let columns = [
    "id", "unit", "day", "w", "size", "g", "s", "h1", "h2", "p", "q", "many", "n", "r1", "r2",
  ]

  private static func plan(_ kind: Kind) throws -> TablePlan {
    let codebook = Codebook(
      missing: ["", "?"], notApplicable: ["n.a."],
      Question(key: "q", type: .one, options: ["a", "b"]), Question(key: "many", type: .many, options: ["x", "y"]))
    let table = TableDefinition(
      name: "responses", paths: ["t.csv"], codebook: codebook, respondent: "id", unit: "unit", submitted: "day")
    var needs = ColumnNeeds(table: table)
    for condition in [
      Condition.oneOf(column: "q", codes: ["a"]), .answered(["many"]), .number(column: "n", .atLeast, 2),
    ] { needs.add(condition) }
    let joined = JoinedValues(
      register: "parties", pairs: (0..<12).map { (unit: "U\($0)", value: ["AFR", "APR", ""][$0 % 3]) })
    let population = PopulationRegister(
      register: "parties", units: (0..<12).map { (unit: "U\($0)", stratum: "all", belongs: $0 % 5 != 4) })
    var dimensions: [TablePlan.DimensionPlan?] = [.column("g"), nil, .column("s")]
    var design: TablePlan.DesignPlan? = TablePlan.DesignPlan(
      weight: "w", strata: [.column("h1"), .column("h2")], psu: .column("p"), unitWeight: "w")
    switch kind {
    case .columns: break
    case .joins:
      dimensions = [.join(key: "unit", joined), .column("g")]
      design = TablePlan.DesignPlan(
        strata: [.dimension(0), .column("h1"), .dimension(1)], psu: .column("unit"), population: population)
    case .oneStratum:
      design = TablePlan.DesignPlan(weight: "w", strata: [.column("h1")], psu: .column("p"), populationColumn: "size")
    case .noStratum: design = TablePlan.DesignPlan(weight: "w", psu: .column("p"))
    case .byDimension: design = TablePlan.DesignPlan(strata: [.dimension(2)], psu: .dimension(0))
    case .register: design = nil
    case .replicates:
      design = TablePlan.DesignPlan(
        weight: "w", replicates: ReplicateWeights(columns: ["r1", "r2"], type: .bootstrap))
    }
    var plan = TablePlan(table: table, needs: needs, dimensions: dimensions, design: design)
    let kept = try plan.resolve(Header(names: columns, path: "t.csv", table: "responses"))
    precondition(kept.count <= columns.count)
    return plan
  }

  /// Rows of the kept columns.
  private static func rows(_ plan: TablePlan, count: Int, seed: UInt64) -> [[[UInt8]]] {
    var generator = SeededGenerator(seed: seed)
    func pick(_ values: [String]) -> String { values.randomElement(using: &generator) ?? "" }
    return (0..<count).map { number in
      let isSpoiled = Int.random(in: 0..<8, using: &generator) == 0
      let stratum = Int.random(in: 0..<4, using: &generator)
      // Members, strata and PSUs come up bit by bit, so that workers meet them in different orders.
      let reach = 2 + number / 12
      let values: [String: String] = [
        "id": isSpoiled ? pick(["", "r\(number / 3)"]) : "r\(number)",
        "unit": isSpoiled ? pick(["", "U99"]) : "U\(Int.random(in: 0..<12, using: &generator))",
        "day": isSpoiled ? "1.2.2020" : pick(["2020-01-31", "", "2021-07-01"]),
        "w": isSpoiled ? pick(["-1", "x", "1e200"]) : pick(["1", "2.5", "0", "0.1250000000000000001"]),
        "size": "\(stratum + 5)",
        "g": pick(["", "g\(Int.random(in: 0..<reach, using: &generator))", "\u{E9}", "e\u{301}"]),
        "s": "s\(Int.random(in: 0..<reach, using: &generator))", "h1": stratum == 0 ? "" : "h\(stratum)",
        "h2": pick(["", "i\(Int.random(in: 0..<reach, using: &generator))"]),
        "p": "p\(Int.random(in: 0..<reach, using: &generator))",
        "q": pick(["a", "b", "", "?", "n.a.", isSpoiled ? "A" : "a"]),
        "many": pick(["x", "x|y", "", isSpoiled ? "x|w" : "y"]), "n": pick(["1", "2.0", "", isSpoiled ? "two" : "3"]),
        "r1": pick(["1", "-2"]), "r2": isSpoiled ? pick(["", "3"]) : "0.5",
      ]
      return plan.keyFields.sorted { $0.value < $1.value }.map { Array((values[$0.key] ?? "").utf8) }
    }
  }

  /// What became of the rows, to the bit.
  private struct Table: Equatable {
    var used: [Bool] = []
    var numbers: [[Int32]] = []
    var units: [UInt128] = []
    var submitted: [Int64] = []
    var weights: [UInt64] = []
    var answers: [[[UInt64]]] = []

    mutating func append(_ batch: CodedBatch) {
      used += (0..<batch.rowCount).map { batch.used[$0] }
      let lists = [batch.strata, batch.psus] + batch.members
      submitted += batch.submitted
      if numbers.isEmpty { numbers = Array(repeating: [], count: lists.count) }
      for (place, list) in lists.enumerated() { numbers[place] += list }
      units += batch.units
      weights += (batch.weights + batch.unitWeights + batch.replicateWeights).map(\.bitPattern)
      if answers.isEmpty { answers = Array(repeating: Array(repeating: [], count: 4), count: batch.columns.count) }
      for (place, column) in batch.columns.enumerated() {
        answers[place][0] += column.codes.map(UInt64.init)
        answers[place][1] += column.selections
        answers[place][2] += column.numbers.map(\.bitPattern)
        answers[place][3] += column.days.map { UInt64(UInt32(bitPattern: $0)) }
      }
    }
  }

  private static func cuts(_ count: Int, seed: UInt64) -> [Range<Int>] {
    var generator = SeededGenerator(seed: seed)
    var cuts: [Range<Int>] = []
    var start = 0
    while start < count {
      let end = min(count, start + Int.random(in: 0...25, using: &generator))
      cuts.append(start..<end)
      start = end
    }
    return cuts
  }

  @Test(arguments: Kind.allCases, UInt64(1)...5) func oneCoderOrSeveral(kind: Kind, seed: UInt64) throws {
    let plan = try Self.plan(kind)
    let rows = Self.rows(plan, count: 720, seed: seed)
    let width = plan.keyFields.count
    func records(_ range: Range<Int>) -> RecordBatch {
      var batch = RecordBatch(rows: Array(rows[range]), columns: width, firstLine: range.lowerBound + 2)
      if range.contains(60) { batch.misshapen = [.init(line: 62, fields: 3)] }
      return batch
    }
    // Pieces alike, so that weights stand in the same order.
    let cuts = Self.cuts(rows.count, seed: seed)
    var expected = Normalizer(plan: plan, fieldCount: Self.columns.count)
    var whole = Table()
    for cut in cuts { whole.append(try expected.normalize(records(cut))) }
    #expect(expected.accounting.isBalanced && expected.accounting.rejected > 5 && expected.accounting.used > 50)
    for workers in [1, 2, 5] {
      var generator = SeededGenerator(seed: seed * 10 + UInt64(workers))
      var coders = try (0...workers).map { _ in try RowCoder(plan: plan) }
      var normalizer = Normalizer(plan: plan, fieldCount: Self.columns.count)
      var found = Table()
      for cut in cuts {
        let worker = Int.random(in: 1...workers, using: &generator)
        let morsel = coders[worker].code(records(cut))
        #expect(!morsel.isInvalid)
        guard Int.random(in: 0..<4, using: &generator) == 0 else {
          found.append(try normalizer.merge(morsel, worker: worker))
          continue
        }
        // It had begun in the wrong place: what it says of names is remembered, its rows are read again by another.
        normalizer.discard(morsel, worker: worker)
        if Bool.random(using: &generator) {
          let more = coders[worker].code(records(0..<min(9, cut.upperBound)))
          normalizer.discard(more, worker: worker)
        }
        found.append(try normalizer.merge(coders[0].code(records(cut)), worker: 0))
      }
      #expect(found == whole, "\(workers) workers")
      let (mine, others) = (normalizer.numbering, expected.numbering)
      #expect(mine.accounting == others.accounting)
      #expect(mine.rejections == others.rejections)
      #expect(mine.strata == others.strata)
      #expect(mine.psuStrata == others.psuStrata && mine.psuIDs == others.psuIDs)
      #expect(mine.members == others.members)
      #expect(mine.declaredSizes == others.declaredSizes)
    }
  }

  /// A name has its number from the first row that counts, whoever saw it before.
  @Test func namesOfRowsThatDoNotCountHaveNoNumber() throws {
    let plan = try Self.plan(.columns)
    let order = plan.keyFields.sorted { $0.value < $1.value }.map(\.key)
    func row(_ id: String, _ member: String, weight: String = "1") -> [[UInt8]] {
      order.map { name in
        switch name {
        case "id": id
        case "unit": "U1"
        case "w": weight
        case "g", "s", "h1", "h2", "p": member
        default: ""
        }
      }.map { Array($0.utf8) }
    }
    func records(_ rows: [[[UInt8]]]) -> RecordBatch { RecordBatch(rows: rows, columns: order.count) }
    var coders = [try RowCoder(plan: plan), try RowCoder(plan: plan)]
    var normalizer = Normalizer(plan: plan, fieldCount: Self.columns.count)
    normalizer.discard(coders[0].code(records([row("1", "discarded")])), worker: 0)
    _ = try normalizer.merge(coders[1].code(records([row("1", "refused", weight: "x"), row("2", "b")])), worker: 1)
    let last = try normalizer.merge(
      coders[0].code(records([row("2", "twice"), row("3", "discarded"), row("4", "b"), row("5", "refused")])), worker: 0
    )
    #expect(normalizer.members[0].names == ["b", "discarded", "refused"])
    #expect(normalizer.strata.names.count == 3)
    #expect(normalizer.psus.map(\.id) == ["b", "discarded", "refused"])
    #expect(last.members[0] == [0, 1, 0, 2])
    #expect(last.psus == [0, 1, 0, 2])
    #expect(last.strata == [0, 1, 0, 2])
    #expect((0..<4).map { last.used[$0] } == [false, true, true, true])
  }

  /// A column with more distinct fields than are remembered.
  @Test func moreFieldsThanAreRemembered() throws {
    let table = TableDefinition(name: "responses", paths: ["t.csv"])
    var needs = ColumnNeeds(table: table)
    needs.add(.number(column: "n", .atLeast, 2))
    needs.add(.oneOf(column: "t", codes: ["x5000"]))
    var plan = TablePlan(table: table, needs: needs)
    _ = try plan.resolve(Header(names: ["n", "t"], path: "t.csv", table: "responses"))
    var coder = try RowCoder(plan: plan)
    for pass in 0..<2 {
      for start in stride(from: 0, to: 6000, by: 1500) {
        let rows = (start..<start + 1500).map { number in
          [Array((number % 500 == 499 ? "no \(number)" : "\(number).5").utf8), Array("x\(number)".utf8)]
        }
        let morsel = coder.code(RecordBatch(rows: rows, columns: 2, firstLine: start + 2))
        let numbers = morsel.batch.columns[0].numbers
        for (row, number) in numbers.enumerated() {
          let place = start + row
          if place % 500 == 499 { #expect(number.isNaN) } else { #expect(number == Double(place) + 0.5) }
        }
        #expect(
          morsel.answerRejections.map { $0.1.line } == (start..<start + 1500).filter { $0 % 500 == 499 }.map { $0 + 2 },
          "pass \(pass)")
        #expect(morsel.answerRejections.allSatisfy { $0.1.value == "no \($0.1.line - 2)" })
        let codes = morsel.batch.columns[1].codes
        #expect(codes.enumerated().allSatisfy { $0.element == (start + $0.offset == 5000 ? 2 : 1) })
      }
    }
  }
}
