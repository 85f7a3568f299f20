import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// A small survey that a test spoils in one place: eight rows from two strata of two PSUs, and a register of offices.
struct SurveyFixture {
  var definition = """
    pipeline: survey
    title: A small survey
    year: 2024
    tables:
      responses: {path: ../data/responses.csv, codebook: codebook.yaml, respondent: id, unit: office}
      offices: {path: ../data/offices.csv, unit: code}
    dimensions:
      region: {join: offices, on: {responses: office, default: code}, column: region}
    group-by: [[region]]
    design: {weight: weight, strata: [stratum], psu: psu}
    reliability: none
    max-rejected: 50%
    indicators: indicators.yaml

    """
  var codebook = """
    not-applicable: [n.a.]
    questions:
      plan: {type: one, options: [full, partial, none]}
      routes: {type: many, options: [air, land, sea], asked-if: {plan: [full, partial]}}
      trained: {type: one, options: ["yes", "no"]}
      visited: {type: date}
      staff: {type: integer}
      budget: {type: number}

    """
  var indicators = """
    - {id: P1, title: A plan in full or in part, unit: office, numerator: {plan: [full, partial]}}
    - {id: P2, title: Goods by sea, unit: office, numerator: {routes: sea}}
    - {id: P3, title: Training, unit: office, numerator: {trained: "yes"}}
    - {id: P4, title: Early visit, numerator: {visited: {before: 2024-02-01}}, denominator: {answered: visited}}
    - {id: P5, title: Enough staff, unit: office, numerator: {staff: {at-least: 5}}, denominator: {answered: staff}}
    - {id: P6, title: Enough money, unit: office, numerator: {budget: {above: 10}}, denominator: {answered: budget}}

    """
  var header = "id,office,weight,stratum,psu,plan,routes,trained,visited,staff,budget,note"
  /// Lines 2 to 9 of the responses.
  var rows = [
    "r1,AAA,1,north,p1,full,air|land,yes,2024-01-05,3,10.5,",
    "r2,BBB,1,north,p1,none,,no,2024-01-06,4,9,",
    "r3,CCC,2,north,p2,full,sea,no,2024-02-01,5,11,",
    "r4,DDD,2,north,p2,partial,land,yes,2024-02-02,6,12,",
    "r5,EEE,1,south,p3,none,,yes,2024-02-03,7,1e1,",
    "r6,FFF,1,south,p3,full,air|sea,no,2024-02-04,3,0,",
    "r7,GGG,1,south,p4,partial,sea,yes,2024-01-31,2,20,",
    "r8,HHH,1,south,p4,none,,no,2024-01-30,9,30,",
  ]
  var offices = """
    code,region,member
    AAA,africa,1
    BBB,africa,1
    CCC,africa,1
    DDD,africa,1
    EEE,asia,1
    FFF,asia,1
    GGG,asia,1
    HHH,asia,1
    III,asia,0

    """
  /// The whole file, where lines of text cannot say it.
  var responses: [UInt8]?

  static let responsesPath = "data/responses.csv"
  static let officesPath = "data/offices.csv"

  /// With one more row, on line 10.
  static func adding(_ row: String) -> SurveyFixture {
    var fixture = SurveyFixture()
    fixture.rows.append(row)
    return fixture
  }

  /// - Returns: A copy whose definition has one text replaced.
  func defining(_ old: String, _ new: String) -> SurveyFixture {
    var copy = self
    copy.definition = definition.replacingOccurrences(of: old, with: new)
    return copy
  }

  var responsesText: String { ([header] + rows).map { $0 + "\n" }.joined() }

  func write() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(definition, to: "Pipelines/survey.yaml")
    try directory.write(codebook, to: "Pipelines/codebook.yaml")
    try directory.write(indicators, to: "Pipelines/indicators.yaml")
    try directory.write(responses ?? Array(responsesText.utf8), to: "data/responses.csv")
    try directory.write(offices, to: "data/offices.csv")
    return directory
  }

  /// Runs the survey, which must succeed.
  func results(_ options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation) throws -> FixtureResults {
    let directory = try write()
    let run = try CommandRun(["run", "survey"] + options, in: directory.path)
    #expect(run.status == 0, sourceLocation: sourceLocation)
    #expect(run.error.withoutNotes.isEmpty, sourceLocation: sourceLocation)
    return FixtureResults(directory: directory)
  }

  /// Runs the survey twice, with and without earlier results; it must fail, say so in one or two lines, create nothing
  /// but perhaps the list of rejections, and leave the earlier results as they are.
  ///
  /// - Parameters:
  ///   - place: The start of the message after `error: `.
  ///   - words: What the message must say.
  func expectFailure(
    status: Int32, at place: String = "", saying words: [String], options: [String] = [],
    arrange: (TemporaryDirectory) throws -> Void = { _ in }, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for hasEarlierResults in [false, true] {
      let directory = try write()
      try arrange(directory)
      if hasEarlierResults { try EarlierResults.write(to: directory, "Output/survey") }
      let run = try CommandRun(["run", "survey"] + options, in: directory.path)
      #expect(run.status == status, sourceLocation: sourceLocation)
      #expect(run.output.isEmpty, sourceLocation: sourceLocation)
      expectMessage(run.error, at: place, saying: words, sourceLocation: sourceLocation)
      try EarlierResults.expectUntouched(
        in: directory, "Output/survey", exist: hasEarlierResults, sourceLocation: sourceLocation)
    }
  }
}

/// One or two lines: `error: `, the place, what happened, and perhaps what to do about it.
func expectMessage(
  _ error: String, at place: String = "", saying words: [String], sourceLocation: SourceLocation = #_sourceLocation
) {
  let lines = error.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  #expect((1...2).contains(lines.count) && error.hasSuffix("\n"), "\(error)", sourceLocation: sourceLocation)
  #expect(error.hasPrefix("error: " + place), "\(error)", sourceLocation: sourceLocation)
  for word in words { #expect(error.contains(word), "\(error)", sourceLocation: sourceLocation) }
}

/// What a successful run of the fixture wrote.
struct FixtureResults {
  let directory: TemporaryDirectory

  /// `rejected.csv` without its header.
  var rejected: [String] {
    get throws {
      let text = try directory.text(of: "Output/survey/rejected.csv")
      return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast().map(String.init)
    }
  }

  /// A row of `estimates.csv` by column.
  func estimate(_ indicator: String, region: String = "_T") throws -> [String: String] {
    let table = try SmallTable(contentsOf: directory.path(of: "Output/survey/estimates.csv"))
    let rows = table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
    return try #require(rows.first { $0["indicator"] == indicator && ($0["region"] ?? "_T") == region })
  }

  /// The accounting of a table in `run.json`.
  func rows(of table: String = "responses") throws -> RunJSON.Table {
    try #require(RunJSON(directory.text(of: "Output/survey/run.json")).cycles.first?.tables.first { $0.table == table })
  }
}

/// Results that were there before; a failing run must not change a byte of them.
enum EarlierResults {
  private static let files = ["run.json": "{\"pipeline\": \"earlier\"}\n", "estimates.csv": "earlier\n"]

  static func write(to directory: TemporaryDirectory, _ output: String) throws {
    for (name, text) in files { try directory.write(text, to: "\(output)/\(name)") }
  }

  /// Nothing else may lie there or beside them, but the list of rejections.
  static func expectUntouched(
    in directory: TemporaryDirectory, _ output: String, exist: Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let place = URL(fileURLWithPath: directory.path(of: output))
    let contents = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    #expect(Set(contents) == (exist ? Set(files.keys) : []), sourceLocation: sourceLocation)
    for name in contents {
      #expect(try directory.text(of: "\(output)/\(name)") == files[name], sourceLocation: sourceLocation)
    }
    let name = place.lastPathComponent
    let beside = (try? FileManager.default.contentsOfDirectory(atPath: place.deletingLastPathComponent().path)) ?? []
    let related = beside.filter { $0.contains(name) }
    let allowed = ["\(name).rejected.csv"] + (exist ? [name] : [])
    #expect(Set(related).isSubset(of: allowed), "\(related)", sourceLocation: sourceLocation)
  }
}
