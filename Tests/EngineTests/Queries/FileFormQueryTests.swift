import Engine
import Export
import Foundation
import Query
import SurveyModel
import SurveyTestSupport
import Testing

/// What stands above the data is read by DuckDB as by the embedded engine, or refused.
@Suite("Queries of files as they come")
struct FileFormQueryTests {
  private func survey(
    _ keys: String, above: [String], between: [String] = [], paths: String = "NAME.csv"
  ) throws
    -> WrittenPipelines
  {
    let rows = (0..<40).map { "\($0);\($0 % 2 == 0 ? "1" : "2");\($0 % 5 == 0 ? "" : "\($0 % 2)");" }
    return try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s", definition: "tables: {responses: {path: \(paths)\(keys)}}",
          rows: above + ["id;q1;q2;"] + between + rows)
      ],
      files: ["more.csv": "id;q1;q2;\n" + between.map { $0 + "\n" }.joined() + "41;1;1;\n42;1;;\n"])
  }

  private func expectSame(_ survey: WrittenPipelines, rows: Int) async throws {
    func run(_ engine: (any SumsEngine)?, _ output: String) async throws -> RunOutcome {
      var options = RunOptions(pipelines: survey.directory.path, output: survey.directory.path(of: output))
      options.engine = engine
      return try await PipelineRun(name: "s", options: options).run()
    }
    let (embedded, queried) = (try await run(nil, "embedded"), try await run(DuckDB(), "queried"))
    let comparison = ResultsComparison(from: embedded.results, to: queried.results)
    #expect(comparison.differences == [] && comparison.count > 10)
    #expect(embedded.accounting[0].responses.read == rows)
    #expect(queried.accounting[0].responses == embedded.accounting[0].responses)
  }

  private static let labels = ["\"Label\nof id\";\"Label; of q1\";\"\"\"x\"\"\";", "", "\"{\"\"I\"\":1}\";b;c;"]

  @Test func headerRows() async throws {
    try await expectSame(
      try survey(", delimiter: \";\", header-rows: 3", above: [], between: Self.labels), rows: 40)
  }

  /// Names that the file itself lacks; two columns of one name, which nothing uses, are no obstacle.
  @Test func namesOfSeveralRows() async throws {
    let rows = (0..<40).map { "\($0),\($0 % 2 == 0 ? "1" : "2"),\($0 % 5 == 0 ? "" : "\($0 % 2)"),x,y" }
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s", definition: "tables: {responses: {path: NAME.csv, header-rows: 2, header-names: joined}}",
          rows: ["id,\"How\nso?\",,Other,", ",Bus,Train,Text,Text"] + rows)
      ],
      indicators: """
        - {id: A, title: First, numerator: {"How\\nso? / Bus": "1"}}
        - {id: B, title: Second, numerator: {"How\\nso? / Train": "1"}}

        """)
    try await expectSame(survey, rows: 40)
  }

  @Test func linesAbove() async throws {
    try await expectSame(
      try survey(
        ", delimiter: \";\", skip-rows: 3, header-rows: 3", above: ["A title", "", "of; some, kind;;;;"],
        between: Self.labels), rows: 40)
  }

  @Test func aLineThatNamesTheDelimiter() async throws {
    try await expectSame(try survey("", above: ["sep=;"]), rows: 40)
  }

  @Test func filesThatBeginDifferently() async throws {
    try await expectSame(
      try survey(
        ", delimiter: \";\", header-rows: 3", above: ["sep=;"], between: Self.labels, paths: "[NAME.csv, more.csv]"),
      rows: 42)
  }

  @Test func whatAnEngineCannotBeToldIsRefused() throws {
    let cases: [(keys: String, above: [String], Dialect, String)] = [
      (", delimiter: \";\", skip-rows: 1", ["a \"title"], .duckdb, "has a quote in a line above the header"),
      (", delimiter: \";\", encoding: latin-1", [], .duckdb, "is in latin-1"),
      (", delimiter: \";\", encoding: latin-1", [], .spark, "`encoding`"),
      (", delimiter: \";\", skip-rows: 1", ["a title"], .spark, "`skip-rows`"),
      (", delimiter: \";\", header-rows: 2", [], .spark, "`header-rows`"),
      ("", ["sep=;"], .spark, "begins with a line `sep=`"),
    ]
    for (keys, above, dialect, words) in cases {
      let survey = try survey(keys, above: above)
      #expect("\(words)") {
        try CycleScript(name: "s", pipelines: survey.directory.path, dialect: dialect)
      } throws: { error in
        guard let error = error as? QueryError else { return false }
        return error.report.contains(words) && error.report.contains("convert the files to CSV in UTF-8")
      }
    }
    // Tables of PostgreSQL are loaded by people.
    for (keys, above, _, _) in cases {
      let survey = try survey(keys, above: above)
      #expect(try !CycleScript(name: "s", pipelines: survey.directory.path, dialect: .postgresql).lines.isEmpty)
    }
  }
}
