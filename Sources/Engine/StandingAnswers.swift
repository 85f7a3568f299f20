import Normalize
import SurveyModel

/// Answers of one table that stand where the routing did not ask, and are used.
public struct StandingAnswers: Sendable, Equatable {
  public var table: String
  public var answers: Int
  /// The questions that have some, in the order of their routing.
  public var questions: [String]

  /// - Returns: nil where there are none.
  init?(_ normalizer: Normalizer) {
    table = normalizer.plan.table.name
    answers = 0
    questions = []
    for (question, count) in zip(normalizer.plan.routing?.counted ?? [], normalizer.standingAnswers) where count > 0 {
      answers += count
      if !questions.contains(question) { questions.append(question) }
    }
    if answers == 0 { return nil }
  }

  /// One line for the terminal.
  public var words: String {
    let (many, several) = (answers != 1, questions.count != 1)
    return "\(table): \(answers) answer\(many ? "s" : "") to \(questions.count) question\(several ? "s" : "") "
      + "stand\(many ? "" : "s") where the routing did not ask (REDCap writes 0 there): counted; "
      + "`answers-when-routed-out: ignore` reads \(many ? "them" : "it") as routed out"
  }
}
