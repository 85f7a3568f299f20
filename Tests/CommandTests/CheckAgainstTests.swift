import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// A run that has to come to the numbers of an earlier one.
@Suite("pipeline run --check-against")
struct CheckAgainstTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try SurveyFixture().write()
    let run = try CommandRun(["run", "survey", "--output", "Archive/survey"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
  }

  private func run(_ arguments: [String] = [], against past: String = "Archive/survey") throws -> CommandRun {
    try CommandRun(["run", "survey", "--check-against", past] + arguments, in: directory.path)
  }

  private func replace(_ old: String, _ new: String, in name: String) throws {
    let text = try directory.text(of: name)
    #expect(text.contains(old))
    try directory.write(text.replacingOccurrences(of: old, with: new), to: name)
  }

  /// All values of all rows but those that tell the rows apart, and six counts of each table.
  @Test func theSameDataGivesTheSameNumbers() throws {
    let run = try run()
    #expect(run.status == 0, "\(run.error)")
    let table = try SmallTable(contentsOf: directory.path(of: "Archive/survey/estimates.csv"))
    let values = table.rows.count * (table.header.count - 4) + 2 * 6
    #expect(run.output.contains("checked: all \(values) values are the same as before, to the last digit\n"))
    let json = try self.run(["--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let check = try #require(object["check"] as? [String: Any])
    #expect(check["values"] as? Int == values)
    #expect(check["close"] as? Int == 0)
  }

  /// Against the results that it would replace.
  @Test func aRunMayBeCheckedAgainstWhatItReplaces() throws {
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    let run = try run(against: "Output/survey")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.contains("checked: all "))
  }

  @Test func otherNumbersAreListedAndTheResultsInPlaceStay() throws {
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    let before = try directory.text(of: "Output/survey/run.json")
    try replace("r1,AAA,1,north", "r1,AAA,1.5,north", in: "data/responses.csv")
    let run = try run()
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    expectMessage(
      run.error,
      saying: [
        "values are not those in Archive/survey", "estimate of cycle=survey indicator=P1 unit=office region=_T",
        "was \"70\" and is \"71.4", "changed since: data/responses.csv", "Output/survey.differences.csv",
      ])
    #expect(try directory.text(of: "Output/survey/run.json") == before)
    let list = try SmallTable(contentsOf: directory.path(of: "Output/survey.differences.csv"))
    #expect(list.header == ["table", "row", "column", "then", "now"])
    let first = try #require(
      list.rows.first { $0[1].contains("indicator=P1 unit=office region=_T") && $0[2] == "estimate" })
    #expect(first[3] == "70")
    #expect(first[4] == String(7.5 / 10.5 * 100))
    #expect(run.error.hasPrefix("error: \(list.rows.count) of "))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path(of: "Output")).sorted()
        == ["survey", "survey.differences.csv"])
    // The next success removes the list.
    try replace("r1,AAA,1.5,north", "r1,AAA,1,north", in: "data/responses.csv")
    #expect(try self.run().status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path(of: "Output")) == ["survey"])
  }

  /// What was asked for then is asked for again, unless something else is.
  @Test func theOptionsOfTheEarlierRunAreTaken() throws {
    let options = ["--indicator", "P1", "--level", "0.9", "--method", "logit"]
    let past = try CommandRun(["run", "survey", "--output", "Archive/part"] + options, in: directory.path)
    #expect(past.status == 0, "\(past.error)")
    #expect(try run(against: "Archive/part").status == 0)
    let rows = try SmallTable(contentsOf: directory.path(of: "Output/survey/estimates.csv")).rows
    #expect(!rows.isEmpty && rows.allSatisfy { $0[1] == "P1" })
    let other = try run(["--level", "0.95"], against: "Archive/part")
    #expect(other.status == 65)
    expectMessage(other.error, saying: ["definitions and data are the same"])
  }

  @Test func rowsThatOneOfTheTwoLacksAreDifferences() throws {
    try replace("- {id: P6", "- {id: P7", in: "Pipelines/indicators.yaml")
    #expect(try run().status == 65)
    let list = try SmallTable(contentsOf: directory.path(of: "Output/survey.differences.csv")).rows
    #expect(Set(list.map { $0[2] }) == [""])
    #expect(
      list.filter { $0[1].contains("indicator=P6") }.count == list.filter { $0[1].contains("indicator=P7") }.count)
  }

  @Test func resultsThatCannotBeReadAreToldBeforeAnythingIsRead() throws {
    let missing = try run(against: "Archive/none")
    #expect(missing.status == 66)
    expectMessage(missing.error, saying: ["there are no results in Archive/none"])
    try directory.write(directory.text(of: "Archive/survey/trends.csv") + "x", to: "Archive/survey/trends.csv")
    let changed = try run()
    #expect(changed.status == 65)
    expectMessage(changed.error, saying: ["Archive/survey/trends.csv"])
    #expect(!FileManager.default.fileExists(atPath: directory.path(of: "Output")))
  }
}
