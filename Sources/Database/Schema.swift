import Export
import GRDB

/// The tables, and which version of them a file has.
enum Schema {
  /// Brings a file that is new or of an older version up to date.
  ///
  /// - Throws: `ResultsDatabaseError.otherDatabase`, `.newer`, or an error of GRDB.
  static func prepare(_ file: DatabaseQueue, path: String) throws {
    try file.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        try mark(db, path: path)
        if try migrator.hasBeenSuperseded(db) { throw ResultsDatabaseError.newer(path: path) }
        return .commit
      }
    }
    // The migrator looks first and takes the lock then. Where another process was faster with a step, the step fails
    // here; every such failure means that one step is done.
    for _ in migrator.migrations {
      if (try? migrator.migrate(file)) != nil { return }
    }
    try migrator.migrate(file)
  }

  /// The mark stands in the file before anything else does.
  private static func mark(_ db: Database, path: String) throws {
    if try Int32.fetchOne(db, sql: "PRAGMA application_id") == FileMark.applicationID { return }
    guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
      throw ResultsDatabaseError.otherDatabase(path: path)
    }
    try db.execute(sql: "PRAGMA application_id = \(FileMark.applicationID)")
  }

  /// A column that a row type gains needs a step of its own, which adds it where the table lacks it: new files have
  /// it from the first step on.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try createRuns(db)
      try createCells(db)
      try create(EstimateRow.self, in: db)
      try create(TrendRow.self, in: db)
      try create(SlopeRow.self, in: db)
    }
    migrator.registerMigration("2") { db in
      try addMissingColumns(of: EstimateRow.self, in: db)
      try addMissingColumns(of: TrendRow.self, in: db)
      try addMissingColumns(of: SlopeRow.self, in: db)
    }
    return migrator
  }

  /// Columns that a row type has gained since the file was made.
  private static func addMissingColumns<Row: StoredRow>(of rows: Row.Type, in db: Database) throws {
    let present = Set(try db.columns(in: Row.table).map { $0.name.lowercased() })
    let missing = Row.columns.filter { !present.contains($0.name.lowercased()) }
    guard !missing.isEmpty else { return }
    try db.alter(table: Row.table) { table in
      for column in missing { table.add(column: column.name, column.columnType) }
    }
  }

  // MARK: - What the rows refer to

  private static func createRuns(_ db: Database) throws {
    try db.create(table: "runs") { table in
      table.primaryKey("run", .integer)
      table.column("pipeline", .text).notNull().indexed()
      table.column("title", .text).notNull()
      table.column("version", .text).notNull()
      table.column("started", .text).notNull()
      table.column("finished", .text).notNull()
    }
    try db.create(table: "cycles", options: .withoutRowID) { table in
      table.primaryKey {
        table.column("run", .integer).references("runs", onDelete: .cascade)
        table.column("cycle", .text)
      }
      table.column("position", .integer).notNull()
      table.column("role", .text).notNull()
      table.column("title", .text).notNull()
      table.column("year", .real)
    }
    try db.create(table: "indicators", options: .withoutRowID) { table in
      table.primaryKey {
        table.column("run", .integer).references("runs", onDelete: .cascade)
        table.column("indicator", .text)
      }
      table.column("position", .integer).notNull()
      table.column("title", .text)
      table.column("goal", .text)
      table.column("kind", .text)
      table.column("unit", .text)
      table.column("note", .text)
    }
  }

  /// The names of dimensions are rows, not columns: pipelines with other dimensions need no other tables.
  private static func createCells(_ db: Database) throws {
    try db.create(table: "dimensions") { table in
      table.primaryKey("position", .integer)
      table.column("dimension", .text).notNull().unique()
    }
    try db.create(table: "cells") { table in
      table.primaryKey("cell", .integer)
      table.column("run", .integer).notNull().indexed().references("runs", onDelete: .cascade)
      table.column("depth", .integer).notNull()
    }
    try db.create(table: "cell_members", options: .withoutRowID) { table in
      table.primaryKey {
        table.column("cell", .integer).references("cells", onDelete: .cascade)
        table.column("dimension", .text).references("dimensions", column: "dimension")
      }
      table.column("code", .text).notNull()
      table.column("label", .text)
    }
  }

  // MARK: - The rows

  private static func create<Row: StoredRow>(_ rows: Row.Type, in db: Database) throws {
    try db.create(table: Row.table, options: .withoutRowID) { table in
      table.column("run", .integer).notNull()
      table.column("cell", .integer).notNull().indexed().references("cells", onDelete: .cascade)
      for column in Row.columns {
        let definition = table.column(column.name, column.columnType)
        if Row.key.contains(column.name) { definition.notNull() }
      }
      table.primaryKey(["run"] + Row.key)
      for cycle in Row.cycleColumns {
        table.foreignKey(
          ["run", cycle], references: "cycles", columns: ["run", "cycle"], onDelete: .cascade)
      }
      table.foreignKey(
        ["run", "indicator"], references: "indicators", columns: ["run", "indicator"], onDelete: .cascade)
    }
  }
}
