import Aggregate
import Export
import Ingest
import Logging
import Normalize
import Snapshot
import SurveyModel

/// The large tables: read side by side, in morsels, or from a snapshot of their columns that an earlier run has left.
extension TableReading {
  /// What the rows of a table are looked up in and placed by.
  struct Request {
    /// The values of joined registers, by dimension.
    var joins: [String: JoinedValues]
    /// For the responses table, the design.
    var design: TablePlan.DesignPlan?
  }

  /// Called when the first header is known and the plan is resolved, and once more where a snapshot turns out to be
  /// damaged; answers with the tallies whose bits the workers work out.
  typealias Preparation = (TablePlan) throws -> [RollUp: TallyPlan]

  /// Reads the files, or the snapshot that stands for them.
  ///
  /// - Parameters:
  ///   - rejected: What was rejected is appended, also where reading fails.
  ///   - take: Given each coded batch, in the order of the files.
  func read(
    _ request: Request, rejected: inout [Rejection], prepare: Preparation, take: MorselReading.Taker
  ) async throws -> Outcome {
    guard table.layout == .wide else {
      var tallies: [RollUp: TallyPlan] = [:]
      return try read(
        joins: request.joins, design: request.design, rejected: &rejected,
        prepare: { tallies = try prepare($0) },
        body: { batch in try take(batch, tallies.mapValues { Tally.bits($0, of: batch) }) })
    }
    if let outcome = try await readSnapshot(request, prepare, take) {
      rejected += outcome.normalizer.rejections
      return outcome
    }
    return try await readFiles(request, rejected: &rejected, prepare, take)
  }

  // MARK: - Files

  private func readFiles(
    _ request: Request, rejected: inout [Rejection], _ prepare: Preparation, _ take: MorselReading.Taker
  ) async throws -> Outcome {
    var pass = MorselPass(reading: self, request: request)
    defer { rejected += pass.takeRejections() }
    for path in paths { try await pass.read(path, prepare: prepare, take: take) }
    guard let normalizer = pass.normalizer else { throw IngestError.noSuchFile(path: table.name) }
    pass.keepSnapshot(normalizer)
    return Outcome(normalizer: normalizer, plan: normalizer.plan, files: pass.files, notices: pass.notices)
  }

  // MARK: - Snapshot

  /// Where a snapshot of this plan is, or would be; nil where none is wanted.
  func snapshotPlace(_ plan: TablePlan, _ tallies: [RollUp: TallyPlan]) -> (cache: SnapshotCache, key: SnapshotKey)? {
    guard let cache = options.cache, !options.usesSHA256, !plan.readsText,
      tallies.values.allSatisfy({ $0.rollUp == .none }), cache.serves(bytes: InputHash.bytes(of: paths))
    else { return nil }
    return SnapshotKey(paths: paths, plan: plan, seed: KeyHash.identity).map { (cache, $0) }
  }

  /// - Returns: nil where there is no snapshot that could be trusted.
  private func readSnapshot(
    _ request: Request, _ prepare: Preparation, _ body: MorselReading.Taker
  ) async throws -> Outcome? {
    guard options.cache != nil, let first = paths.first, let header = try header(of: first) else { return nil }
    var tallies: [RollUp: TallyPlan] = [:]
    let start = try begin(header, joins: request.joins, design: request.design) {
      tallies = try prepare($0)
    }
    let plan = start.normalizer.plan
    guard let (cache, key) = snapshotPlace(plan, tallies), let snapshot = cache.reader(key) else { return nil }
    var taken = Taken()
    do {
      try await take(snapshot, tallies: tallies, taken: &taken, body: body)
    } catch is SnapshotDamage {
      // All of it will be read again.
      progress?.advance(cycle.name, bytes: -taken.bytes)
      progress?.advance(cycle.name, rows: -taken.rows)
      Logger(label: "pipeline.cache").warning("a damaged snapshot of \(first) was removed")
      cache.remove(key)
      return nil
    }
    guard SnapshotKey(paths: paths, plan: plan, seed: KeyHash.identity) == key else {
      throw IngestError.changedWhileRead(path: first)
    }
    return Outcome(
      normalizer: Normalizer(plan: plan, finished: snapshot.numbering), plan: plan,
      files: snapshot.files.map {
        RunRecord.FileRecord(path: $0.path, bytes: $0.bytes, hash: $0.hash, algorithm: $0.algorithm)
      })
  }

  /// - Returns: nil where the file cannot be read a second time.
  private func header(of path: String) throws -> Header? {
    let format = CSVFormat(table)
    return try MorselFile(path: path, table: table.name, format: format)?.header
      ?? RecordReader(path: path, table: table.name, format: format).header()
  }

  /// Batches of a snapshot that one worker takes at once: a batch alone is little work.
  private static let batchesAtOnce = 8

  /// What of a snapshot was taken until now.
  private struct Taken {
    var rows = 0
    /// Of the data that it stands for.
    var bytes: Int64 = 0
  }

  private func take(
    _ snapshot: SnapshotReader, tallies: [RollUp: TallyPlan], taken: inout Taken, body: MorselReading.Taker
  ) async throws {
    let count = snapshot.batchCount
    let total = InputHash.bytes(of: paths)
    let pieces = (count + Self.batchesAtOnce - 1) / Self.batchesAtOnce
    try await InOrder.forEach(pieces, workers: Array(0..<max(1, options.threads))) { _, piece in
      let first = piece * Self.batchesAtOnce
      return try (first..<min(first + Self.batchesAtOnce, count)).map { number in
        var (reading, judging) = (StageMeter.Reading(), StageMeter.Reading())
        let batch = try StageMeter.time(&reading.seconds) { try snapshot.batch(number) }
        let bits = StageMeter.time(&judging.seconds) { tallies.mapValues { Tally.bits($0, of: batch) } }
        (reading.rows, judging.rows) = (batch.rowCount, batch.rowCount)
        reading.bytes = Int64(snapshot.byteCount(of: number))
        options.meter?.add(reading, to: .scan, of: cycle.name)
        options.meter?.add(judging, to: .judge, of: cycle.name)
        return (batch: batch, bits: bits)
      }
    } take: { _, piece, batches in
      for (batch, bits) in batches {
        progress?.advance(cycle.name, rows: batch.rowCount)
        taken.rows += batch.rowCount
        var adding = StageMeter.Reading()
        try StageMeter.time(&adding.seconds) { try body(batch, bits) }
        adding.rows = batch.rowCount
        options.meter?.add(adding, to: .aggregate, of: cycle.name)
      }
      let bytes = total * Int64(piece + 1) / Int64(pieces) - total * Int64(piece) / Int64(pieces)
      progress?.advance(cycle.name, bytes: bytes)
      taken.bytes += bytes
    }
  }
}
