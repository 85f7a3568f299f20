import Engine
import Foundation
import Query
import SurveyModel
import SurveyTestSupport
import Testing

/// What `pipeline sql` prints runs as it stands, and adds up to what the engine has.
@Suite("The query as a script")
struct CycleScriptTests {
  private let survey: WrittenPipelines

  init() throws {
    let rows = (0..<40).map { "\($0),\($0 % 3),\($0 % 2 == 0 ? "1" : "2"),\($0 % 5 == 0 ? "" : "\($0 % 2)")" }
    survey = try WrittenPipelines([
      WrittenPipelines.Cycle(
        name: "s",
        definition: """
          title: "A title; with a semicolon -- and a comment"
          tables: {responses: {path: NAME.csv}}
          dimensions: {g: {column: "a \\"group\\""}}
          group-by: [[g]]
          """,
        rows: ["id,\"a \"\"group\"\"\",q1,q2"] + rows)
    ])
  }

  @Test func itRunsInDuckDB() async throws {
    let script = try CycleScript(name: "s", pipelines: survey.directory.path, dialect: .duckdb)
    let engine = try DuckDBSession()
    var answers: [[[String?]]] = []
    let text = script.lines.filter { !$0.hasPrefix("--") }.joined(separator: "\n")
    for statement in text.components(separatedBy: ";\n") where statement.contains(where: { !$0.isWhitespace }) {
      answers.append(try await engine.answer(statement))
    }
    // The last two: the accounting, and the sums by group of both indicators.
    let accounting = try #require(answers.dropLast().last?.first)
    #expect(accounting == [nil, nil, "40", "0"])
    let sums = try #require(answers.last)
    #expect(sums.count == 3)
    let estimates = try await survey.run("s").estimates
    for (place, id) in ["A", "B"].enumerated() {
      let row = try #require(estimates.rows.first { $0["indicator"] == id && $0["g"] == "_T" })
      // n, n_yes and unreadable rows of each.
      let columns = sums.map { $0.suffix(6).map { Int($0 ?? "") ?? -1 } }
      for (offset, column) in ["n", "n_yes", "n_unreadable"].enumerated() {
        #expect(row[column] == "\(columns.reduce(0) { $0 + $1[3 * place + offset] })")
      }
    }
  }

  @Test(arguments: Dialect.allCases) func everyDialectPrintsIt(dialect: Dialect) throws {
    let lines = try CycleScript(name: "s", pipelines: survey.directory.path, dialect: dialect).lines
    let text = lines.joined(separator: "\n")
    #expect(text.contains("responses_judged") && text.contains("--   0: A First"))
    #expect(lines.filter { $0.hasPrefix("--") }.allSatisfy { !$0.contains(";") })
    // Spark finds the header by its text, quotes and all.
    let header = dialect.literal(#"id,"a ""group""",q1,q2"#)
    #expect(text.contains("record IN (\(header), ") == (dialect == .spark))
  }
}
