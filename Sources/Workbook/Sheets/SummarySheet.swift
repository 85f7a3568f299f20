import CXLSXWriter
import Export
import SurveyModel

/// One line an indicator: the percentage with its interval and its changes, and a chart of all percentages.
struct SummarySheet {
  private let results: Results
  private let estimates: [String: EstimateRow]
  /// By the cycle compared with, in the order of the run, then by indicator.
  private let changes: [(title: String, rows: [String: TrendRow])]

  private static let head = 4
  private enum Column {
    static let id = 1
    static let n = 4
    static let percent = 5
    static let low = 6
    static let high = 7
    static let note = 8
    static let changes = 9
  }

  init(_ results: Results) {
    self.results = results
    let main = results.cycles.first?.name
    estimates = Dictionary(
      results.estimates.lazy.filter { $0.cycle == main && $0.isTotal }.map { ($0.indicator, $0) }
    ) { first, _ in first }
    changes = results.cycles.dropFirst().compactMap { cycle in
      let rows = results.trends.filter { $0.compareTo == cycle.name && $0.basis == .all && $0.isTotal }
      guard !rows.isEmpty else { return nil }
      let title = cycle.year.map(\.shortestText) ?? cycle.name
      return (title, Dictionary(rows.map { ($0.indicator, $0) }) { first, _ in first })
    }
  }

  /// - Throws: `WorkbookError`.
  func write(to file: inout WorkbookFile) throws(WorkbookError) {
    let chart = file.chart(LXW_CHART_COLUMN_STACKED)
    try file.addSheet("Summary") { sheet throws(WorkbookError) in
      try sheet.write(results.title, .title, row: 0, column: 0)
      try sheet.write(
        "\(results.pipeline), computed \(results.record.finished) by pipeline \(results.record.version)", .quiet,
        row: 1, column: 0)
      try sheet.write(
        "Intervals: see level and method in Estimates. Changes are in percentage points; up and down are beyond chance; "
          + "slanted numbers should be read with care: the question changed, or some did not report.", .quiet, row: 2,
        column: 0)
      try sheet.head(titles, row: Self.head, count: results.indicators.count, frozenColumns: 3)
      for (offset, indicator) in results.indicators.enumerated() {
        try write(indicator, to: sheet, row: Self.head + 1 + offset)
      }
      sheet.widths([8, 11, 52, 12, 8, 10, 10, 10, 14] + changes.flatMap { _ in [11.0, 11.0] })
      sheet.height(of: 0, points: 24)
      sheet.height(of: Self.head, points: 30)
      for rows in percentages { sheet.bars(rows: rows, column: Column.percent) }
      if let chart, let rows { insert(chart, rows: rows, in: sheet) }
      sheet.printsOnePageWide()
    }
  }

  /// The rows of percentages, where one follows the other.
  private var percentages: [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for (offset, indicator) in results.indicators.enumerated() where indicator.kind == .percentage {
      let row = Self.head + 1 + offset
      if let last = runs.last, last.upperBound == row - 1 {
        runs[runs.count - 1] = last.lowerBound...row
      } else {
        runs.append(row...row)
      }
    }
    return runs
  }

  private func insert(_ chart: UnsafeMutablePointer<lxw_chart>, rows: ClosedRange<Int>, in sheet: SheetWriter) {
    let below = Column.changes + 2 * changes.count
    sheet.hide(columns: below...below + 1)
    IntervalChart(
      rows: rows, names: Column.id, low: Column.low, belowEstimate: below, aboveEstimate: below + 1
    ).insert(chart, in: sheet, row: rows.upperBound + 3)
  }

  private var rows: ClosedRange<Int>? {
    results.indicators.isEmpty ? nil : Self.head + 1...Self.head + results.indicators.count
  }

  private var titles: [String] {
    ["goal", "indicator", "title", "unit", "n", "percent", "low", "high", "note"]
      + changes.flatMap { ["since \($0.title)", "beyond chance"] } + ["percent - low", "high - percent"]
  }

  private func write(_ indicator: ResultsIndicator, to sheet: SheetWriter, row: Int) throws(WorkbookError) {
    try sheet.write(indicator.goal, row: row, column: 0)
    try sheet.write(indicator.id, .strong, row: row, column: Column.id)
    try sheet.write(indicator.title, .wrapped, row: row, column: 2)
    try sheet.write(indicator.unit, row: row, column: 3)
    guard let estimate = estimates[indicator.id] else { return }
    let printed = PrintedEstimate(estimate, kind: indicator.kind)
    try sheet.write(printed.n.isEmpty ? nil : estimate.n, row: row, column: Column.n)
    switch PrintedValue(estimate, kind: indicator.kind) {
    case .number(let number, let style):
      try sheet.write(number, style, row: row, column: Column.percent)
      if printed.isShown, indicator.kind == .percentage {
        try sheet.write(estimate.lower.map { $0 / 100 }, .percent, row: row, column: Column.low)
        try sheet.write(estimate.upper.map { $0 / 100 }, .percent, row: row, column: Column.high)
        let below = Column.changes + 2 * changes.count
        try sheet.write(estimate.lower.map { number - $0 / 100 }, .percent, row: row, column: below)
        try sheet.write(estimate.upper.map { $0 / 100 - number }, .percent, row: row, column: below + 1)
      }
      if estimate.lower == nil { try sheet.write(printed.interval, .quiet, row: row, column: Column.note) }
    case .words(let words):
      try sheet.write(words, .quiet, row: row, column: Column.note)
    }
    for (place, change) in changes.enumerated() {
      let trend = change.rows[indicator.id]
      try sheet.write(
        PrintedValue(trend, kind: indicator.kind), row: row, column: Column.changes + 2 * place)
      if let significance = trend?.test.significance, significance != .noChange {
        try sheet.write(
          significance == .up ? "▲ up" : "▼ down", row: row, column: Column.changes + 2 * place + 1)
      }
    }
  }
}
