import SurveyModel
import SurveyTestSupport
import Testing

@testable import Aggregate
@testable import Ingest
@testable import Normalize

/// Units that answer through several rows, and what their sums must be, made unit by unit from docs/statistics.md 1.
struct UnitRows {
  struct Row {
    var unit: Int
    /// In tenths, so that ties are ties.
    var tenths: Int
    /// By indicator: in the numerator's and in the denominator's condition, each on its own.
    var isYes: [Bool]
    var isIn: [Bool]
    /// The answer of the numerator's condition cannot be read.
    var isUnreadable: [Bool] = []
    /// That of the denominator's condition cannot.
    var isBaseUnreadable: [Bool] = []
    var isUsed = true

    func isUnreadable(_ indicator: Int) -> Bool { isUnreadable.indices.contains(indicator) && isUnreadable[indicator] }

    func isBaseUnreadable(_ indicator: Int) -> Bool {
      isBaseUnreadable.indices.contains(indicator) && isBaseUnreadable[indicator]
    }

    /// What the row may be: yes or no in the denominator; nil: in none.
    func readings(_ indicator: Int) -> Set<Bool?> {
      let bases = isBaseUnreadable(indicator) ? [true, false] : [isIn[indicator]]
      let answers = isUnreadable(indicator) ? [true, false] : [isYes[indicator]]
      return Set(bases.flatMap { base in answers.map { base ? $0 : nil } })
    }
  }

  /// What all rows of a unit have in common.
  struct Unit {
    var stratum = 0
    var psu = 0
    var weight = 1.0
    var replicates: [Double] = []
    /// Member numbers of two dimensions.
    var members = [0, 0]
  }

  /// What a tally keeps its sums by.
  enum Groups: Sendable, CaseIterable { case strata, psus, units, replicates, register }

  var rows: [Row]
  var units: [Unit]
  var rollUp: RollUp
  var groups: Groups
  var indicators: Int
  var replicateCount = 0

  /// Changes a batch before it is added.
  var spoil: (inout CodedBatch) -> Void = { _ in }

  static let memberNames = [["a", "b", "c"], ["x", "y"]]
  static let strata = 3

  // MARK: - Through the tally

  func tally(batchSizes: [Int]) throws -> FinishedTally {
    var tally = Tally(plan: plan)
    var start = 0
    var turn = 0
    while start < rows.count {
      let end = min(rows.count, start + batchSizes[turn % batchSizes.count])
      var batch = self.batch(start..<end)
      spoil(&batch)
      try tally.add(batch)
      start = end
      turn += 1
    }
    let codes = TableCodes(
      strata: (0..<Self.strata).map { Stratum(name: "h\($0)") },
      psus: groups == .psus
        ? (0..<Self.strata * 10).map { PrimarySamplingUnit(stratum: $0 / 10, id: "c\($0 % 10)") } : [],
      members: Self.memberNames)
    return tally.finish(codes: codes, dimensions: [0, 1])
  }

  private var plan: TallyPlan {
    var design = TableSums.Design.sample
    if groups == .register { design = .register }
    if groups == .replicates {
      design = .replicates(
        ReplicateScheme(
          columns: (0..<replicateCount).map { "r\($0)" }, scale: 1,
          replicateScales: Array(repeating: 1, count: replicateCount), isAroundEstimate: false, degreesOfFreedom: 1))
    }
    return TallyPlan(
      indicators: (0..<indicators).map { indicator in
        IndicatorPredicates(
          numerator: .code(column: indicator * 2, accepted: [false, false, true, false], Rows.states),
          denominator: .code(column: indicator * 2 + 1, accepted: [false, false, true, false], Rows.states))
      }, groupings: [[0], [1], [0, 1]], dimensionCount: 2, design: design, rollUp: rollUp,
      hasPSUColumn: groups == .psus, linksUnits: groups == .units, unitField: 0)
  }

  private func batch(_ range: Range<Int>) -> CodedBatch {
    let part = Array(rows[range])
    var records = RecordBatch(columnCount: 1)
    for (offset, row) in part.enumerated() {
      records.bytes += Array("u\(row.unit)".utf8)
      records.ends.append(records.bytes.count)
      records.lines.append(range.lowerBound + offset + 2)
      records.rowCount += 1
    }
    let owners = part.map { units[$0.unit] }
    var batch = CodedBatch(
      records: records, used: RowMask(rowCount: part.count) { part[$0].isUsed },
      columns: (0..<indicators).flatMap { indicator in
        [
          Rows.column(part.map { $0.isUnreadable(indicator) ? 3 : $0.isYes[indicator] ? 2 : 0 }),
          Rows.column(part.map { $0.isBaseUnreadable(indicator) ? 3 : $0.isIn[indicator] ? 2 : 0 }),
        ]
      }, weights: part.map { Double($0.tenths) / 10 }, strata: owners.map { Int32($0.stratum) },
      psus: groups == .psus ? owners.map { Int32($0.stratum * 10 + $0.psu) } : [],
      members: [0, 1].map { dimension in owners.map { Int32($0.members[dimension]) } },
      units: part.map { UInt128($0.unit) }, submitted: [])
    batch.unitWeights = owners.map(\.weight)
    batch.replicateWeights = owners.flatMap(\.replicates)
    return batch
  }

  // MARK: - Unit by unit

  /// The units in the order of their first used row.
  var counted: [Int] {
    var result: [Int] = []
    for row in rows where row.isUsed && !result.contains(row.unit) { result.append(row.unit) }
    return result
  }

  struct Answer: Hashable {
    var isIn: Bool
    var isYes: Bool
    var isUnreadable = false
  }

  /// d and y by unit, by indicator: unreadable where the readings of unreadable rows come to different outcomes.
  var answers: [[Answer]] {
    let counting = Dictionary(grouping: rows.filter { $0.isUsed && $0.tenths > 0 }, by: \.unit)
    return units.indices.map { unit in
      (0..<indicators).map { indicator in
        var votes: [[(tenths: Int, isYes: Bool)]] = [[]]
        for row in counting[unit] ?? [] {
          votes = row.readings(indicator).flatMap { reading in
            votes.map { others in reading.map { others + [(row.tenths, $0)] } ?? others }
          }
        }
        let outcomes = Set(votes.map(outcome))
        let only = outcomes.first ?? Answer(isIn: false, isYes: false)
        return outcomes.count == 1 ? only : Answer(isIn: false, isYes: false, isUnreadable: true)
      }
    }
  }

  private func outcome(_ votes: [(tenths: Int, isYes: Bool)]) -> Answer {
    let yes = votes.filter(\.isYes)
    let isYes =
      switch rollUp {
      case .any: !yes.isEmpty
      case .all: yes.count == votes.count
      case .majority: 2 * yes.reduce(0) { $0 + $1.tenths } > votes.reduce(0) { $0 + $1.tenths }
      case .none, .latest: false
      }
    return Answer(isIn: !votes.isEmpty, isYes: !votes.isEmpty && isYes)
  }

  struct Expectation {
    var sum = Rows.Sum()
    var replicates: [Double]
    var replicatesYes: [Double]
  }

  /// The sums of a cell by group; units of weight 0 have no part in them.
  func expected(
    _ cell: Cell, _ indicator: Int, counted: [Int], answers: [[Answer]]
  ) -> [Int: Expectation] {
    var result: [Int: Expectation] = [:]
    for (place, number) in counted.enumerated() {
      let unit = units[number]
      let answer = answers[number][indicator]
      guard unit.weight > 0, answer.isIn, Self.lies(unit, in: cell) else { continue }
      let group =
        switch groups {
        case .strata, .register: unit.stratum
        case .psus: unit.stratum * 10 + unit.psu
        case .units: place
        case .replicates: 0
        }
      let zeros = Array(repeating: 0.0, count: replicateCount)
      var expectation = result[group] ?? Expectation(replicates: zeros, replicatesYes: zeros)
      expectation.sum.add(unit.weight, isYes: answer.isYes)
      for (index, weight) in unit.replicates.enumerated() {
        expectation.replicates[index] += weight
        if answer.isYes { expectation.replicatesYes[index] += weight }
      }
      result[group] = expectation
    }
    return result
  }

  /// Units of a cell in no denominator: not decided, and unreadable.
  func leftOut(
    _ cell: Cell, _ indicator: Int, counted: [Int], answers: [[Answer]]
  ) -> (missing: Int, unreadable: Int) {
    var result = (missing: 0, unreadable: 0)
    let speaking = speaking
    for number in counted
    where units[number].weight > 0 && speaking.contains(number) && Self.lies(units[number], in: cell) {
      let answer = answers[number][indicator]
      if answer.isUnreadable { result.unreadable += 1 } else if !answer.isIn { result.missing += 1 }
    }
    return result
  }

  static func lies(_ unit: Unit, in cell: Cell) -> Bool {
    [0, 1].allSatisfy { dimension in
      cell.members[dimension].map { $0 == memberNames[dimension][unit.members[dimension]] } ?? true
    }
  }

  /// Units with a row that has a say; the others are in no count.
  private var speaking: Set<Int> { Set(rows.filter { $0.isUsed && $0.tenths > 0 }.map(\.unit)) }

  /// All cells that have a unit of positive weight.
  var cells: Set<Cell> {
    var result: Set<Cell> = [Cell(members: [nil, nil])]
    for unit in counted.filter(speaking.contains).map({ units[$0] }) where unit.weight > 0 {
      let names = [0, 1].map { Self.memberNames[$0][unit.members[$0]] }
      result.formUnion([
        Cell(members: [names[0], nil]), Cell(members: [nil, names[1]]), Cell(members: [names[0], names[1]]),
      ])
    }
    return result
  }

  // MARK: - Random tables

  static func random(
    seed: UInt64, rollUp: RollUp, groups: Groups, units count: Int = 40, indicators: Int = 4
  ) -> UnitRows {
    var generator = SeededGenerator(seed: seed)
    let replicateCount = groups == .replicates ? 5 : 0
    var result = UnitRows(
      rows: [], units: [], rollUp: rollUp, groups: groups, indicators: indicators, replicateCount: replicateCount)
    for _ in 0..<count {
      result.units.append(
        Unit(
          stratum: groups == .register || groups == .replicates ? 0 : Int.random(in: 0..<strata, using: &generator),
          psu: Int.random(in: 0..<5, using: &generator),
          weight: Int.random(in: 0..<7, using: &generator) == 0 ? 0 : Double.random(in: 0.2...4, using: &generator),
          replicates: (0..<replicateCount).map { _ in
            Int.random(in: 0..<4, using: &generator) == 0 ? 0 : Double.random(in: -1...5, using: &generator)
          },
          members: memberNames.map { Int.random(in: 0..<$0.count, using: &generator) }))
    }
    for _ in 0..<count * 4 {
      func answers(_ share: Double) -> [Bool] {
        (0..<indicators).map { _ in Double.random(in: 0..<1, using: &generator) < share }
      }
      result.rows.append(
        Row(
          unit: Int.random(in: 0..<count, using: &generator),
          // Few values: many ties, such as 0.1 + 0.2 against 0.3.
          tenths: [0, 1, 1, 2, 2, 3, 10].randomElement(using: &generator) ?? 1, isYes: answers(0.5),
          isIn: answers(0.6), isUnreadable: answers(0.1), isBaseUnreadable: answers(0.1),
          isUsed: Int.random(in: 0..<8, using: &generator) > 0))
    }
    return result
  }
}
