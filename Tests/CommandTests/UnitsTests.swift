import Foundation
import SurveyTestSupport
import Testing

@Suite("pipeline units")
struct UnitsTests {
  @Test func theLastLinesAreTheCountsOfTheResults() throws {
    let estimates = try RunTests.cycle4.get().table("estimates.csv").rows.filter {
      $0["indicator"] == "A.1(a)" && $0["region"] == "AFR" && $0["sector"] == "_T"
    }
    let run = try CommandRun(["units", "cycle-4", "--indicator", "A.1(a)", "--region", "AFR", "--compare", "cycle-3"])
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    #expect(run.output.hasPrefix("A.1(a)  Measures in place to implement the Protocol\ncycle-4: reads Q014 "))
    for cycle in ["cycle-4", "cycle-3"] {
      let row = try #require(estimates.first { $0["cycle"] == cycle })
      #expect(
        run.output.contains(
          "\n\(cycle): n = \(row["n"] ?? "") in the denominator, n_yes = \(row["n_yes"] ?? "") of them"))
    }
    let lines = run.output.split(separator: "\n").map(String.init)
    for line in lines { #expect(terminalWidth(line) <= 100, "\(line)") }
    // A Party that did not report is there, in both cycles side by side.
    #expect(lines.contains { $0.hasPrefix("AGO   cycle-4  AFR ") && $0.hasSuffix("no report") })
    #expect(lines.contains { $0.hasPrefix("AGO   cycle-3  AFR ") && $0.contains("yes") })
    #expect(!lines.contains { $0.contains(" CEE ") })
  }

  @Test func theFileHasTheAnswers() throws {
    let directory = try SurveyFixture().write()
    let run = try CommandRun(["units", "survey", "--indicator", "P1", "-o", "units.csv"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.output.contains("survey: n = 8 in the denominator, n_yes = 5 of them in the numerator\n"))
    let file = try CommandRun(["units", "survey", "--indicator", "P1", "-o", "-"], in: directory.path)
    #expect(file.output == (try directory.text(of: "units.csv")))
    #expect(
      file.output.hasPrefix(
        "cycle,indicator,unit,respondent,region,status,denominator,numerator,weight,reason,file,line,answer_plan\n"
          + "survey,P1,AAA,r1,africa,used,yes,yes,1,plan = full: counts as yes,data/responses.csv,2,full\n"))
    #expect(!FileManager.default.fileExists(atPath: directory.path(of: "Output")))
  }

  @Test func otherDimensionsAreNamedWithTheirMember() throws {
    let run = try CommandRun(
      ["units", "cycle-4", "--indicator", "A.1(a)", "--in", "sector=environment", "--in", "region=AFR", "-o", "-"])
    #expect(run.status == 0)
    let directory = try TemporaryDirectory()
    let rows = try ResultsFile(directory.write(run.output, to: "units.csv")).rows
    #expect(!rows.isEmpty)
    #expect(rows.allSatisfy { $0["sector"] == "environment" && $0["region"] == "AFR" })
  }

  @Test func aCycleThatDidNotAskSaysWhy() throws {
    let run = try CommandRun(["units", "cycle-4", "--indicator", "A.6(b)", "--compare", "cycle-3"])
    #expect(run.status == 0)
    #expect(run.output.contains("cycle-4: not asked: the fourth report asked about"))
  }

  /// Where small cells are hidden, a list of single units is made only for those who say that they may see it.
  @Test func aSuppressedSurveyIsListedForAFewOnly() throws {
    let directory = try SurveyFixture().defining("max-rejected:", "min-cell: 5\nmax-rejected:").write()
    let command = ["units", "survey", "--indicator", "P1", "--region", "asia"]
    let refused = try CommandRun(command, in: directory.path)
    #expect(refused.status == 64 && refused.output.isEmpty)
    #expect(
      refused.error == "error: survey hides small cells (min-cell), and `units` would list single answers\n"
        + "  add --confidential to list them all the same, and do not publish the list\n")
    let run = try CommandRun(command + ["--confidential"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.error == "note: results hide cells of fewer than 5 (min-cell); this listing shows single units\n")
    #expect(run.output.contains("n = 4 in the denominator"))
  }

  @Test func whatCannotBeListed() throws {
    let directory = try SurveyFixture().write()
    let cases: [(arguments: [String], status: Int32, words: [String])] = [
      (["survey", "--indicator", "P9"], 64, ["no indicator \"P9\""]),
      (["survey", "--indicator", "P1", "--region", "asai"], 64, ["region has no member \"asai\"", "\"asia\"?"]),
      (["survey", "--indicator", "P1", "--in", "sector=x"], 64, ["there is no dimension \"sector\""]),
      (["survey", "--indicator", "P1", "--compare", "survey"], 64, ["compared with itself"]),
      (["survey", "--indicator", "P1", "--compare", "other"], 66, ["there is no Pipelines/other.yaml"]),
      (["survey", "--indicator", "P1", "-o", "no/such/file"], 73, ["cannot create no/such/file"]),
    ]
    for (arguments, status, words) in cases {
      let run = try CommandRun(["units"] + arguments, in: directory.path)
      #expect(run.status == status, "\(arguments)")
      #expect(run.output.isEmpty, "\(arguments)")
      expectMessage(run.error, saying: words)
    }
    for arguments in [["survey"], ["survey", "--indicator", "P1", "--in", "region"]] {
      let run = try CommandRun(["units"] + arguments, in: directory.path)
      #expect(run.status == 64 && run.output.isEmpty)
    }
  }
}
