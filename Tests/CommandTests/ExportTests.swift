import Foundation
import SurveyTestSupport
import Testing

@Suite("pipeline export")
struct ExportTests {
  /// The survey with a crossing, and one run of it.
  private static func directory() throws -> TemporaryDirectory {
    let fixture = SurveyFixture()
      .defining("group-by: [[region]]", "group-by: [[region], [stratum], [region, stratum]]")
      .defining("column: region}\n", "column: region}\n  stratum: {column: stratum}\n")
    let directory = try fixture.write()
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    return directory
  }

  @Test func theTidyFileIsTheRowsOfTheRun() throws {
    let directory = try Self.directory()
    let all = try directory.text(of: "Output/survey/estimates.csv")
    let run = try CommandRun(["export", "survey"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    #expect(run.output == all)
    let lines = all.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    for (by, kept) in [
      (["region"], { $0[4] == "_T" }), (["stratum"], { $0[3] == "_T" }),
      (["stratum,region"], { ($0[3] == "_T") == ($0[4] == "_T") }),
      (["region", "stratum"], { $0[3] == "_T" || $0[4] == "_T" }),
    ] as [([String], ([Substring]) -> Bool)] {
      let run = try CommandRun(["export", "survey"] + by.flatMap { ["--by", $0] }, in: directory.path)
      #expect(run.status == 0)
      let expected = [lines[0]] + lines.dropFirst().filter(kept)
      #expect(run.output == expected.map { $0.joined(separator: ",") + "\n" }.joined(), "\(by)")
      #expect(expected.count > 6)
    }
    let some = try CommandRun(
      ["export", "survey", "--by", "region", "--indicator", "P3", "--indicator", "P1", "-o", "some.csv"],
      in: directory.path)
    #expect(some.status == 0 && some.output.isEmpty && some.error.withoutNotes.isEmpty)
    let rows = try ResultsFile(directory.path(of: "some.csv")).rows
    #expect(rows.column("indicator") == ["P1", "P1", "P1", "P3", "P3", "P3"])
    #expect(rows.prefix(3).map { $0["region"] } == ["_T", "africa", "asia"])
  }

  @Test func theResultsMayLieElsewhere() throws {
    let directory = try SurveyFixture().write()
    #expect(try CommandRun(["run", "survey", "--output", "there"], in: directory.path).status == 0)
    let run = try CommandRun(["export", "survey", "--results", "there", "-o", "-"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.output == (try directory.text(of: "there/estimates.csv")))
    let missing = try CommandRun(["export", "survey"], in: directory.path)
    #expect(missing.status == 66)
    expectMessage(missing.error, saying: ["there are no results in Output/survey", "`pipeline run NAME` makes them"])
  }

  @Test func aCycleOfTheRunIsChosen() throws {
    let directory = try TemporaryDirectory()
    let output = directory.path(of: "results")
    #expect(try CommandRun(["run", "cycle-3", "--output", output]).status == 0)
    for (cycle, count) in [("cycle-3", 39), ("cycle-2", 39)] {
      let path = directory.path(of: "\(cycle).csv")
      let export = try CommandRun(
        ["export", "cycle-3", "--results", output, "--by", "region", "--cycle", cycle, "-o", path])
      #expect(export.status == 0, "\(export.error)")
      let rows = try ResultsFile(path).rows
      #expect(Set(rows.column("cycle")) == [cycle])
      #expect(rows.count { $0["region"] == "_T" } == count)
      #expect(!rows.contains { $0["sector"] != "_T" })
    }
  }

  private struct Document: Decodable {
    struct Row: Decodable {
      var indicator: String
      var region: String
      var stratum: String
      var estimate: Double?
    }
    var pipeline: String
    var estimates: [Row]
  }

  /// The formats have tests of their own; here they are of the rows that were asked for.
  @Test func theOtherFormatsHaveTheSameRows() throws {
    let directory = try Self.directory()
    let asked = ["export", "survey", "--by", "region", "--indicator", "P1"]
    let csv = try CommandRun(asked + ["-o", "some.csv"], in: directory.path)
    #expect(csv.status == 0)
    let rows = try ResultsFile(directory.path(of: "some.csv")).rows
    let json = try CommandRun(asked + ["--format", "json"], in: directory.path)
    #expect(json.status == 0 && json.error.withoutNotes.isEmpty)
    let document = try JSONDecoder().decode(Document.self, from: Data(json.output.utf8))
    #expect(document.pipeline == "survey")
    #expect(document.estimates.map { [$0.indicator, $0.region] } == rows.map { [$0["indicator"], $0["region"]] })
    #expect(document.estimates.map(\.estimate) == rows.map { Double($0["estimate"] ?? "") })
    #expect(document.estimates.allSatisfy { $0.stratum == "_T" })

    let markdown = try CommandRun(asked + ["--format", "markdown", "-o", "some.md"], in: directory.path)
    #expect(markdown.status == 0 && markdown.output.isEmpty)
    let lines = try directory.text(of: "some.md").split(separator: "\n")
    #expect(lines.contains("## P1 A plan in full or in part"))
    #expect(lines.count { $0.contains("africa") || $0.contains("asia") } == 2)

    let wide = try CommandRun(asked + ["--wide"], in: directory.path)
    #expect(wide.status == 0)
    let table = wide.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(
      table[0] == ["indicator", "title", "kind", "unit", "cycle", "year", "Total", "region africa", "region asia"])
    #expect(table[1].suffix(3).map { Double($0) } == rows.map { Double($0["estimate"] ?? "") })
    #expect(table.count == 2)
    #expect(try CommandRun(asked + ["--wide", "--format", "json"], in: directory.path).status == 64)
  }

  @Test func whatWasNotRunIs64() throws {
    let directory = try Self.directory()
    let cases: [(arguments: [String], words: [String])] = [
      (
        ["--by", "sector"],
        ["the last run has no breakdown by sector", "it has region and stratum and region,stratum", "pipeline run"]
      ),
      (["--indicator", "P9"], ["the last run has no indicator \"P9\"", "did you mean \"P1\"?"]),
      (["--cycle", "earlier"], ["the last run has no cycle \"earlier\"", "it has survey"]),
    ]
    for (arguments, words) in cases {
      let run = try CommandRun(["export", "survey"] + arguments, in: directory.path)
      #expect(run.status == 64)
      #expect(run.output.isEmpty)
      expectMessage(run.error, saying: words)
    }
    for arguments in [["--by", "region,"], ["--by", "region,region"], ["--format", "papyrus"]] {
      let run = try CommandRun(["export", "survey"] + arguments, in: directory.path)
      #expect(run.status == 64 && run.output.isEmpty)
    }
    let missing = try CommandRun(["export", "survey", "-o", "no/such/file.csv"], in: directory.path)
    #expect(missing.status == 73)
    expectMessage(missing.error, saying: ["cannot create no/such/file.csv"])
  }

  /// A workbook is written to a file of its own first; a limit on the size of files stands for a full disk.
  @Test(.withoutSanitizer, arguments: ["x.xlsx", "-"])
  func withoutSpaceForTemporaryFilesItIs73(_ target: String) throws {
    let directory = try Self.directory()
    try directory.write("an older file", to: "x.xlsx")
    let run = try ProgramRun(
      "/bin/sh",
      [
        "-c", "ulimit -f 8; trap '' XFSZ; exec \"$0\" \"$@\"", CommandRun.binary, "export", "survey", "--format",
        "xlsx",
        "-o", target,
      ], in: directory.path, environment: ["TMPDIR": directory.path])
    #expect(run.status == 73 && run.output.isEmpty)
    expectMessage(run.error, saying: ["cannot make a temporary file in \(directory.path): ", "TMPDIR"])
    #expect(try directory.text(of: "x.xlsx") == "an older file")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(!names.contains { $0.hasPrefix("pipeline-") || $0.hasPrefix("tmp.") }, "\(names)")
  }

  @Test func definitionsThatChangedStopUnlessForced() throws {
    let directory = try Self.directory()
    let before = try CommandRun(["export", "survey", "--by", "region"], in: directory.path)
    try directory.write(
      try directory.text(of: "Pipelines/indicators.yaml") + "# more\n", to: "Pipelines/indicators.yaml")
    let run = try CommandRun(["export", "survey", "--by", "region"], in: directory.path)
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    expectMessage(run.error, saying: ["changed since the run: Pipelines/indicators.yaml", "--force"])
    let forced = try CommandRun(["export", "survey", "--by", "region", "--force"], in: directory.path)
    #expect(forced.status == 0)
    #expect(forced.output == before.output)
  }
}
