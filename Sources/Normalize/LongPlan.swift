/// How the rows of a long table, one an answer, become records, one a respondent: first the needed columns of the file
/// in their order, then the needed questions.
public struct LongPlan: Sendable {
  /// Positions among the kept fields of a row.
  let respondent: Int
  let question: Int
  let answer: Int
  /// The respondent's key is one of them.
  let columns: [Column]
  let questions: [Question]

  /// A column of the file that must be the same in all rows of a respondent.
  struct Column: Sendable {
    var name: String
    /// Its position among the kept fields of a row.
    var field: Int
  }

  struct Question: Sendable {
    var name: String
    /// Select-many: each row may hold another of the chosen codes.
    var takesSeveral: Bool
    /// Texts that stand for no answer.
    var missing: [String]
  }
}
