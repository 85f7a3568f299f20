import ArgumentParser
import Engine
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
      guard let rule = indicator.rule.asked else {
        table.append([indicator.id, indicator.title, indicator.unit, "not asked", ""])
        continue
      }
      let codebook = cycle.tables[indicator.table]?.codebook
      let questions = rule.numerator.namedQuestions.filter { codebook?.questions[$0] != nil }
      table.append([
        indicator.id, indicator.title, indicator.unit, indicator.table, questions.joined(separator: " "),
      ])
    }
    for line in table.lines(width: Terminal.width) { try Terminal.print(line) }
    try Terminal.print("")
    try Terminal.print("`pipeline show \(cycle.name) --indicator ID` explains one of them in every cycle.")
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
  }

  private func explain(_ indicator: Indicator, cycle: SurveyCycle) throws {
    guard let rule = indicator.rule.asked else {
      if case .notAsked(let reason) = indicator.rule { try printWrapped("not asked: \(reason)", indent: "  ") }
      return
    }
    let words = ConditionWords(cycle: cycle, table: indicator.table)
    let section = { (title: String, condition: Condition) in
      try Terminal.print("  \(title)")
      for line in words.lines(condition) { try printWrapped(line, indent: "    ") }
    }
    try Terminal.print("  from the table \(indicator.table)")
    if let words = rollUpWords(cycle.units(of: indicator)) { try printWrapped(words, indent: "  ") }
    try section(indicator.kind == .count ? "counted where" : "counts as yes where", rule.numerator)
    try section("out of those where", rule.denominator)
    if let eligible = rule.eligible { try section("eligible are only those where", eligible) }
    var explained: Set<String> = []
    for question in words.questions(rule.numerator) + words.questions(rule.denominator) {
      guard let routing = question.askedIf, explained.insert(question.key).inserted else { continue }
      try section("\(question.key) is asked only if", routing)
    }
    for question in words.questions(rule.numerator) {
      for (earlier, link) in question.comparesTo {
        try Terminal.print("  \(question.key) was \(link.key) in \(earlier)")
      }
    }
    if let note = indicator.cycleNote { try printWrapped("note: \(note)", indent: "  ") }
  }

  /// What is counted where it is not the rows.
  private func rollUpWords(_ units: UnitKind) -> String? {
    switch units.rollUp {
    case .none: nil
    case .latest: "each unit counts once, by its latest row"
    case .any: "each unit counts once: in if one of its rows is, yes if one of these rows says yes"
    case .all: "each unit counts once: in if one of its rows is, yes if all of these rows say yes"
    case .majority:
      "each unit counts once: in if one of its rows is, yes if more than half of these rows (by weight) say yes"
    }
  }

  private func printWrapped(_ text: String, indent: String) throws {
    for line in text.wrapped(to: Terminal.width, indent: indent) { try Terminal.print(line) }
  }
}
