import SurveyModel

/// A condition judged for one row at a time from the texts themselves, as the tables of docs/definitions.md read. It has
/// nothing in common with the compiled predicates but the questions.
struct NaiveCondition {
  let codebook: Codebook
  let cycle: SurveyCycle
  /// Rows of the other table that each relation counts, by key.
  let relatedKeys: [RelatedCondition: [String]]

  enum Answer: Equatable {
    case missing
    case notApplicable([String])
    /// The chosen codes; one where the question takes one.
    case valid([String])

    var texts: [String] {
      switch self {
      case .missing: []
      case .notApplicable(let texts), .valid(let texts): texts
      }
    }

    var isValid: Bool { if case .valid = self { true } else { false } }
  }

  func answer(_ column: String, in row: [String: String]) -> Answer {
    let text = row[column] ?? ""
    guard let question = codebook.questions[column] else { return text.isEmpty ? .missing : .valid([text]) }
    if text.isEmpty || codebook.missing.contains(text) { return .missing }
    switch question.type {
    case .many:
      let pieces = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let known = question.options + codebook.notApplicable
      guard pieces.allSatisfy({ known.contains($0) && !codebook.missing.contains($0) && !$0.isEmpty }) else {
        return .missing
      }
      return pieces.allSatisfy(codebook.notApplicable.contains) ? .notApplicable(pieces) : .valid(pieces)
    case .one:
      if codebook.notApplicable.contains(text) { return .notApplicable([text]) }
      return question.options.contains(text) ? .valid([text]) : .missing
    case .text, .integer, .number, .date:
      if codebook.notApplicable.contains(text) { return .notApplicable([text]) }
      if question.type == .date { return SurveyDate(text) == nil ? .missing : .valid([text]) }
      if question.type == .text { return .valid([text]) }
      guard let number = Double(text), number.isFinite else { return .missing }
      return question.type == .integer && number != number.rounded() ? .missing : .valid([text])
    }
  }

  func holds(_ condition: Condition, for row: [String: String]) -> Bool {
    switch condition {
    case .oneOf(let column, let codes): return answer(column, in: row).texts.contains(where: codes.contains)
    case .includesAll(let column, let codes):
      let chosen = answer(column, in: row).texts
      return codes.allSatisfy(chosen.contains)
    case .answered(let columns): return columns.allSatisfy { answer($0, in: row).isValid }
    case .routedOut(let column): return isRoutedOut(column, row)
    case .number(let column, let comparison, let bound):
      guard case .valid(let texts) = answer(column, in: row), let number = Double(texts[0]) else { return false }
      return compare(number, comparison, bound)
    case .date(let column, let comparison, let reference):
      guard case .valid(let texts) = answer(column, in: row), let day = cycle.day(reference) else { return false }
      // Days in this form sort as their texts do.
      return compare(texts[0], comparison, day.description)
    case .empty(let column, let isEmpty): return (answer(column, in: row) == .missing) == isEmpty
    case .any(let parts): return parts.contains { holds($0, for: row) }
    case .all(let parts): return parts.allSatisfy { holds($0, for: row) }
    case .not(let part): return !holds(part, for: row)
    case .related(let related):
      let key = row[related.here] ?? ""
      return (relatedKeys[related] ?? []).count { $0 == key && !key.isEmpty } >= related.atLeast
    case .complete:
      return codebook.mandatoryQuestions.allSatisfy { question in
        answer(question.key, in: row) != .missing || question.askedIf.map { !holds($0, for: row) } ?? false
      }
    }
  }

  private func isRoutedOut(_ column: String, _ row: [String: String]) -> Bool {
    guard let asked = codebook.questions[column]?.askedIf else { return false }
    return answer(column, in: row) == .missing && !holds(asked, for: row)
      && asked.namedQuestions.allSatisfy { answer($0, in: row) != .missing || isRoutedOut($0, row) }
  }

  private func compare<Value: Comparable>(_ left: Value, _ comparison: Comparison, _ right: Value) -> Bool {
    switch comparison {
    case .atLeast: !(left < right)
    case .atMost: !(right < left)
    case .above: right < left
    case .below: left < right
    }
  }
}
