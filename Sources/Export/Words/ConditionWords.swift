import SurveyModel

/// Says a condition in words, with the labels of the codebook: an indented list that a delegate can follow back to the
/// questionnaire.
public struct ConditionWords: Sendable {
  let cycle: SurveyCycle
  let table: String

  public init(cycle: SurveyCycle, table: String) {
    self.cycle = cycle
    self.table = table
  }

  /// What must all hold, as far as each part fits on a line; to be read in passing.
  public func parts(_ condition: Condition) -> [String] {
    guard case .all(let parts) = condition else { return lines(condition).count == 1 ? lines(condition) : [] }
    return parts.flatMap { self.parts($0) }
  }

  /// Indented by two spaces a level.
  public func lines(_ condition: Condition) -> [String] {
    switch condition {
    case .oneOf(let column, let codes):
      let relation = question(column)?.type == .many ? "includes" : "is"
      return ["\(named(column)) \(relation) \(alternatives(column, codes))"]
    case .includesAll(let column, let codes):
      return ["\(named(column)) includes all of: \(codes.map { code(column, $0) }.joined(separator: ", "))"]
    case .answered(let columns):
      return columns.map { "\(named($0)) is answered" }
    case .routedOut(let column):
      return ["\(named(column)) was not asked, because of the answers before it"]
    case .number(let column, let comparison, let bound):
      let words: [Comparison: String] = [
        .atLeast: "at least ", .atMost: "at most ", .above: "above ", .below: "below ",
      ]
      return ["\(named(column)) is \(words[comparison] ?? "")\(bound.shortestText)"]
    case .date(let column, let comparison, let reference):
      let words: [Comparison: String] = [
        .atLeast: "on or after ", .atMost: "on or before ", .above: "after ", .below: "before ",
      ]
      return ["\(named(column)) is \(words[comparison] ?? "")\(day(reference))"]
    case .empty(let column, let isEmpty):
      return ["\(named(column)) is \(isEmpty ? "empty" : "not empty")"]
    case .any(let parts): return list("any of", parts)
    case .all(let parts): return parts.count == 1 ? lines(parts[0]) : list("all of", parts)
    case .not(let part):
      let inner = lines(part)
      return inner.count == 1 ? ["not: \(inner[0])"] : ["not:"] + inner.map { "  " + $0 }
    case .decided(let part): return decided(part)
    case .related(let related): return self.related(related)
    case .complete: return ["every mandatory question that was asked is answered or not applicable"]
    }
  }

  /// The questions that a condition names, to be listed with their labels and routing.
  func questions(_ condition: Condition) -> [Question] {
    condition.namedQuestions.compactMap(question)
  }

  private func list(_ title: String, _ parts: [Condition]) -> [String] {
    ["\(title):"]
      + parts.flatMap { part -> [String] in
        let inner = lines(part)
        return inner.enumerated().map { index, line in (index == 0 ? "  - " : "    ") + line }
      }
  }

  /// One question decides by being answered; of several, some may settle the matter before the others.
  private func decided(_ part: Condition) -> [String] {
    let names = part.namedQuestions
    if names.count == 1 { return ["\(named(names[0])) is answered"] }
    return ["the answers that are there decide:"] + lines(part).map { "  " + $0 }
  }

  private func related(_ related: RelatedCondition) -> [String] {
    let inner = related.condition.map { ConditionWords(cycle: cycle, table: related.table).lines($0) } ?? []
    if related.isReported {
      return ["a response was submitted for which:"] + inner.map { "  " + $0 }
    }
    let number = related.atLeast == 1 ? "a row" : "at least \(related.atLeast) rows"
    let key = related.here == related.there ? related.here : "\(related.there) = \(related.here)"
    if inner.isEmpty { return ["\(number) of \(related.table) has the same \(key)"] }
    return ["\(number) of \(related.table) with the same \(key) for which:"] + inner.map { "  " + $0 }
  }

  private func question(_ column: String) -> Question? { cycle.tables[table]?.codebook?.questions[column] }

  private func named(_ column: String) -> String {
    question(column)?.label.map { "\(column) “\($0)”" } ?? column
  }

  private func alternatives(_ column: String, _ codes: [String]) -> String {
    let named = codes.map { code(column, $0) }
    return named.count == 1 ? named[0] : "one of: " + named.joined(separator: ", ")
  }

  private func code(_ column: String, _ code: String) -> String {
    question(column)?.optionLabels[code].map { "\(code) (\($0))" } ?? code
  }

  private func day(_ reference: DateReference) -> String {
    let text = cycle.day(reference).map(\.description) ?? ""
    return switch reference {
    case .day: text
    case .referenceDate: "the reference date \(text)"
    case .periodFrom: "the first day of the period \(text)"
    case .periodTo: "the last day of the period \(text)"
    }
  }
}
