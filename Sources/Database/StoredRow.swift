import Export
import GRDB

/// A row type that has a table of its own, with the columns of its CSV file; a cell stands in place of the dimensions.
protocol StoredRow: ResultRow {
  static var table: String { get }
  /// The columns that with `run` tell one row from all others.
  static var key: [String] { get }
  /// Those of the key that name a cycle of the run.
  static var cycleColumns: [String] { get }
  /// The id.
  var indicator: String { get }
  var unit: String { get }
}

extension EstimateRow: StoredRow {
  static let table = "estimates"
  static let key = ["cycle", "indicator", "cell"]
  static let cycleColumns = ["cycle"]
}

extension TrendRow: StoredRow {
  static let table = "trends"
  static let key = ["cycle", "compare_to", "role", "basis", "indicator", "cell"]
  static let cycleColumns = ["cycle", "compare_to"]
}

extension SlopeRow: StoredRow {
  static let table = "slopes"
  static let key = ["indicator", "cell"]
  static let cycleColumns: [String] = []
}

extension ResultColumn {
  var columnType: Database.ColumnType {
    switch kind {
    case .word, .text: .text
    case .count: .integer
    case .number, .percent, .points, .probability: .real
    }
  }
}

extension ResultValue {
  /// NULL where there is no value, and for a number that is none: CSV files leave these out as well.
  var stored: DatabaseValue {
    switch self {
    case .none: .null
    case .text(let text): text.stored.databaseValue
    case .integer(let number): number.databaseValue
    case .number(let number): number.isFinite ? number.databaseValue : .null
    }
  }
}

extension String {
  /// SQLite ends a text at a NUL character; two names that differ after it would become one.
  var stored: String { replacing("\u{0}", with: "\u{2400}") }

  var storedOrNull: DatabaseValue { isEmpty ? .null : stored.databaseValue }
}
