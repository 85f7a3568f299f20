import Engine
import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Designs and routing that reach beyond a column")
struct DesignAndRoutingTests {
  /// Runs a definition of a responses table and a register, and answers with the rows of estimates.csv by indicator,
  /// in the total.
  private func estimates(
    codebook: String, indicators: String, responses: String, register: String, design: String = "{}",
    dimensions: String = "{}"
  ) async throws -> [String: [String: String]] {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      pipeline: survey
      reference-date: 2020-01-01
      tables:
        responses: {path: responses.csv, codebook: codebook.yaml, unit: unit}
        units: {path: units.csv, unit: unit}
      dimensions: \(dimensions)
      design: \(design)
      reliability: none
      indicators: indicators.yaml
      """, to: "survey.yaml")
    try directory.write(codebook, to: "codebook.yaml")
    try directory.write(indicators, to: "indicators.yaml")
    try directory.write(responses, to: "responses.csv")
    try directory.write(register, to: "units.csv")
    let output = directory.path(of: "out")
    _ = try await PipelineRun(
      name: "survey", options: RunOptions(pipelines: directory.path, output: output)
    ).run()
    let table = try SmallTable(contentsOf: "\(output)/estimates.csv")
    let rows = table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["indicator"] ?? "", $0) })
  }

  private let codebook = """
    missing: [""]
    not-applicable: [none]
    questions:
      Q1: {type: one, options: ["yes", "no"], asked-if: {related: {table: units, on: unit, where: {large: "1"}}}}
      Q2: {type: date}
    """

  @Test("Routing may look at a register: a unit that was not to be asked is routed out")
  func routingByRegister() async throws {
    let rows = try await estimates(
      codebook: codebook,
      indicators: """
        - {id: skipped, title: Not asked, numerator: {routed-out: Q1}, denominator: {not: {unit: "-"}}}
        """,
      responses: "unit,Q1,Q2\na,yes,\nb,,\nc,,\nd,no,\n", register: "unit,large\na,1\nb,1\nc,0\nd,0\n")
    // Only c: b was to be asked and is silent, d answered all the same.
    #expect(rows["skipped"]?["n"] == "4")
    #expect(rows["skipped"]?["n_yes"] == "1")
  }

  @Test("A date that is not applicable is neither before nor after any day")
  func notApplicableDates() async throws {
    let rows = try await estimates(
      codebook: codebook,
      indicators: """
        - {id: before, title: Before, numerator: {Q2: {before: reference-date}}, denominator: {not: {unit: "-"}}}
        - {id: after, title: After, numerator: {Q2: {on-or-after: reference-date}}, denominator: {not: {unit: "-"}}}
        """,
      responses: "unit,Q1,Q2\na,,2019-12-31\nb,,2020-01-01\nc,,none\nd,,\n", register: "unit,large\na,1\n")
    #expect(rows["before"]?["n_yes"] == "1")
    #expect(rows["after"]?["n_yes"] == "1")
  }

  @Test("Strata and PSUs may be dimensions, also joined ones")
  func designByDimensions() async throws {
    let responses = "unit,Q1,Q2\na,yes,\nb,no,\nc,yes,\nd,no,\ne,yes,\nf,yes,\n"
    let register = "unit,large,area,school\na,1,N,1\nb,1,N,1\nc,1,N,2\nd,1,S,1\ne,1,S,2\nf,1,S,2\n"
    let indicators = "- {id: share, title: Share, numerator: {Q1: \"yes\"}}\n"
    let joined = try await estimates(
      codebook: codebook, indicators: indicators, responses: responses, register: register,
      design: "{strata: [area], psu: school}",
      dimensions:
        "{area: {join: units, on: unit, column: area}, school: {join: units, on: unit, column: school}}")
    let own = try await estimates(
      codebook: codebook, indicators: indicators,
      responses: "unit,Q1,Q2,area,school\na,yes,,N,1\nb,no,,N,1\nc,yes,,N,2\nd,no,,S,1\ne,yes,,S,2\nf,yes,,S,2\n",
      register: register, design: "{strata: [area], psu: school}")
    for column in ["n", "estimate", "se", "df", "ci_low", "ci_high"] {
      #expect(joined["share"]?[column] == own["share"]?[column], "\(column)")
    }
    #expect(joined["share"]?["df"] == "2")
  }

  @Test("A selection among more options than there are bits is refused, not cut")
  func tooManyOptions() async throws {
    let options = (1...65).map { "o\($0)" }.joined(separator: ", ")
    await #expect(throws: EngineError.self) {
      _ = try await estimates(
        codebook: "questions:\n  Q1: {type: many, options: [\(options)]}\n  Q2: {type: text}\n",
        indicators: "- {id: share, title: Share, numerator: {Q1: o65}}\n", responses: "unit,Q1,Q2\na,o65,\n",
        register: "unit\na\n")
    }
  }
}
