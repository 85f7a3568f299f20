import Engine
import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// A pipeline that runs as queries gives what it gives otherwise: every number to 1e-12, and everything that was rejected.
///
/// One after the other: a Spark takes a gigabyte and all cores.
@Suite("Runs by way of other engines", .serialized)
struct QueryRunTests {
  /// What runs of both engines say.
  private func compare(_ name: String, pipelines: String, _ other: TestedEngine = .duckdb, numbers: Int = 100)
    async throws
  {
    let directory = try TemporaryDirectory()
    func run(_ engine: (any SumsEngine)?, _ output: String) async throws -> RunOutcome {
      var options = RunOptions(pipelines: pipelines, output: directory.path(of: output))
      options.engine = engine
      return try await PipelineRun(name: name, options: options).run()
    }
    let embedded = try await run(nil, "embedded")
    let queried = try await run(other.engine, "queried")
    let comparison = ResultsComparison(from: embedded.results, to: queried.results)
    #expect(comparison.differences.prefix(20) == [], "\(comparison.differences.count) of \(comparison.count)")
    #expect(comparison.count > numbers)
    #expect(embedded.results.record.options.engine == .local)
    #expect(queried.results.record.options.engine?.name == other.rawValue)
    func listed(_ outcome: RunOutcome) -> [String] {
      outcome.rejections.map { "\($0.file) \($0.column) \($0.scope) \($0.reason) \($0.value)" }.sorted()
    }
    #expect(listed(queried) == listed(embedded))
    #expect(queried.rejections.allSatisfy { $0.line == 0 })
  }

  @Test(arguments: ["cycle-2", "cycle-3", "cycle-4", "cycle-5", "institutions-cycle-4", "nhanes"])
  func thePipelinesOfTheProject(name: String) async throws {
    try await compare(name, pipelines: "\(projectDirectory)/Pipelines")
  }

  @Test(arguments: TestedEngine.available, UInt64(1)...4)
  func aSmallSurvey(engine: TestedEngine, seed: UInt64) async throws {
    let survey = try SmallSurvey(seed: seed)
    try await compare("now", pipelines: survey.directory.path(of: "pipelines"), engine)
  }

  private static let codebook = """
    not-applicable: [na]
    questions:
      q1: {type: one, options: ["1", "2"]}
      q2: {type: one, options: ["1", "2"], asked-if: {q1: ["1"]}}
      q3: {type: many, options: [a, b, c]}
      q4: {type: integer}

    """
  private static let indicators = """
    - {id: A, title: First, numerator: {q1: "1"}}
    - {id: B, title: Skipped is in, numerator: {q2: "1"}, denominator: {any: [{answered: q2}, {routed-out: q2}]}}
    - {id: C, title: Chosen, numerator: {q3: {includes-all: [a, b]}}}
    - {id: D, title: Large, numerator: {q4: {at-least: 5}}}

    """

  /// Answers of some respondents, cycle by cycle.
  private func answers(_ generator: inout SeededGenerator) -> [[String: String]] {
    (0..<60).map { number in
      func one(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
      return [
        "id": "r\(number)", "g": "g\(number % 3)", "w": "\(1 + number % 4).5", "q1": one(["1", "2", "", "na", "3"]),
        "q2": one(["1", "2", "", ""]), "q3": one(["a", "a|b", "b|c", "", "a|x", "na"]),
        "q4": one(["4", "5", "6.5", "x", ""]),
      ]
    }
  }

  @Test(arguments: TestedEngine.available) func longTables(engine: TestedEngine) async throws {
    var generator = SeededGenerator(seed: 3)
    let cycles = ["then", "s"].map { name in
      var rows = ["id,g,w,question,answer"]
      for answer in answers(&generator) {
        for question in ["q1", "q2", "q3", "q4"] {
          for piece in answer[question, default: ""].split(separator: "|", omittingEmptySubsequences: false) {
            rows.append(
              [answer["id"], answer["g"], answer["w"], question, String(piece)].map { $0 ?? "" }.joined(separator: ","))
          }
        }
      }
      // Answered twice, asked by nobody, and of nobody.
      rows += ["r5,g2,2.5,q1,1", "r7,g1,4.5,q9,1", ",g1,1,q1,1", "r8,g2,1.5,q1,2"]
      return WrittenPipelines.Cycle(
        name: name,
        definition: """
          tables:
            responses: {path: NAME.csv, codebook: codebook.yaml, respondent: id, unit: id, layout: long,
              question: question, answer: answer}
          dimensions: {g: {column: g}}
          group-by: [[g]]
          design: {weight: w}
          max-rejected: 50%
          \(name == "s" ? "trend: {previous: then}" : "")
          """, rows: rows)
    }
    let survey = try WrittenPipelines(cycles, indicators: Self.indicators, files: ["codebook.yaml": Self.codebook])
    try await compare("s", pipelines: survey.directory.path, engine)
  }

  @Test(arguments: TestedEngine.available) func replicateWeights(engine: TestedEngine) async throws {
    var generator = SeededGenerator(seed: 4)
    let cycles = ["then", "s"].map { name in
      var rows = ["id,g,w,r1,r2,r3,r4,q1,q2,q3,q4"]
      for answer in answers(&generator) {
        let replicates = (0..<4).map { _ in "\(Int.random(in: -1...9, using: &generator)).25" }
        rows.append(
          (["id", "g", "w"].map { answer[$0] ?? "" } + replicates + ["q1", "q2", "q3", "q4"].map { answer[$0] ?? "" })
            .joined(separator: ","))
      }
      rows += ["z1,g1,0,1,1,1,1,1,1,a,9", "z2,g1,x,1,1,1,1,1,1,a,9", "z3,g1,1,1,x,1,1,1,1,a,9"]
      return WrittenPipelines.Cycle(
        name: name,
        definition: """
          tables: {responses: {path: NAME.csv, codebook: codebook.yaml, unit: id}}
          dimensions: {g: {column: g}}
          group-by: [[g]]
          design: {weight: w, replicates: {columns: "r?", type: brr}}
          max-rejected: 50%
          \(name == "s" ? "trend: {previous: then}" : "")
          """, rows: rows)
    }
    let survey = try WrittenPipelines(cycles, indicators: Self.indicators, files: ["codebook.yaml": Self.codebook])
    try await compare("s", pipelines: survey.directory.path, engine)
  }

  /// Numbers, codes and selections as other countries and programs write them.
  @Test(arguments: TestedEngine.available, [("; ", false), (",", true), ("^^", true)])
  func spellings(engine: TestedEngine, writing: (separator: String, trims: Bool)) async throws {
    var generator = SeededGenerator(seed: 8)
    func one(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
    let separator = writing.separator
    let cycles = ["then", "s"].map { name in
      let rows = (0..<90).map { number in
        let pieces = (0..<3).map { _ in one(["a", "b", "1", "1.0", " a", "b ", "01", "9,0", "na", "x", "", "1,0"]) }
        let several = pieces.prefix(Int.random(in: 0...3, using: &generator)).joined(separator: separator)
        let last = one(["", "", separator, String(separator.prefix(1)), " "])
        let number4 = one([
          "1.204,5", "1.204", "1.20", "5,5", "4", "9", "9,0", "09", "8,0", "7.5", ",", "-1.000", "1e1", "+6,",
        ])
        let fields = [
          "r\(number)", "g\(number % 3)", one(["1,5", "2", "1.000,25", "0,5", "1.5", "x"]),
          one(["1", "2", "1,0", "02", "+1", "9,0", "3", ""]),
          one(["1", "2", "1,0", "1.0"]), several + last, number4, "\(100 * (1 + number % 3)),0",
        ]
        return fields.map { "\"\($0)\"" }.joined(separator: ",")
      }
      return WrittenPipelines.Cycle(
        name: name,
        definition: """
          tables:
            responses: {path: NAME.csv, codebook: codebook.yaml, unit: id, decimal: ",", thousands: ".",
              multiple-separator: "\(separator)", multiple-trim: \(writing.trims)}
          dimensions: {g: {column: g}}
          group-by: [[g]]
          design: {weight: w, strata: [g], population: {column: size}}
          max-rejected: 90%
          \(name == "s" ? "trend: {previous: then}" : "")
          """, rows: ["id,g,w,q1,q2,q3,q4,size"] + rows)
    }
    let codebook = """
      missing: ["", "9"]
      not-applicable: [na, "8"]
      numeric-codes: true
      questions:
        q1: {type: one, options: ["1", "2"]}
        q2: {type: one, options: ["1", "2"], numeric-codes: false}
        q3: {type: many, options: [a, b, "1"]}
        q4: {type: number, numeric-codes: \(writing.trims)}

      """
    let indicators = """
      - {id: A, title: First, numerator: {q1: "1"}}
      - {id: B, title: Second, numerator: {q2: "1"}}
      - {id: C, title: Chosen, numerator: {q3: {includes-all: [a, "1"]}}}
      - {id: D, title: Any chosen, numerator: {q3: [b, "1"]}}
      - {id: E, title: Large, numerator: {q4: {at-least: 5}}}
      - {id: F, title: Empty, numerator: {q4: {empty: true}}, denominator: {id: {empty: false}}}

      """
    let survey = try WrittenPipelines(cycles, indicators: indicators, files: ["codebook.yaml": codebook])
    try await compare("s", pipelines: survey.directory.path, engine)
  }

  /// Names and values on which engines differ: registers with keys of their own, PSUs that look alike, whole numbers beyond
  /// 2^63, separators that patterns use, words of Spark's client, columns called like ours, lists of two cycles.
  @Test(arguments: TestedEngine.available) func awkwardNames(engine: TestedEngine) async throws {
    let cycles = ["then", "s"].map { name in
      let rows = (0..<60).map { number in
        let group = ["a", "b", "c"][number % 3]
        let network = number % 4 < 2 ? "Caf\u{E9} \(number % 2)" : "Cafe\u{301} \(number % 2)"
        let answer = ["1", "2", "3", ""][number % 4]
        let choice = ["a", "a^b", "b^c", "a^x"][(number / 3) % 4]
        return "r\(number),\(group),\(number % 5).5,\(network),\(answer),\(1 + number % 2),\(choice),\(number % 7)e19"
      }
      return WrittenPipelines.Cycle(
        name: name,
        definition: """
          tables:
            responses: {path: NAME.csv, codebook: codebook.yaml, unit: id, multiple-separator: "^"}
            register: {path: register.csv, respondent: record, unit: key}
          dimensions: {g: {join: register, on: g, column: name}}
          group-by: [[g]]
          design: {weight: w, psu: network, population: {table: register}}
          max-rejected: 60%
          \(name == "s" ? "trend: {previous: then}" : "")
          """, rows: ["id,g,w,network,answers,q1,q3,q4"] + rows)
    }
    let codebook = Self.codebook + #"  answers: {type: one, options: ["1", "2"]}"# + "\n"
    let indicators = """
      - {id: A, title: First, numerator: {q1: "1"}}
      - {id: B, title: Called like ours, numerator: {answers: "1"}}
      - {id: C, title: Chosen, numerator: {q3: {includes-all: [a, b]}}}
      - {id: D, title: Large, numerator: {q4: {at-least: 5}}}

      """
    let units = (0..<60).map { "\($0 + 10),r\($0),SET \($0)" }
    let register =
      (["record,key,name", "1,a,SET I", "2,b,source of data", "3,,other", "4,c,third", "5,,x", "6,,x"] + units)
      .map { $0 + "\n" }.joined()
    let survey = try WrittenPipelines(
      cycles, indicators: indicators, files: ["codebook.yaml": codebook, "register.csv": register])
    try await compare("s", pipelines: survey.directory.path, engine)
  }

  /// A register in which units are looked up, with a key of its own: this process rejects the second row of a unit, an
  /// engine that knows no second row refuses them.
  @Test(arguments: TestedEngine.available) func unitsThatComeTwice(engine: TestedEngine) async throws {
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables:
              responses: {path: NAME.csv, unit: id}
              register: {path: register.csv, respondent: record, unit: key}
            dimensions: {g: {join: register, on: id, column: name}}
            group-by: [[g]]
            max-rejected: 60%
            """, rows: ["id,q1,q2", "a,1,1", "b,2,1"])
      ], files: ["register.csv": "record,key,name\n1,a,x\n2,a,y\n3,b,x\n"])
    var options = RunOptions(pipelines: survey.directory.path, output: survey.directory.path(of: "queried"))
    options.engine = engine.engine
    await #expect {
      _ = try await PipelineRun(name: "s", options: options).run()
    } throws: { error in
      (error as? any Failure)?.report.contains("1 units of table register have several rows, among them \"a\"") == true
    }
    _ = try await survey.run("s")
    #expect(try survey.text("out/rejected.csv").contains("register.csv,3,key,row,"))
  }

  /// Strata count with all their rows, also where a unit has moved to another one since.
  @Test(arguments: TestedEngine.available, ["any", "majority", "latest"])
  func populationColumnsUnderRollUps(engine: TestedEngine, rollUp: String) async throws {
    var rows = ["u,s,size,day,g,q1,q2"]
    for unit in 0..<50 {
      let stratum = unit % 3
      for row in 0...(unit % 3) {
        rows.append(
          "u\(unit),s\(stratum),\(100 * (stratum + 1)),2020-01-0\(row + 1),g\(unit % 2),\(1 + (unit + row) % 2),\(1 + row % 2)"
        )
      }
    }
    if rollUp == "latest" { rows += ["mover,left,20,2020-01-01,g1,1,1", "mover,s1,200,2020-01-02,g1,2,1"] }
    let survey = try WrittenPipelines([
      WrittenPipelines.Cycle(
        name: "s",
        definition: """
          tables: {responses: {path: NAME.csv, unit: u, submitted: day, roll-up: \(rollUp)}}
          dimensions: {g: {column: g}}
          group-by: [[g]]
          design: {strata: [s], population: {column: size}}
          """, rows: rows)
    ])
    try await compare("s", pipelines: survey.directory.path, engine, numbers: 50)
  }

  /// As in this process, and not a sample without replicates.
  @Test func factorsThatDoNotFitTheReplicatesAreRefused() async throws {
    let survey = try WrittenPipelines([
      WrittenPipelines.Cycle(
        name: "s",
        definition: """
          tables: {responses: {path: NAME.csv}}
          design: {weight: w, replicates: {columns: "r?", type: jkn, rscales: [1, 2, 3]}}
          """, rows: ["w,r1,r2,q1,q2", "1,1,1,1,1", "1,2,0,2,1"])
    ])
    var options = RunOptions(pipelines: survey.directory.path, output: survey.directory.path(of: "out"))
    var reports: [String] = []
    for engine in [nil, DuckDB()] as [(any SumsEngine)?] {
      options.engine = engine
      let run = PipelineRun(name: "s", options: options)
      do {
        _ = try await run.run()
        Issue.record("it ran")
      } catch let error as any Failure {
        reports.append(error.report)
      }
    }
    #expect(reports.count == 2 && Set(reports).count == 1, "\(reports)")
    #expect(reports.first?.contains("give one factor for each column") == true)
  }
}
