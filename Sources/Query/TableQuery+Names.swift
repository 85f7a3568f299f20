import Normalize
import SurveyModel

/// What the texts of columns stand for that name something, in SQL: as `NameTexts` and `MissingTexts` have it.
extension TableQuery {
  func text(_ column: String) -> String { dialect.identifier(Names.text(column)) }

  /// Whether nothing stands in a column, or one of its missing codes.
  func isMissing(_ column: String) -> String {
    let texts = plan.table.missingCodes(of: column).filter { !$0.isEmpty } + [""]
    let isListed = texts.count == 1 ? "\(text(column)) = ''" : "\(text(column)) IN \(dialect.list(texts))"
    guard plan.table.missingTexts(of: column).isNumeric else { return isListed }
    let number = dialect.number(text(column), plan.table.numbers)
    return "(\(isListed) OR coalesce(\(isMissingNumber(number, column)), FALSE))"
  }

  /// Whether a number is that of a missing code; null where it is null.
  func isMissingNumber(_ number: String, _ column: String) -> String {
    let numbers = plan.table.missingTexts(of: column).numbers.sorted()
    guard !numbers.isEmpty else { return "FALSE" }
    return "\(number) IN (\(numbers.map { dialect.double($0) }.joined(separator: ", ")))"
  }

  /// Behind the condition of a join by a key: a missing code is none, whatever rows of the other table have it.
  func isKey(_ column: String) -> String {
    plan.table.missingTexts(of: column).isEmptyAlone ? "" : " AND NOT (\(isMissing(column)))"
  }

  private func question(_ column: String) -> AnswerSQL? {
    plan.namingQuestion(column).map { AnswerSQL(dialect: dialect, column: $0) }
  }

  /// Whether a column holds what its question refuses; nil where any text is a name. Needs the answer's `refused`.
  func isRefused(_ column: String) -> String? {
    guard let question = question(column), question.mayBeUnreadable else { return nil }
    return dialect.identifier(Names.refused(column))
  }

  /// Whether a column names nothing.
  func isNoName(_ column: String) -> String {
    isRefused(column).map { "\(isMissing(column)) OR \($0)" } ?? isMissing(column)
  }

  /// The name that a text stands for that is one.
  func name(in column: String) -> String { question(column)?.name ?? text(column) }

  /// An empty value is a member of its own; so is one that cannot be read.
  func member(_ column: String) -> String {
    "CASE WHEN \(isNoName(column)) THEN \(dialect.literal(Dimension.unknownMember)) ELSE \(name(in: column)) END"
  }
}
