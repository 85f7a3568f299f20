import Export
import Ingest
import Normalize
import SurveyModel

/// Reads one table of a cycle: the records of its file, normalized batch by batch.
struct TableReading {
  let cycle: SurveyCycle
  let table: TableDefinition
  let needs: ColumnNeeds
  let progress: ReadProgress?

  struct Outcome {
    var normalizer: Normalizer
    var plan: TablePlan
    var file: RunRecord.FileRecord
  }

  /// - Parameters:
  ///   - joins: The values of joined registers, by dimension.
  ///   - design: For the responses table, the design.
  ///   - prepare: Called when the header is known and the plan is resolved.
  ///   - body: Called with each coded batch.
  func read(
    joins: [String: JoinedValues], design: TablePlan.DesignPlan?, rejected: inout [Rejection],
    prepare: (TablePlan) throws -> Void = { _ in }, body: (CodedBatch) throws -> Void
  ) throws -> Outcome {
    guard let path = table.paths.first else { throw IngestError.noSuchFile(path: table.name) }
    var hash = FileHash()
    var normalizer: Normalizer?
    defer { if let normalizer { rejected += normalizer.rejections } }
    let reader = RecordReader(path: path, table: table.name, format: CSVFormat(table))
    _ = try reader.read(
      observer: { bytes in
        hash.update(bytes)
        progress?.advance(cycle.name, bytes: Int64(bytes.count))
      },
      choose: { header in
        var plan = TablePlan(
          table: table, needs: needs, dimensions: dimensions(header, joins: joins), design: design)
        let columns = try plan.resolve(header)
        try prepare(plan)
        normalizer = Normalizer(plan: plan, file: path, fieldCount: header.names.count)
        return columns
      },
      body: { records in
        progress?.advance(cycle.name, rows: records.rowCount)
        if let batch = try normalizer?.normalize(records) { try body(batch) }
      })
    guard let normalizer else { throw IngestError.empty(path: path) }
    return Outcome(
      normalizer: normalizer, plan: normalizer.plan,
      file: RunRecord.FileRecord(path: path, bytes: hash.byteCount, hash: hash.finish()))
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
