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
  func compare(_ name: String, pipelines: String, _ other: TestedEngine = .duckdb, numbers: Int = 100)
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
    #expect(queried.notices.contains { $0.contains("`pipeline check \(name)` does") })
    func listed(_ outcome: RunOutcome) -> [String] {
      outcome.rejections.map { "\($0.file) \($0.column) \($0.scope) \($0.reason) \($0.value)" }
        .sorted()
    }
    // Of many, the first that differ.
    let differences = listed(queried).difference(from: listed(embedded))
    #expect(differences.isEmpty, "\(differences.prefix(10))")
    #expect(queried.rejections.allSatisfy { $0.line == 0 })
  }

  @Test(arguments: ["cycle-2", "cycle-3", "cycle-4", "cycle-5", "institutions-cycle-4", "nhanes"])
  func thePipelinesOfTheProject(name: String) async throws {
    try await compare(name, pipelines: "\(projectDirectory)/Pipelines")
  }

  @Test(.withPostgreSQL, arguments: ["cycle-2", "cycle-4", "institutions-cycle-4"])
  func thePipelinesOfTheProjectInPostgreSQL(name: String) async throws {
    try await compare(name, pipelines: "\(projectDirectory)/Pipelines", .postgresql)
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

  /// Units of which no row weighs anything are in no count, and rows of weight 0 have no say in what a unit is.
  @Test(arguments: TestedEngine.available, ["latest", "any", "all", "majority"])
  func rowsOfWeightZero(engine: TestedEngine, rollUp: String) async throws {
    let survey = try UnitListingTests.weightless(rollUp: rollUp, seed: 7)
    try await compare("s", pipelines: survey.directory.path, engine, numbers: 50)
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
          max-rejected: 90%
          \(name == "s" ? "trend: {previous: then, overlap: psu}" : "")
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
          max-rejected: 90%
          \(name == "s" ? "trend: {previous: then, overlap: psu}" : "")
          """, rows: rows)
    }
    let survey = try WrittenPipelines(cycles, indicators: Self.indicators, files: ["codebook.yaml": Self.codebook])
    try await compare("s", pipelines: survey.directory.path, engine)
  }

  /// Domains inside a PSU, over two, and over all: degrees of freedom by the rank of their weights, which are rounded.
  @Test(arguments: TestedEngine.available) func ranksOfReplicateWeights(engine: TestedEngine) async throws {
    var generator = SeededGenerator(seed: 8)
    let cycles = ["then", "s"].map { name in
      var rows = ["id,g,s,w,r1,r2,r3,r4,r5,r6,q1,q2,q3,q4"]
      for (number, answer) in answers(&generator).enumerated() {
        let psu = number % 6
        let weight = Double(Int.random(in: 1000...9_000_000, using: &generator)) / 1e6
        let replicates = (0..<6).map { "\((($0 == psu ? 0 : 1.2) * weight * 1e6).rounded() / 1e6)" }
        rows.append(
          ([answer["id"] ?? "", "g\(psu)", "s\(psu / 2)", "\(weight)"] + replicates
            + [["1", "2"][number / 6 % 2]] + ["q2", "q3", "q4"].map { answer[$0] ?? "" }).joined(separator: ","))
      }
      return WrittenPipelines.Cycle(
        name: name,
        definition: """
          tables: {responses: {path: NAME.csv, codebook: codebook.yaml, unit: id}}
          dimensions: {g: {column: g}, s: {column: s}}
          group-by: [[g], [s], [g, s]]
          design: {weight: w, replicates: {columns: "r?", type: jk1}}
          max-rejected: 90%
          \(name == "s" ? "trend: {previous: then}" : "")
          """, rows: rows)
    }
    let survey = try WrittenPipelines(cycles, indicators: Self.indicators, files: ["codebook.yaml": Self.codebook])
    try await compare("s", pipelines: survey.directory.path, engine)
    let found = try await survey.run("s").estimates
    let degrees = found.rows.filter { $0["indicator"] == "A" && $0["cycle"] == "s" }.reduce(
      into: [String: Set<String>]()
    ) {
      $0[$1["g"] == "_T" ? ($1["s"] == "_T" ? "all" : "two") : "one", default: []].insert($1["df"] ?? "")
    }
    #expect(degrees == ["all": ["5"], "two": ["1"], "one": ["0", ""]])
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
          "1.204,5", "1.204", "1.20", "1.2045", "1.204.3005", "5,5", "4", "9", "9,0", "09", "8,0", "7.5", ",", "-1.000",
          "1e1", "+6,",
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
          \(name == "s" ? "trend: {previous: then, overlap: psu}" : "")
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
          \(name == "s" ? "trend: {previous: then, overlap: psu}" : "")
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

  /// A condition of any forms, one in the other.
  private func condition(_ generator: inout SeededGenerator, depth: Int) -> String {
    func one(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
    func parts() -> String {
      (0..<Int.random(in: 1...3, using: &generator)).map { _ in condition(&generator, depth: depth - 1) }
        .joined(separator: ", ")
    }
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &generator) {
    case 0: return "{q1: \"\(one(["1", "2", "na"]))\"}"
    case 1: return "{q3: \(one(["a", "[a, b]", "{includes-all: [a, b]}", "na"]))}"
    case 2:
      return "{question: q4, \(one(["at-least: 5", "below: 5", "above: 4, at-most: 5", "is: 5", "is: [5.0, na]"]))}"
    case 3: return "{answered: \(one(["q1", "[q1, q4]", "q2", "[q2, q3, q4]"]))}"
    case 4: return one(["{routed-out: q2}", "{q2: \"1\"}"])
    case 5: return "{\(one(["q1", "q3", "q4"])): {empty: \(one(["true", "false"]))}}"
    case 6: return "{not: \(condition(&generator, depth: depth - 1))}"
    case 7: return "{any: [\(parts())]}"
    case 8: return "{all: [\(parts())]}"
    default: return "{decided: \(condition(&generator, depth: depth - 1))}"
    }
  }

  /// Unreadable answers, skipped questions and codes that do not apply, under any conditions and every roll-up: the same
  /// numbers, and the same rows that are not decided and not readable.
  @Test(arguments: TestedEngine.available, ["none", "any", "all", "majority", "latest"])
  func randomConditions(engine: TestedEngine, rollUp: String) async throws {
    var generator = SeededGenerator(seed: UInt64(rollUp.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
    var rows = ["id,g,w,day,q1,q2,q3,q4"]
    for round in 0..<3 {
      for (number, answer) in answers(&generator).enumerated() {
        rows.append(
          [
            answer["id"], answer["g"], "\(1 + number % 4).5", "2020-01-0\(1 + (number + round) % 3)", answer["q1"],
            answer["q2"], answer["q3"], answer["q4"],
          ].map { $0 ?? "" }.joined(separator: ","))
      }
    }
    var indicators = ""
    for number in 0..<20 {
      let eligible = number % 4 == 0 ? ", eligible: \(condition(&generator, depth: 2))" : ""
      indicators +=
        "- {id: I\(number), title: T, numerator: \(condition(&generator, depth: 3)), "
        + "denominator: \(condition(&generator, depth: 3))\(eligible)}\n"
    }
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, codebook: codebook.yaml, unit: id, submitted: day, roll-up: \(rollUp)}}
            dimensions: {g: {column: g}}
            group-by: [[g]]
            design: {weight: w}
            max-rejected: 90%
            """, rows: rows)
      ], indicators: indicators, files: ["codebook.yaml": Self.codebook])
    try await compare("s", pipelines: survey.directory.path, engine)
  }

  /// Questions that are called like words of conditions, or of SQL.
  @Test(arguments: TestedEngine.available) func namesThatAreWords(engine: TestedEngine) async throws {
    let words = [
      "reported", "answered", "any", "all", "not", "related", "routed-out", "decided", "question", "is", "empty",
      "before", "select", "from", "order", "user", "null", "row", "file", "place", "problem", "unit", "weight",
    ]
    let cycles = ["then", "s"].enumerated().map { age, name in
      let rows = (0..<60).map { number in
        let answers = words.indices.map { ["1", "2", "", "3"][(number * ($0 + 3) / 2 + age) % 4] }
        return (["r\(number)", ["a", "b"][number % 2]] + answers).joined(separator: ",")
      }
      return WrittenPipelines.Cycle(
        name: name,
        definition: """
          tables: {responses: {path: NAME.csv, codebook: codebook.yaml, unit: id}}
          dimensions: {g: {column: g}}
          group-by: [[g]]
          max-rejected: 60%
          \(name == "s" ? "trend: {previous: then, overlap: psu}" : "")
          """, rows: [(["id", "g"] + words).joined(separator: ",")] + rows)
    }
    let questions = words.map { "  \($0 == "null" ? "\"null\"" : $0): {type: one, options: [\"1\", \"2\"]}\n" }
    let indicators = words.map {
      "- {id: \"\($0)\", title: A word, numerator: {question: \"\($0)\", is: \"1\"}, denominator: {answered: \"\($0)\"}}\n"
    }
    let survey = try WrittenPipelines(
      cycles, indicators: indicators.joined(), files: ["codebook.yaml": "questions:\n" + questions.joined()])
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
