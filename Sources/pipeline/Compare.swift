import ArgumentParser
import Engine
import Estimate
import Export
import Foundation
import SurveyModel

/// `pipeline compare NAME OTHER`
struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how every indicator changed from the cycle OTHER to the cycle NAME.")

  @Argument(help: "The pipeline that is looked at.")
  var name: String

  @Argument(help: "The pipeline that it is compared with.")
  var other: String

  @OptionGroup var directory: DirectoryOption

  @Option(help: "Who counts: all who answered in each cycle, or only the matched, who answered in both.")
  var basis = TrendBasis.all

  @OptionGroup var results: ResultOptions

  @Option(name: [.short, .long], help: "Also write the changes, on both bases, to this file, like trends.csv.")
  var output: String?

  func run() async throws {
    let options = RunOptions(
      pipelines: directory.pipelines, groupings: results.groupings, indicators: results.indicator,
      method: results.method, level: results.level)
    let outcome: CycleComparison.Outcome
    do {
      outcome = try await CycleComparison(name: name, other: other, options: options).run()
    } catch {
      throw Terminal.exitCode(for: error)
    }
    try reportingFailures {
      if let output { try CycleComparison.write(outcome, to: output) }
      let table = ComparisonTable(
        outcome: outcome, basis: basis, isBreakdownRequested: results.groupings != nil)
      for line in table.lines(width: Terminal.width) {
        try Terminal.print(line)
      }
    }
  }
}

extension TrendBasis: ExpressibleByArgument {}

/// One line an indicator and cell: then, now, the change and its interval.
struct ComparisonTable {
  let outcome: CycleComparison.Outcome
  let basis: TrendBasis
  /// Whether the breakdowns were asked for by name: then they are listed however long the list becomes.
  let isBreakdownRequested: Bool

  func lines(width: Int) -> [String] {
    let cycle = outcome.now.cycle
    var table = TextTable(columns: [
      .init(title: "indicator", alignment: .left), .init(title: "", alignment: .left, isFlexible: true),
      .init(title: "n", alignment: .right), .init(title: outcome.then.cycle.name, alignment: .right),
      .init(title: cycle.name, alignment: .right), .init(title: "change", alignment: .right),
      .init(title: "interval", alignment: .right),
    ])
    let shown = shown
    let absences = Absences(shown, of: cycle)
    for (place, trend) in shown.enumerated() {
      let indicator = cycle.indicators[trend.indicator]
      table.append(
        [
          trend.cell.isTotal ? indicator.id : "",
          trend.cell.isTotal ? indicator.title : "  " + cycle.label(of: trend.cell),
        ] + numbers(trend, of: indicator))
      // After the last row of the indicator.
      guard isBreakdownRequested, place + 1 == shown.count || shown[place + 1].indicator != trend.indicator else {
        continue
      }
      for words in absences.missing(cycle.groupings, indicator: indicator.id, cycle: cycle.name) {
        table.append(["", "  " + words, "", "", "", "", ""])
      }
    }
    let bases: [TrendBasis: String] = [
      .all: "everyone who answered in each cycle", .matched: "only units that answered in both cycles",
    ]
    let rows = shown.map { TrendRow($0, of: cycle) }
    let notes =
      [
        "basis: \(bases[basis] ?? basis.rawValue)",
        "▲ ▼ changed beyond chance (adjusted for many comparisons); ~ the question changed: see `pipeline show`",
      ] + ChangeNotes.lines(for: rows, reasonsIn: "`pipeline show`") + (outcome.link.map { [$0.words] } ?? [])
    return ["\(cycle.name) compared with \(outcome.then.cycle.name)".withVisibleControls, ""]
      + table.lines(width: width) + [""] + notes.flatMap { $0.wrapped(to: width) }
  }

  /// Breakdowns where the list stays short, the totals alone where it would not.
  private var shown: [CellTrend] {
    let indicators = outcome.now.cycle.indicators
    let all = outcome.trends.filter { trend in
      trend.basis == basis
        && (outcome.indicators.isEmpty || outcome.indicators.contains(indicators[trend.indicator].id))
    }
    return isBreakdownRequested || all.count <= SummaryTable.longestWithBreakdowns ? all : all.filter(\.cell.isTotal)
  }

  private func numbers(_ trend: CellTrend, of indicator: Indicator) -> [String] {
    let row = TrendRow(trend, of: outcome.now.cycle)
    let n = [row.nThen, row.nNow].map { $0.map(String.init) ?? "" }.joined(separator: "/")
    guard row.status == .ok, let then = row.then, let now = row.now, row.delta != nil else {
      return [n == "/" ? "" : n, "", "", row.status.words, ""]
    }
    return [
      n, PrintedNumber.value(then, kind: indicator.kind), PrintedNumber.value(now, kind: indicator.kind),
      SummaryTable.change(row, kind: indicator.kind), row.printedInterval(kind: indicator.kind),
    ]
  }
}
