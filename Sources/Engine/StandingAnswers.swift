import Normalize
import SurveyModel

/// Answers of one table that stand where `asked-if` is false, and are used.
public struct StandingAnswers: Sendable, Equatable {
  /// Answers, and the questions that have some, in the order of their routing.
  public struct Found: Sendable, Equatable {
    public var answers = 0
    public var questions: [String] = []

    /// "3 answers to 1 question stand"
    var words: String {
      let (many, several) = (answers != 1, questions.count != 1)
      return "\(answers) answer\(many ? "s" : "") to \(questions.count) question\(several ? "s" : "") "
        + "stand\(many ? "" : "s")"
    }
  }

  public var table: String
  /// The answers that are there say that the question was not asked.
  public var notAsked = Found()
  /// A question that decides was left blank.
  public var gateBlank = Found()

  /// - Returns: nil where there are none.
  init?(_ normalizer: Normalizer) {
    table = normalizer.plan.table.name
    for (counted, count) in zip(normalizer.plan.routing?.counted ?? [], normalizer.standingAnswers) where count > 0 {
      let place = counted.isGateBlank ? \Self.gateBlank : \Self.notAsked
      self[keyPath: place].answers += count
      if !self[keyPath: place].questions.contains(counted.question) {
        self[keyPath: place].questions.append(counted.question)
      }
    }
    if notAsked.answers + gateBlank.answers == 0 { return nil }
  }

  /// One line each for the terminal.
  public var lines: [String] {
    var lines: [String] = []
    if notAsked.answers > 0 {
      lines.append(
        "\(table): \(notAsked.words) where the routing did not ask (REDCap writes 0 there): counted; "
          + "`answers-when-routed-out: ignore` reads \(notAsked.answers == 1 ? "it" : "them") as routed out")
    }
    if gateBlank.answers > 0 {
      lines.append(
        "\(table): \(gateBlank.words) where a question that `asked-if` names was left blank "
          + "(\(gateBlank.questions.prefix(3).joined(separator: ", "))\(gateBlank.questions.count > 3 ? ", .." : "")): counted; "
          + "if such rows are of another form or event, leave them out of the `denominator`")
    }
    return lines
  }
}
