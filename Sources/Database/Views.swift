import Export
import GRDB

/// The views that analysts ask: every row with the titles, labels and codes that its table refers to.
///
/// They have columns for each dimension that any run in the file has, so they change when a dimension is new.
enum Views {
  /// Makes the views that are missing or differ from what they should be.
  static func update(in db: Database) throws {
    for view in try all(in: db) {
      let text = "CREATE VIEW \(try db.quoted(name: view.name)) AS \(view.query)"
      let present = try String.fetchOne(
        db, sql: "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?", arguments: [view.name])
      guard present != text else { continue }
      try db.execute(sql: "DROP VIEW IF EXISTS \(try db.quoted(name: view.name))")
      try db.execute(sql: text)
    }
  }

  private struct View {
    var name: String
    var query: String
  }

  private static func all(in db: Database) throws -> [View] {
    let dimensions = try DimensionColumns.all(in: db)
    let columns = try dimensions.flatMap { try $0.columns(in: db) }
    let estimates = query(EstimateRow.self, head: estimateHead, dimensions: columns)
    let changes = query(TrendRow.self, head: changeHead, dimensions: columns)
    let parts = try dimensions.map { dimension in
      View(
        name: dimension.view,
        query: query(EstimateRow.self, head: estimateHead, dimensions: try dimension.columns(in: db))
          + " WHERE \(isLatest) AND \(try dimension.isOnlyOne(in: db))")
    }
    return [
      View(name: "history", query: estimates),
      View(name: "latest", query: "\(estimates) WHERE \(isLatest)"),
      View(name: "changes", query: "\(changes) WHERE \(isLatest)"),
    ] + parts
  }

  private static let isLatest = "r.run IN (SELECT max(run) FROM runs GROUP BY pipeline)"

  // MARK: - Columns

  /// A column of a view, and where it comes from.
  private typealias Column = (name: String, source: String)

  private static let estimateHead: [Column] = [
    ("run", "r.run"), ("pipeline", "r.pipeline"), ("started", "r.started"), ("cycle", "e.cycle"),
    ("cycle_title", "c.title"), ("year", "c.year"), ("cycle_role", "c.role"), ("indicator", "e.indicator"),
    ("title", "i.title"), ("goal", "i.goal"), ("kind", "i.kind"), ("unit", "e.unit"),
    ("depth", "k.depth"),
  ]

  private static let changeHead: [Column] = [
    ("run", "r.run"), ("pipeline", "r.pipeline"), ("started", "r.started"), ("cycle", "e.cycle"), ("year", "c.year"),
    ("compare_to", "e.compare_to"), ("compare_to_year", "b.year"), ("role", "e.role"), ("basis", "e.basis"),
    ("indicator", "e.indicator"), ("title", "i.title"), ("goal", "i.goal"), ("kind", "i.kind"), ("unit", "e.unit"),
    ("depth", "k.depth"),
  ]

  /// The names that columns of dimensions cannot have.
  static var fixedNames: [String] {
    (estimateHead + changeHead).map(\.name) + EstimateRow.columns.map(\.name) + TrendRow.columns.map(\.name)
  }

  private static func query<Row: StoredRow>(_ rows: Row.Type, head: [Column], dimensions: [String]) -> String {
    let rest = Row.columns.map(\.name).filter { name in !head.contains { $0.name == name } }
    let columns =
      head.map { "\($0.source) AS \($0.name)" } + dimensions + rest.map { "e.\($0.quotedDatabaseIdentifier)" }
    let earlier =
      Row.cycleColumns.contains("compare_to") ? " JOIN cycles AS b ON b.run = e.run AND b.cycle = e.compare_to" : ""
    return """
      SELECT \(columns.joined(separator: ", "))
      FROM \(Row.table) AS e JOIN runs AS r ON r.run = e.run
      JOIN cycles AS c ON c.run = e.run AND c.cycle = e.cycle\(earlier)
      JOIN indicators AS i ON i.run = e.run AND i.indicator = e.indicator
      JOIN cells AS k ON k.cell = e.cell
      """
  }
}
