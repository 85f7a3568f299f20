import Export
import Ingest
import Normalize
import SurveyModel

/// Reads one table of a cycle: the records of its files, one file after the other, normalized batch by batch. The rows
/// of a long table are put together into records first, when all of them are read.
struct TableReading {
  let cycle: SurveyCycle
  let table: TableDefinition
  let needs: ColumnNeeds
  /// Whether a second row of a unit is rejected.
  let hasEachUnitOnce: Bool
  let progress: ReadProgress?
  let options: ReadingOptions
  /// The files, the same for every pass.
  let paths: [String]

  /// - Throws: `IngestError` where a pattern matches no file, or a file is named twice.
  init(
    cycle: SurveyCycle, table: TableDefinition, needs: ColumnNeeds, hasEachUnitOnce: Bool = false,
    progress: ReadProgress?, options: ReadingOptions = ReadingOptions()
  ) throws(IngestError) {
    self.options = options
    self.cycle = cycle
    self.table = table
    self.needs = needs
    self.hasEachUnitOnce = hasEachUnitOnce
    self.progress = progress
    paths = try InputPaths.expanded(table.paths, table: table.name)
  }

  struct Outcome {
    var normalizer: Normalizer
    var plan: TablePlan
    var files: [RunRecord.FileRecord]
    /// What looks wrong about the files themselves.
    var notices: [DataNotice] = []
  }

  /// What the first header decides for all files.
  struct Start {
    var header: Header
    /// The columns to keep, by position.
    var columns: [Int]
    var normalizer: Normalizer
    /// nil for wide tables.
    var pivot: LongPivot?
  }

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
    var notices: [DataNotice] = []
    defer {
      start?.normalizer.sortRejections(files: paths)
      rejected += start?.normalizer.rejections ?? []
    }
    for path in paths {
      var hash = InputHash(of: path, usesSHA256: options.usesSHA256)
      let reader = RecordReader(path: path, table: table.name, format: CSVFormat(table))
      let extent = try reader.read(
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
      notices += DataNotice.found(in: extent, of: path, table: table)
    }
    if let pivot = start?.pivot {
      start?.pivot = nil
      try pivot.finish { records in
        if let batch = try start?.normalizer.normalize(records) { try body(batch) }
      }
    }
    guard let normalizer = start?.normalizer else { throw IngestError.noSuchFile(path: table.name) }
    return Outcome(normalizer: normalizer, plan: normalizer.plan, files: files, notices: notices)
  }

  func begin(
    _ header: Header, joins: [String: JoinedValues], design: TablePlan.DesignPlan?, prepare: (TablePlan) throws -> Void
  ) throws -> Start {
    var plan = TablePlan(
      table: table, needs: needs, dimensions: TablePlan.dimensions(of: cycle, in: header, joins: joins), design: design,
      countsRoutedOut: true)
    plan.hasEachUnitOnce = hasEachUnitOnce
    let columns = try plan.resolve(header)
    plan.routing = try RoutingPass(cycle: cycle, plan: plan)
    try prepare(plan)
    return Start(
      header: header, columns: columns, normalizer: Normalizer(plan: plan, fieldCount: header.names.count),
      pivot: LongPivot(plan, fieldCount: header.names.count))
  }
}
