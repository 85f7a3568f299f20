import Export
import SurveyModel

/// One estimate in a table for people: a true number with its mark, or the word that stands in its place.
struct EstimateCell {
  let printed: PrintedEstimate
  private let row: EstimateRow
  private let kind: Indicator.Kind

  init(_ row: EstimateRow, kind: Indicator.Kind) {
    self.row = row
    self.kind = kind
    printed = PrintedEstimate(row, kind: kind)
  }

  /// The percentage or count.
  ///
  /// - Parameter explains: Whether the cell says why it has no number.
  func write(to sheet: inout Sheet, _ line: Int, _ column: Int, explains: Bool) throws(WorkbookError) {
    if printed.isShown {
      let style = CellStyle(number: ResultCells.valueFormat(kind, mark: printed.mark))
      try sheet.write(ResultCells.value(row.estimate, kind: kind), line, column, style)
    } else {
      let words = printed.value.isEmpty && explains ? printed.interval : printed.value
      try sheet.write(words, line, column, .absent)
    }
  }

  /// Rows in the denominator.
  func writeCount(to sheet: inout Sheet, _ line: Int, _ column: Int) throws(WorkbookError) {
    guard !printed.n.isEmpty, let n = row.n else { return }
    try sheet.write(.integer(n), line, column, CellStyle(number: NumberFormat.count))
  }

  /// Both ends in two columns, or the words that stand in their place over both.
  func writeInterval(to sheet: inout Sheet, _ line: Int, _ column: Int) throws(WorkbookError) {
    let isNumber =
      printed.isShown && kind == .percentage && !row.flags.contains(.census) && row.lower != nil && row.upper != nil
    if isNumber {
      let style = CellStyle(number: NumberFormat.percent)
      try sheet.write(ResultCells.value(row.lower, kind: kind), line, column, style)
      try sheet.write(ResultCells.value(row.upper, kind: kind), line, column + 1, style)
    } else if !printed.interval.isEmpty {
      let style = CellStyle.absent.with { $0.alignment = .across }
      try sheet.write(printed.interval, line, column, style, widens: false)
      try sheet.write(.none, line, column + 1, style)
    }
  }
}
