import CXLSXWriter

/// Columns with error bars that end at the ends of the intervals.
///
/// The library gives a series error bars of one length, or of a share of its values. So a column is stacked of three:
/// up to the low end, from there to the estimate, and unseen from there to the high end; the last two have bars down
/// by all of themselves. The bars follow the cells, also when the table is sorted.
struct IntervalChart {
  /// The rows of the table.
  var rows: ClosedRange<Int>
  /// The columns of the names, of the low ends, and of the distances from the estimates to the low and the high ends.
  var names: Int
  var low: Int
  var belowEstimate: Int
  var aboveEstimate: Int

  private static let blue: lxw_color_t = 0x7FA6CC
  private static let ink: lxw_color_t = 0x1A2129

  /// - Parameter row: Where the chart begins.
  func insert(_ chart: UnsafeMutablePointer<lxw_chart>, in sheet: SheetWriter, row: Int) {
    var fill = lxw_chart_fill()
    fill.color = Self.blue
    var unseen = lxw_chart_fill()
    unseen.none = 1
    add(low, "up to the low end", to: chart, of: sheet, fill: &fill, hasBars: false)
    add(belowEstimate, "percent", to: chart, of: sheet, fill: &fill, hasBars: true)
    add(aboveEstimate, "up to the high end", to: chart, of: sheet, fill: &unseen, hasBars: true)
    chart_set_series_gap(chart, 60)
    // The distances stand in hidden columns.
    chart_show_hidden_data(chart)
    chart_title_set_name(chart, "Percentages with their confidence intervals")
    chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    if let axis = chart.pointee.x_axis {
      var font = lxw_chart_font()
      font.rotation = -90
      chart_axis_set_num_font(axis, &font)
    }
    if let axis = chart.pointee.y_axis {
      chart_axis_set_min(axis, 0)
      chart_axis_set_max(axis, 1)
      chart_axis_set_num_format(axis, "0%")
      var line = lxw_chart_line()
      line.color = 0xD5DBE1
      chart_axis_major_gridlines_set_line(axis, &line)
    }
    var options = lxw_chart_options()
    options.x_scale = max(1.6, Double(rows.count) / 16)
    options.y_scale = 1.5
    sheet.pageBreak(before: row)
    _ = worksheet_insert_chart_opt(sheet.sheet, lxw_row_t(row + 1), 0, chart, &options)
  }

  private func add(
    _ column: Int, _ name: String, to chart: UnsafeMutablePointer<lxw_chart>, of sheet: SheetWriter,
    fill: inout lxw_chart_fill, hasBars: Bool
  ) {
    guard let series = chart_add_series(chart, nil, nil) else { return }
    let first = lxw_row_t(rows.lowerBound)
    let last = lxw_row_t(rows.upperBound)
    chart_series_set_categories(series, sheet.name, first, lxw_col_t(names), last, lxw_col_t(names))
    chart_series_set_values(series, sheet.name, first, lxw_col_t(column), last, lxw_col_t(column))
    chart_series_set_name(series, name)
    chart_series_set_fill(series, &fill)
    guard hasBars, let bars = series.pointee.y_error_bars else { return }
    chart_series_set_error_bars(bars, UInt8(LXW_CHART_ERROR_BAR_TYPE_PERCENTAGE.rawValue), 100)
    chart_series_set_error_bars_direction(bars, UInt8(LXW_CHART_ERROR_BAR_DIR_MINUS.rawValue))
    var line = lxw_chart_line()
    line.color = Self.ink
    line.width = 1.25
    chart_series_set_error_bars_line(bars, &line)
  }
}
