import Engine
import Foundation
import Ingest
import SurveyModel
import SurveyTestSupport

/// A survey of two cycles in a directory of its own: a register of Parties, two questions, two dimensions.
struct SmallSurvey {
  let directory: TemporaryDirectory
  /// Parts of `now.yaml` that tests put something else in place of.
  var responses =
    "path: ../data/now.csv, codebook: codebook.yaml, respondent: id, unit: party, roll-up: latest, "
    + "submitted: submitted"
  var design =
    "{strata: [region], psu: party, population: {table: parties, where: {is_party: yes}}, lonely-psu: adjust}"
  var trend = "{previous: then, baseline: then, overlap: psu}"
  var more = ""
  var indicators = SmallSurvey.indicators

  static let indicators = """
    - {id: A, title: Measures in place, table: responses, numerator: {Q1: [full, part]}}
    - {id: B, title: Staff where measures, table: responses, numerator: {Q2: "true"}, denominator: {answered: [Q1, Q2]}}
    - {id: C, title: Parties, kind: count, table: parties, numerator: {is_party: yes}}
    """
  var codebook = """
    missing: [""]
    questions:
      Q1: {type: one, options: [full, part, none]}
      Q2: {type: one, options: ["true", "false"]}

    """

  init(seed: UInt64 = 1) throws {
    directory = try TemporaryDirectory()
    var generator = SeededGenerator(seed: seed)
    var parties = "iso,region,is_party\n"
    for number in 0..<40 {
      parties += "P\(number),\(["AFR", "APR", "CEE"][number % 3]),\(number % 8 == 7 ? "no" : "yes")\n"
    }
    try directory.write(parties, to: "data/parties.csv")
    for cycle in ["then", "now"] { try directory.write(Self.data(&generator), to: "data/\(cycle).csv") }
    try writeDefinitions()
  }

  static let header = "id,party,sector,submitted,Q1,Q2"

  private static func data(_ generator: inout SeededGenerator) -> String {
    var lines = [header]
    for number in 0..<70 {
      let party = Int.random(in: 0..<40, using: &generator)
      let sector = ["health", "trade", ""][Int.random(in: 0..<3, using: &generator)]
      let day = ["", "2019-01-05", "2019-02-11"][Int.random(in: 0..<3, using: &generator)]
      let first = ["full", "part", "none", "none", ""][Int.random(in: 0..<5, using: &generator)]
      let second = ["true", "false", "true", ""][Int.random(in: 0..<4, using: &generator)]
      lines.append("r\(number),P\(party),\(sector),\(day),\(first),\(second)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func writeDefinitions() throws {
    try directory.write(codebook, to: "pipelines/codebook.yaml")
    try directory.write(indicators, to: "pipelines/indicators.yaml")
    try directory.write(
      definition(
        "then", responses: responses.replacingOccurrences(of: "now.csv", with: "then.csv"),
        design: design, rest: ""), to: "pipelines/then.yaml")
    try directory.write(
      definition("now", responses: responses, design: design, rest: "trend: \(trend)\n\(more)"),
      to: "pipelines/now.yaml")
  }

  private func definition(_ name: String, responses: String, design: String, rest: String) -> String {
    """
    pipeline: \(name)
    tables:
      responses: {\(responses)}
      parties: {path: ../data/parties.csv, unit: iso}
    dimensions:
      region: {join: parties, on: {responses: party, default: iso}, column: region}
      sector: {column: sector}
    group-by: [[region], [sector], [region, sector]]
    design: \(design)
    reliability: none
    indicators: indicators.yaml
    \(rest)

    """
  }

  @discardableResult
  func run(
    _ name: String = "now", to output: String = "out", indicators: [String] = [], method: IntervalMethod? = nil,
    threads: Int = 2, strict: Bool = false, groupings: [[String]]? = nil
  ) async throws -> RunOutcome {
    try await PipelineRun(
      name: name,
      options: RunOptions(
        pipelines: directory.path(of: "pipelines"), output: directory.path(of: output), groupings: groupings,
        indicators: indicators, method: method, threads: threads, strict: strict)
    ).run()
  }

  func text(_ file: String) throws -> String { try directory.text(of: file) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: directory.path(of: name)) }

  /// What stands in the directory beside the places that a run uses.
  func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { !["out", "data", "pipelines"].contains($0) }.sorted()
  }
}

/// A file of results as rows by column.
struct ResultFile {
  let rows: [[String: String]]

  init(_ path: String) throws {
    let table = try SmallTable(contentsOf: path)
    rows = table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
  }

  /// Where two files differ by more than rounding; empty: nowhere.
  ///
  /// - Parameter others: Columns that are not compared.
  func differences(
    from other: ResultFile, relative tolerance: Double = 1e-12, except others: Set<String> = []
  ) -> [String] {
    guard rows.count == other.rows.count else { return ["\(rows.count) rows, \(other.rows.count) rows"] }
    return zip(rows, other.rows).flatMap { mine, theirs in
      Set(mine.keys).subtracting(others).sorted().compactMap { column in
        let a = mine[column] ?? ""
        let b = theirs[column] ?? ""
        if a == b { return nil }
        if let x = Double(a), let y = Double(b), areClose(x, y, relative: tolerance) { return nil }
        return "\(mine["indicator"] ?? "") \(mine["region"] ?? "") \(mine["sector"] ?? "") \(column): \(a), \(b)"
      }
    }
  }
}

/// The exit status of what a body throws; nil where it throws nothing or no `Failure`.
func status(_ body: () async throws -> Void) async -> ExitStatus? {
  do {
    try await body()
    return nil
  } catch {
    return (error as? any Failure)?.exitStatus
  }
}
