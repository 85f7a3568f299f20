import SurveyModel

/// The words that begin a form of conditions, and so no column of that name.
enum ConditionWord: String, CaseIterable {
  case answered, decided, any, all, not, related, reported
  case routedOut = "routed-out"
}

/// Questions whose names are words of conditions: `{question: reported, is: "yes"}`.
extension ConditionReader {
  static let questionWord = "question"
  private static let codesWord = "is"

  /// `{question: Q, is: a}`, `{question: Q, is: [a, b]}`, `{question: Q, at-least: 5}`: what `{Q: a}` and
  /// `{Q: {at-least: 5}}` are for a question of any name.
  ///
  /// - Returns: nil where the mapping is no such form: `{question: a}` alone speaks of a question called `question`.
  func questionForm(_ pairs: [(key: YAMLValue, value: YAMLValue)]) throws(DefinitionError) -> Condition? {
    let known = [Self.codesWord] + Self.bounds
    guard let question = pairs.first(where: { $0.key.scalarText == Self.questionWord })?.value,
      !question.isMapping
    else { return nil }
    let others = pairs.filter { $0.key.scalarText != Self.questionWord }
    guard others.contains(where: { known.contains($0.key.scalarText ?? "") }) else {
      try refuseBareQuestion(question, hasOthers: !others.isEmpty)
      return nil
    }
    let column = try checkedColumn(question)
    var parts: [Condition] = []
    for (key, value) in others {
      let name = try key.text("a key of a condition")
      guard known.contains(name) else {
        throw .unknownKey(
          key.location, key: name, context: "the condition on question \(column)",
          nearest: NearestName.suggestion(for: name, among: known))
      }
      if name == Self.codesWord {
        parts.append(try anyCode(value, of: column))
      } else {
        parts += try bounds([(key, value)], of: column)
      }
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  /// `{question: reported}` where no question is called `question`: half of the form.
  private func refuseBareQuestion(_ question: YAMLValue, hasOthers: Bool) throws(DefinitionError) {
    guard !hasOthers, !mayHaveColumn(Self.questionWord), let name = question.scalarText else { return }
    throw .conflict(
      question.location, problem: "the condition does not say what the answer to \(name) is",
      advice: "write `{question: \(name), is: CODE}`, or a bound such as `at-least` in place of `is`")
  }

  /// Where a question is called like a word of conditions, and what follows the word does not fit it.
  func refuseWord(_ key: YAMLValue, before value: YAMLValue) throws(DefinitionError) {
    guard let word = ConditionWord(rawValue: key.scalarText ?? ""), mayHaveColumn(word.rawValue), !fits(value, word)
    else { return }
    let isKnown = scope.tables[scope.table]?.codebook != nil
    throw .conflict(
      key.location,
      problem: "`\(word.rawValue)` is a word of conditions, and what follows does not fit it"
        + (isKnown ? "; table \(scope.table) also has a question of that name" : ""),
      advice: "for the \(isKnown ? "question" : "column") called \(word.rawValue), write "
        + "`{question: \(word.rawValue), is: CODE}`, or a bound such as `at-least` in place of `is`")
  }

  /// Whether a value has the shape that the word wants. What is wrong inside is said in its place.
  private func fits(_ value: YAMLValue, _ word: ConditionWord) -> Bool {
    let codebook = scope.tables[scope.table]?.codebook
    let keys = Set((try? value.pairs(""))?.compactMap(\.key.scalarText) ?? [])
    let areBounds = !keys.isEmpty && keys.isSubset(of: Self.bounds)
    switch word {
    case .answered, .routedOut:
      guard codebook != nil else { return !value.isMapping }
      // One wrong name among questions is a wrong name.
      return (try? value.texts(""))?.compactMap(\.scalarText).contains(where: mayHaveColumn) ?? false
    case .any, .all: return (try? value.list(""))?.contains(where: \.isMapping) ?? false
    // Codes and bounds are read as those of a column of that name.
    case .decided: return true
    // Without a codebook, a column may be called like a bound.
    case .not: return value.isMapping && !(areBounds && codebook != nil)
    case .related: return value.isMapping && !areBounds
    case .reported:
      let hasUnits = scope.tables[SurveyCycle.responsesTable]?.unit != nil && scope.tables[scope.table]?.unit != nil
      return value.isMapping && !(areBounds && keys.isDisjoint(with: Self.dateComparisons.keys))
        && (hasUnits || codebook == nil)
    }
  }

  /// Whether the condition's table has a column of that name, or may have it: its header is not read yet.
  private func mayHaveColumn(_ name: String) -> Bool {
    guard let codebook = scope.tables[scope.table]?.codebook else { return true }
    return codebook.questions[name] != nil || scope.keyColumns[scope.table]?.contains(name) == true
  }
}
