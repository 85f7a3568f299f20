import Foundation
import Ingest
import Normalize
import Snapshot
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Engine

@Suite("Runs and their snapshots")
struct SnapshotRunTests {
  private func survey() throws -> CutSurvey { try CutSurveyKind.kinds[0].write(seed: 7, rows: 150).survey }

  private func place(_ survey: CutSurvey, _ name: String) -> String { survey.directory.path(of: "cache/\(name)") }

  /// A byte in the batches at the beginning, in one of the last, and in the index; and a file that was cut.
  @Test(arguments: [0.02, 0.3, 0.999, nil], [1, 3]) func aDamagedSnapshotIsReplaced(place: Double?, threads: Int)
    async throws
  {
    let survey = try survey()
    try await CutSurvey.rest()
    let (undamaged, progress) = (ReadProgress(), ReadProgress())
    _ = try await survey.run(threads: 2, bytes: 90, cache: survey.cache, progress: undamaged)
    let expected = try survey.files()
    let whole = try survey.snapshots()
    #expect(whole.count == 3)
    for name in whole.keys {
      let path = self.place(survey, name)
      var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      if let place { bytes[Int(Double(bytes.count) * place)] ^= 0x10 } else { bytes.removeLast(40) }
      // In place, so that the i-node stays.
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.write(contentsOf: Data(bytes))
      try file.truncate(atOffset: UInt64(bytes.count))
    }
    let damaged = try survey.snapshots()
    _ = try await survey.run(threads: threads, bytes: 400, cache: survey.cache, progress: progress)
    #expect(try survey.files() == expected)
    // What was read twice counts once.
    #expect(progress.current == undamaged.current)
    #expect(progress.current.values.allSatisfy { $0.bytes == $0.totalBytes && $0.rows > 0 })
    let mended = try survey.snapshots()
    #expect(Set(mended.keys) == Set(whole.keys))
    #expect(mended.allSatisfy { damaged[$0.key] != $0.value })
    _ = try await survey.run(threads: threads, cache: survey.cache)
    #expect(try survey.files() == expected)
    #expect(try survey.snapshots() == mended)
  }

  @Test func changedDataIsRead() async throws {
    let survey = try survey()
    try await CutSurvey.rest()
    _ = try await survey.run(threads: 2, bytes: 500, cache: survey.cache)
    let before = try survey.files()
    let first = try survey.snapshots()
    // As many bytes, and the time of the last change set back.
    let path = survey.directory.path(of: "data/c2.csv")
    let time = try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
    let text = try survey.directory.text(of: "data/c2.csv")
    let changed = text.replacingOccurrences(of: ",s1,", with: ",s9,")
    #expect(changed != text && changed.utf8.count == text.utf8.count)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.write(contentsOf: Data(changed.utf8))
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    try await CutSurvey.rest()
    for _ in 0..<2 {
      _ = try await survey.run(threads: 2, cache: survey.cache)
      let after = try survey.files()
      #expect(after["estimates.csv"] != before["estimates.csv"])
      _ = try await survey.run(to: "fresh")
      #expect(try survey.files("fresh") == after)
    }
    #expect(try survey.snapshots().count == 4)
    #expect(try survey.snapshots().count { first[$0.key] == $0.value } == 3)
  }

  @Test func anotherPlanIsReadAnew() async throws {
    let survey = try survey()
    try await CutSurvey.rest()
    _ = try await survey.run(cache: survey.cache)
    for (old, new) in [
      ("design: {weight: w, strata: [h], psu: p}", "design: {weight: w, strata: [h]}"),
      ("region: {column: g}", "region: {column: h}"), ("year: 2012", "year: 2013"),
    ] {
      let count = try survey.snapshots().count
      let text = try survey.directory.text(of: "pipelines/c2.yaml")
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(changed != text)
      try survey.directory.write(changed, to: "pipelines/c2.yaml")
      _ = try await survey.run(threads: 2, bytes: 700, cache: survey.cache)
      let found = try survey.files()
      _ = try await survey.run(to: "fresh")
      #expect(try survey.files("fresh") == found, "\(new)")
      // A year changes no code.
      #expect(try survey.snapshots().count == (new.hasPrefix("year") ? count : count + 1))
      _ = try await survey.run(threads: 2, cache: survey.cache)
      #expect(try survey.files() == found, "\(new)")
    }
  }

  /// A file that somebody is writing to is read, and not kept: it might have changed after it was read, and look the
  /// same.
  @Test func dataThatWasJustWrittenIsNotKept() async throws {
    let directory = try TemporaryDirectory()
    for (seconds, isKept) in [(1.5, false), (1e-6, true)] {
      let cache = SnapshotCache(
        folder: directory.path(of: "cache-\(isKept)"), smallest: 0, restSeconds: seconds)
      let path = try directory.write("q\n1\n0\n", to: "t.csv")
      if isKept { try await CutSurvey.rest() }
      let table = TableDefinition(name: "responses", paths: [path])
      var needs = ColumnNeeds(table: table)
      needs.add(.oneOf(column: "q", codes: ["1"]))
      let cycle = SurveyCycle(name: "c", title: "", cycle: "c", tables: ["responses": table], indicators: [])
      let reading = try TableReading(
        cycle: cycle, table: table, needs: needs, progress: nil, options: ReadingOptions(cache: cache))
      var pass = MorselPass(
        reading: reading, request: TableReading.Request(joins: [:], design: TablePlan.DesignPlan()))
      var rows = 0
      try await pass.read(path, prepare: { _ in [:] }) { batch, _ in
        rows += batch.rowCount
        // At the end nobody has written to the file for long enough.
        Thread.sleep(forTimeInterval: isKept ? 0 : seconds + 0.1)
      }
      #expect(rows == 2)
      pass.keepSnapshot(try #require(pass.normalizer))
      #expect(cache.entries().map(\.data) == (isKept ? [path] : []))
    }
  }

  @Test func smallDataAndHashesOfBytesLeaveNone() async throws {
    let survey = try survey()
    try await CutSurvey.rest()
    let choosy = SnapshotCache(folder: survey.directory.path(of: "cache"), smallest: 1 << 20)
    _ = try await survey.run(cache: choosy)
    #expect(try survey.snapshots().isEmpty)
    // SHA-256 has to see the bytes.
    _ = try await survey.run(cache: survey.cache, usesSHA256: true)
    #expect(try survey.snapshots().isEmpty)
    _ = try await survey.run(cache: survey.cache)
    let kept = try survey.snapshots()
    #expect(kept.count == 3)
    _ = try await survey.run(cache: survey.cache, usesSHA256: true)
    #expect(try survey.snapshots() == kept)
  }

  @Test func progressReachesTheEnd() async throws {
    let survey = try survey()
    try await CutSurvey.rest()
    var rows: [Int] = []
    for _ in 0..<2 {
      let progress = ReadProgress()
      _ = try await survey.run(threads: 2, bytes: 300, cache: survey.cache, progress: progress)
      let state = try #require(progress.current["c2"])
      #expect(state.bytes == Int64(try survey.directory.text(of: "data/c2.csv").utf8.count))
      rows.append(state.rows)
    }
    #expect(rows[0] == rows[1])
  }

  /// A compressed table is unpacked once.
  @Test func aCompressedTableIsKept() async throws {
    let survey = try survey()
    try survey.compress()
    try await CutSurvey.rest()
    _ = try await survey.run(threads: 2, cache: survey.cache, pipelines: "compressed")
    let (expected, inputs, kept) = (try survey.files(), try survey.inputs(), try survey.snapshots())
    #expect(kept.count == 3)
    _ = try await survey.run(threads: 2, cache: survey.cache, pipelines: "compressed")
    #expect(try survey.files() == expected)
    #expect(try survey.inputs() == inputs)
    #expect(try survey.snapshots() == kept)
  }
}
