import Engine
import Foundation
import Ingest
import Snapshot
import SurveyModel
import SurveyTestSupport
import Testing

@testable import SyntheticData

/// However the bytes of a table come to the engine, every byte of the results is the same.
@Suite("The same digits from morsels, threads and snapshots")
struct SameDigitsTests {
  private func expectSame(_ found: [String: String], _ expected: [String: String], _ note: String) {
    for name in CutSurvey.results where found[name] != expected[name] {
      let pairs = zip(
        (found[name] ?? "").split(separator: "\n", omittingEmptySubsequences: false),
        (expected[name] ?? "").split(separator: "\n", omittingEmptySubsequences: false))
      let first = pairs.first { $0 != $1 }.map { "\($0.0)\n\($0.1)" } ?? "one has more lines"
      Issue.record("\(note), \(name):\n\(first)")
    }
  }

  /// - Returns: The results of one thread that reads each file as one morsel.
  private func expectSameInAllWays(_ survey: CutSurvey) async throws -> [String: String] {
    _ = try await survey.run()
    let expected = try survey.files()
    let inputs = try survey.inputs()
    for (threads, bytes) in CutSurvey.ways {
      _ = try await survey.run(threads: threads, bytes: bytes)
      expectSame(try survey.files(), expected, "\(threads) threads, morsels of \(bytes) bytes")
      #expect(try survey.inputs() == inputs)
    }
    return expected
  }

  @Test(arguments: CutSurveyKind.kinds) func everyKindOfSurvey(kind: CutSurveyKind) async throws {
    let (survey, records) = try kind.write(seed: 1)
    let expected = try await expectSameInAllWays(survey)
    // There is something to compare.
    for name in CutSurvey.results { #expect((expected[name] ?? "").split(separator: "\n").count > 7, "\(name)") }
    #expect(expected["rejected.csv"]?.contains("came before") == true)
    #expect(expected["rejected.csv"]?.contains("fields, but the header has") == true)
    try await expectSameFromSnapshots(survey, expected, kept: kind.kept)
    try await expectSameInOtherForms(survey, records, expected)
  }

  /// - Parameter expected: What the data itself gives.
  private func expectSameFromSnapshots(
    _ survey: CutSurvey, _ expected: [String: String], kept: Int = 3
  ) async throws {
    let inputs = try survey.inputs()
    try await CutSurvey.rest()
    for bytes in [MorselFile.bytesPerMorsel, 200] {
      #expect(survey.cache.clear().count == (bytes == 200 ? kept : 0))
      _ = try await survey.run(threads: 3, bytes: bytes, cache: survey.cache)
      expectSame(try survey.files(), expected, "while a snapshot was made")
      let snapshots = try survey.snapshots()
      #expect(snapshots.count == kept, "\(snapshots.keys)")
      #expect(snapshots.keys.allSatisfy { $0.hasSuffix(".columns") })
      for threads in [1, 8] {
        _ = try await survey.run(threads: threads, bytes: 1000, cache: survey.cache)
        expectSame(try survey.files(), expected, "from a snapshot, \(threads) threads")
        #expect(try survey.inputs() == inputs)
        #expect(try survey.snapshots() == snapshots, "a snapshot was written anew, so that it was not used")
      }
    }
  }

  private func expectSameInOtherForms(
    _ survey: CutSurvey, _ records: [String: [String]], _ expected: [String: String]
  ) async throws {
    try survey.compress()
    try survey.cut(records, header: CutSurveyKind.header)
    let rejections = try CutSurvey.rejections(expected["rejected.csv"] ?? "")
    for (pipelines, threads, bytes) in [("compressed", 3, 100), ("parts", 1, 1 << 20), ("parts", 3, 100)] {
      _ = try await survey.run(threads: threads, bytes: bytes, pipelines: pipelines)
      var found = try survey.files()
      #expect(try CutSurvey.rejections(found["rejected.csv"] ?? "") == rejections, "\(pipelines)")
      found["rejected.csv"] = expected["rejected.csv"]
      expectSame(found, expected, "\(pipelines), \(threads) threads")
    }
    // Snapshots of tables in several files, and of compressed ones.
    let cache = SnapshotCache(folder: survey.directory.path(of: "cache-of-forms"), smallest: 0)
    for pipelines in ["parts", "compressed"] {
      try await CutSurvey.rest()
      var before: [String]?
      for _ in 0..<2 {
        _ = try await survey.run(threads: 2, bytes: 300, cache: cache, pipelines: pipelines)
        let found = try survey.files()
        let rest = CutSurvey.results.filter { $0 != "rejected.csv" }
        #expect(rest.allSatisfy { found[$0] == expected[$0] }, "\(pipelines)")
        if let before { #expect(found["rejected.csv"].map { [$0] } == before) }
        before = found["rejected.csv"].map { [$0] }
      }
    }
  }

  @Test(arguments: UInt64(2)...4) func otherRows(seed: UInt64) async throws {
    let (survey, _) = try CutSurveyKind.kinds[Int(seed) % 3].write(seed: seed, rows: 120)
    let expected = try await expectSameInAllWays(survey)
    try await expectSameFromSnapshots(survey, expected)
  }

  // MARK: - Institutions

  @Test func aSurveyOfInstitutions() async throws {
    let directory = try TemporaryDirectory()
    let frame = "\(projectDirectory)/Pipelines/cartagena/frame"
    let survey = try InstitutionSurvey(
      seed: 5, responses: 1000, cycles: 2...4,
      frame: try PartyFrame(partiesPath: "\(frame)/parties.csv", reportingPath: "\(frame)/reporting.csv"))
    _ = try survey.write(to: directory.path(of: "data"))
    for cycle in 2...4 {
      let text = try String(
        contentsOfFile: "\(projectDirectory)/Pipelines/institutions-cycle-\(cycle).yaml", encoding: .utf8)
      try directory.write(
        text.replacingOccurrences(of: "../SampleData/institutions", with: "../data"),
        to: "pipelines/institutions-cycle-\(cycle).yaml")
    }
    for folder in ["institutions", "cartagena"] {
      try FileManager.default.copyItem(
        atPath: "\(projectDirectory)/Pipelines/\(folder)", toPath: directory.path(of: "pipelines/\(folder)"))
    }
    let run = CutSurvey(directory: directory, main: "institutions-cycle-4", data: [])
    _ = try await run.run()
    let expected = try run.files()
    let inputs = try run.inputs()
    #expect((expected["estimates.csv"] ?? "").split(separator: "\n").count > 1000)
    #expect((expected["trends.csv"] ?? "").split(separator: "\n").count > 1000)
    try await CutSurvey.rest()
    for (threads, bytes, cache) in [(2, 20_000, nil), (8, 3000, nil), (3, 30_000, run.cache), (2, 2 << 20, run.cache)] {
      _ = try await run.run(threads: threads, bytes: bytes, cache: cache)
      expectSame(try run.files(), expected, "\(threads) threads, \(bytes) bytes")
      #expect(try run.inputs() == inputs)
    }
    #expect(try run.snapshots().count == 3)
  }
}
