import Engine
import Estimate
import SurveyModel

/// The summary that an analyst reads at a glance: one line an indicator, with the change since the previous and the
/// baseline cycle.
struct SummaryTable {
  let outcome: RunOutcome
  /// Breakdowns are listed under their indicator where the whole list stays this short.
  static let longestWithBreakdowns = 60

  private var main: CycleEstimates? { outcome.estimates.first }

  private struct Comparison {
    var title: String
    var role: TrendRole
  }

  func lines(width: Int) -> [String] {
    guard let main else { return [] }
    let cycle = main.cycle
    var columns = [
      TextTable.Column(title: "indicator", alignment: .left),
      TextTable.Column(title: "", alignment: .left, isFlexible: true),
      TextTable.Column(title: "n", alignment: .right),
      TextTable.Column(title: "%", alignment: .right),
      TextTable.Column(title: "\(Self.level(main))% interval", alignment: .right),
    ]
    columns += comparisons.map { TextTable.Column(title: $0.title, alignment: .right) }
    var table = TextTable(columns: columns)
    for index in shown {
      for cell in cells(of: index) {
        let estimate = main.estimate(indicator: index, cell: cell)
        let indicator = cycle.indicators[index]
        table.append(
          [
            cell.isTotal ? indicator.id : "", cell.isTotal ? indicator.title : "  " + cycle.label(of: cell),
          ] + numbers(estimate, kind: indicator.kind)
            + comparisons.map { change(indicator: index, cell: cell, role: $0.role, kind: indicator.kind) })
      }
    }
    let below = (footnotes + accounting).flatMap { $0.withVisibleControls.wrapped(to: width) }
    return ["\(cycle.name): \(cycle.title)".withVisibleControls, ""] + table.lines(width: width) + [""] + below
  }

  private var comparisons: [Comparison] {
    guard let trend = main?.cycle.trend else { return [] }
    var result: [Comparison] = []
    if let previous = trend.previous { result.append(Comparison(title: title(previous), role: .previous)) }
    if let baseline = trend.baseline, baseline != trend.previous {
      result.append(Comparison(title: title(baseline), role: .baseline))
    }
    return result
  }

  /// What heads the column of a comparison: the cycle, which is shorter than the NAME, where no two share it.
  private func title(_ name: String) -> String {
    let cycles = outcome.estimates.map(\.cycle)
    let isClear = Set(cycles.map(\.cycle)).count == cycles.count
    return "vs " + (isClear ? cycles.first { $0.name == name }?.cycle ?? name : name)
  }

  private var shown: [Int] {
    guard let cycle = main?.cycle else { return [] }
    return cycle.indicators.indices.filter {
      outcome.indicators.isEmpty || outcome.indicators.contains(cycle.indicators[$0].id)
    }
  }

  private func cells(of indicator: Int) -> [Cell] {
    guard let main else { return [] }
    // Crossings are listed only where nothing simpler was asked for.
    let widest = main.cycle.groupings.map(\.count).min() ?? 0
    let all = main.cells[indicator].filter { $0.grouping.count <= widest }
    let count = shown.reduce(0) { $0 + main.cells[$1].count { $0.grouping.count <= widest } }
    return count <= Self.longestWithBreakdowns ? all : all.filter(\.isTotal)
  }

  // MARK: - Cells of the table

  private func numbers(_ estimate: IndicatorEstimate?, kind: Indicator.Kind) -> [String] {
    guard let estimate, estimate.status == .ok, let value = estimate.value else {
      return [estimate?.status == .noData ? "0" : "", "", estimate.map { Self.words(for: $0.status) } ?? ""]
    }
    if kind == .count { return [String(estimate.n), Self.number(value, kind: kind), "count"] }
    if estimate.flags.contains(.notShown) { return [String(estimate.n), "–", ""] }
    var interval = ""
    if estimate.flags.contains(.census) {
      interval = "all counted"
    } else if let bounds = estimate.interval {
      interval = "\(Self.percent(bounds.lowerBound)) – \(Self.percent(bounds.upperBound))"
    }
    let mark = estimate.flags.contains(.partial) ? "*" : ""
    return [String(estimate.n), Self.percent(value) + mark, interval]
  }

  private func change(indicator: Int, cell: Cell, role: TrendRole, kind: Indicator.Kind) -> String {
    guard
      let trend = outcome.trends.first(where: {
        $0.indicator == indicator && $0.role == role && $0.basis == .all && $0.cell == cell
      }), trend.status == .ok, let delta = trend.delta
    else { return "" }
    return Self.change(delta, of: trend, kind: kind)
  }

  // MARK: - Below the table

  private var footnotes: [String] {
    guard let main else { return [] }
    var lines: [String] = []
    if !comparisons.isEmpty {
      lines.append(
        "▲ ▼ changed beyond chance (adjusted for many comparisons); ~ see comparability in trends.csv")
    }
    let estimates = shown.flatMap { index in cells(of: index).compactMap { main.estimate(indicator: index, cell: $0) } }
    if estimates.contains(where: { $0.flags.contains(.partial) }) {
      lines.append("* some regions did not report; the estimate speaks for the others")
    }
    if estimates.contains(where: { $0.flags.contains(.notShown) }) {
      lines.append("– too imprecise to show by the NCHS standards; the number stands in estimates.csv")
    }
    return lines
  }

  private var accounting: [String] {
    var lines = outcome.accounting.map { cycle -> String in
      let rows = cycle.responses
      var text =
        "\(cycle.cycle): \(rows.read) responses read = \(rows.used) used + \(rows.superseded) superseded + "
        + "\(rows.outsidePopulation) outside the population + \(rows.rejected) rejected"
      let registers = cycle.tables.filter { $0.name != SurveyCycle.responsesTable && $0.rows.rejected > 0 }
      for register in registers { text += "; \(counted(register.rows.rejected, "row")) of \(register.name) rejected" }
      if cycle.answersRejected > 0 { text += "; \(counted(cycle.answersRejected, "answer")) rejected" }
      return text
    }
    lines.append("written to \(outcome.output): estimates.csv, trends.csv, slopes.csv, rejected.csv, run.json")
    return lines
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  // MARK: - Numbers

  /// A percentage with one decimal, or a whole count.
  static func number(_ value: Double, kind: Indicator.Kind) -> String { kind == .count ? whole(value) : percent(value) }

  /// A change with its sign, whether it is beyond chance, and whether to compare with care.
  static func change(_ delta: Double, of trend: CellTrend, kind: Indicator.Kind) -> String {
    let text = (trend.comparability == nil ? "" : "~") + signed(number(delta, kind: kind), delta)
    return switch trend.significance {
    case .up: text + " ▲"
    case .down: text + " ▼"
    default: text + "  "
    }
  }

  static func words(for status: EstimateStatus) -> String {
    switch status {
    case .ok: ""
    case .notAsked: "not asked"
    case .noData: "no data"
    case .suppressed: "suppressed"
    }
  }

  static func percent(_ proportion: Double) -> String {
    let tenths = (proportion * 1000).rounded()
    guard abs(tenths) < 1e15 else { return String(proportion * 100) }
    let magnitude = abs(Int(tenths))
    return "\(tenths < 0 ? "-" : "")\(magnitude / 10).\(magnitude % 10)"
  }

  private static func whole(_ number: Double) -> String { number.rounded().shortestText }

  private static func signed(_ text: String, _ number: Double) -> String {
    number > 0 && !text.hasPrefix("+") ? "+" + text : text
  }

  private static func level(_ main: CycleEstimates) -> String {
    let level = main.estimators.compactMap(\.self).first.map(\.level) ?? main.cycle.interval.level
    let text = percent(level)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension SurveyCycle {
  /// The members of a cell by their labels.
  func label(of cell: Cell) -> String {
    zip(cell.members, dimensions.values).compactMap { member, dimension in
      member.map { code in
        let label = dimension.labels?[code] ?? (code == Dimension.unknownMember ? "unknown" : code)
        return dimension.labels == nil ? "\(dimension.name) \(label)" : label
      }
    }.joined(separator: ", ")
  }
}
