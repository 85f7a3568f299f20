import CXLSXWriter
import SurveyModel

/// Writes the cells of one sheet. Rows and columns count from 0.
struct SheetWriter {
  static let rowLimit = 1_048_576
  /// Characters that Excel keeps in a cell.
  static let longestText = 32_767

  let sheet: UnsafeMutablePointer<lxw_worksheet>
  let name: String
  let path: String
  let styles: StyleSheet

  /// Text is written as text: what looks like a formula is not run.
  ///
  /// - Throws: `WorkbookError`.
  func write(_ text: String, _ style: CellStyle = .text, row: Int, column: Int) throws(WorkbookError) {
    guard !text.isEmpty else { return }
    let visible = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0).withVisibleControls
    }.joined(separator: "\n")
    // Excel counts UTF-16 units.
    var shown = visible
    if shown.utf16.count > Self.longestText {
      shown = String(decoding: shown.utf16.prefix(Self.longestText - 1), as: UTF16.self)
      if shown.last == "\u{FFFD}" { shown.removeLast() }
      shown += "…"
    }
    try check(worksheet_write_string(sheet, lxw_row_t(row), lxw_col_t(column), shown, styles[style]), row: row)
  }

  /// A number that does not exist leaves the cell empty.
  ///
  /// - Throws: `WorkbookError`.
  func write(_ number: Double?, _ style: CellStyle, row: Int, column: Int) throws(WorkbookError) {
    guard let number, number.isFinite else { return }
    try check(worksheet_write_number(sheet, lxw_row_t(row), lxw_col_t(column), number, styles[style]), row: row)
  }

  func write(_ number: Int?, _ style: CellStyle = .count, row: Int, column: Int) throws(WorkbookError) {
    try write(number.map(Double.init), style, row: row, column: column)
  }

  /// The head of a table, with a filter over its rows, so that it stays in sight.
  ///
  /// - Parameters:
  ///   - count: Rows of the table.
  ///   - frozenColumns: Columns that stay in sight, too.
  func head(_ titles: [String], row: Int, count: Int, frozenColumns: Int) throws(WorkbookError) {
    guard row + 1 + count <= Self.rowLimit else { throw .tooManyRows(sheet: name, rows: row + 1 + count) }
    for (column, title) in titles.enumerated() {
      try write(title, .headWrapped, row: row, column: column)
    }
    if !titles.isEmpty, count > 0 {
      try check(
        worksheet_autofilter(sheet, lxw_row_t(row), 0, lxw_row_t(row + count), lxw_col_t(titles.count - 1)), row: row)
    }
    worksheet_freeze_panes(sheet, lxw_row_t(row + 1), lxw_col_t(frozenColumns))
    _ = worksheet_repeat_rows(sheet, lxw_row_t(row), lxw_row_t(row))
  }

  /// Widths of the first columns in characters.
  func widths(_ widths: [Double]) {
    for (column, width) in widths.enumerated() {
      _ = worksheet_set_column(sheet, lxw_col_t(column), lxw_col_t(column), width, nil)
    }
  }

  func height(of row: Int, points: Double) { _ = worksheet_set_row(sheet, lxw_row_t(row), points, nil) }

  func hide(columns: ClosedRange<Int>) {
    var options = lxw_row_col_options()
    options.hidden = 1
    _ = worksheet_set_column_opt(
      sheet, lxw_col_t(columns.lowerBound), lxw_col_t(columns.upperBound), 11, nil, &options)
  }

  func pageBreak(before row: Int) {
    var breaks = [lxw_row_t(row), 0]
    _ = worksheet_set_h_pagebreaks(sheet, &breaks)
  }

  /// Landscape, as wide as one page.
  func printsOnePageWide() {
    worksheet_set_landscape(sheet)
    worksheet_set_paper(sheet, 9)
    worksheet_fit_to_pages(sheet, 1, 0)
    worksheet_gridlines(sheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
  }

  /// Bars behind percentages, from 0 to 100 %.
  func bars(rows: ClosedRange<Int>, column: Int) {
    var format = lxw_conditional_format()
    format.type = UInt8(LXW_CONDITIONAL_DATA_BAR.rawValue)
    format.bar_color = 0x9FBEDD
    format.bar_solid = 1
    format.min_rule_type = UInt8(LXW_CONDITIONAL_RULE_TYPE_NUMBER.rawValue)
    format.max_rule_type = UInt8(LXW_CONDITIONAL_RULE_TYPE_NUMBER.rawValue)
    format.min_value = 0
    format.max_value = 1
    _ = worksheet_conditional_format_range(
      sheet, lxw_row_t(rows.lowerBound), lxw_col_t(column), lxw_row_t(rows.upperBound), lxw_col_t(column), &format)
  }

  private func check(_ error: lxw_error, row: Int) throws(WorkbookError) {
    guard error != LXW_NO_ERROR else { return }
    throw .cannotWrite(
      path: path,
      reason: "sheet \(name), row \(row + 1): " + (lxw_strerror(error).map { String(cString: $0) } ?? "unknown error"))
  }
}

extension SheetWriter {
  /// An estimate as people read it: a number where it may be shown, words where not.
  func write(_ estimate: PrintedValue, row: Int, column: Int) throws(WorkbookError) {
    switch estimate {
    case .number(let number, let style): try write(number, style, row: row, column: column)
    case .words(let words): try write(words, .quiet, row: row, column: column)
    }
  }
}
