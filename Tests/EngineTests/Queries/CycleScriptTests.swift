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
    for statement in ScriptRun.statements(script) { answers.append(try await engine.answer(statement)) }
    #expect(ScriptRun.statements(script).last == "COMMIT")
    try await expectSums(answers.dropLast())
  }

  /// As it stands, over a table of the name and the columns of the file.
  @Test(.withPostgreSQL) func itRunsInPostgreSQL() async throws {
    let script = try CycleScript(name: "s", pipelines: survey.directory.path, dialect: .postgresql)
    let engine = try PostgreSQLSession()
    try await engine.copy(
      [survey.directory.path(of: "s.csv")], header: ["id", "a \"group\"", "q1", "q2"], delimiter: UInt8(ascii: ","),
      to: "responses")
    var answers: [[[String?]]] = []
    for statement in ScriptRun.statements(script) {
      if statement.hasPrefix("SELECT") {
        answers.append(try await engine.table(of: statement))
      } else {
        try await engine.run(statement)
      }
    }
    try await expectSums(answers)
  }

  /// The script that `pipeline sql --dialect postgresql` prints, so that every change of it is seen. Where a change is meant,
  /// `PIPELINE_WRITE_SCRIPTS=1` writes it anew.
  @Test func theScriptForPostgreSQLIsTheCommittedOne() throws {
    let path = "\(projectDirectory)/Tests/PostgreSQL/script.sql"
    let survey = try SmallSurvey()
    let lines = try CycleScript(
      name: "now", pipelines: survey.directory.path(of: "pipelines"), dialect: .postgresql
    ).lines
    let text = lines.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["PIPELINE_WRITE_SCRIPTS"] != nil {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let committed = try String(contentsOfFile: path, encoding: .utf8)
    let isSame = text == committed
    let place = zip(lines, committed.split(separator: "\n", omittingEmptySubsequences: false)).first { $0 != $1 }
    #expect(isSame, "the first line that differs: \(place.map { "\($0)" } ?? "one is longer")")
  }

  /// Names that stand twice where nothing reads them, or differ from one that is read in letter case alone.
  @Test func columnsThatAreNotReadMayShareAName() async throws {
    let survey = try WrittenPipelines([
      WrittenPipelines.Cycle(
        name: "s", definition: "tables: {responses: {path: NAME.csv}}",
        rows: ["id,x,x,q1,Q1,q2", "a,1,2,1,2,1", "b,2,1,2,1,2"])
    ])
    let script = try CycleScript(name: "s", pipelines: survey.directory.path, dialect: .duckdb)
    let engine = try DuckDBSession()
    for statement in ScriptRun.statements(script) { _ = try await engine.answer(statement) }
  }

  /// PostgreSQL would cut them, and take two for one.
  @Test func namesThatADialectWouldConfuseAreRefused() throws {
    let long = String(repeating: "q", count: 60)
    let codebook = "questions:\n" + [long + "1", long + "2", "Q1", "q1"].map { "  \($0): {type: text}\n" }.joined()
    func refusal(_ questions: [String], table: String = "register", _ dialect: Dialect) throws -> QueryError? {
      let survey = try WrittenPipelines(
        [
          WrittenPipelines.Cycle(
            name: "s",
            definition: """
              tables:
                responses: {path: NAME.csv, codebook: codebook.yaml, respondent: id, unit: id, layout: long,
                  question: question, answer: answer}
                \(table): {path: register.csv, unit: key}
              dimensions: {g: {join: \(table), on: id, column: name}}
              """, rows: ["id,question,answer", "a,q1,1"])
        ],
        indicators: questions.map {
          "- {id: \($0), title: T, numerator: {\($0): \"1\"}, denominator: {answered: \($0)}}\n"
        }.joined(),
        files: ["codebook.yaml": codebook, "register.csv": "key,name\na,x\n"])
      do {
        _ = try CycleScript(name: "s", pipelines: survey.directory.path, dialect: dialect)
        return nil
      } catch let error as QueryError {
        return error
      }
    }
    #expect(
      try refusal([long + "1", long + "2"], .postgresql) == .longName(long + "1", table: "responses", limit: 49))
    #expect(try refusal([long + "1", long + "2"], .duckdb) == nil)
    #expect(
      try refusal(["Q1", "q1"], .duckdb) == .alikeNames("Q1", "q1", table: "responses", dialect: "duckdb"))
    #expect(try refusal(["Q1", "q1"], .postgresql) == nil)
    let table = String(repeating: "t", count: 50)
    #expect(try refusal(["q1"], table: table, .postgresql) == .longTable(table, limit: 39))
    #expect(try refusal(["q1"], table: table, .spark) == nil)
  }

  private func expectSums(_ answers: some BidirectionalCollection<[[String?]]>) async throws {
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
