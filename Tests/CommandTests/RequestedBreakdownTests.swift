import Foundation
import SurveyTestSupport
import Testing

/// A breakdown that is asked for is printed, however many indicators there are and whatever they lack.
@Suite("Breakdowns that are asked for")
struct RequestedBreakdownTests {
  /// Seventy indicators, and one of a register without regions.
  private static func directory() throws -> TemporaryDirectory {
    var fixture = SurveyFixture()
    fixture.definition = fixture.definition.replacingOccurrences(
      of: "dimensions:\n", with: "  visits: {path: ../data/visits.csv}\ndimensions:\n  ageGroup: {column: note}\n")
    let more = (1...70).map {
      "- {id: M\($0), title: More \($0), unit: office, numerator: {trained: \"yes\"}}\n"
    }
    fixture.indicators +=
      more.joined()
      + "- {id: V1, title: Visits that were long, unit: visit, table: visits, numerator: {long: \"1\"}, "
      + "denominator: {long: {empty: false}}}\n"
    let directory = try fixture.write()
    try directory.write("visit,long\nv1,1\nv2,0\n", to: "data/visits.csv")
    return directory
  }

  private static func lines(_ run: CommandRun) -> [String] { run.output.split(separator: "\n").map(String.init) }

  @Test func theTableHasThemAll() throws {
    let directory = try Self.directory()
    let plain = try CommandRun(["run", "survey"], in: directory.path)
    #expect(plain.status == 0, "\(plain.error)")
    #expect(!plain.output.contains("africa") && !plain.output.contains("not broken down"))
    let run = try CommandRun(["run", "survey", "--by", "region"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    #expect(Self.lines(run).count { $0.contains("region africa") } == 76)
    let visits = Self.lines(run).drop { !$0.hasPrefix("V1 ") }
    #expect(visits.dropFirst().first?.trimmingCharacters(in: .whitespaces) == "not broken down by region")
    #expect(!run.output.contains("not asked"))
  }

  @Test func aCrossingToo() throws {
    let directory = try Self.directory()
    let run = try CommandRun(
      ["run", "survey", "--by", "region", "--by", "ageGroup,region", "--indicator", "P1", "--indicator", "V1"],
      in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    #expect(Self.lines(run).contains { $0.contains("region africa") && !$0.contains("ageGroup") })
    #expect(
      Self.lines(run).contains {
        $0.contains("ageGroup unknown, region africa") || $0.contains("region africa, ageGroup unknown")
      })
    #expect(Self.lines(run).filter { $0.contains("not broken down") }.count == 2)
  }

  private struct Summary: Decodable {
    struct Indicator: Decodable {
      var id: String
      var breakdowns: [Cell]?
      var missing_breakdowns: [String]?
    }
    struct Cell: Decodable {
      var members: [String: String]
      var label: String
      var status: String
      var n: Int?
      var estimate: Double?
      var ci_low: Double?
    }
    var indicators: [Indicator]
  }

  @Test func theJSONHasThemWhereTheyAreAskedFor() throws {
    let directory = try Self.directory()
    func summary(_ options: [String]) throws -> Summary {
      let run = try CommandRun(["run", "survey", "--json"] + options, in: directory.path)
      #expect(run.status == 0, "\(run.error)")
      return try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
    }
    #expect(try summary([]).indicators.allSatisfy { $0.breakdowns == nil && $0.missing_breakdowns == nil })
    let asked = try summary(["--by", "region", "--by", "ageGroup"])
    #expect(asked.indicators.count == 77)
    let rows = try ResultsFile(directory.path(of: "Output/survey/estimates.csv")).rows
    for indicator in asked.indicators {
      let cells = try #require(indicator.breakdowns)
      let expected = rows.filter {
        $0["indicator"] == indicator.id && ($0["region"] != "_T" || $0["ageGroup"] != "_T")
      }
      #expect(cells.count == expected.count)
      for (cell, row) in zip(cells, expected) {
        #expect(cell.members["region"] ?? "_T" == row["region"] && cell.members["ageGroup"] ?? "_T" == row["ageGroup"])
        #expect(cell.status == row["status"])
        #expect(cell.estimate == row["estimate"].flatMap(Double.init))
        #expect(cell.ci_low == row["ci_low"].flatMap(Double.init))
        #expect(cell.n == row["n"].flatMap(Int.init))
      }
    }
    let visits = try #require(asked.indicators.last)
    #expect(visits.missing_breakdowns == ["not broken down by region", "not broken down by ageGroup"])
    #expect(asked.indicators[0].missing_breakdowns == [])
    #expect(asked.indicators[0].breakdowns?.first?.label == "region africa")
  }

  @Test func compareHasThemAll() throws {
    let directory = try Self.directory()
    let own = try directory.text(of: "Pipelines/survey.yaml") + "\ntrend: {overlap: psu}\n"
    try directory.write(own, to: "Pipelines/survey.yaml")
    try directory.write(
      own.replacingOccurrences(of: "pipeline: survey", with: "pipeline: earlier"), to: "Pipelines/earlier.yaml")
    let plain = try CommandRun(["compare", "survey", "earlier"], in: directory.path)
    #expect(plain.status == 0, "\(plain.error)")
    #expect(!plain.output.contains("africa"))
    let run = try CommandRun(["compare", "survey", "earlier", "--by", "region"], in: directory.path)
    #expect(Self.lines(run).count { $0.contains("region africa") } == 76)
    #expect(Self.lines(run).count { $0.trimmingCharacters(in: .whitespaces) == "not broken down by region" } == 1)
  }
}
