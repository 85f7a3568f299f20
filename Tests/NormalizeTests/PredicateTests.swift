import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("Compiled conditions")
struct PredicateTests {
  static let codebook = Codebook(
    missing: ["", "NA"], notApplicable: ["na", "n/a"],
    Question(key: "O", type: .one, options: ["a", "b", "c"]),
    Question(
      key: "P", type: .one, options: ["a", "na", "b"], askedIf: .oneOf(column: "O", codes: ["a", "na"]),
      isMandatory: true),
    Question(key: "M", type: .many, options: ["x", "y", "z"]),
    Question(
      key: "R", type: .many, options: ["x", "y"],
      askedIf: .any([.answered(["P"]), .not(.includesAll(column: "M", codes: ["x", "y"]))])),
    Question(key: "I", type: .integer, isMandatory: true),
    Question(key: "N", type: .number, askedIf: .routedOut("P")),
    Question(key: "D", type: .date),
    Question(key: "T", type: .text, askedIf: .all([.number(column: "I", .above, 0), .answered(["R"])])))

  /// What stands in each column, right and wrong.
  static let texts: [String: [String]] = [
    "O": ["a", "b", "c", "", "NA", "na", "n/a", "A", "d"], "P": ["a", "b", "na", "n/a", "", "", "NA", "x"],
    "M": ["x", "y", "z", "x|y", "z|x|y", "na", "na|x", "n/a|na", "", "NA", "x|q", "x|NA", "x||y"],
    "R": ["x", "y", "x|y", "", "", "na", "bad"], "I": ["0", "1", "-3", "5", "2.0", "2.5", "", "NA", "na", "five"],
    "N": ["0.5", "-1", "7", "1e2", "", "", "na", "x"],
    "D": ["2019-10-01", "2019-09-30", "2020-02-29", "", "NA", "na", "soon"],
    "T": ["free", "text", "", "NA", "na", "a"], "K": ["AUT", "BRA", "SVK", "", "ZZZ"],
  ]

  @Test("They hold for the rows for which a naive reading holds", arguments: UInt64(1)...60)
  func againstNaiveReading(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rowCount = [0, 1, 63, 64, 65, 130].randomElement(using: &generator) ?? 1
    let names = Self.texts.keys.sorted()
    let rows = (0..<rowCount).map { _ in
      Dictionary(uniqueKeysWithValues: names.map { ($0, Self.texts[$0]?.randomElement(using: &generator) ?? "") })
    }
    let lines = rows.map { row in names.map { row[$0] ?? "" }.joined(separator: ",") }
    let csv = ([names.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"

    let conditions = (0..<20).map { _ in RandomCondition(generator: &generator, depth: 3).condition }
    var cycle = SurveyCycle(name: "p", title: "", cycle: "p", tables: [:], indicators: [])
    cycle.referenceDate = SurveyDate("2019-10-01")
    cycle.periodTo = SurveyDate("2020-01-01")
    var relatedKeys: [RelatedCondition: (meeting: [String], unknown: [String])] = [:]
    var counts: [RelatedCondition: RelatedCounts] = [:]
    func keys(_ count: Int) -> [String] {
      (0..<count).map { _ in ["AUT", "AUT", "BRA", "", "SVK"].randomElement(using: &generator) ?? "" }
    }
    for related in conditions.flatMap(\.relatedConditions) where counts[related] == nil {
      let (meeting, unknown) = (keys(6), keys(3))
      relatedKeys[related] = (meeting, unknown)
      counts[related] = try RelatedCounts(meeting: meeting, unknown: unknown)
    }

    let table = try NormalizedTable(csv, table: .responses(Self.codebook), conditions: conditions)
    let naive = NaiveCondition(codebook: Self.codebook, cycle: cycle, relatedKeys: relatedKeys)
    for condition in conditions {
      let found = try table.truths(of: condition, cycle: cycle, counts: counts)
      for (row, truth) in zip(rows, found)
      where naive.guesses(condition, for: row) <= NaiveCondition.mostGuesses {
        #expect(truth == naive.truth(condition, for: row), "\(condition) of \(row)")
      }
    }
  }

  @Test("The random conditions have every form, and both outcomes")
  func coverage() {
    var generator = SeededGenerator(seed: 1)
    let naive = NaiveCondition(
      codebook: Self.codebook, cycle: SurveyCycle(name: "p", title: "", cycle: "p", tables: [:], indicators: []),
      relatedKeys: [:])
    let empty: [String: String] = [:]
    let conditions = (0..<500).map { _ in RandomCondition(generator: &generator, depth: 3).condition }
    let truths = conditions.count { naive.truth($0, for: empty) == true }
    #expect((50...450).contains(truths))
    let text = conditions.map { "\($0)" }.joined()
    let forms = [
      "oneOf", "includesAll", "answered", "routedOut", "number", "date", "empty", "any", "all", "not", "decided",
      "related", "complete",
    ]
    for form in forms {
      #expect(text.contains(".\(form)"), "\(form)")
    }
  }

  @Test("A missing answer meets no form, so that its opposite does")
  func missing() throws {
    let forms: [Condition] = [
      .oneOf(column: "O", codes: ["a", "b", "c"]), .includesAll(column: "M", codes: ["x"]), .answered(["O"]),
      .number(column: "I", .below, 1e9), .date(column: "D", .above, .day(SurveyDate(daysSinceEpoch: -100_000))),
    ]
    let table = try NormalizedTable(
      "O,M,I,D\n,,,\nNA,NA,NA,NA\n", table: .responses(Self.codebook), conditions: forms)
    for form in forms {
      #expect(try table.rows(meeting: form) == [false, false])
      #expect(try table.rows(meeting: .not(form)) == [true, true])
    }
  }

  @Test("A form on an unreadable answer is unknown, and so is its opposite")
  func unreadable() throws {
    let forms: [Condition] = [
      .oneOf(column: "O", codes: ["a"]), .includesAll(column: "M", codes: ["x"]), .answered(["O"]),
      .number(column: "I", .below, 1e9), .date(column: "D", .above, .day(SurveyDate(daysSinceEpoch: 0))),
      .empty(column: "O", true), .empty(column: "D", false),
    ]
    let table = try NormalizedTable("O,M,I,D\nq,x|q,five,soon\n", table: .responses(Self.codebook), conditions: forms)
    for form in forms {
      #expect(try table.truths(of: form) == [nil])
      #expect(try table.truths(of: .not(form)) == [nil])
      #expect(try table.truths(of: .decided(form)) == [nil])
      #expect(try table.truths(of: .any([form, .not(.answered([]))])) == [nil])
      #expect(try table.truths(of: .any([form, .answered([])])) == [true])
      #expect(try table.truths(of: .all([form, .not(.answered([]))])) == [false])
    }
  }

  @Test("One answer can decide before the others are there")
  func decided() throws {
    let (yes, also) = (Condition.oneOf(column: "O", codes: ["a"]), Condition.oneOf(column: "P", codes: ["a"]))
    // O, P: yes and missing, no and missing, missing and missing, no and no, yes and unreadable, missing and unreadable,
    // not applicable and no.
    let table = try NormalizedTable(
      "O,P\na,\nb,\n,\nb,b\na,q\n,q\nna,b\n", table: .responses(Self.codebook), conditions: [yes, also])
    #expect(try table.truths(of: .decided(.any([yes, also]))) == [true, false, false, true, true, nil, false])
    #expect(try table.truths(of: .decided(.all([yes, also]))) == [false, true, false, true, nil, nil, true])
    #expect(try table.truths(of: .decided(.not(yes))) == [true, true, false, true, true, false, false])
    // A form that names a not-applicable code knows it.
    let named = Condition.oneOf(column: "O", codes: ["na"])
    #expect(try table.truths(of: .decided(named)) == [true, true, false, true, true, false, true])
  }

  @Test("A word for a day that the cycle lacks meets nothing")
  func undeclaredDay() throws {
    let condition = Condition.date(column: "D", .above, .periodFrom)
    let table = try NormalizedTable("D,x\n2019-10-01,\n", table: .responses(Self.codebook), conditions: [condition])
    #expect(try table.rows(meeting: condition) == [false])
  }

  @Test("A relation asks for enough rows with the same key")
  func related() throws {
    let counts = try RelatedCounts(meeting: ["AUT", "AUT", "BRA", ""], unknown: [])
    for (atLeast, expected) in [
      (1, [true, true, false, false]), (2, [true, false, false, false]), (3, [false, false, false, false]),
    ] {
      let related = RelatedCondition(table: "t", here: "K", there: "L", condition: nil, atLeast: atLeast)
      let table = try NormalizedTable("K,x\nAUT,\nBRA,\nSVK,\n,\n", conditions: [.related(related)])
      #expect(try table.rows(meeting: .related(related), counts: [related: counts]) == expected)
      #expect(throws: DataError.unresolved(table: "responses", name: "K")) {
        try table.rows(meeting: .related(related))
      }
    }
  }
}

/// A condition of any form on the questions of `PredicateTests.codebook`.
struct RandomCondition {
  var condition: Condition

  init(generator: inout SeededGenerator, depth: Int) {
    condition = Self.condition(&generator, depth)
  }

  private static func condition(_ generator: inout SeededGenerator, _ depth: Int) -> Condition {
    func pick<Element>(_ values: [Element], else other: Element) -> Element {
      values.randomElement(using: &generator) ?? other
    }
    let comparison = pick([Comparison.atLeast, .atMost, .above, .below, .equal], else: .below)
    switch Int.random(in: 0..<(depth > 0 ? 18 : 10), using: &generator) {
    case 0: return .oneOf(column: pick(["O", "P"], else: "O"), codes: subset(["a", "b", "na", "n/a"], &generator))
    case 1: return .oneOf(column: pick(["M", "R"], else: "M"), codes: subset(["x", "y", "na"], &generator))
    case 2:
      return .oneOf(column: pick(["T", "I"], else: "T"), codes: subset(["free", "a", "na", "2.0", "5"], &generator))
    case 3: return .includesAll(column: pick(["M", "R"], else: "M"), codes: subset(["x", "y"], &generator))
    case 4: return .answered(subset(["O", "P", "M", "R", "I", "N", "D", "T"], &generator))
    case 5: return .routedOut(pick(["P", "R", "N", "T"], else: "P"))
    case 6: return .number(column: pick(["I", "N"], else: "I"), comparison, pick([0, 1, 2, 0.5, -1], else: 0))
    case 7:
      let day = SurveyDate("2019-10-01").map { DateReference.day($0) } ?? .referenceDate
      return .date(column: "D", comparison, pick([.referenceDate, .periodFrom, .periodTo, day], else: day))
    case 8:
      return .empty(column: pick(["O", "M", "I", "D", "T", "K"], else: "O"), Bool.random(using: &generator))
    case 9:
      let table = pick(["one", "two", "three"], else: "one")
      let atLeast = Int.random(in: 1...3, using: &generator)
      let related = RelatedCondition(table: table, here: "K", there: "K", condition: nil, atLeast: atLeast)
      return Bool.random(using: &generator) ? .complete : .related(related)
    case 10, 11: return .any(parts(&generator, depth))
    case 12, 13: return .all(parts(&generator, depth))
    case 14, 15: return .decided(condition(&generator, depth - 1))
    default: return .not(condition(&generator, depth - 1))
    }
  }

  private static func parts(_ generator: inout SeededGenerator, _ depth: Int) -> [Condition] {
    (0..<Int.random(in: 1...3, using: &generator)).map { _ in condition(&generator, depth - 1) }
  }

  private static func subset(_ values: [String], _ generator: inout SeededGenerator) -> [String] {
    let chosen = values.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
    return chosen.isEmpty ? [values.randomElement(using: &generator) ?? ""] : chosen
  }
}

extension RelatedCounts {
  /// - Parameters:
  ///   - meeting: The key of each row that meets the condition.
  ///   - unknown: The key of each row of which this is unknown.
  init(meeting: [String], unknown: [String]) throws {
    self.init()
    let codebook = Codebook(Question(key: "Q", type: .one, options: ["y", "n"]))
    let rows = meeting.map { "\($0),y\n" } + unknown.map { "\($0),?\n" } + ["AUT,n\n"]
    let condition = Condition.oneOf(column: "Q", codes: ["y"])
    let related = RelatedCondition(table: "t", here: "K", there: "K", condition: nil)
    let table = try NormalizedTable(
      "K,Q\n" + rows.joined(), table: .responses(codebook), conditions: [condition, .related(related)])
    let cycle = SurveyCycle(name: "p", title: "", cycle: "p", tables: [:], indicators: [])
    let predicate = try PredicateCompiler(cycle: cycle, plan: table.normalizer.plan).predicate(condition)
    for batch in table.batches { add(batch, meeting: predicate, field: table.normalizer.plan.keyFields["K"]) }
  }
}
