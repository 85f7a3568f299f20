import ArgumentParser
import Engine
import Export
import PipelineDefinition
import SurveyModel

/// `pipeline show NAME`
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain in words how each indicator is computed: questions, codes, denominators, comparability.")

  @Argument(help: "The pipeline.")
  var name: String

  @Option(help: "Explain this indicator in full, in every cycle.")
  var indicator: String?

  @OptionGroup var directory: DirectoryOption

  func run() throws {
    try reportingFailures {
      let reader = DefinitionReader(directory: directory.pipelines)
      let main = try reader.cycle(named: name)
      if let indicator {
        try show(indicator, of: main, cycles: try relatives(of: main, reader: reader))
      } else {
        try overview(main)
      }
    }
  }

  /// The cycles that read the same list of indicators, oldest first.
  private func relatives(of main: SurveyCycle, reader: DefinitionReader) throws -> [SurveyCycle] {
    let others = try reader.names().filter { $0 != main.name }.compactMap { try? reader.cycle(named: $0) }.filter {
      $0.definitionFiles.last == main.definitionFiles.last
    }
    return ([main] + others).sorted { ($0.year ?? 0, $0.name) < ($1.year ?? 0, $1.name) }
  }

  private func overview(_ cycle: SurveyCycle) throws {
    try Terminal.print("\(cycle.name): \(cycle.title)")
    try Terminal.print("")
    var table = TextTable(columns: [
      .init(title: "indicator", alignment: .left), .init(title: "title", alignment: .left, isFlexible: true),
      .init(title: "unit", alignment: .left), .init(title: "from", alignment: .left),
      .init(title: "questions", alignment: .left),
    ])
    for indicator in cycle.indicators {
      table.append([
        indicator.id, indicator.title, indicator.unit, indicator.source, indicator.questions(of: cycle),
      ])
    }
    for line in table.lines(width: Terminal.width) { try Terminal.print(line) }
    try Terminal.print("")
    for line in Self.links(of: cycle) { try printWrapped(line, indent: "") }
    try Terminal.print("`pipeline show \(cycle.name) --indicator ID` explains one of them in every cycle.")
  }

  /// How many PSUs the last run linked with those of other cycles; before any run, what the definition says.
  private static func links(of cycle: SurveyCycle) -> [String] {
    if let links = (try? PastRun(directory: PastRun.directory(of: cycle.name)))?.record.links, !links.isEmpty {
      return links.map { "last run: \($0.words)" }
    }
    return switch cycle.trend.overlap {
    case .psu: ["overlap: psu (PSUs with the same id in two cycles are the same)"]
    case .newSamples: ["overlap: none (each cycle is a new sample)"]
    case nil: []
    }
  }

  private func show(_ id: String, of main: SurveyCycle, cycles: [SurveyCycle]) throws {
    guard let indicator = main.indicators.first(where: { $0.id == id }) else {
      throw EngineError.unknownIndicator(
        id, nearest: NearestName.suggestion(for: id, among: main.indicators.map(\.id)))
    }
    try Terminal.print("\(indicator.id)  \(indicator.title)")
    try Terminal.print(
      indicator.kind == .count
        ? "a count of: \(indicator.unit)" : "a percentage; what is counted: \(indicator.unit)")
    if let note = indicator.note { try printWrapped(note, indent: "") }
    try Terminal.print("")
    let overview = IndicatorCycles(id: id, name: main.name, cycles: cycles, pipelines: directory.pipelines)
    for line in overview.lines(width: Terminal.width) { try Terminal.print(line) }
    for cycle in cycles {
      guard let here = cycle.indicators.first(where: { $0.id == id }) else { continue }
      try Terminal.print("")
      try Terminal.print("\(cycle.name): \(cycle.title)")
      try explain(here, cycle: cycle)
    }
    let reasons = indicator.comparability.sorted { ($0.key.then, $0.key.now) < ($1.key.then, $1.key.now) }
    if !reasons.isEmpty {
      try Terminal.print("")
      try Terminal.print("Compare with care")
      for (pair, reason) in reasons { try printWrapped("\(pair.then) to \(pair.now): \(reason)", indent: "  ") }
    }
    let breaks = indicator.breaks.sorted { ($0.key.then, $0.key.now) < ($1.key.then, $1.key.now) }
    if !breaks.isEmpty {
      try Terminal.print("")
      try Terminal.print("Not comparable: a break in the series")
      for (pair, reason) in breaks { try printWrapped("\(pair.then) to \(pair.now): \(reason)", indent: "  ") }
    }
  }

  private func explain(_ indicator: Indicator, cycle: SurveyCycle) throws {
    for section in Explanation(of: indicator, in: cycle).sections {
      try printWrapped(section.title, indent: "  ")
      for line in section.lines { try printWrapped(line, indent: "    ") }
    }
  }

  private func printWrapped(_ text: String, indent: String) throws {
    for line in text.wrapped(to: Terminal.width, indent: indent) { try Terminal.print(line) }
  }
}

/// A line a cycle: what it asks, and the total of its last run.
private struct IndicatorCycles {
  let id: String
  let cycles: [SurveyCycle]
  private var totals: [String: EstimateRow] = [:]
  private var notes: [String] = []

  /// - Parameter name: The NAME; its last run speaks first, and for the cycles that it has not, their own.
  init(id: String, name: String, cycles: [SurveyCycle], pipelines: String) {
    self.id = id
    self.cycles = cycles
    for run in [name] + cycles.map(\.name) where totals[run] == nil {
      do {
        let results = try PastRun(directory: PastRun.directory(of: run)).results(of: run, pipelines: pipelines)
        for row in results.estimates where row.indicator == id && row.isTotal && totals[row.cycle] == nil {
          totals[row.cycle] = row
        }
      } catch PastRunError.noRun {
        continue
      } catch {
        notes.append("no numbers of the last run of \(run): \((error as? any Failure)?.summary ?? "\(error)")")
      }
    }
  }

  func lines(width: Int) -> [String] {
    var columns: [TextTable.Column] = [
      .init(title: "cycle", alignment: .left), .init(title: "year", alignment: .right),
      .init(title: "table", alignment: .left), .init(title: "questions", alignment: .left, isFlexible: true),
    ]
    if !totals.isEmpty {
      columns += [
        .init(title: "n", alignment: .right), .init(title: "%", alignment: .right),
        .init(title: "interval", alignment: .right),
      ]
    }
    var table = TextTable(columns: columns)
    for cycle in cycles {
      guard let indicator = cycle.indicators.first(where: { $0.id == id }) else { continue }
      table.append(
        [cycle.name, cycle.year.map(\.shortestText) ?? "", indicator.source, indicator.questions(of: cycle)]
          + (totals.isEmpty ? [] : numbers(of: indicator, in: cycle)))
    }
    return table.lines(width: width) + notes.flatMap { $0.withVisibleControls.wrapped(to: width) }
  }

  private func numbers(of indicator: Indicator, in cycle: SurveyCycle) -> [String] {
    guard indicator.rule.asked != nil, let row = totals[cycle.name] else { return ["", "", ""] }
    let printed = PrintedEstimate(row, kind: indicator.kind)
    return [printed.n, printed.value + printed.mark, printed.interval]
  }
}

extension Indicator {
  /// The table that it is computed from.
  fileprivate var source: String { rule.asked == nil ? "not asked" : table }

  /// The questions of the codebook that its numerator names.
  fileprivate func questions(of cycle: SurveyCycle) -> String {
    guard let rule = rule.asked else { return "" }
    let codebook = cycle.tables[table]?.codebook
    return rule.numerator.namedQuestions.filter { codebook?.questions[$0] != nil }.joined(separator: " ")
  }
}
