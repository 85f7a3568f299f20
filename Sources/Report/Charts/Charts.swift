/// The charts of the report. Each draws rows named `rows`, whose fields are those of `ChartRow` in report.js.
struct Charts: Encodable, Sendable {
  /// Dots with whiskers, one line a member or indicator; earlier cycles are paler marks without whiskers.
  var dots: ChartSpecification
  /// The height of one line of dots in pixels.
  var rowHeight = 24
  /// The line over the cycles with the band of its interval.
  var line: ChartSpecification

  /// - Parameters:
  ///   - series: The titles of the cycles that are drawn, the one that was run first.
  ///   - hasYears: Whether every cycle stands on a time axis.
  init(series: [String], hasYears: Bool) {
    dots = Self.dots(series: series)
    line = Self.line(hasYears: hasYears)
  }

  private static let percentScale = Scale(domain: .numbers([0, 100]), nice: false)
  private static let shapes = ["circle", "diamond", "square"]

  private static func dots(series: [String]) -> ChartSpecification {
    let member = Encoding(
      field: "label", type: .nominal, axis: Axis(labelLimit: 340, grid: true), isSorted: false)
    let percent = Axis(title: "percent", grid: true, tickCount: 5)
    let isNow = [Transform(filter: .init(field: "series", equal: series.first ?? ""))]
    return ChartSpecification(
      description: "Percentages with their confidence intervals",
      layer: [
        Layer(
          mark: Mark(type: .rule, style: "whisker", strokeWidth: 2.5, aria: false),
          encoding: [
            .x: Encoding(field: "low", type: .quantitative, axis: percent, scale: percentScale),
            .x2: Encoding(field: "high"),
          ], transform: isNow),
        Layer(
          mark: Mark(type: .point, style: "dot", filled: true, size: 75),
          encoding: [
            .x: Encoding(field: "value", type: .quantitative, axis: percent, scale: percentScale),
            .color: Encoding(
              field: "series", type: .nominal, scale: Scale(domain: .words(series)), legend: Legend()),
            .shape: Encoding(
              field: "series", type: .nominal,
              scale: Scale(domain: .words(series), range: Array(shapes.prefix(series.count))), legend: Legend()),
            .tooltip: Encoding(field: "text", type: .nominal),
            .description: Encoding(field: "text", type: .nominal),
          ]),
      ],
      encoding: [.y: member])
  }

  private static func line(hasYears: Bool) -> ChartSpecification {
    let time = Encoding(
      field: hasYears ? "year" : "label", type: hasYears ? .quantitative : .ordinal,
      axis: Axis(format: hasYears ? "d" : nil, grid: false),
      scale: hasYears ? Scale(zero: false, nice: false) : nil, isSorted: hasYears)
    let percent = Axis(title: "percent", grid: true, tickCount: 5)
    let value = Encoding(field: "value", type: .quantitative, axis: percent, scale: percentScale)
    // A line for each part of the series: none crosses a break.
    let part = Encoding(field: "part", type: .nominal)
    return ChartSpecification(
      description: "The percentage over the cycles with its confidence interval", height: 190,
      layer: [
        Layer(
          mark: Mark(type: .area, style: "band", aria: false),
          encoding: [
            .y: Encoding(field: "low", type: .quantitative, axis: percent, scale: percentScale),
            .y2: Encoding(field: "high"), .detail: part,
          ]),
        Layer(
          mark: Mark(type: .line, style: "trend", strokeWidth: 2.5, aria: false),
          encoding: [.y: value, .detail: part]),
        Layer(
          mark: Mark(type: .point, style: "trend-dot", filled: true, size: 75),
          encoding: [
            .y: value, .tooltip: Encoding(field: "text", type: .nominal),
            .description: Encoding(field: "text", type: .nominal),
          ]),
      ],
      encoding: [.x: time])
  }
}
