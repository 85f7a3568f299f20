import Engine
import Estimate
import Export
import SurveyModel

/// The summary that an analyst reads at a glance: one line an indicator, with the change since the previous and the
/// baseline cycle.
struct SummaryTable {
  let outcome: RunOutcome
  /// Whether the breakdowns were asked for by name: then they are listed however long the list becomes.
  let isBreakdownRequested: Bool
  /// Other breakdowns are listed under their indicator where the whole list stays this short.
  static let longestWithBreakdowns = 60

  private var main: CycleEstimates? { outcome.estimates.first }

  private struct Key: Hashable {
    var indicator: String
    var members: [String?]
  }

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
    let rows = Dictionary(
      outcome.results.estimates.lazy.filter { $0.cycle == cycle.name }.map {
        (Key(indicator: $0.indicator, members: $0.members), $0)
      }
    ) { first, _ in first }
    let absences = Absences(outcome.results)
    for index in shown {
      for cell in cells(of: index) {
        let indicator = cycle.indicators[index]
        let row = rows[Key(indicator: indicator.id, members: cell.members)]
        table.append(
          [
            cell.isTotal ? indicator.id : "", cell.isTotal ? indicator.title : "  " + cycle.label(of: cell),
          ] + numbers(row, kind: indicator.kind)
            + comparisons.map { change(indicator, members: cell.members, role: $0.role) })
      }
      guard isBreakdownRequested else { continue }
      let missing = absences.missing(cycle.groupings, indicator: cycle.indicators[index].id, cycle: cycle.name)
      for words in missing { table.append(["", "  " + words] + columns.dropFirst(2).map { _ in "" }) }
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
    if isBreakdownRequested { return main.cells[indicator] }
    // Crossings are listed only where nothing simpler was asked for.
    let widest = main.cycle.groupings.map(\.count).min() ?? 0
    let all = main.cells[indicator].filter { $0.grouping.count <= widest }
    let count = shown.reduce(0) { $0 + main.cells[$1].count { $0.grouping.count <= widest } }
    return count <= Self.longestWithBreakdowns ? all : all.filter(\.isTotal)
  }

  // MARK: - Cells of the table

  private func numbers(_ row: EstimateRow?, kind: Indicator.Kind) -> [String] {
    guard let row else { return ["", "", ""] }
    let printed = PrintedEstimate(row, kind: kind)
    return [printed.n, printed.value + printed.mark, printed.interval]
  }

  private func change(_ indicator: Indicator, members: [String?], role: TrendRole) -> String {
    guard
      let trend = outcome.results.trends.first(where: {
        $0.indicator == indicator.id && $0.role == role && $0.basis == .all && $0.members == members
      })
    else { return "" }
    return Self.change(trend, kind: indicator.kind)
  }

  // MARK: - Below the table

  private var footnotes: [String] {
    guard let main else { return [] }
    var lines: [String] = []
    if !comparisons.isEmpty {
      lines.append(
        "▲ ▼ changed beyond chance (adjusted for many comparisons); ~ see comparability in trends.csv")
      lines += ChangeNotes.lines(for: outcome.results.trends.filter { $0.basis == .all }, reasonsIn: "trends.csv")
    }
    let estimates = shown.flatMap { index in cells(of: index).compactMap { main.estimate(indicator: index, cell: $0) } }
    if estimates.contains(where: { $0.flags.contains(.partial) }) {
      let strata = main.cycle.design.strata.joined(separator: ", ")
      lines.append(
        "* some strata\(strata.isEmpty ? "" : " (\(strata))") did not report; the estimate speaks for the others")
    }
    if estimates.contains(where: { $0.flags.contains(.notShown) }) {
      lines.append("– too imprecise to show by the NCHS standards; the number stands in estimates.csv")
    }
    return lines
  }

  private var accounting: [String] {
    var lines = outcome.accounting.flatMap { cycle in
      cycle.tables.filter {
        $0.name == SurveyCycle.responsesTable || $0.rows.rejected > 0 || $0.answersRejected > 0
      }.map { table -> String in
        let rows = table.rows
        let what = table.name == SurveyCycle.responsesTable ? "responses" : "rows of \(table.name)"
        let text =
          "\(cycle.cycle): \(rows.read) \(what) read = \(rows.used) used + \(rows.superseded) superseded + "
          + "\(rows.outsidePopulation) outside the population + \(rows.rejected) rejected"
        return table.answersRejected > 0 ? text + "; \(counted(table.answersRejected, "answer")) rejected" : text
      }
    }
    lines += (outcome.results.record.links ?? []).map(\.words)
    if main?.cycle.design.replicates.map({ $0.type == .bootstrap && $0.scale == nil }) == true {
      lines.append(
        "replicates of type bootstrap without `scale`: 1 / (R - 1) is used, as R's survey; Stata and svy use 1 / R")
    }
    if let comparison = outcome.comparison { lines.append(comparison.words) }
    lines.append("written to \(outcome.output): \(written.joined(separator: ", "))")
    return lines
  }

  /// Files by their names, folders with their files in them by theirs.
  private var written: [String] {
    var names: [String] = []
    for file in outcome.results.record.outputs {
      let name = file.path.split(separator: "/").first.map { file.path.contains("/") ? "\($0)/" : String($0) } ?? ""
      if !names.contains(name) { names.append(name) }
    }
    return names + [ResultsDirectory.recordName]
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  // MARK: - Numbers

  /// The change with room for its mark, so that the numbers stand below each other.
  static func change(_ trend: TrendRow, kind: Indicator.Kind) -> String {
    let text = trend.printedChange(kind: kind)
    return text.isEmpty || text.hasSuffix("▲") || text.hasSuffix("▼") ? text : text + "  "
  }

  private static func level(_ main: CycleEstimates) -> String {
    let level = main.estimators.compactMap(\.self).first.map(\.level) ?? main.cycle.interval.level
    return PrintedNumber.level(level)
  }
}

extension ResultsComparison {
  /// What to say where nothing differs.
  fileprivate var words: String {
    isIdentical
      ? "checked: all \(count) values are the same as before, to the last digit"
      : "checked: all \(count) values agree with those before; \(closeCount) differ by up to \(largestClose) of their size"
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
