/// What a sheet of Excel holds.
enum SheetLimits {
  static let rows = 1_048_576
  static let columns = 16_384

  /// - Parameters:
  ///   - rows: With the header.
  ///   - sheet: For the message.
  static func check(rows: Int, columns: Int, sheet: String) throws(WorkbookError) {
    guard rows <= Self.rows else { throw .tooManyRows(sheet: sheet, rows: rows) }
    guard columns <= Self.columns else { throw .tooManyColumns(sheet: sheet, columns: columns) }
  }
}
