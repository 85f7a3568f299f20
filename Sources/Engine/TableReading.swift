import Aggregate
import Export
import Ingest
import Normalize
import SurveyModel
import SystemPackage

/// Reads one table of a cycle: the records of its files, one file after the other, normalized batch by batch. The rows
/// of a long table are put together into records first, when all of them are read.
struct TableReading {
  let cycle: SurveyCycle
  let table: TableDefinition
  let needs: ColumnNeeds
  let progress: ReadProgress?
  /// Large files are hashed with SHA-256, too.
  let usesSHA256: Bool
  /// The files, the same for every pass.
  let paths: [String]

  /// - Throws: `IngestError` where a pattern matches no file, or a file is named twice.
  init(
    cycle: SurveyCycle, table: TableDefinition, needs: ColumnNeeds, progress: ReadProgress?, usesSHA256: Bool = false
  ) throws(IngestError) {
    self.usesSHA256 = usesSHA256
    self.cycle = cycle
    self.table = table
    self.needs = needs
    self.progress = progress
    paths = try InputPaths.expanded(table.paths, table: table.name)
  }

  struct Outcome {
    var normalizer: Normalizer
    var plan: TablePlan
    var files: [RunRecord.FileRecord]
  }

  /// What the first header decides for all files.
  private struct Start {
    var header: Header
    /// The columns to keep, by position.
    var columns: [Int]
    var normalizer: Normalizer
    /// nil for wide tables.
    var pivot: LongPivot?
  }

  /// Reads the files side by side, in morsels.
  ///
  /// - Parameters:
  ///   - joins: The values of joined registers, by dimension.
  ///   - design: For the responses table, the design.
  ///   - threads: How many morsels are read at once.
  ///   - prepare: Called when the first header is known and the plan is resolved; answers with the tallies whose bits
  ///     the workers work out.
  ///   - body: Called with each coded batch, in the order of the files.
  func read(
    joins: [String: JoinedValues], design: TablePlan.DesignPlan?, rejected: inout [Rejection], threads: Int,
    prepare: (TablePlan) throws -> [RollUp: TallyPlan], body: MorselReading.Taker
  ) async throws -> Outcome {
    guard table.layout == .wide else {
      var tallies: [RollUp: TallyPlan] = [:]
      return try read(
        joins: joins, design: design, rejected: &rejected, prepare: { tallies = try prepare($0) },
        body: { batch in try body(batch, tallies.mapValues { Tally.bits($0, of: batch) }) })
    }
    var start: Start?
    var reading: MorselReading?
    var files: [RunRecord.FileRecord] = []
    defer {
      start?.normalizer.sortRejections(files: paths)
      rejected += start?.normalizer.rejections ?? []
    }
    func columns(_ header: Header) throws -> [Int] {
      if let start {
        try header.requireSameNames(as: start.header)
        return start.columns
      }
      var tallies: [RollUp: TallyPlan] = [:]
      let first = try begin(header, joins: joins, design: design) { tallies = try prepare($0) }
      start = first
      reading = try MorselReading(
        plan: first.normalizer.plan, columns: first.columns, fieldCount: header.names.count,
        format: CSVFormat(table), hashes: !usesSHA256, tallies: tallies, threads: threads)
      return first.columns
    }
    for (index, path) in paths.enumerated() {
      var hash = InputHash(isLarge: Self.isLarge(path) && !usesSHA256)
      if let file = try MorselFile(path: path, table: table.name, format: CSVFormat(table)) {
        _ = try columns(file.header)
        guard let reading, var normalizer = start?.normalizer else { continue }
        start?.normalizer = Normalizer(plan: normalizer.plan, fieldCount: file.header.names.count)
        defer { start?.normalizer = normalizer }
        try await reading.read(
          file, normalizer: &normalizer,
          observe: { bytes, digest in
            hash.take(bytes, digest: digest)
            progress?.advance(cycle.name, bytes: Int64(bytes.count))
          },
          body: { batch, bits in
            progress?.advance(cycle.name, rows: batch.rowCount)
            try body(batch, bits)
          })
      } else {
        _ = try RecordReader(Morsel(index: index, path: path), table: table.name, format: CSVFormat(table)).read(
          observer: { bytes in
            hash.update(bytes)
            progress?.advance(cycle.name, bytes: Int64(bytes.count))
          },
          choose: columns,
          body: { records in
            progress?.advance(cycle.name, rows: records.rowCount)
            guard let reading, var normalizer = start?.normalizer else { return }
            start?.normalizer = Normalizer(plan: normalizer.plan, fieldCount: 0)
            defer { start?.normalizer = normalizer }
            try reading.take(copy records, normalizer: &normalizer, body: body)
          })
      }
      files.append(hash.record(path: path))
    }
    guard let normalizer = start?.normalizer else { throw IngestError.noSuchFile(path: table.name) }
    return Outcome(normalizer: normalizer, plan: normalizer.plan, files: files)
  }

  /// Whether a file is hashed in pieces.
  private static func isLarge(_ path: String) -> Bool {
    ((try? FilePath(path).stat().size) ?? 0) > InputHash.largestWhole
  }

  // MARK: - One batch after the other

  /// - Parameters:
  ///   - joins: The values of joined registers, by dimension.
  ///   - design: For the responses table, the design.
  ///   - prepare: Called when the first header is known and the plan is resolved.
  ///   - body: Called with each coded batch.
  func read(
    joins: [String: JoinedValues], design: TablePlan.DesignPlan?, rejected: inout [Rejection],
    prepare: (TablePlan) throws -> Void = { _ in }, body: (CodedBatch) throws -> Void
  ) throws -> Outcome {
    var start: Start?
    var files: [RunRecord.FileRecord] = []
    defer {
      start?.normalizer.sortRejections(files: paths)
      rejected += start?.normalizer.rejections ?? []
    }
    for (index, path) in paths.enumerated() {
      var hash = InputHash(isLarge: Self.isLarge(path) && !usesSHA256)
      let reader = RecordReader(Morsel(index: index, path: path), table: table.name, format: CSVFormat(table))
      _ = try reader.read(
        observer: { bytes in
          hash.update(bytes)
          progress?.advance(cycle.name, bytes: Int64(bytes.count))
        },
        choose: { header in
          if let start {
            try header.requireSameNames(as: start.header)
            return start.columns
          }
          let first = try begin(header, joins: joins, design: design, prepare: prepare)
          start = first
          return first.columns
        },
        body: { records in
          progress?.advance(cycle.name, rows: records.rowCount)
          if start?.pivot != nil {
            start?.pivot?.add(records)
          } else if let batch = try start?.normalizer.normalize(records) {
            try body(batch)
          }
        })
      files.append(hash.record(path: path))
    }
    if let pivot = start?.pivot {
      start?.pivot = nil
      try pivot.finish { records in
        if let batch = try start?.normalizer.normalize(records) { try body(batch) }
      }
    }
    guard let normalizer = start?.normalizer else { throw IngestError.noSuchFile(path: table.name) }
    return Outcome(normalizer: normalizer, plan: normalizer.plan, files: files)
  }

  private func begin(
    _ header: Header, joins: [String: JoinedValues], design: TablePlan.DesignPlan?, prepare: (TablePlan) throws -> Void
  ) throws -> Start {
    var plan = TablePlan(table: table, needs: needs, dimensions: dimensions(header, joins: joins), design: design)
    let columns = try plan.resolve(header)
    try prepare(plan)
    return Start(
      header: header, columns: columns, normalizer: Normalizer(plan: plan, fieldCount: header.names.count),
      pivot: LongPivot(plan, fieldCount: header.names.count))
  }

  /// Where this table has each dimension: a column of its own, or a join by a key. A table that the definition names
  /// for a join must have the key; elsewhere the header decides.
  private func dimensions(_ header: Header, joins: [String: JoinedValues]) -> [TablePlan.DimensionPlan?] {
    cycle.dimensions.values.map { dimension in
      switch dimension.source {
      case .column(let column):
        return table.name == SurveyCycle.responsesTable || header.contains(column) ? .column(column) : nil
      case .join(let register, let keys, let defaultKey, let column):
        // The register itself needs no join: the value stands beside its unit.
        if register == table.name { return .column(column) }
        guard let values = joins[dimension.name] else { return nil }
        if let key = keys[table.name] { return .join(key: key, values) }
        guard let defaultKey else { return nil }
        return table.name == SurveyCycle.responsesTable || header.contains(defaultKey)
          ? .join(key: defaultKey, values) : nil
      }
    }
  }
}
