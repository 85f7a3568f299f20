import SurveyModel

/// A condition judged for one row at a time from the texts themselves, as the tables of docs/definitions.md read. It has
/// nothing in common with the compiled predicates but the questions.
///
/// nil is R's `NA`: an unreadable answer leaves a form unknown, and forms combine as `|`, `&` and `!` do in R.
struct NaiveCondition {
  let codebook: Codebook
  let cycle: SurveyCycle
  /// Rows of the other table that each relation counts, by key, and those of which this is unknown.
  let relatedKeys: [RelatedCondition: (meeting: [String], unknown: [String])]

  enum Answer: Equatable {
    case missing
    case notApplicable([String])
    /// The chosen codes; one where the question takes one.
    case valid([String])
    case unreadable

    var texts: [String] {
      switch self {
      case .missing, .unreadable: []
      case .notApplicable(let texts), .valid(let texts): texts
      }
    }
  }

  /// How forms on answers that say nothing are read: what stands for the unreadable ones, one after the other, and
  /// whether a missing answer is unknown, too.
  private struct Guesses {
    var opensMissing = false
    /// In the order in which forms ask; nil: all unknown.
    var bits: UInt64?
    var asked = 0

    mutating func next() -> Bool? {
      defer { asked += 1 }
      return bits.map { $0 >> UInt64(min(asked, 63)) & 1 != 0 }
    }
  }

  /// More forms on unreadable answers than this are not tried in all their readings.
  static let mostGuesses = 12

  func answer(_ column: String, in row: [String: String]) -> Answer {
    let text = row[column] ?? ""
    guard let question = codebook.questions[column] else { return text.isEmpty ? .missing : .valid([text]) }
    if text.isEmpty || codebook.missing.contains(text) { return .missing }
    switch question.type {
    case .many:
      let pieces = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let known = question.options + codebook.notApplicable
      guard pieces.allSatisfy({ known.contains($0) && !codebook.missing.contains($0) && !$0.isEmpty }) else {
        return .unreadable
      }
      return pieces.allSatisfy(codebook.notApplicable.contains) ? .notApplicable(pieces) : .valid(pieces)
    case .one:
      if codebook.notApplicable.contains(text) { return .notApplicable([text]) }
      return question.options.contains(text) ? .valid([text]) : .unreadable
    case .text, .integer, .number, .date:
      if codebook.notApplicable.contains(text) { return .notApplicable([text]) }
      if question.type == .date { return SurveyDate(text) == nil ? .unreadable : .valid([text]) }
      if question.type == .text { return .valid([text]) }
      guard let number = Double(text), number.isFinite else { return .unreadable }
      return question.type == .integer && number != number.rounded() ? .unreadable : .valid([text])
    }
  }

  /// - Returns: nil where an unreadable answer leaves it unknown.
  func truth(_ condition: Condition, for row: [String: String]) -> Bool? {
    var guesses = Guesses()
    return value(condition, row, &guesses)
  }

  private func value(_ condition: Condition, _ row: [String: String], _ guesses: inout Guesses) -> Bool? {
    switch condition {
    case .oneOf(let column, let codes):
      return says(column, row, &guesses) { $0.contains(where: codes.contains) }
    case .includesAll(let column, let codes):
      return says(column, row, &guesses) { texts in codes.allSatisfy(texts.contains) }
    case .answered(let columns):
      return all(columns.map { state($0, row, &guesses) { if case .valid = $0 { true } else { false } } })
    case .routedOut(let column): return isRoutedOut(column, row, &guesses)
    case .number(let column, let comparison, let bound):
      return says(column, row, &guesses, onlyValid: true) { texts in
        Double(texts[0]).map { compare($0, comparison, bound) } ?? false
      }
    case .date(let column, let comparison, let reference):
      guard let day = cycle.day(reference) else { return false }
      // Days in this form sort as their texts do.
      return says(column, row, &guesses, onlyValid: true) { compare($0[0], comparison, day.description) }
    case .empty(let column, let isEmpty): return state(column, row, &guesses) { ($0 == .missing) == isEmpty }
    case .any(let parts): return any(parts.map { value($0, row, &guesses) })
    case .all(let parts): return all(parts.map { value($0, row, &guesses) })
    case .not(let part): return value(part, row, &guesses).map { !$0 }
    case .decided(let part):
      guard let isDecided = isDecided(part, row) else { return guesses.next() }
      return isDecided
    case .related(let related):
      let key = row[related.here] ?? ""
      func count(_ keys: [String]?) -> Int { (keys ?? []).count { $0 == key && !key.isEmpty } }
      let met = count(relatedKeys[related]?.meeting)
      if met >= related.atLeast { return true }
      return met + count(relatedKeys[related]?.unknown) >= related.atLeast ? guesses.next() : false
    case .complete:
      return all(
        codebook.mandatoryQuestions.map { question in
          let settled = state(question.key, row, &guesses) { $0 != .missing }
          guard let asked = question.askedIf else { return settled }
          return any([value(asked, row, &guesses).map { !$0 }, settled])
        })
    }
  }

  /// True or false whatever the missing answers would have been; nil where some reading of the unreadable ones would
  /// decide it.
  private func isDecided(_ condition: Condition, _ row: [String: String]) -> Bool? {
    var guesses = Guesses(opensMissing: true)
    if value(condition, row, &guesses) != nil { return true }
    for bits in 0..<(UInt64(1) << UInt64(min(guesses.asked, Self.mostGuesses))) {
      var guesses = Guesses(opensMissing: true, bits: bits)
      if value(condition, row, &guesses) != nil { return nil }
    }
    return false
  }

  /// How many forms on unreadable answers a condition asks about.
  func guesses(_ condition: Condition, for row: [String: String]) -> Int {
    var guesses = Guesses(opensMissing: true)
    _ = value(condition, row, &guesses)
    return guesses.asked
  }

  /// A form about what an answer says.
  private func says(
    _ column: String, _ row: [String: String], _ guesses: inout Guesses, onlyValid: Bool = false,
    _ holds: ([String]) -> Bool
  ) -> Bool? {
    switch answer(column, in: row) {
    case .unreadable: guesses.next()
    case .missing: guesses.opensMissing ? nil : holds(onlyValid ? ["none"] : []) && !onlyValid
    case .notApplicable(let texts):
      if !onlyValid, holds(texts) { true } else if guesses.opensMissing { nil } else { false }
    case .valid(let texts): holds(texts)
    }
  }

  /// A form about whether there is an answer.
  private func state(
    _ column: String, _ row: [String: String], _ guesses: inout Guesses, _ holds: (Answer) -> Bool
  ) -> Bool? {
    let answer = answer(column, in: row)
    return answer == .unreadable ? guesses.next() : holds(answer)
  }

  private func isRoutedOut(_ column: String, _ row: [String: String], _ guesses: inout Guesses) -> Bool? {
    guard let asked = codebook.questions[column]?.askedIf else { return false }
    var parts: [Bool?] = [
      state(column, row, &guesses) { $0 == .missing }, value(asked, row, &guesses).map { !$0 },
    ]
    for gate in asked.namedQuestions {
      let settled: Bool? =
        switch answer(gate, in: row) {
        case .unreadable: guesses.next()
        case .missing: guesses.opensMissing ? nil : false
        case .notApplicable, .valid: true
        }
      parts.append(any([settled, isRoutedOut(gate, row, &guesses)]))
    }
    return all(parts)
  }

  private func any(_ parts: [Bool?]) -> Bool? {
    parts.contains(true) ? true : parts.contains(nil) ? nil : false
  }

  private func all(_ parts: [Bool?]) -> Bool? {
    parts.contains(false) ? false : parts.contains(nil) ? nil : true
  }

  private func compare<Value: Comparable>(_ left: Value, _ comparison: Comparison, _ right: Value) -> Bool {
    switch comparison {
    case .atLeast: !(left < right)
    case .atMost: !(right < left)
    case .equal: left == right
    case .above: right < left
    case .below: left < right
    }
  }
}
