import Foundation
import SurveyTestSupport
import Testing

/// What the author of a survey calls questions and members, from the file to the results.
@Suite("Names of questions and members")
struct NamesOfDataTests {
  /// A year of the survey in which the eight rows have these incomes, and its SDMX identifiers by code.
  private func identifiers(_ members: [String]) throws -> [String: String] {
    var fixture = SurveyFixture().defining("region: {", "income: {column: note}\n  region: {")
      .defining("group-by: [[region]]", "group-by: [[income]]")
    fixture.rows = fixture.rows.enumerated().map { $1 + members[$0 % members.count] }
    let directory = try fixture.write()
    let run = try CommandRun(["run", "survey", "--format", "sdmx"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    let estimates = try ResultsFile(directory.path(of: "Output/survey/estimates.csv")).rows
      .filter { $0["indicator"] == "P1" && $0["region"] == "_T" }
    let data = try ResultsFile(directory.path(of: "Output/survey/sdmx/data.csv")).rows
      .filter { $0["INDICATOR"] == "P1" && $0["MEASURE"] == "VALUE" && $0["REF_AREA"] == "_T" }
    #expect(estimates.count == data.count && data.count == Set(members).count + 1)
    var ids: [String: String] = [:]
    for (estimate, observation) in zip(estimates, data) {
      #expect(estimate["estimate"].flatMap(Double.init) == observation["OBS_VALUE"].flatMap(Double.init))
      ids[estimate["income"] ?? ""] = observation["INCOME"]
    }
    return ids
  }

  @Test func aMemberHasItsIdentifierInEveryYear() throws {
    let years = try [
      ["北", "<10k", "A_1"], ["东", ">10k", "A.1", "A_1"], ["北", "东", ">10k", "<10k", "A_1", "A.1", "a.1"],
    ]
    .map(identifiers)
    for year in years.dropLast() {
      for (code, id) in year { #expect(years.last?[code] == id, "\(code)") }
    }
    let all = try #require(years.last)
    #expect(Set(all.values).count == all.count)
    #expect(all["北"] == "$E5$8C$97" && all["<10k"] == "$3C10k" && all["A_1"] == "A_1" && all["_T"] == "_T")
  }

  /// The survey whose question `trained` is called like a word of conditions.
  private func survey(_ word: String, numerator: String) -> SurveyFixture {
    var fixture = SurveyFixture()
    fixture.header = fixture.header.replacingOccurrences(of: "trained", with: word)
    fixture.codebook = fixture.codebook.replacingOccurrences(of: "  trained:", with: "  \(word):")
    fixture.indicators = fixture.indicators.replacingOccurrences(
      of: "numerator: {trained: \"yes\"}", with: "numerator: \(numerator)")
    return fixture
  }

  @Test(arguments: ["reported", "answered", "any", "all", "not", "related", "routed-out", "decided", "question"])
  func aQuestionMayBeCalledLikeAWordOfConditions(word: String) throws {
    let expected = try SurveyFixture().results().estimate("P3")
    #expect(expected["n_yes"] == "4")
    #expect(try survey(word, numerator: "{question: \(word), is: \"yes\"}").results().estimate("P3") == expected)
  }

  @Test func theErrorSaysHow() throws {
    for numerator in ["{reported: \"yes\"}", "{reported: [\"yes\"]}", "{reported: {empty: false}}"] {
      try survey("reported", numerator: numerator).expectFailure(
        status: 78, at: "Pipelines/indicators.yaml:3:",
        saying: ["`reported` is a word of conditions", "`{question: reported, is: CODE}`"])
    }
  }
}
