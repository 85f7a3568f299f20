import Export
import SurveyModel

/// All rows and columns of `estimates.csv`, `trends.csv` or `slopes.csv`, for those who go on from here.
///
/// No flag blanks a number here; what should not be printed is grey.
struct TableSheet<Row: ResultRow & IndicatorRow> {
  let rows: [Row]
  let facts: WorkbookFacts

  func fill(_ sheet: inout Sheet) throws(WorkbookError) {
    let header = Row.header(dimensions: facts.results.dimensionNames)
    try SheetLimits.check(rows: rows.count + 1, columns: header.count, sheet: sheet.name)
    sheet.widestColumn = 32
    let before = Row.columnsBeforeDimensions
    let numbers = Row.columns.enumerated().filter { ![.word, .text].contains($0.element.kind) }.map(\.offset)
    let dimensions = facts.results.dimensions.count
    try sheet.write(header: header, 0, numbers: Set(numbers.map { $0 < before ? $0 : $0 + dimensions }))
    for (number, row) in rows.enumerated() {
      let line = number + 1
      for (column, place) in zip(Row.columns[..<before], 0...) { try write(column, of: row, to: &sheet, line, place) }
      for (member, place) in zip(row.members, before...) {
        try sheet.write(member ?? Dimension.totalMember, line, place, memberStyle(of: row))
      }
      for (column, place) in zip(Row.columns[before...], (before + row.members.count)...) {
        try write(column, of: row, to: &sheet, line, place)
      }
    }
    try sheet.freeze(rows: 1, columns: 2)
    try sheet.filter(headerRow: 0, lastRow: rows.count, columns: header.count)
    try sheet.allowNumbersAsText()
    try sheet.printWide()
  }

  private func memberStyle(of row: Row) -> CellStyle {
    (row.isDoubtful ? CellStyle.muted : .plain).with { $0.isIndented = true }
  }

  private func write(
    _ column: ResultColumn<Row>, of row: Row, to sheet: inout Sheet, _ line: Int, _ place: Int
  ) throws(WorkbookError) {
    let kind = facts.kind(of: row.indicator)
    var style = row.isDoubtful ? CellStyle.muted : .plain
    style.number = column.numberFormat(kind: kind)
    style.isIndented = style.number.isEmpty
    if column.kind == .probability || column.kind == .count || column.kind == .number {
      sheet.setWidth(max(sheet.width(of: place), 9), of: place)
    }
    let value = column.cell(of: row, kind: kind)
    guard value != .none else { return }
    try sheet.write(value, line, place, style)
  }
}

/// A row that belongs to an indicator.
protocol IndicatorRow {
  var indicator: String { get }
  /// Whether its number is not to be printed.
  var isDoubtful: Bool { get }
}

extension EstimateRow: IndicatorRow {
  var isDoubtful: Bool { status != .ok || flags.contains(.notShown) }
}

extension TrendRow: IndicatorRow {
  var isDoubtful: Bool { status != .ok }
}

extension SlopeRow: IndicatorRow {
  var isDoubtful: Bool { false }
}
