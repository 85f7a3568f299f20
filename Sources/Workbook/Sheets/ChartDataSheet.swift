import Export
import SurveyModel

/// What the chart of the summary is drawn from: the pieces that its bars are made of.
struct ChartDataSheet {
  static let name = "Chart data"
  /// A taller chart fits no page.
  static let mostBars = 60
  private static let longestLabel = 52
  private static let headerLine = 2

  let drawn: [(label: String, estimate: EstimateRow)]

  /// Where the pieces of so many bars stand.
  static func rows(of count: Int) -> ClosedRange<Int> { headerLine + 1...headerLine + count }

  func fill(_ sheet: inout Sheet) throws(WorkbookError) {
    try sheet.write("What the chart in Summary is drawn from", 0, 0, .heading, widens: false)
    let words = "Estimates that are too imprecise to show are left out" + (isCut ? "; the first \(Self.mostBars)" : "")
    try sheet.write(words, 1, 0, .muted, widens: false)
    let header = ["indicator", "lower end", "from there to the percentage", "from there to the upper end"]
    try sheet.write(header: header, Self.headerLine)
    let percent = CellStyle(number: NumberFormat.percent)
    for (number, bar) in drawn.prefix(Self.mostBars).enumerated() {
      let line = Self.headerLine + 1 + number
      let value = (bar.estimate.estimate ?? 0) / 100
      let lower = min(value, (bar.estimate.lower ?? bar.estimate.estimate ?? 0) / 100)
      let upper = max(value, (bar.estimate.upper ?? bar.estimate.estimate ?? 0) / 100)
      try sheet.write(ExcelText.truncated(bar.label, to: Self.longestLabel), line, 0)
      for (column, piece) in [lower, value - lower, upper - value].enumerated() {
        try sheet.write(.number(piece), line, column + 1, percent)
      }
    }
    try sheet.freeze(rows: Self.headerLine + 1, columns: 1)
    try sheet.printWide()
  }

  private var isCut: Bool { drawn.count > Self.mostBars }
}
