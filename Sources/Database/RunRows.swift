import Export
import GRDB
import SurveyModel

/// The rows of one run, on their way into the tables.
struct RunRows {
  private let results: Results
  private let db: Database
  private let dimensions: [String]
  private var run: Int64 = 0
  private var cells: [[String?]: Int64] = [:]

  /// - Parameter db: In a transaction that writes.
  init(_ results: Results, in db: Database) {
    self.results = results
    self.db = db
    dimensions = results.dimensionNames.map(\.stored)
  }

  mutating func insert() throws {
    try insertRun()
    try insertCycles()
    try insertIndicators()
    try insertDimensions()
    try insert(results.estimates)
    try insert(results.trends)
    try insert(results.slopes)
  }

  // MARK: - What the rows refer to

  private mutating func insertRun() throws {
    let record = results.record
    try db.execute(
      sql: "INSERT INTO runs (pipeline, title, version, started, finished) VALUES (?, ?, ?, ?, ?)",
      arguments: [
        results.pipeline.stored, results.title.stored, record.version, record.started, record.finished,
      ])
    run = db.lastInsertedRowID
  }

  private func insertCycles() throws {
    for (position, cycle) in results.cycles.enumerated() {
      try db.execute(
        sql: "INSERT INTO cycles (run, cycle, position, role, title, year) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [run, cycle.name.stored, position + 1, cycle.role, cycle.title.stored, cycle.year])
    }
  }

  private func insertIndicators() throws {
    let insertion = try db.makeStatement(
      sql: """
        INSERT INTO indicators (run, indicator, position, title, goal, kind, unit, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for (position, indicator) in results.indicators.enumerated() {
      try insertion.execute(arguments: [
        run, indicator.id.stored, position + 1, indicator.title.stored, indicator.goal.storedOrNull,
        indicator.kind.rawValue, indicator.unit.storedOrNull, indicator.note.storedOrNull,
      ])
    }
    // Indicators that only an earlier cycle has: the rows bring no words for them.
    var known = Set(results.indicators.map(\.id))
    for row in results.estimates where known.insert(row.indicator).inserted {
      try insertion.execute(arguments: [
        run, row.indicator.stored, known.count, nil, nil, nil, row.unit.storedOrNull, nil,
      ])
    }
  }

  private func insertDimensions() throws {
    for dimension in dimensions {
      try db.execute(
        sql: "INSERT INTO dimensions (dimension) VALUES (?) ON CONFLICT (dimension) DO NOTHING", arguments: [dimension])
    }
  }

  // MARK: - The rows

  private mutating func insert<Row: StoredRow>(_ rows: [Row]) throws {
    let names = (["run", "cell"] + Row.columns.map(\.name)).map(\.quotedDatabaseIdentifier)
    let insertion = try db.makeStatement(
      sql: """
        INSERT INTO \(Row.table) (\(names.joined(separator: ", "))) \
        VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
        """)
    for row in rows {
      let place = [run.databaseValue, try cell(row.members).databaseValue]
      try insertion.execute(arguments: StatementArguments(place + Row.columns.map { $0.value(row).stored }))
    }
  }

  /// The key of a cell, which gets its rows when it is met first.
  private mutating func cell(_ members: [String?]) throws -> Int64 {
    if let known = cells[members] { return known }
    try db.execute(
      sql: "INSERT INTO cells (run, depth) VALUES (?, ?)", arguments: [run, members.count { $0 != nil }])
    let key = db.lastInsertedRowID
    cells[members] = key
    let insertion = try db.cachedStatement(
      sql: "INSERT INTO cell_members (cell, dimension, code, label) VALUES (?, ?, ?, ?)")
    for (position, code) in members.enumerated() where position < dimensions.count {
      try insertion.execute(arguments: [
        key, dimensions[position], code?.stored ?? Dimension.totalMember,
        code.map { results.dimensions[position].label(of: $0).stored },
      ])
    }
    return key
  }
}
