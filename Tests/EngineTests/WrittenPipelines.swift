import Engine
import Foundation
import SurveyModel
import SurveyTestSupport

/// Pipelines in a directory of their own, whose definitions and data a test writes down.
struct WrittenPipelines {
  struct Cycle {
    var name: String
    /// All that stands in the definition beside its name and its indicators; `NAME` stands for the name.
    var definition: String
    /// The rows of NAME.csv, the header first.
    var rows: [String]
  }

  struct Results {
    var estimates: ResultFile
    var trends: ResultFile
    var slopes: ResultFile
    var outcome: RunOutcome
  }

  let directory: TemporaryDirectory

  static let indicators = """
    - {id: A, title: First, numerator: {q1: "1"}}
    - {id: B, title: Second, numerator: {q2: "1"}, denominator: {answered: [q1, q2]}}

    """

  init(_ cycles: [Cycle], indicators: String = Self.indicators, files: [String: String] = [:]) throws {
    directory = try TemporaryDirectory()
    try directory.write(indicators, to: "indicators.yaml")
    for (name, text) in files { try directory.write(text, to: name) }
    for cycle in cycles {
      try directory.write(
        "pipeline: \(cycle.name)\nindicators: indicators.yaml\n"
          + cycle.definition.replacingOccurrences(of: "NAME", with: cycle.name) + "\n", to: "\(cycle.name).yaml")
      try directory.write(cycle.rows.map { $0 + "\n" }.joined(), to: "\(cycle.name).csv")
    }
  }

  func run(_ name: String, to output: String = "out", threads: Int = 2) async throws -> Results {
    let path = directory.path(of: output)
    let outcome = try await PipelineRun(
      name: name, options: RunOptions(pipelines: directory.path, output: path, threads: threads)
    ).run()
    return Results(
      estimates: try ResultFile("\(path)/estimates.csv"), trends: try ResultFile("\(path)/trends.csv"),
      slopes: try ResultFile("\(path)/slopes.csv"), outcome: outcome)
  }

  func text(_ file: String) throws -> String { try directory.text(of: file) }

  /// Runs pipelines of one cycle, named `s`.
  static func run(_ definition: String, _ rows: [String], indicators: String = Self.indicators) async throws -> Results
  {
    try await WrittenPipelines([Cycle(name: "s", definition: definition, rows: rows)], indicators: indicators).run("s")
  }
}

/// A sample of units in 3 strata of 4 PSUs, each unit with its weight, two dimensions and two questions.
struct UnitSample {
  static let header = "u,h,p,w,g,s,q1,q2"

  struct Unit {
    var id: Int
    var weight: Double
    var answers: [String]

    var stratum: Int { id % 3 }
    var psu: Int { id / 3 % 4 }
    var region: Int { id % 5 }
    var sector: Int { id / 2 % 2 }

    var line: String {
      "u\(id),h\(stratum),p\(psu),\(weight),g\(region),s\(sector),\(answers.joined(separator: ","))"
    }
  }

  var units: [Unit]

  /// - Parameters:
  ///   - seed: Of the answers; weights belong to the unit.
  ///   - answering: The share of units with an answer, question by question.
  init(seed: UInt64, units ids: some Sequence<Int> = 0..<90, answering share: Double = 0.85) {
    var generator = SeededGenerator(seed: seed)
    units = ids.map { id in
      var own = SeededGenerator(seed: UInt64(id) + 1000)
      return Unit(
        id: id, weight: Double(Int.random(in: 50...900, using: &own)) / 100,
        answers: (0..<2).map { _ in
          let isAnswered = Double.random(in: 0..<1, using: &generator) < share
          let answer = Int.random(in: 0...1, using: &generator)
          return isAnswered ? String(answer) : ""
        })
    }
  }

  var rows: [String] { [Self.header] + units.map(\.line) }

  static let dimensions = """
    reliability: none
    dimensions: {g: {column: g}, s: {column: s}}
    group-by: [[g], [s], [g, s]]

    """

  static func definition(_ design: String, table: String = "unit: u", more: String = "") -> String {
    "tables: {responses: {path: NAME.csv, \(table)}}\ndesign: \(design)\n\(dimensions)\(more)"
  }
}

extension [String: String] {
  func number(_ column: String) -> Double? { Double(self[column] ?? "") }

  /// Whether the row's percentage, or both of a change, lies strictly between 0 and 100.
  var isInside: Bool {
    ["estimate", "then", "now"].compactMap { self[$0] == nil ? nil : number($0) ?? 0 }
      .allSatisfy { $0 > 0 && $0 < 100 }
  }
}

extension ResultFile {
  /// The rows that have all these values.
  func rows(_ values: [String: String]) -> [[String: String]] {
    rows.filter { row in values.allSatisfy { row[$0.key] == $0.value } }
  }
}
