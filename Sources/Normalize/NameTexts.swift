import SurveyModel

/// What the texts of a column stand for that names something: the member of a dimension, a stratum, a PSU.
///
/// A column that is a question of the codebook takes its answers alone, and a code by its number where `numeric-codes`
/// says so: `1.0` is not another region than `1`. Any other text that is no missing code is a name.
package struct NameTexts: Sendable {
  package enum Meaning: Sendable, Equatable {
    /// An empty field, or a missing code.
    case nothing
    /// The codebook refuses what stands there.
    case unreadable
    case name(String)
  }

  private let missing: MissingTexts
  private let question: AnswerEncoder?

  /// - Parameter plan: With the column among its answers, where it is a question.
  package init(_ column: String, of plan: TablePlan) {
    missing = plan.table.missingTexts(of: column)
    question = plan.namingQuestion(column).map { AnswerEncoder(column: $0) }
  }

  package func meaning(of field: Span<UInt8>) -> Meaning {
    if missing.contains(field) { return .nothing }
    guard let question else { return .name(FieldText.text(field)) }
    let answer = question.answer(field)
    if answer.problem != nil { return .unreadable }
    if answer.code == AnswerColumn.missingCode { return .nothing }
    return .name(question.column.codeOfNumber(field) ?? FieldText.text(field))
  }

  func isMissing(_ field: Span<UInt8>) -> Bool { missing.contains(field) }

  /// The name that a text stands for; nil where it stands for none.
  package func name(of text: String) -> String? {
    guard case .name(let name) = meaning(of: Array(text.utf8).span) else { return nil }
    return name
  }
}
