import CXLSXWriter

/// A bar for each percentage, with its interval as an error bar.
///
/// libxlsxwriter knows no error bars of different lengths to both sides, only such as are a share of their series. So a
/// bar is made of pieces on top of each other: up to the lower end, from there to the percentage, and, invisible, on to
/// the upper end. Error bars of the whole length of the last two pieces are the interval.
struct IntervalChart {
  static let defaultWidth = 480.0
  static let defaultHeight = 288.0
  private static let heightOfRow = 19.0
  private static let heightOfFrame = 90.0

  var title: String
  /// Where the labels stand in column 0, and the three pieces in columns 1 to 3.
  var sheet: String
  var rows: ClosedRange<Int>
  /// In pixels.
  var width: Double
  var height: Double { Self.heightOfFrame + Double(rows.count) * Self.heightOfRow }

  /// What a bar is made of, each a series of the chart.
  static let pieces = [
    (column: 1, isVisible: true, hasErrorBar: false),
    (column: 2, isVisible: true, hasErrorBar: true),
    (column: 3, isVisible: false, hasErrorBar: true),
  ]

  /// - Throws: `WorkbookError.cannotMake` without memory.
  func make(in workbook: UnsafeMutablePointer<lxw_workbook>) throws(WorkbookError) -> UnsafeMutablePointer<lxw_chart> {
    guard let chart = workbook_add_chart(workbook, UInt8(LXW_CHART_BAR_STACKED.rawValue)) else { throw .outOfMemory }
    for piece in Self.pieces {
      try addSeries(chart, column: piece.column, isVisible: piece.isVisible, hasErrorBar: piece.hasErrorBar)
    }
    var font = lxw_chart_font()
    font.size = 9
    font.color = CellStyle.Color.ink.rawValue
    chart_title_set_name(chart, title)
    var titleFont = font
    titleFont.size = 12
    titleFont.bold = 1
    chart_title_set_name_font(chart, &titleFont)
    chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    chart_set_series_gap(chart, 45)
    var none = lxw_chart_line()
    none.none = 1
    chart_chartarea_set_line(chart, &none)
    arrangeAxes(of: chart, font: &font)
    return chart
  }

  private func addSeries(
    _ chart: UnsafeMutablePointer<lxw_chart>, column: Int, isVisible: Bool, hasErrorBar: Bool
  ) throws(WorkbookError) {
    guard let series = chart_add_series(chart, range(0), range(column)) else { throw .outOfMemory }
    var fill = lxw_chart_fill()
    fill.color = CellStyle.Color.bar.rawValue
    fill.none = isVisible ? 0 : 1
    chart_series_set_fill(series, &fill)
    // In a chart of lying bars the values run along the horizontal axis.
    guard hasErrorBar, let bars = chart_series_get_error_bars(series, LXW_CHART_ERROR_BAR_AXIS_X) else { return }
    chart_series_set_error_bars(bars, UInt8(LXW_CHART_ERROR_BAR_TYPE_PERCENTAGE.rawValue), 100)
    chart_series_set_error_bars_direction(bars, UInt8(LXW_CHART_ERROR_BAR_DIR_MINUS.rawValue))
    chart_series_set_error_bars_endcap(bars, UInt8(LXW_CHART_ERROR_BAR_NO_CAP.rawValue))
    var line = lxw_chart_line()
    line.color = CellStyle.Color.header.rawValue
    line.width = 1.75
    chart_series_set_error_bars_line(bars, &line)
  }

  private func arrangeAxes(of chart: UnsafeMutablePointer<lxw_chart>, font: inout lxw_chart_font) {
    var grid = lxw_chart_line()
    grid.color = CellStyle.Color.band.rawValue
    grid.width = 0.75
    if let values = chart_axis_get(chart, LXW_CHART_AXIS_TYPE_X) {
      chart_axis_set_min(values, 0)
      chart_axis_set_max(values, 1)
      chart_axis_set_major_unit(values, 0.2)
      chart_axis_set_num_format(values, "0%")
      chart_axis_set_num_font(values, &font)
      chart_axis_major_gridlines_set_visible(values, 1)
      chart_axis_major_gridlines_set_line(values, &grid)
    }
    if let labels = chart_axis_get(chart, LXW_CHART_AXIS_TYPE_Y) {
      // The first at the top, as in the table.
      chart_axis_set_reverse(labels)
      chart_axis_set_num_font(labels, &font)
      chart_axis_set_interval_unit(labels, 1)
      chart_axis_major_gridlines_set_visible(labels, 0)
      chart_axis_set_major_tick_mark(labels, UInt8(LXW_CHART_AXIS_TICK_MARK_NONE.rawValue))
    }
  }

  private func range(_ column: Int) -> String {
    let letter = ["A", "B", "C", "D"][column]
    let quoted = sheet.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    return "='\(quoted)'!$\(letter)$\(rows.lowerBound + 1):$\(letter)$\(rows.upperBound + 1)"
  }
}
