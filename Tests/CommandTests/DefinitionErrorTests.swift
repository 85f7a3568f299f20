import Foundation
import SurveyTestSupport
import Testing

/// Every definition error names its place and is one or two lines; the details stand in PipelineDefinitionTests.
@Suite("A wrong definition ends with 78 and says where")
struct DefinitionErrorTests {
  struct Slip: CustomTestStringConvertible, Sendable {
    var old: String
    var new: String
    var place: String
    var words: [String]
    var testDescription: String { new }
  }

  @Test(arguments: [
    Slip(
      old: "reliability:", new: "relaibility:", place: ":11:1",
      words: ["relaibility", "did you mean \"reliability\"?"]),
    Slip(old: "reliability: none", new: "title: twice", place: ":", words: ["\"title\"", "twice"]),
    Slip(old: "pipeline: survey", new: "pipeline: other", place: ":1:11", words: ["survey.yaml", "equal"]),
    Slip(old: "[[region]]", new: "[[regon]]", place: ":9:13", words: ["\"regon\"", "did you mean \"region\"?"]),
    Slip(
      old: "join: offices", new: "join: ofices", place: ":8:18", words: ["\"ofices\"", "did you mean \"offices\"?"]),
    Slip(old: "max-rejected: 50%", new: "max-rejected: half", place: ":12:15", words: ["\"half\"", "1%"]),
    Slip(old: "[region]", new: "[region", place: ":", words: ["not YAML"]),
    Slip(old: "title: A", new: "title: *A", place: ":2:8", words: ["not YAML"]),
    Slip(old: "title:", new: "\ttitle:", place: ":2:1", words: ["not YAML"]),
    Slip(old: "title: A small survey", new: "tables: [", place: ":", words: []),
    Slip(
      old: "year: 2024", new: "year: \(String(repeating: "[", count: 5_000))", place: ":3:", words: ["not YAML"]),
    Slip(old: "year: 2024", new: "year: soon", place: ":3:7", words: ["\"soon\"", "a number"]),
    Slip(old: "indicators: indicators.yaml", new: "", place: ":1:1", words: ["lacks the key \"indicators\""]),
  ])
  func aSlipInThePipeline(_ slip: Slip) throws {
    try SurveyFixture().defining(slip.old, slip.new).expectFailure(
      status: 78, at: "Pipelines/survey.yaml" + slip.place, saying: slip.words)
  }

  @Test func aSlipInTheIndicators() throws {
    var fixture = SurveyFixture()
    fixture.indicators = fixture.indicators.replacingOccurrences(of: "routes: sea", with: "routes: see")
    try fixture.expectFailure(
      status: 78, at: "Pipelines/indicators.yaml:2:", saying: ["\"see\"", "question routes", "did you mean \"sea\"?"])
    fixture.indicators = "[]\n"
    try fixture.expectFailure(status: 78, at: "Pipelines/indicators.yaml:1:", saying: ["at least one"])
    fixture.indicators = ""
    try fixture.expectFailure(status: 78, at: "Pipelines/indicators.yaml", saying: ["empty"])
  }

  @Test func aSlipInTheCodebook() throws {
    var fixture = SurveyFixture()
    fixture.codebook = fixture.codebook.replacingOccurrences(of: "type: date", with: "type: day")
    try fixture.expectFailure(
      status: 78, at: "Pipelines/codebook.yaml:6:", saying: ["\"day\"", "one of"])
  }

  @Test func aReferencedFileThatIsMissingIs66() throws {
    for file in ["codebook.yaml", "indicators.yaml"] {
      try SurveyFixture().expectFailure(
        status: 66, saying: ["Pipelines/\(file)", "no such file"],
        arrange: { try FileManager.default.removeItem(atPath: $0.path(of: "Pipelines/\(file)")) })
    }
    try SurveyFixture().defining("reliability: none\n", "reliability: none\ntrend: {previous: earlier, overlap: psu}\n")
      .expectFailure(
        status: 66, saying: ["there is no Pipelines/earlier.yaml"])
  }

  @Test func aDefinitionThatIsNoTextIs66() throws {
    try SurveyFixture().expectFailure(
      status: 66, saying: ["Pipelines/survey.yaml", "UTF-8"],
      arrange: { try $0.write([0x70, 0xFF, 0xFE], to: "Pipelines/survey.yaml") })
  }

  /// Case 5.
  @Test(arguments: ["previous: survey-2", "slope: [survey, a, b]"])
  func overlapHasNoDefault(_ trend: String) throws {
    try SurveyFixture().defining("reliability: none\n", "reliability: none\ntrend: {\(trend)}\n").expectFailure(
      status: 78, at: "Pipelines/survey.yaml:12:8: ",
      saying: ["`trend` must declare `overlap`", "`psu`", "`overlap: psu`", "`overlap: none`"])
  }

  @Test(arguments: [
    ("a break", "{a -> b: {breaks: why}}", "did you mean \"break\"?"),
    ("two cycles", "{a -> a: {break: why}}", "a -> a"),
    ("a reason", "{a -> b: {break: [why]}}", "a single value"),
  ])
  func aBreakNamesTwoCyclesAndAReason(_ what: String, _ pairs: String, _ words: String) throws {
    var fixture = SurveyFixture()
    fixture.indicators += "- {id: P9, title: last, numerator: {plan: full}, comparability: \(pairs)}\n"
    try fixture.expectFailure(status: 78, at: "Pipelines/indicators.yaml:", saying: [words])
  }

  @Test func aWrongRuleOfDegreesOfFreedomIs78() throws {
    try SurveyFixture().defining("psu: psu", "psu: psu, df: desing").expectFailure(
      status: 78, at: "Pipelines/survey.yaml", saying: ["did you mean \"design\"?"])
  }

  @Test(arguments: [
    ("unit-weight", "psu: psu", "psu: psu, unit-weight: weight"),
    ("three cycles", "reliability: none", "reliability: none\ntrend: {slope: [survey], overlap: psu}"),
  ])
  func whatHasNoUseIsAConflict(_ word: String, _ old: String, _ new: String) throws {
    try SurveyFixture().defining(old, new).expectFailure(status: 78, at: "Pipelines/survey.yaml", saying: [word])
  }
}
