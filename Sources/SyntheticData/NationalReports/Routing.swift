import SurveyModel

/// Follows the routing of a questionnaire over the answers given so far.
struct Routing {
  let codebook: Codebook
  /// Questions on which the routing of another one depends.
  let gates: Set<String>

  init(codebook: Codebook) {
    self.codebook = codebook
    gates = codebook.questions.values.reduce(into: []) { $0.formUnion($1.askedIf?.columns ?? []) }
  }

  func isAsked(_ question: Question, answers: [String: [String]]) throws(SyntheticDataError) -> Bool {
    guard let condition = question.askedIf else { return true }
    return try holds(condition, answers: answers, question: question.key)
  }

  /// Whether every question that decides on this one was answered: only then is "not asked" a certainty.
  func gatesAreAnswered(_ question: Question, answers: [String: [String]]) -> Bool {
    (question.askedIf?.columns ?? []).allSatisfy { isAnswered($0, answers) }
  }

  private func isAnswered(_ key: String, _ answers: [String: [String]]) -> Bool {
    answers[key]?.contains { !codebook.missing.contains($0) && !codebook.notApplicable.contains($0) } ?? false
  }

  private func holds(
    _ condition: Condition, answers: [String: [String]], question: String
  ) throws(SyntheticDataError) -> Bool {
    switch condition {
    case .oneOf(let column, let codes):
      return answers[column]?.contains(where: codes.contains) ?? false
    case .answered(let columns):
      return columns.allSatisfy { isAnswered($0, answers) }
    case .any(let parts):
      for part in parts where try holds(part, answers: answers, question: question) { return true }
      return false
    case .all(let parts):
      for part in parts where try !holds(part, answers: answers, question: question) { return false }
      return true
    case .not(let part):
      return try !holds(part, answers: answers, question: question)
    case .includesAll, .decided, .routedOut, .number, .date, .empty, .related, .complete:
      throw .unsupportedRouting(question: question)
    }
  }
}
