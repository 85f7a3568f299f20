import Engine
import Foundation
import Ingest
import Snapshot
import SurveyModel
import SurveyTestSupport
import Testing

/// A survey of three cycles that is run in all the ways in which its files can be read.
struct CutSurvey: Sendable {
  let directory: TemporaryDirectory
  /// The pipeline that is run, and the files of its responses, cycle by cycle.
  var main: String
  var data: [String]

  static let results = ["estimates.csv", "trends.csv", "slopes.csv", "rejected.csv"]

  /// Threads and bytes of a morsel.
  static let ways: [(threads: Int, bytes: Int)] = [
    (2, 1000), (3, 150), (1, 150), (8, MorselFile.bytesPerMorsel),
  ]

  func run(
    threads: Int = 1, bytes: Int = MorselFile.bytesPerMorsel, cache: SnapshotCache? = nil, to output: String = "out",
    pipelines: String = "pipelines", usesSHA256: Bool = false, progress: ReadProgress? = nil
  ) async throws -> RunOutcome {
    var options = RunOptions(
      pipelines: directory.path(of: pipelines), output: directory.path(of: output), threads: threads,
      progress: progress)
    options.bytesPerMorsel = bytes
    options.cache = cache
    options.usesSHA256 = usesSHA256
    return try await PipelineRun(name: main, options: options).run()
  }

  /// The files of results by name.
  func files(_ output: String = "out") throws -> [String: String] {
    var files: [String: String] = [:]
    for name in Self.results { files[name] = try directory.text(of: "\(output)/\(name)") }
    return files
  }

  /// The files that run.json names, with their hashes, and where the rows went.
  func inputs(_ output: String = "out") throws -> [[String: String]] {
    let json = try JSONSerialization.jsonObject(with: Data(try directory.text(of: "\(output)/run.json").utf8))
    let cycles = (json as? [String: Any])?["cycles"] as? [[String: Any]] ?? []
    return cycles.flatMap { $0["tables"] as? [[String: Any]] ?? [] }.flatMap { table in
      let counts = table.compactMapValues { $0 as? Int }.mapValues(String.init)
      let files = (table["files"] as? [[String: Any]] ?? []).map { file in file.mapValues { "\($0)" } }
      return [counts] + files
    }
  }

  var cache: SnapshotCache { SnapshotCache(folder: directory.path(of: "cache"), smallest: 0) }

  /// Names of the snapshots, with what tells one that was written anew.
  func snapshots() throws -> [String: String] {
    let folder = directory.path(of: "cache")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try Dictionary(
      uniqueKeysWithValues: names.map { name in
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        let written = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return (name, "\(attributes[.systemFileNumber] ?? "") \(written)")
      })
  }

  /// Waits until nobody could have written to the files without a sign of it.
  static func rest() async throws { try await Task.sleep(for: .milliseconds(90)) }

  // MARK: - Other forms of the same data

  /// The definitions with other paths of the data.
  func define(_ pipelines: String, replacing old: String, with new: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path(of: "pipelines")) {
      let text = try directory.text(of: "pipelines/\(name)")
      try directory.write(text.replacingOccurrences(of: old, with: new), to: "\(pipelines)/\(name)")
    }
  }

  func compress() throws {
    for name in data {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: directory.path(of: "data/\(name).csv"))))
      try directory.write(gzipped(bytes), to: "data/\(name).csv.gz")
    }
    try define("compressed", replacing: ".csv, respondent", with: ".csv.gz, respondent")
  }

  /// Cuts the records, which are given, into files of their own.
  func cut(_ records: [String: [String]], header: String) throws {
    for (name, lines) in records {
      let third = lines.count / 3
      for (number, part) in [lines[..<third], lines[third..<third], lines[third...]].enumerated() {
        try directory.write(header + "\n" + part.joined(), to: "data/\(name)-part\(number).csv")
      }
    }
    try define("parts", replacing: ".csv, respondent", with: "-part?.csv, respondent")
  }

  /// What was rejected, without file and line.
  static func rejections(_ text: String) throws -> [[String]] {
    let directory = try TemporaryDirectory()
    return try SmallTable(contentsOf: directory.write(text, to: "r.csv")).rows.map { Array($0.dropFirst(2)) }
  }
}

/// What stands in the data of a `CutSurvey`.
struct CutSurveyKind: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var design = "{weight: w, strata: [h], psu: p}"
  var dimensions = "{region: {column: g}, sector: {column: s}}"
  var groupings = "[[region], [sector], [region, sector]]"
  var table = ""
  var indicators = CutSurveyKind.indicators
  var more = ""
  /// How many snapshots stand for its tables.
  var kept = 3

  static let header = "id,unit,party,h,p,w,size,g,s,one,many,number,day,note,r1,r2,r3"

  static let indicators = """
    - {id: one, title: One code, numerator: {one: [a, b]}}
    - {id: many, title: Several codes, numerator: {many: {includes-all: [x, y]}}, denominator: {answered: many}}
    - {id: number, title: A number, numerator: {number: {at-least: 2.5}}, denominator: {answered: [number]}}
    - {id: day, title: A day, numerator: {day: {before: 2020-06-01}}, denominator: {answered: [day, one]}}
    - {id: routed, title: Not asked, numerator: {routed-out: many}, denominator: {any: [{answered: one}, {answered: day}]}}
    - {id: note, title: A word, numerator: {note: "with, comma"}, denominator: {not: {note: "-"}}}
    - {id: count, title: A number of rows, kind: count, numerator: {one: c}, denominator: {not: {note: "-"}}}

    """

  static let kinds: [CutSurveyKind] = [
    CutSurveyKind(testDescription: "strata, PSUs, weights"),
    CutSurveyKind(testDescription: "rows as PSUs, linked units", design: "{weight: w, strata: [h]}"),
    CutSurveyKind(testDescription: "two columns make a stratum", design: "{weight: w, strata: [h, sector], psu: p}"),
    CutSurveyKind(
      testDescription: "a declared size, no weights",
      design: "{strata: [h], psu: p, population: {column: size}, lonely-psu: adjust}"),
    CutSurveyKind(
      testDescription: "a register that all cycles read",
      indicators: indicators + """
        - {id: register, title: Parties, table: parties, numerator: {is_party: yes}, denominator: {not: {iso: P3}}}

        """, kept: 4),
    CutSurveyKind(
      testDescription: "replicate weights", design: "{weight: w, replicates: {columns: \"r?\", type: bootstrap}}"),
    CutSurveyKind(
      testDescription: "joins and a population",
      design:
        "{strata: [region], psu: party, population: {table: parties, where: {is_party: yes}}, lonely-psu: adjust}",
      dimensions:
        "{region: {join: parties, on: {responses: party, default: iso}, column: region}, sector: {column: s}}",
      table: ", unit: party"),
    CutSurveyKind(
      testDescription: "a stratum by dimension, a PSU by dimension",
      design: "{weight: w, strata: [sector], psu: region, lonely-psu: adjust}"),
    CutSurveyKind(
      testDescription: "the latest row", table: ", unit: unit, submitted: day, roll-up: latest", kept: 0),
    CutSurveyKind(
      testDescription: "a majority of rows", design: "{}",
      table: ", unit: party, roll-up: majority", kept: 0),
    CutSurveyKind(
      testDescription: "conditions on other rows",
      indicators: indicators + """
        - id: other
          title: Where another row of the Party is a
          numerator: {one: a}
          denominator: {related: {table: responses, on: party, where: {one: a}, at-least: 2}}

        """, kept: 0),
  ]

  private static let codebook = """
    missing: ["", "?"]
    not-applicable: ["n.a."]
    questions:
      one: {type: one, options: [a, b, c]}
      many: {type: many, options: [x, y, z], asked-if: {one: [a, b]}}
      number: {type: number}
      day: {type: date}
      note: {type: text}

    """

  /// A record with its line break; some have a mistake, and some stand over several lines.
  private static func record(_ number: Int, _ generator: inout SeededGenerator) -> String {
    func pick(_ values: [String]) -> String { values.randomElement(using: &generator) ?? "" }
    let isSpoiled = Int.random(in: 0..<12, using: &generator) == 0
    let stratum = Int.random(in: 0..<3, using: &generator)
    let unit = Int.random(in: 0..<90, using: &generator)
    var fields = [
      // Respondents come again, near and far.
      isSpoiled ? pick(["", "r\(number / 2)", "r\(max(0, number - 1))"]) : "r\(number)",
      "u\(unit)", "P\(unit % 24)", "h\(stratum)", "p\(unit % 4)",
      isSpoiled ? pick(["-1", "x", "", "1e200", "2.5"]) : "\(Double(100 + unit * 7) / 64)", "\(20 + stratum)",
      pick(["north", "süd", "\"east, west\"", ""]), pick(["s1", "s2"]),
      pick(["a", "b", "c", "c", "", "n.a.", isSpoiled ? "d" : "a"]),
      pick(["x", "x|y", "z|y|x", "", "n.a.", "?", isSpoiled ? "x|w" : "y"]),
      pick(["1", "2.5", "-3", "4e0", "", isSpoiled ? "two" : "2"]),
      pick(["2020-01-01", "2020-07-31", "", isSpoiled ? "31.12.2020" : "2019-02-28"]),
      pick(["\"with, comma\"", "\"a line\nbreak\r\nand \"\"quotes\"\"\"", "plain", "", "-", "é"]),
      "\(number % 5)", "\(Double(number % 7) / 4)", isSpoiled ? pick(["-2", "none"]) : "1.25",
    ]
    if isSpoiled, number % 5 == 0 { fields.removeLast(Int.random(in: 1...3, using: &generator)) }
    if isSpoiled, number % 7 == 0 { fields.append("more") }
    return fields.joined(separator: ",") + pick(["\n", "\r\n"])
  }

  /// - Returns: The survey, and its records by file.
  func write(seed: UInt64, rows: Int = 110) throws -> (survey: CutSurvey, records: [String: [String]]) {
    let directory = try TemporaryDirectory()
    var generator = SeededGenerator(seed: seed)
    var parties = "iso,region,is_party\n"
    for number in 0..<24 {
      parties += "P\(number),\(["AFR", "APR", "CEE"][number % 3]),\(number % 8 == 7 ? "no" : "yes")\n"
    }
    try directory.write(parties, to: "data/parties.csv")
    try directory.write(Self.codebook, to: "pipelines/codebook.yaml")
    try directory.write(indicators, to: "pipelines/indicators.yaml")
    var records: [String: [String]] = [:]
    for cycle in 0..<3 {
      let lines = (0..<rows + cycle * 9).map { Self.record($0, &generator) }
      records["c\(cycle)"] = lines
      try directory.write(Self.header + "\n" + lines.joined(), to: "data/c\(cycle).csv")
      let unit = table.contains("unit:") ? "" : ", unit: unit"
      try directory.write(
        """
        pipeline: c\(cycle)
        year: \(2010 + cycle)
        tables:
          responses: {path: ../data/c\(cycle).csv, respondent: id, codebook: codebook.yaml\(unit)\(table)}
          parties: {path: ../data/parties.csv, unit: iso}
        dimensions: \(dimensions)
        group-by: \(groupings)
        design: \(design)
        reliability: none
        max-rejected: 60%
        indicators: indicators.yaml
        \(cycle == 2 ? "trend: {previous: c1, baseline: c0, slope: [c0, c1, c2], overlap: psu}" : "")
        \(more)

        """, to: "pipelines/c\(cycle).yaml")
    }
    return (CutSurvey(directory: directory, main: "c2", data: ["c0", "c1", "c2"]), records)
  }
}
