import Engine
import Query
import SurveyModel
import SurveyTestSupport
import Testing

/// What `pipeline sql` prints gives the numbers of a run, or fails and says why, where the data is such that a run stops.
@Suite("What a script of SQL refuses")
struct ScriptGuardTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var definition: String
    var rows: [String]
    var register: [String] = []
    var indicators = #"- {id: A, title: First, numerator: {q1: "1"}}"#
    /// What the failing statement says.
    var message: String
  }

  static let cases = [
    Case(
      testDescription: "a respondent twice", definition: "tables: {responses: {path: NAME.csv, respondent: id}}",
      rows: ["id,q1", "a,1", "a,2", "c,1", "d,2"],
      message: #"1 respondents of table responses have several rows, among them "a""#),
    Case(
      testDescription: "a unit of a joined register twice",
      definition: """
        tables: {responses: {path: NAME.csv}, register: {path: register.csv, unit: k}}
        dimensions: {region: {join: register, on: c, column: region}}
        group-by: [[region]]
        """, rows: ["c,q1", "x,1", "x,2", "y,1"], register: ["k,region", "x,N", "x,S", "y,S"],
      message: #"1 units of table register have several rows, among them "x""#),
    Case(
      testDescription: "a latest row that cannot be told",
      definition: "tables: {responses: {path: NAME.csv, unit: u, submitted: s, roll-up: latest}}\nmax-rejected: 50%",
      rows: ["u,s,q1", "z,2024-01-01,2", "h,bad,1", "h,2024-01-01,2"],
      message: #"unit h has several rows in table responses, and which is the latest cannot be told: "bad" is no date"#),
    Case(
      testDescription: "a weight that varies within a unit",
      definition: "tables: {responses: {path: NAME.csv, unit: u, roll-up: any}}\ndesign: {unit-weight: uw}",
      rows: ["u,q1,uw", "a,1,1", "a,2,5", "b,2,1"],
      message: "the unit weight of unit a differs between its rows in table responses"),
    Case(
      testDescription: "a stratum that varies within a unit",
      definition: """
        tables: {responses: {path: NAME.csv, unit: u, roll-up: any}}
        dimensions: {h: {column: h}}
        design: {strata: [h], psu: p}
        """, rows: ["u,q1,h,p", "a,1,x,1", "a,2,y,1", "b,2,x,2", "c,2,y,3", "d,1,y,4"],
      message: "the stratum of unit a differs between its rows in table responses"),
    Case(
      testDescription: "a population that is not known",
      definition: """
        reference-date: 2019-10-01
        tables: {responses: {path: NAME.csv, unit: u}, register: {path: register.csv, unit: k}}
        design: {strata: [h], population: {table: register, where: {since: {on-or-before: reference-date}}}}
        dimensions: {h: {column: h}}
        max-rejected: 50%
        """, rows: ["u,h,q1", "c0,N,2", "c1,N,1", "c3,N,1"],
      register: ["k,h,since", "c0,N,2001-01-01", "c1,N,2001-01-01", "c3,N,01/02/2001", "c4,N,2001-01-01"],
      message: "an unreadable answer leaves open whether c3 of register register belongs to the population"),
    Case(
      testDescription: "population sizes that vary",
      definition: """
        tables: {responses: {path: NAME.csv}}
        dimensions: {h: {column: h}}
        design: {strata: [h], population: {column: size}}
        """, rows: ["h,size,q1", "x,10,1", "x,11,2", "y,5,1", "y,5,1"],
      message: "the population size in column size varies within stratum x"),
    Case(
      testDescription: "a population size that is no number",
      definition: """
        tables: {responses: {path: NAME.csv}}
        dimensions: {h: {column: h}}
        design: {strata: [h], population: {column: size}}
        """, rows: ["h,size,q1", "x,10,1", "x,ten,2", "y,5,1", "y,5,1"],
      message: #""ten" in column size is no population size for stratum x"#),
    Case(
      testDescription: "too many rejected rows",
      definition: "tables: {responses: {path: NAME.csv}}\ndesign: {weight: w}\nmax-rejected: 10%",
      rows: ["w,q1", "1,1", "1,2", "x,2"],
      message: "1 of 3 rows of table responses were rejected, more than max-rejected 10%"),
    Case(
      testDescription: "no row that counts",
      definition: "tables: {responses: {path: NAME.csv}}\ndesign: {weight: w}\nmax-rejected: 100%",
      rows: ["w,q1", "x,1"], message: "1 of 1 rows of table responses were rejected, and none of the others counts"),
    Case(
      testDescription: "too many unreadable answers",
      definition: "tables: {responses: {path: NAME.csv, codebook: codebook.yaml}}\nmax-rejected: 25%",
      rows: ["q1,q2", "1,1", "2,1", "7,1"], message: "1 of 3 answers in column q1 of table responses cannot be read"),
    Case(
      testDescription: "a question of a long table answered twice",
      definition: """
        tables: {responses: {path: NAME.csv, codebook: codebook.yaml, respondent: id, layout: long, question: q,
          answer: a}}
        max-rejected: 25%
        """, rows: ["id,q,a", "x,q1,1", "x,q1,2", "y,q1,2"],
      message: "1 of 2 answers in column q1 of table responses cannot be read"),
    Case(
      testDescription: "a question that no row of a long table has",
      definition: "tables: {responses: {path: NAME.csv, respondent: id, layout: long, question: q, answer: a}}",
      rows: ["id,q,a", "x,Q1,1", "y,Q1,2"], message: "no row of table responses answers the question q1"),
    Case(
      testDescription: "a member called as the total",
      definition: "tables: {responses: {path: NAME.csv}}\ndimensions: {g: {column: g}}\ngroup-by: [[g]]",
      rows: ["g,q1", "_T,1", "b,2"], message: #"dimension g has the value "_T" in table responses"#),
  ]

  private static let codebook = """
    questions:
      q1: {type: one, options: ["1", "2"]}
      q2: {type: one, options: ["1", "2"]}

    """

  private func survey(_ test: Case) throws -> WrittenPipelines {
    try WrittenPipelines(
      [WrittenPipelines.Cycle(name: "s", definition: test.definition, rows: test.rows)],
      indicators: test.indicators + "\n",
      files: [
        "codebook.yaml": Self.codebook,
        "register.csv": test.register.map { $0 + "\n" }.joined(),
      ])
  }

  private func files(_ test: Case) -> [String: String] {
    ["responses": "s.csv"].merging(test.register.isEmpty ? [:] : ["register": "register.csv"]) { $1 }
  }

  private func expectFailure(_ test: Case, _ dialect: Dialect) async throws {
    let survey = try survey(test)
    let run = try await ScriptRun("s", in: survey, dialect, files: files(test))
    #expect(run.failure?.contains(test.message) == true, "\(run.failure?.prefix(600) ?? "no failure"): \(run.answers)")
    #expect(run.answers.isEmpty)
  }

  @Test(arguments: cases) func duckDBFails(test: Case) async throws { try await expectFailure(test, .duckdb) }

  @Test(.withPostgreSQL, arguments: cases) func postgreSQLFails(test: Case) async throws {
    try await expectFailure(test, .postgresql)
  }

  /// A run leaves rows and units out that stand there twice; a query knows no first row that could stay.
  @Test(arguments: cases.filter { !$0.message.contains("have several rows") })
  func aRunRefusesTheSame(test: Case) async throws {
    let survey = try survey(test)
    await #expect(throws: (any Error).self) { _ = try await survey.run("s") }
  }

  @Test func everyDialectPrintsEveryCheck() throws {
    for test in Self.cases {
      let survey = try survey(test)
      for dialect in Dialect.allCases {
        let script = try CycleScript(name: "s", pipelines: survey.directory.path, dialect: dialect)
        let word = [Dialect.spark: "raise_error(concat(", .duckdb: "error(concat(", .postgresql: "RAISE EXCEPTION"]
        let checks = ScriptRun.statements(script).filter { $0.contains(word[dialect] ?? "") }
        #expect(checks.count == script.lines.count { $0.hasPrefix("-- check of ") })
        #expect(!checks.isEmpty)
      }
    }
  }

  /// A dimension that varies within a unit: a run has no breakdown by it, and so has the script.
  @Test func aVaryingDimensionHasNoMembers() async throws {
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, unit: u, roll-up: any}}
            dimensions: {g: {column: g}, c: {column: c}}
            group-by: [[g], [c]]
            """, rows: ["u,g,c,q1", "a,x,m,1", "a,y,m,2", "b,x,n,2"])
      ], indicators: "- {id: A, title: First, numerator: {q1: \"1\"}}\n")
    let estimates = try await survey.run("s").estimates
    #expect(Set(estimates.rows.map { $0["g"] }) == ["_T"])
    for dialect in [Dialect.duckdb] + (PostgreSQLServer.isToBeThere ? [.postgresql] : []) {
      let run = try await ScriptRun("s", in: survey, dialect, files: ["responses": "s.csv"])
      #expect(run.failure == nil)
      let (g, c) = (try #require(run.columns.firstIndex(of: "m_0")), try #require(run.columns.firstIndex(of: "m_1")))
      let rows = try #require(run.answers.last)
      #expect(rows.allSatisfy { $0[g] == nil })
      #expect(Set(rows.map { $0[c] }) == ["m", "n"])
      #expect((run.sum("n_0"), run.sum("n_yes_0")) == (2, 1))
    }
  }

  /// DuckDB is told the names of the columns, and does not look whether the second file has them.
  @Test func filesWithOtherColumnsAreRefused() throws {
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s", definition: "tables: {responses: {path: [NAME.csv, other.csv]}}", rows: ["id,q1,q2", "a,1,2"])
      ], files: ["other.csv": "id,q2,q1\nb,1,2\n"])
    #expect(throws: (any Error).self) {
      try CycleScript(name: "s", pipelines: survey.directory.path, dialect: .duckdb)
    }
  }
}
