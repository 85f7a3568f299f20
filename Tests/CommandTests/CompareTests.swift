import Foundation
import Ingest
import SurveyTestSupport
import Testing

@Suite("pipeline compare")
struct CompareTests {
  /// The survey, which has `earlier` as its previous cycle, and `earlier` with other answers of most offices.
  private static func directory(
    definition: (String) -> String = { $0 }, earlier: (String) -> String = { $0 }
  ) throws -> TemporaryDirectory {
    var fixture = SurveyFixture()
    let own = fixture.definition
    fixture.definition = definition(own + "trend: {previous: earlier, overlap: psu}\n")
    let directory = try fixture.write()
    try directory.write(
      earlier(
        own.replacingOccurrences(of: "pipeline: survey", with: "pipeline: earlier")
          .replacingOccurrences(of: "responses.csv", with: "earlier.csv")), to: "Pipelines/earlier.yaml")
    var rows = fixture.rows
    rows.removeLast()
    rows[0] = rows[0].replacingOccurrences(of: "full", with: "none")
    rows[4] = rows[4].replacingOccurrences(of: "none", with: "full")
    try directory.write(([fixture.header] + rows).map { $0 + "\n" }.joined(), to: "data/earlier.csv")
    return directory
  }

  private static func rows(_ directory: TemporaryDirectory, _ file: String) throws -> [[String: String]] {
    try ResultsFile(directory.path(of: file)).rows
  }

  /// The lines of the table that the command prints, without title and notes.
  private static func table(_ run: CommandRun) -> [String] {
    run.output.split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix("P") || $0.contains("africa") || $0.contains("asia") }
  }

  @Test func itShowsEveryIndicatorThenAndNow() throws {
    let directory = try Self.directory()
    let run = try CommandRun(["compare", "survey", "earlier"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    #expect(run.output.hasPrefix("survey compared with earlier\n"))
    #expect(run.output.contains("basis: everyone who answered in each cycle"))
    let lines = Self.table(run)
    #expect(lines.filter { $0.hasPrefix("P") }.map { String($0.prefix(2)) } == ["P1", "P2", "P3", "P4", "P5", "P6"])
    // A plan: weights 1 + 2 + 2 + 1 + 1 of 10 now; 2 + 2 + 1 + 1 + 1 of 9 then.
    let plan = try #require(lines.first { $0.hasPrefix("P1") })
    for text in ["7/8", "77.8", "70.0", "-7.8"] { #expect(plan.contains(text), "\(plan)") }
    #expect(lines.count { $0.contains("africa") } == 6)
    #expect(!FileManager.default.fileExists(atPath: directory.path(of: "Output")))
  }

  /// Case 5: equal numbers are no equal clusters.
  @Test func overlapIsAskedFor() throws {
    let directory = try Self.directory(definition: {
      $0.replacing("trend: {previous: earlier, overlap: psu}\n", with: "")
    })
    let run = try CommandRun(["compare", "survey", "earlier"], in: directory.path)
    #expect(run.status == 78 && run.output.isEmpty)
    expectMessage(
      run.error, at: "Pipelines/survey.yaml",
      saying: ["`overlap`", "`overlap: psu`", "`overlap: none`", "visited again"])
    let same = try Self.directory()
    let linked = try CommandRun(["compare", "survey", "earlier"], in: same.path)
    #expect(linked.output.contains("PSUs are also in earlier"))
    let new = try Self.directory(definition: { $0.replacing("overlap: psu", with: "overlap: none") })
    #expect(try CommandRun(["compare", "survey", "earlier"], in: new.path).output.contains("no PSU is linked"))
  }

  @Test func theMatchedBasisCountsWhoAnsweredTwice() throws {
    let directory = try Self.directory()
    let run = try CommandRun(["compare", "survey", "earlier", "--basis", "matched"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.output.contains("basis: only units that answered in both cycles"))
    let plan = try #require(Self.table(run).first { $0.hasPrefix("P1") })
    // Without office HHH, which answered once: 7 of 9 both times.
    for text in ["7/7", "77.8", "0.0"] { #expect(plan.contains(text), "\(plan)") }
  }

  @Test func theFileIsTheTrendsOfARunWithItsRoleRequested() throws {
    let directory = try Self.directory()
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    let run = try CommandRun(["compare", "survey", "earlier", "-o", "changes.csv"], in: directory.path)
    #expect(run.status == 0)
    let trends = try Self.rows(directory, "Output/survey/trends.csv")
    let changes = try Self.rows(directory, "changes.csv")
    #expect(trends.count > 30)
    #expect(Set(trends.map { $0["role"] }) == ["previous"] && Set(changes.map { $0["role"] }) == ["requested"])
    func withoutRole(_ rows: [[String: String]]) -> [[String: String]] {
      rows.map { $0.filter { $0.key != "role" } }
    }
    #expect(withoutRole(changes) == withoutRole(trends))
    // Both bases are in the file whatever the table shows.
    _ = try CommandRun(["compare", "survey", "earlier", "--basis", "matched", "-o", "again.csv"], in: directory.path)
    #expect(try directory.text(of: "again.csv") == directory.text(of: "changes.csv"))
  }

  /// Any two cycles, the earlier one with the later one as well.
  @Test func theOtherWayRoundTheSignTurns() throws {
    let directory = try Self.directory()
    _ = try CommandRun(["compare", "survey", "earlier", "-o", "one.csv"], in: directory.path)
    #expect(try CommandRun(["compare", "earlier", "survey", "-o", "two.csv"], in: directory.path).status == 0)
    let (one, two) = (try Self.rows(directory, "one.csv"), try Self.rows(directory, "two.csv"))
    #expect(one.count == two.count)
    for row in one where row["delta"] != "" {
      let keys = ["basis", "indicator", "region"]
      let other = try #require(two.first { candidate in keys.allSatisfy { candidate[$0] == row[$0] } })
      #expect(row["then"] == other["now"] && row["n_then"] == other["n_now"])
      #expect(areClose(Double(row["delta"] ?? "") ?? .nan, -(Double(other["delta"] ?? "") ?? .nan)))
    }
  }

  @Test func indicatorsAndBreakdownsAreChosen() throws {
    let directory = try Self.directory()
    let some = try CommandRun(
      ["compare", "survey", "earlier", "--indicator", "P3", "--indicator", "P1", "-o", "some.csv"], in: directory.path)
    #expect(some.status == 0)
    #expect(Self.table(some).filter { $0.hasPrefix("P") }.map { String($0.prefix(2)) } == ["P1", "P3"])
    #expect(Set(try Self.rows(directory, "some.csv").column("indicator")) == ["P1", "P3"])
    // The family of comparisons does not depend on the filter.
    _ = try CommandRun(["compare", "survey", "earlier", "-o", "all.csv"], in: directory.path)
    let all = try Self.rows(directory, "all.csv").filter { ["P1", "P3"].contains($0["indicator"]) }
    #expect(try Self.rows(directory, "some.csv") == all)

    let without = try Self.directory(
      definition: { $0.replacingOccurrences(of: "group-by: [[region]]\n", with: "") },
      earlier: { $0.replacingOccurrences(of: "group-by: [[region]]\n", with: "") })
    func regions(_ options: [String]) throws -> Set<String> {
      let run = try CommandRun(["compare", "survey", "earlier", "-o", "by.csv"] + options, in: without.path)
      #expect(run.status == 0)
      return Set(try Self.rows(without, "by.csv").column("region"))
    }
    #expect(try regions([]) == ["_T"])
    #expect(try regions(["--by", "region"]) == ["_T", "africa", "asia"])
  }

  /// The total is compared; of the breakdown there is nothing to compare with, and nothing stands twice.
  @Test func aDimensionThatTheOtherCycleLacks() throws {
    let directory = try Self.directory(earlier: {
      $0.replacingOccurrences(of: "group-by: [[region]]\n", with: "")
        .replacingOccurrences(of: "  region: {join", with: "  place: {join")
    })
    let run = try CommandRun(
      ["compare", "survey", "earlier", "--by", "region", "-o", "changes.csv"], in: directory.path)
    #expect(run.status == 0)
    let rows = try Self.rows(directory, "changes.csv").filter { $0["basis"] == "all" && $0["indicator"] == "P1" }
    #expect(rows.column("region") == ["_T", "africa", "asia"])
    #expect(rows.column("status") == ["ok", "no-data", "no-data"])
    #expect(rows.last?["reason"] == "earlier has no such breakdown")
    #expect(try CommandRun(["run", "survey", "--by", "region"], in: directory.path).status == 0)
    let estimates = try Self.rows(directory, "Output/survey/estimates.csv")
    #expect(estimates.count { $0["cycle"] == "earlier" } == 6)
  }

  @Test func whatCannotBeCompared() throws {
    let directory = try Self.directory()
    let cases: [(arguments: [String], status: Int32, words: [String])] = [
      (["survey", "survey"], 64, ["survey is compared with itself"]),
      (["survey", "earlyer"], 66, ["there is no Pipelines/earlyer.yaml", "did you mean \"earlier\"?"]),
      (["surwey", "earlier"], 66, ["there is no Pipelines/surwey.yaml", "did you mean \"survey\"?"]),
      (["survey", "../earlier"], 64, ["is not the name of a pipeline"]),
      (["survey", "earlier", "--indicator", "P9"], 64, ["no indicator \"P9\""]),
      (["survey", "earlier", "--by", "regoin"], 64, ["no dimension \"regoin\"", "did you mean \"region\"?"]),
      (["survey", "earlier", "-o", "missing/changes.csv"], 73, ["cannot create missing/changes.csv"]),
    ]
    let before = try #require(FileManager.default.subpaths(atPath: directory.path)).sorted()
    for (arguments, status, words) in cases {
      let run = try CommandRun(["compare"] + arguments, in: directory.path)
      #expect(run.status == status, "\(arguments)")
      #expect(run.output.isEmpty, "\(arguments)")
      expectMessage(run.error, saying: words)
    }
    #expect(try #require(FileManager.default.subpaths(atPath: directory.path)).sorted() == before)
  }

  @Test func helpSaysWhatTheOptionsDo() throws {
    let run = try CommandRun(["compare", "--help"])
    for text in [
      "<name>", "<other>", "--basis <basis>", "--by <dimensions>", "--indicator <id>", "--method",
      "--level", "-o, --output", "trends.csv",
    ] {
      #expect(run.output.contains(text), "\(text)\n\(run.output)")
    }
  }

  @Test func theProjectsCyclesCompare() throws {
    let directory = try TemporaryDirectory()
    let run = try CommandRun(
      ["compare", "cycle-5", "cycle-3", "--indicator", "A.1(a)", "-o", directory.path(of: "changes.csv")])
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    for line in run.output.split(separator: "\n") { #expect(terminalWidth(line) <= 100, "\(line)") }
    let rows = try Self.rows(directory, "changes.csv")
    #expect(Set(rows.column("cycle") + rows.column("compare_to")) == ["cycle-5", "cycle-3"])
    #expect(Set(rows.column("basis")) == ["all", "matched"])
  }
}
