import Benchmark
import Normalize
import Snapshot

/// Columns that stand for a file in the next run.
func snapshotBenchmarks() {
  Benchmark("Snapshot, 20,000 rows, write") { benchmark, input in
    benchmark.expect(try input.write(), true, "written")
    benchmark.stopMeasurement()
    benchmark.expect(try input.read(), ReferenceFiles.rows, "rows")
  } setup: {
    try SnapshotInput()
  }

  Benchmark("Snapshot, 20,000 rows, read") { benchmark, input in
    benchmark.expect(try input.read(), ReferenceFiles.rows, "rows")
  } setup: {
    try SnapshotInput().written()
  }
}

private struct SnapshotInput {
  private let cache: SnapshotCache
  private let key: SnapshotKey
  private let batches: [CodedBatch]
  private let normalizer: Normalizer

  init() throws {
    let stages = try Stages(ReferenceFiles())
    (batches, normalizer) = try stages.coded()
    cache = SnapshotCache(folder: try Scratch.path("cache"))
    guard let key = SnapshotKey(paths: [stages.file.path], plan: stages.plan, seed: KeyHash.identity) else {
      throw Unprepared("\(stages.file.path) is gone")
    }
    self.key = key
  }

  func write() throws -> Bool {
    guard let writer = cache.writer(key) else { throw Unprepared("\(cache.folder) cannot be written to") }
    for batch in batches { writer.append(batch) }
    return writer.finish(normalizer, files: [])
  }

  func written() throws -> SnapshotInput {
    guard try write() else { throw Unprepared("no snapshot in \(cache.folder)") }
    return self
  }

  /// Rows of all batches.
  func read() throws -> Int {
    guard let reader = cache.reader(key) else { throw Unprepared("no snapshot in \(cache.folder)") }
    return try (0..<reader.batchCount).reduce(0) { try $0 + reader.batch($1).rowCount }
  }
}
