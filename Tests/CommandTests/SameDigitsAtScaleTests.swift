import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// A large survey gives the same bytes however it is read: with any number of threads, from CSV, gzip or its snapshot, by
/// another build. With its rows in another order, sums differ in their last digits, and nothing else does.
///
/// `make test-faults` asks for 1,000,000 responses a cycle by the release build, and compares with the debug build.
@Suite("The same digits at scale", .serialized)
struct SameDigitsAtScaleTests {
  private static let tables = ["estimates.csv", "trends.csv", "slopes.csv", "rejected.csv"]
  private static let name = "institutions-cycle-4"

  private let directory: TemporaryDirectory
  private let responses: Int

  init() throws {
    responses = FaultTests.isLong ? 1_000_000 : 4000
    directory = try TemporaryDirectory()
    let generated = try CommandRun([
      "generate", "institutions", "--responses", "\(responses)", "--cycles", "2..4", "-o",
      directory.path(of: "SampleData/institutions"),
    ])
    #expect(generated.status == 0, "\(generated.error)")
    for (name, pipelines) in [("csv", ""), ("gzip", ".gz"), ("shuffled", "")] {
      try FileManager.default.copyItem(atPath: "\(projectDirectory)/Pipelines", toPath: directory.path(of: name))
      for cycle in 2...4 {
        let path = "\(name)/institutions-cycle-\(cycle).yaml"
        let text = try directory.text(of: path)
        let folder = name == "shuffled" ? "Shuffled" : "SampleData"
        let changed = text.replacingOccurrences(
          of: "SampleData/institutions/institutions-cycle-\(cycle)/responses.csv",
          with: "\(folder)/institutions/institutions-cycle-\(cycle)/responses.csv\(pipelines)")
        #expect(name == "csv" || changed != text)
        try directory.write(changed, to: path)
      }
    }
  }

  /// The tables of one run.
  private func tables(
    _ pipelines: String, _ options: [String], cache: String? = nil, binary: String = CommandRun.binary
  ) throws -> [String: String] {
    let run = try ProgramRun(
      binary, ["run", Self.name, "--pipelines", pipelines, "--quiet"] + options, in: directory.path,
      environment: ["XDG_CACHE_HOME": directory.path(of: cache ?? "no-cache")])
    #expect(run.status == 0, "\(run.error)")
    return try Dictionary(
      uniqueKeysWithValues: Self.tables.map { ($0, try directory.text(of: "Output/\(Self.name)/\($0)")) })
  }

  private func shell(_ script: String) throws {
    let run = try ProgramRun("/bin/sh", ["-ec", script], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
  }

  @Test func everyWayToReadItGivesTheSameBytes() throws {
    let expected = try tables("csv", ["--threads", "1", "--no-cache"])
    let read = try RunJSON(directory.text(of: "Output/\(Self.name)/run.json")).cycles.flatMap(\.tables)
      .filter { $0.table == "responses" }.map(\.rowsRead)
    #expect(read == [responses, responses, responses])
    #expect(expected["trends.csv"].map { $0.split(separator: "\n").count > 100 } == true)
    for threads in ["1", "2", "3", "8", "64"] {
      #expect(try tables("csv", ["--threads", threads, "--no-cache"]) == expected, "\(threads) threads")
    }
    try shell("for f in SampleData/institutions/institutions-cycle-*/responses.csv; do gzip -1 -k $f; done")
    for threads in ["1", "2"] {
      var found = try tables("gzip", ["--threads", threads, "--no-cache"])
      // The names of the files stand in it.
      found["rejected.csv"] = found["rejected.csv"]?.replacingOccurrences(of: ".csv.gz,", with: ".csv,")
      #expect(found == expected, "gzip, \(threads) threads")
    }
    // Files at rest leave a snapshot where they are large enough.
    Thread.sleep(forTimeInterval: 0.2)
    #expect(try tables("csv", [], cache: "cache") == expected, "while the snapshots were made")
    let snapshots = try shown(directory.path(of: "cache/pipeline"))
    #expect(snapshots.isEmpty == !FaultTests.isLong, "\(snapshots)")
    for threads in ["1", "2", "8"] {
      #expect(try tables("csv", ["--threads", threads], cache: "cache") == expected, "warm, \(threads) threads")
    }
    #expect(try shown(directory.path(of: "cache/pipeline")) == snapshots)
    // The hashes of large files are of another kind, and come from the snapshot here.
    let verified = try CommandRun(["verify", "Output/\(Self.name)"], in: directory.path)
    #expect(verified.status == 0, "\(verified.error)\(verified.output)")
  }

  private func shown(_ folder: String) throws -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".columns") }.sorted()
  }

  /// The command that the tests have built, which is not the one that they run.
  private static let otherBinary: String? = {
    let path = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("pipeline").path
    guard let path, path != CommandRun.binary, FileManager.default.isExecutableFile(atPath: path) else { return nil }
    return path
  }()

  @Test(.enabled("there is one build only: set PIPELINE_BINARY to another") { otherBinary != nil })
  func anotherBuildGivesTheSameBytes() throws {
    let binary = try #require(Self.otherBinary)
    let expected = try tables("csv", ["--no-cache"])
    #expect(try tables("csv", ["--no-cache"], binary: binary) == expected)
  }

  /// Sums of weights in another order: no word differs, and no number by more than 1e-12 of what it is made of; a change
  /// is made of two percentages or counts, a probability of 1 and, adjusted, of as many as there are comparisons.
  @Test func theOrderOfTheRowsMovesTheLastDigitsOnly() throws {
    let expected = try tables("csv", ["--no-cache"])
    // A list of numbers that is long enough for `shuf` to shuffle by.
    try shell(
      """
      for cycle in 2 3 4; do
        from=SampleData/institutions/institutions-cycle-$cycle/responses.csv
        to=Shuffled/institutions/institutions-cycle-$cycle/responses.csv
        mkdir -p $(dirname $to)
        head -n 1 $from > $to
        tail -n +2 $from | shuf --random-source=$from >> $to
        ! cmp -s $from $to
      done
      """)
    let found = try tables("shuffled", ["--no-cache"])
    let estimates = largestEstimates(expected["estimates.csv"] ?? "")
    #expect(!estimates.isEmpty)
    for name in ["estimates.csv", "trends.csv", "slopes.csv"] {
      try expectClose(found[name] ?? "", expected[name] ?? "", name, estimates)
    }
  }

  /// By indicator and cell, over all cycles: what changes are made of.
  private func largestEstimates(_ table: String) -> [[Substring]: Double] {
    var largest: [[Substring]: Double] = [:]
    for row in table.split(separator: "\n").dropFirst() {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      largest[[fields[1], fields[3], fields[4]], default: 100].combine(Double(fields[9]) ?? 0)
    }
    return largest
  }

  private func expectClose(
    _ found: String, _ expected: String, _ name: String, _ estimates: [[Substring]: Double]
  ) throws {
    let (rows, others) = (found.split(separator: "\n"), expected.split(separator: "\n"))
    #expect(rows.count == others.count && rows.count > 1, "\(name)")
    let header = rows.first?.split(separator: ",").map(String.init) ?? []
    var differing = 0
    for (row, other) in zip(rows, others) where row != other {
      differing += 1
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      let others = other.split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields.count == others.count, "\(name): \(row)")
      let line = ["indicator", "region", "sector"].compactMap { header.firstIndex(of: $0).map { fields[$0] } }
      let changeSize = estimates[line] ?? 100
      for (column, (field, value)) in zip(header, zip(fields, others)) where field != value {
        guard let number = Double(field), let expected = Double(value) else {
          Issue.record("\(name), \(column): \(field) in place of \(value) in \(row)")
          continue
        }
        let isChange = name != "estimates.csv" && ["delta", "slope", "se", "ci_low", "ci_high"].contains(column)
        let size =
          column == "p_adjusted"
          ? 100 : column == "p_value" ? 1 : isChange ? changeSize : max(abs(number), abs(expected))
        #expect(abs(number - expected) <= 1e-12 * size, "\(name), \(column):\n\(row)\n\(other)")
      }
    }
    // Rows in another order do make a difference, or nothing was compared.
    #expect(name == "slopes.csv" || differing > 0, "\(name)")
  }
}

extension Double {
  fileprivate mutating func combine(_ other: Double) { self = max(self, abs(other)) }
}
