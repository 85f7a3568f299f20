import Engine
import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Every unit of an indicator, and why it counts or does not")
struct UnitListingTests {
  private static func listing(
    _ name: String, _ indicator: String, comparedWith other: String? = nil, in places: [UnitListing.Place] = [],
    pipelines: String, bytesPerMorsel: Int? = nil
  ) async throws -> UnitListing.Outcome {
    var options = RunOptions(pipelines: pipelines)
    if let bytesPerMorsel { options.bytesPerMorsel = bytesPerMorsel }
    return try await UnitListing(
      name: name, indicator: indicator, comparedWith: other, in: places, options: options
    ).run()
  }

  /// The units of each cell add up to what the results say of it.
  private static func expectSums(_ results: Results, pipelines: String, bytesPerMorsel: Int? = nil) async throws {
    for cycle in results.cycles.map(\.name) {
      for indicator in results.indicators {
        let rows = results.estimates.filter { $0.cycle == cycle && $0.indicator == indicator.id }
        let units = try await listing(cycle, indicator.id, pipelines: pipelines, bytesPerMorsel: bytesPerMorsel).now
        #expect((units.absence != nil) == (rows.first?.status == .notAsked))
        for row in rows where row.status == .ok || row.status == .noData {
          let cell = units.units.filter { unit in
            unit.isInDenominator && row.grouping.allSatisfy { unit.members[$0] == row.members[$0] }
          }
          let place = "\(cycle) \(indicator.id) \(row.members)"
          #expect(cell.count == row.n, "\(place)")
          #expect(cell.count(where: \.isInNumerator) == row.nYes, "\(place)")
          guard let estimate = row.estimate else { continue }
          let yes = cell.reduce(0) { $0 + ($1.isInNumerator ? $1.weight ?? .nan : 0) }
          let all = cell.reduce(0) { $0 + ($1.weight ?? .nan) }
          let expected = indicator.kind == .count ? yes : 100 * yes / all
          #expect(areClose(expected, estimate, relative: 1e-9), "\(place): \(expected), \(estimate)")
        }
        #expect(units.units.allSatisfy { $0.isInDenominator == ($0.weight != nil) && !$0.reason.isEmpty })
        #expect(units.units.allSatisfy { $0.isInDenominator || !$0.isInNumerator })
        #expect(units.units.allSatisfy { $0.answers.count == units.questions.count })
      }
    }
  }

  /// Rows of weight 0 are in no count: what the listing calls unreadable, or says nothing else of, is what the results
  /// count as unreadable and as missing, in each cell and under each roll-up.
  @Test(arguments: ["none", "latest", "any", "all", "majority"], [UInt64](1...4))
  func listingsAndResultsLeaveTheSameOut(rollUp: String, seed: UInt64) async throws {
    let survey = try Self.weightless(rollUp: rollUp, seed: seed)
    let results = try await survey.run("s").outcome.results
    var unreadable = 0
    for indicator in results.indicators {
      let units = try await Self.listing("s", indicator.id, pipelines: survey.directory.path).now.units
      for row in results.estimates where row.indicator == indicator.id {
        let left = units.filter { unit in
          unit.status == .used && !unit.isInDenominator && !Self.isOutside(unit.reason)
            && row.grouping.allSatisfy { unit.members[$0] == row.members[$0] }
        }
        let place = "\(rollUp) \(indicator.id) \(row.members)"
        #expect(left.count { $0.reason.hasSuffix("unreadable: not counted") } == row.nUnreadable, "\(place)")
        #expect(left.count { !$0.reason.hasSuffix("unreadable: not counted") } == row.nMissing, "\(place)")
        unreadable += row.nUnreadable ?? 0
      }
    }
    #expect(unreadable > 0)
  }

  /// Whether each of the reasons of a unit's rows says that the row weighs nothing or is not eligible.
  private static func isOutside(_ reason: String) -> Bool {
    reason.components(separatedBy: "; ").allSatisfy { $0 == "weight 0: in no sum" || $0.hasSuffix(": not eligible") }
  }

  /// Units of one to three rows, many of which weigh nothing; each unit is in one group.
  static func weightless(rollUp: String, seed: UInt64) throws -> WrittenPipelines {
    var generator = SeededGenerator(seed: seed)
    var rows = ["u,g,w,s,q1,q2"]
    for unit in 0..<60 {
      for row in 0..<Int.random(in: 1...3, using: &generator) {
        func one(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
        rows.append(
          "u\(unit),g\(unit % 3),\(one(["0", "0", "1", "2.5"])),2024-01-0\(row + 1),\(one(["1", "2", "", "9"])),"
            + one(["1", "2", "", "x"]))
      }
    }
    return try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, codebook: codebook.yaml, unit: u, submitted: s, roll-up: \(rollUp)}}
            dimensions: {g: {column: g}}
            group-by: [[g]]
            design: {weight: w}
            max-rejected: 60%
            """, rows: rows)
      ],
      indicators: """
        - {id: A, title: First, numerator: {q1: "1"}}
        - {id: B, title: Second, numerator: {q2: "1"}, denominator: {answered: [q1, q2]}}
        - {id: C, title: Third, numerator: {q2: "1"}, eligible: {q1: "1"}}

        """,
      files: [
        "codebook.yaml":
          "questions:\n  q1: {type: one, options: [\"1\", \"2\"]}\n  q2: {type: one, options: [\"1\", \"2\"]}\n"
      ])
  }

  private static let project = "\(projectDirectory)/Pipelines"

  @Test(arguments: ["cycle-4", "institutions-cycle-3"])
  func theUnitsAddUpToTheEstimatesOfTheSampleCycles(_ name: String) async throws {
    let place = try TemporaryDirectory()
    let results = try await PipelineRun(
      name: name, options: RunOptions(pipelines: Self.project, output: place.path(of: "out"))
    ).run().results
    #expect(results.cycles.count > 1)
    try await Self.expectSums(results, pipelines: Self.project)
  }

  @Test(arguments: 1...4)
  func theUnitsOfACensusAddUp(_ seed: UInt64) async throws {
    let survey = try SmallSurvey(seed: seed)
    let results = try await survey.run().results
    try await Self.expectSums(results, pipelines: survey.directory.path(of: "pipelines"))
    // However the file is cut.
    try await Self.expectSums(results, pipelines: survey.directory.path(of: "pipelines"), bytesPerMorsel: 97)
  }

  @Test(arguments: RollUp.allCases)
  func theUnitsOfEveryRollUpAddUp(_ own: RollUp) async throws {
    var generator = SeededGenerator(seed: 11)
    let rows = (0..<120).map { _ -> String in
      let unit = Int.random(in: 0..<30, using: &generator)
      let answer = ["1", "0", "", "1"][Int.random(in: 0..<4, using: &generator)]
      let weight = [0, 1, 2.5][Int.random(in: 0..<3, using: &generator)]
      return
        "u\(unit),2020-01-\(Int.random(in: 10...28, using: &generator)),\(weight),\(unit % 4),g\(unit % 3),\(answer)"
    }
    let indicators = RollUp.allCases.map {
      "- {id: \($0.rawValue), title: By, roll-up: \($0.rawValue), numerator: {q: \"1\"}}\n"
    }.joined()
    let pipelines = try WrittenPipelines(
      [
        .init(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, unit: u, submitted: day, roll-up: \(own.rawValue)}}
            design: {weight: w, unit-weight: uw}
            dimensions: {g: {column: g}}
            group-by: [[g]]
            """, rows: ["u,day,w,uw,g,q"] + rows)
      ], indicators: indicators)
    let results = try await pipelines.run("s").outcome.results
    try await Self.expectSums(results, pipelines: pipelines.directory.path)
  }

  @Test func theUnitsOfALongTableAddUp() async throws {
    let long = try WrittenPipelines(
      [
        .init(
          name: "s",
          definition: """
            tables:
              responses:
                path: NAME.csv
                layout: long
                respondent: id
                question: key
                answer: value
                unit: u
            max-rejected: 50%
            dimensions: {g: {column: g}}
            group-by: [[g]]
            """,
          rows: ["id,u,g,key,value"]
            + (0..<40).flatMap { id in
              ["q1", "q2"].map { "r\(id),u\(id % 35),g\(id % 3),\($0),\(id % 4 == 0 ? "" : String(id % 2))" }
            } + [",u1,g1,q1,1", "r50,,g1,q1,1", "r51,u51,g1,q1"])
      ])
    try await Self.expectSums(try await long.run("s").outcome.results, pipelines: long.directory.path)
    let rejected = try await Self.listing("s", "A", pipelines: long.directory.path).now.units.filter {
      $0.status == .rejected
    }
    #expect(rejected.count == 3)
  }

  // MARK: - Reasons

  private static func reasons(_ outcome: UnitListing.Outcome) -> [String: String] {
    Dictionary(outcome.now.units.map { ($0.name, $0.reason) }) { "\($0) + \($1)" }
  }

  /// Eight Parties of two regions, one of which is none yet.
  private static func census() throws -> SmallSurvey {
    var survey = try SmallSurvey()
    survey.codebook = """
      missing: ["", "-"]
      not-applicable: [n.a.]
      questions:
        Q1: {type: one, options: [full, part, none]}
        Q2: {type: one, options: ["true", "false"], asked-if: {Q1: [full, part]}}

      """
    survey.indicators = """
      - {id: A, title: Measures in place, table: responses, numerator: {Q1: [full, part]}}
      - {id: B, title: Staff, table: responses, numerator: {Q2: "true"}, denominator: {any: [{answered: Q2}, {Q1: none}]}}
      - {id: C, title: Parties, kind: count, table: parties, numerator: {is_party: yes}}
      - {id: D, title: Reported, table: parties, numerator: {reported: {}}, denominator: {is_party: yes}}
      """
    try survey.writeDefinitions()
    try survey.directory.write(
      "iso,region,is_party\nAA,AFR,yes\nBB,AFR,yes\nCC,AFR,no\nDD,APR,yes\nEE,APR,yes\nFF,APR,yes\nGG,AFR,yes\n",
      to: "data/parties.csv")
    try survey.directory.write(
      """
      id,party,sector,submitted,Q1,Q2
      r1,AA,health,2019-01-05,none,
      r2,AA,health,2019-02-05,full,true
      r3,BB,trade,2019-01-05,none,
      r4,CC,trade,2019-01-05,full,true
      r5,DD,,2019-01-05,,true
      r6,EE,,2019-01-05,n.a.,
      r7,ZZ,,2019-01-05,full,
      r8,FF,,2019-01-05,fulll,
      r8,GG,,2019-01-05,full,
      short,row

      """, to: "data/now.csv")
    return survey
  }

  @Test func eachUnitIsToldWhy() async throws {
    let survey = try Self.census()
    let pipelines = survey.directory.path(of: "pipelines")
    let outcome = try await Self.listing("now", "A", pipelines: pipelines)
    #expect(
      Self.reasons(outcome) == [
        "AA": "superseded by a later report + Q1 = full: counts as yes", "BB": "Q1 = none: counts as no",
        "CC": "outside the population", "DD": "Q1 is not answered", "EE": "Q1 = n.a., which is not applicable",
        "FF": "Q1 = fulll: unreadable: not counted",
        "GG": "row rejected: id: a row with this key came before; the first stays",
        "ZZ": "row rejected: party: unknown in register parties",
        "line 11": "row rejected: 2 fields, but the header has 6",
      ])
    let units = outcome.now.units
    #expect(units.map(\.name) == units.map(\.name).sorted())
    #expect(units.first { $0.name == "CC" }?.members == ["AFR", "trade"])
    // AFR: AA and BB of AA, BB and GG have a known status.
    #expect(units.first { $0.name == "BB" }?.weight == 1.5)
    #expect(units.map(\.line).prefix(3) == [2, 3, 4])

    let staff = Self.reasons(try await Self.listing("now", "B", pipelines: pipelines))
    #expect(staff["BB"] == "Q2 was not asked (routing): counts as no")
    #expect(staff["DD"] == "Q2 = true: counts as yes")
    #expect(staff["FF"] == "Q1 = fulll: unreadable: not counted")
    let parties = Self.reasons(try await Self.listing("now", "C", pipelines: pipelines))
    #expect(parties["AA"] == "is_party = yes: counted" && parties["CC"] == "is_party = no: not counted")
    let reported = Self.reasons(try await Self.listing("now", "D", pipelines: pipelines))
    #expect(reported["AA"] == "a report: counts as yes" && reported["HH"] == nil)
  }

  @Test func aPartyThatDidNotReportIsListedWithItsRegion() async throws {
    let survey = try Self.census()
    try survey.directory.write(
      try survey.text("data/parties.csv") + "HH,APR,yes\nII,AFR,no\n", to: "data/parties.csv")
    let outcome = try await Self.listing("now", "A", pipelines: survey.directory.path(of: "pipelines"))
    let silent = try #require(outcome.now.units.first { $0.name == "HH" })
    #expect(silent.status == .noReport && silent.reason == "no report" && silent.members == ["APR", nil])
    #expect(silent.line == nil && !silent.isInDenominator)
    #expect(!outcome.now.units.contains { $0.name == "II" })
  }

  @Test func aPlaceNarrowsTheListing() async throws {
    let survey = try Self.census()
    let pipelines = survey.directory.path(of: "pipelines")
    func names(_ places: [UnitListing.Place]) async throws -> [String] {
      try await Self.listing("now", "A", in: places, pipelines: pipelines).now.units.map(\.name)
    }
    #expect(try await names([.init(dimension: "region", member: "AFR")]) == ["AA", "AA", "BB", "CC", "GG"])
    #expect(
      try await names([.init(dimension: "region", member: "AFR"), .init(dimension: "sector", member: "trade")])
        == ["BB", "CC"])
    #expect(try await names([.init(dimension: "sector", member: "_U")]) == ["DD", "EE", "FF", "GG", "ZZ"])
    for (place, words) in [
      (UnitListing.Place(dimension: "region", member: "AFT"), "region has no member \"AFT\"; did you mean \"AFR\"?"),
      (.init(dimension: "place", member: "AFR"), "there is no dimension \"place\""),
    ] {
      do {
        _ = try await names([place])
        Issue.record("nothing was thrown")
      } catch let error as EngineError {
        #expect(error.exitStatus == .usage && error.report.contains(words))
      }
    }
    // The register of Parties has no sector.
    await #expect(throws: EngineError.notBrokenDown(indicator: "C", dimension: "sector", cycle: "now")) {
      _ = try await Self.listing("now", "C", in: [.init(dimension: "sector", member: "trade")], pipelines: pipelines)
    }
  }

  @Test func anotherCycleStandsBeside() async throws {
    let survey = try SmallSurvey()
    let pipelines = survey.directory.path(of: "pipelines")
    let both = try await Self.listing("now", "A", comparedWith: "then", pipelines: pipelines)
    #expect(both.cycles.map(\.cycle.name) == ["now", "then"])
    let alone = try await Self.listing("then", "A", pipelines: pipelines)
    #expect(both.then?.units == alone.now.units)
    await #expect(throws: EngineError.comparedWithItself("now")) {
      _ = try await Self.listing("now", "A", comparedWith: "now", pipelines: pipelines)
    }
  }

  /// Nothing but its place tells a row from another.
  @Test func rowsWithoutANameAreCalledByTheirLine() async throws {
    let pipelines = try WrittenPipelines([
      .init(name: "s", definition: "tables: {responses: {path: NAME.csv}}", rows: ["q1,q2", "1,1", "0,", ",1"])
    ])
    let units = try await Self.listing("s", "B", pipelines: pipelines.directory.path).now.units
    #expect(units.map(\.name) == ["line 2", "line 3", "line 4"])
    #expect(units.map(\.reason) == ["q2 = 1: counts as yes", "q2 is not answered", "q1 is not answered"])
  }
}
