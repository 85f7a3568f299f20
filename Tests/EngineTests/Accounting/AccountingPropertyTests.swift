import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// Random files with random damage: what the test did to each row is what the engine says of it, and what was damaged
/// is in no number.
///
/// `PIPELINE_PROPERTY_CASES` sets how many surveys are tried; each has its seed in the name of its case.
@Suite("Every row is accounted for")
struct AccountingPropertyTests {
  static let count = ProcessInfo.processInfo.environment["PIPELINE_PROPERTY_CASES"].flatMap { UInt64($0) } ?? 60

  @Test(arguments: 0..<count) func whatWasDamagedIsListedAndCountsNowhere(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed &+ 1_000_000)
    let survey = DamagedSurvey(seed: seed)
    let damaged = try await run(survey, using: &generator)

    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let json = try decoder.decode(Record.self, from: Data(damaged.directory.text(of: "out/run.json").utf8))
    for (name, expected) in [("responses", survey.responses), ("frame", survey.frame)] {
      let found = try #require(json.cycles[0].tables.first { $0.table == name }).accounting
      #expect(found == expected, "\(name)")
      #expect(found.read == found.used + found.superseded + found.outside + found.rejected)
    }
    let rejected = try ResultFile(damaged.directory.path(of: "out/rejected.csv")).rows.map {
      DamagedSurvey.Listed(
        file: URL(fileURLWithPath: $0["file"] ?? "").lastPathComponent, line: Int($0["line"] ?? "") ?? -1,
        column: $0["column"] ?? "", scope: $0["scope"] ?? "")
    }
    let difference = rejected.sorted().difference(from: survey.listed.sorted())
    #expect(difference.isEmpty, "\(difference)")

    // What is left is a survey without damage.
    let clean = try await runClean(survey)
    let estimates = try ResultFile(damaged.directory.path(of: "out/estimates.csv"))
    let same = try ResultFile(clean.directory.path(of: "out/estimates.csv"))
    // Strata and PSUs are added up in the order in which they come first, which an earlier report may decide.
    let tolerance = survey.damage.contains(.earlierReport) ? 1e-12 : 0
    let left = estimates.differences(from: same, relative: tolerance, except: ["n_missing", "n_unreadable", "flag"])
    #expect(left == [], "\(survey.layout)")
    #expect(estimates.rows.count > 3)
    // An answer that was damaged is unreadable where it was missing in the clean file, and nothing else moves.
    for (found, clean) in zip(estimates.rows, same.rows) {
      func count(_ row: [String: String], _ column: String) -> Int { Int(row[column] ?? "") ?? 0 }
      #expect(count(found, "n_missing") + count(found, "n_unreadable") == count(clean, "n_missing"))
      #expect(count(clean, "n_unreadable") == 0)
      let flags = Set((found["flag"] ?? "").split(separator: " "))
      #expect(flags.contains("unreadable") == (count(found, "n_unreadable") > 0))
      #expect(flags.subtracting(["unreadable"]) == Set((clean["flag"] ?? "").split(separator: " ")))
    }
  }

  /// Whatever the generator can do, it does: or the property would hold of less than it says.
  @Test func everyKindOfDamageAndLayoutComesUp() {
    var damage: [DamagedSurvey.Damage: Int] = [:]
    var layouts: Set<String> = []
    for seed in 0..<max(60, Self.count) {
      let survey = DamagedSurvey(seed: seed)
      for kind in survey.damage { damage[kind, default: 0] += 1 }
      layouts.insert("\(survey.layout.design) \(survey.layout.isLong)")
      if survey.layout.keepsLatest { layouts.insert("latest") }
      if !survey.layout.joins { layouts.insert("no join") }
      if survey.responseFiles.contains(where: { $0.hasSuffix(".gz") }) { layouts.insert("gzip") }
      if survey.responseFiles.count > 1 { layouts.insert("several files") }
    }
    for kind in DamagedSurvey.Damage.allCases { #expect(damage[kind, default: 0] > 1, "\(kind)") }
    #expect(layouts.count == 2 * SurveyLayout.Design.allCases.count + 4, "\(layouts)")
  }

  // MARK: - Runs

  private func run(_ survey: DamagedSurvey, using generator: inout SeededGenerator) async throws -> Written {
    let written = try Written(
      survey.files, definition: survey.layout.definition(files: survey.responseFiles, isLong: survey.layout.isLong))
    // Files of a few kilobytes, cut into pieces wherever it happens to be.
    try await written.run(
      threads: Int.random(in: 1...3, using: &generator), bytesPerMorsel: Int.random(in: 50...4_000, using: &generator))
    return written
  }

  private func runClean(_ survey: DamagedSurvey) async throws -> Written {
    func bytes(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }
    let written = try Written(
      ["clean.csv": bytes(survey.cleanResponses), "frame.csv": bytes(survey.cleanFrame)],
      definition: survey.layout.definition(files: ["clean.csv"], isLong: false))
    try await written.run(threads: 1, bytesPerMorsel: 1 << 20)
    #expect(try ResultFile(written.directory.path(of: "out/rejected.csv")).rows.isEmpty)
    return written
  }

  /// A pipeline and its files in a directory of their own.
  private struct Written {
    let directory: TemporaryDirectory

    init(_ files: [String: [UInt8]], definition: String) throws {
      directory = try TemporaryDirectory()
      for (name, bytes) in files { try directory.write(bytes, to: name) }
      try directory.write(SurveyLayout.codebook, to: "codebook.yaml")
      try directory.write(SurveyLayout.indicators, to: "indicators.yaml")
      try directory.write("pipeline: s\nindicators: indicators.yaml\n\(definition)\n", to: "s.yaml")
    }

    func run(threads: Int, bytesPerMorsel: Int) async throws {
      var options = RunOptions(pipelines: directory.path, output: directory.path(of: "out"), threads: threads)
      options.bytesPerMorsel = bytesPerMorsel
      _ = try await PipelineRun(name: "s", options: options).run()
    }
  }

  /// The accounting in `run.json`.
  private struct Record: Decodable {
    struct Cycle: Decodable { var tables: [Table] }
    struct Table: Decodable {
      var table: String
      var rowsRead: Int
      var rowsUsed: Int
      var rowsSuperseded: Int
      var rowsOutsidePopulation: Int
      var rowsRejected: Int
      var answersRejected: Int

      var accounting: DamagedSurvey.Accounting {
        DamagedSurvey.Accounting(
          read: rowsRead, used: rowsUsed, superseded: rowsSuperseded, outside: rowsOutsidePopulation,
          rejected: rowsRejected, answersRejected: answersRejected)
      }
    }

    var cycles: [Cycle]
  }
}
