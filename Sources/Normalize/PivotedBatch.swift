import Ingest
import SurveyModel

/// Records to be coded, and what was left out before they were records.
public struct PivotedBatch: Sendable {
  public var records: RecordBatch
  /// Rows, or whole respondents, that are no records; each counts as a row that was read.
  public var rejectedRows: [Rejection]
  /// Answers that are in no record, with the position of the record that they would belong to.
  public var rejectedAnswers: [(row: Int, Rejection)]
  /// Rows that are skipped, by a question that looks like one which conditions name.
  var unusedQuestions: [String: Int] = [:]
}
