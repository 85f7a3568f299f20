import Export
import GRDB
import SurveyModel

/// A dimension in the views: a column with the code of the member, one with its label, and a view of its own.
struct DimensionColumns {
  /// As in `dimensions`.
  let name: String
  let code: String
  let label: String
  let view: String

  /// Those of all runs, in the order in which they came; a dimension that comes later never renames an earlier one.
  static func all(in db: Database) throws -> [DimensionColumns] {
    var columns = FreeNames(taken: Views.fixedNames)
    var views = FreeNames(taken: try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
    return try String.fetchAll(db, sql: "SELECT dimension FROM dimensions ORDER BY position").map { name in
      let code = columns.claim(name)
      return DimensionColumns(
        name: name, code: code, label: columns.claim("\(code)_label"), view: views.claim("by_\(name)"))
    }
  }

  /// The two columns of a query whose rows are called `e`. Subqueries, because a join takes at most 64 tables.
  func columns(in db: Database) throws -> [String] {
    let dimension = try db.quoted(text: name)
    return try [("code", code), ("label", label)].map { source, name in
      "(SELECT m.\(source) FROM cell_members AS m WHERE m.cell = e.cell AND m.dimension = \(dimension)) AS "
        + (try db.quoted(name: name))
    }
  }

  /// Whether the row, whose cell is called `k`, is of a member of this dimension and of no other.
  func isOnlyOne(in db: Database) throws -> String {
    """
    k.depth = 1 AND EXISTS (SELECT 1 FROM cell_members AS m WHERE m.cell = k.cell \
    AND m.dimension = \(try db.quoted(text: name)) AND m.code <> \(try db.quoted(text: Dimension.totalMember)))
    """
  }
}
