import Export
import SurveyModel

/// All rows and columns of `estimates.csv` or `trends.csv`, with number formats. Nothing is hidden here: flags stand
/// in their own column.
struct RowsSheet<Row: ResultRow> {
  let name: String
  let rows: [Row]
  let dimensions: [String]
  /// Whether the numbers of a row are counts, not percentages.
  let isCount: (Row) -> Bool

  /// - Throws: `WorkbookError`.
  func write(to file: inout WorkbookFile) throws(WorkbookError) {
    try file.addSheet(name) { sheet throws(WorkbookError) in
      let before = Row.columnsBeforeDimensions
      try sheet.head(
        Row.header(dimensions: dimensions), row: 0, count: rows.count, frozenColumns: min(2, before))
      for (offset, row) in rows.enumerated() {
        let line = offset + 1
        for (place, column) in Row.columns.enumerated() {
          try write(
            column, of: row, to: sheet, row: line, column: place < before ? place : place + dimensions.count)
        }
        for (place, member) in row.members.enumerated() {
          try sheet.write(member ?? Dimension.totalMember, row: line, column: before + place)
        }
      }
      sheet.widths(widths)
      sheet.printsOnePageWide()
    }
  }

  private func write(
    _ column: ResultColumn<Row>, of row: Row, to sheet: SheetWriter, row line: Int, column place: Int
  ) throws(WorkbookError) {
    switch column.value(row) {
    case .none: break
    case .text(let text): try sheet.write(text, row: line, column: place)
    case .integer(let number): try sheet.write(number, .count, row: line, column: place)
    case .number(let number):
      switch column.kind {
      case .percent where !isCount(row): try sheet.write(number / 100, .percent, row: line, column: place)
      case .percent: try sheet.write(number, .count, row: line, column: place)
      case .points where isCount(row): try sheet.write(number, .countChange, row: line, column: place)
      // A standard error or the end of an interval of an estimate is no change: it has no sign to show.
      case .points: try sheet.write(number, Row.self == EstimateRow.self ? .number : .points, row: line, column: place)
      case .probability: try sheet.write(number, .probability, row: line, column: place)
      case .count: try sheet.write(number, .count, row: line, column: place)
      case .word, .text, .number: try sheet.write(number, .number, row: line, column: place)
      }
    }
  }

  private var widths: [Double] {
    let widths = Row.columns.map { column -> Double in
      switch column.name {
      case "cycle", "compare_to", "indicator", "method": 14
      case "reason", "comparability": 60
      case "flag": 22
      default: 11
      }
    }
    let before = Row.columnsBeforeDimensions
    return widths[..<before] + dimensions.map { _ in 16 } + widths[before...]
  }
}

extension RowsSheet where Row == EstimateRow {
  static func estimates(_ results: Results) -> RowsSheet {
    let counts = results.countIndicators
    return RowsSheet(name: "Estimates", rows: results.estimates, dimensions: results.dimensionNames) {
      counts.contains($0.indicator)
    }
  }
}

extension RowsSheet where Row == TrendRow {
  static func trends(_ results: Results) -> RowsSheet {
    let counts = results.countIndicators
    return RowsSheet(name: "Trends", rows: results.trends, dimensions: results.dimensionNames) {
      counts.contains($0.indicator)
    }
  }
}

extension Results {
  /// The ids of the indicators whose numbers are counts.
  fileprivate var countIndicators: Set<String> { Set(indicators.filter { $0.kind == .count }.map(\.id)) }
}
