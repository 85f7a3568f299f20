import SurveyModel

/// How one cycle computes an indicator, in words that a delegate can follow back to the questionnaire.
public struct Explanation: Sendable {
  public struct Section: Sendable {
    public var title: String
    /// Indented by two spaces a level.
    public var lines: [String]
  }

  public var sections: [Section]
  /// The keys of the questions that it reads.
  public var questions: [String] = []
  public var isAsked: Bool

  public init(of indicator: Indicator, in cycle: SurveyCycle) {
    sections = []
    guard let rule = indicator.rule.asked else {
      isAsked = false
      if case .notAsked(let reason) = indicator.rule { add("not asked: \(reason)") }
      return
    }
    isAsked = true
    let words = ConditionWords(cycle: cycle, table: indicator.table)
    add("from the table \(indicator.table)")
    if let words = Self.words(for: cycle.units(of: indicator).rollUp) { add(words) }
    if let weight = cycle.design.weight, cycle.weightIsUnused(by: indicator) {
      add("each unit weighs 1: the weight \(weight) is one of rows, and `unit-weight` is not declared")
    }
    add(indicator.kind == .count ? "counted where" : "counts as yes where", words.lines(rule.numerator))
    add("out of those where", words.lines(rule.denominator))
    if let eligible = rule.eligible { add("eligible are only those where", words.lines(eligible)) }
    for question in words.questions(rule.numerator) + words.questions(rule.denominator)
    where !questions.contains(question.key) {
      questions.append(question.key)
      if let routing = question.askedIf { add("\(question.key) is asked only if", words.lines(routing)) }
    }
    for question in words.questions(rule.numerator) {
      for (earlier, link) in question.comparesTo { add("\(question.key) was \(link.key) in \(earlier)") }
    }
    if let note = indicator.cycleNote { add("note: \(note)") }
  }

  private mutating func add(_ title: String, _ lines: [String] = []) {
    sections.append(Section(title: title, lines: lines))
  }

  /// What is counted where it is not the rows.
  private static func words(for rollUp: RollUp) -> String? {
    switch rollUp {
    case .none: nil
    case .latest: "each unit counts once, by its latest row"
    case .any: "each unit counts once: in if one of its rows is, yes if one of these rows says yes"
    case .all: "each unit counts once: in if one of its rows is, yes if all of these rows say yes"
    case .majority:
      "each unit counts once: in if one of its rows is, yes if more than half of these rows (by weight) say yes"
    }
  }
}
