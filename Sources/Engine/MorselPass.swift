import Aggregate
import Export
import Ingest
import Normalize
import Snapshot
import SurveyModel

/// One pass over the files of a table, one file after the other, each in morsels.
struct MorselPass {
  let reading: TableReading
  let request: TableReading.Request
  /// nil until the first header is known.
  private(set) var normalizer: Normalizer?
  private(set) var files: [RunRecord.FileRecord] = []
  private(set) var notices: [DataNotice] = []
  private var first: First?
  private var snapshot: (cache: SnapshotCache, key: SnapshotKey, writer: SnapshotWriter)?

  /// What the first header decides for all files.
  private struct First {
    var header: Header
    var columns: [Int]
    var morsels: MorselReading
  }

  init(reading: TableReading, request: TableReading.Request) {
    self.reading = reading
    self.request = request
  }

  /// Reads the next file.
  mutating func read(
    _ path: String, prepare: TableReading.Preparation, take: MorselReading.Taker
  ) async throws {
    let table = reading.table
    var hash = InputHash(of: path, usesSHA256: reading.options.usesSHA256)
    let (progress, cycle) = (reading.progress, reading.cycle.name)
    let bytesPerMorsel = reading.options.bytesPerMorsel
    if let file = try MorselFile(
      path: path, table: table.name, format: CSVFormat(table), bytesPerMorsel: bytesPerMorsel)
    {
      _ = try columns(file.header, prepare)
      guard let first, var normalizer = takeNormalizer() else { return }
      defer { self.normalizer = normalizer }
      try await first.morsels.read(
        file, normalizer: &normalizer,
        observe: { bytes, digest in
          hash.take(bytes, digest: digest)
          progress?.advance(cycle, bytes: Int64(bytes.count))
        },
        body: { batch, bits in
          progress?.advance(cycle, rows: batch.rowCount)
          snapshot?.writer.append(batch)
          try take(batch, bits)
        })
    } else {
      // A pipe, or a compressed file: its bytes come one after the other.
      let extent = try RecordReader(path: path, table: table.name, format: CSVFormat(table)).read(
        observer: { bytes in
          hash.update(bytes)
          progress?.advance(cycle, bytes: Int64(bytes.count))
        },
        choose: { try columns($0, prepare) },
        body: { records in
          progress?.advance(cycle, rows: records.rowCount)
          guard let first, var normalizer = takeNormalizer() else { return }
          defer { self.normalizer = normalizer }
          try first.morsels.take(copy records, normalizer: &normalizer) { batch, bits in
            snapshot?.writer.append(batch)
            try take(batch, bits)
          }
        })
      notices += DataNotice.found(in: extent, of: path, table: table)
    }
    files.append(hash.record(path: path))
  }

  /// What was rejected until now, in the order of the files.
  mutating func takeRejections() -> [Rejection] {
    normalizer?.sortRejections(files: reading.paths)
    return normalizer?.rejections ?? []
  }

  /// The normalizer, moved and not copied: it is put back when the rows are taken.
  private mutating func takeNormalizer() -> Normalizer? {
    defer { normalizer = nil }
    return normalizer
  }

  /// The columns to keep; the first header decides.
  private mutating func columns(_ header: Header, _ prepare: TableReading.Preparation) throws -> [Int] {
    if let first {
      try header.requireSameNames(as: first.header)
      return first.columns
    }
    var tallies: [RollUp: TallyPlan] = [:]
    let start = try reading.begin(header, joins: request.joins, design: request.design) {
      tallies = try prepare($0)
    }
    normalizer = start.normalizer
    first = First(
      header: header, columns: start.columns,
      morsels: try MorselReading(
        plan: start.normalizer.plan, columns: start.columns, fieldCount: header.names.count,
        format: CSVFormat(reading.table), tallies: tallies, options: reading.options, cycle: reading.cycle.name))
    // At rest now, the files cannot change from here on without a sign of it; at the end it would be too late to ask.
    if let (cache, key) = reading.snapshotPlace(start.normalizer.plan, tallies), cache.mayKeep(reading.paths),
      let writer = cache.writer(key)
    {
      snapshot = (cache, key, writer)
    }
    return start.columns
  }

  /// Leaves a snapshot for the next run, if the files are what they were when reading began.
  func keepSnapshot(_ normalizer: Normalizer) {
    guard let (cache, key, writer) = snapshot else { return }
    // What is said of a file is said in every run.
    guard notices.isEmpty, SnapshotKey(paths: reading.paths, plan: normalizer.plan, seed: KeyHash.identity) == key
    else {
      return writer.abandon()
    }
    writer.finish(
      normalizer,
      files: files.map {
        SnapshotDataFile(path: $0.path, bytes: $0.bytes, hash: $0.hash, algorithm: $0.algorithm)
      })
    cache.trim()
  }
}
