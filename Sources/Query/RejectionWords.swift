import Normalize
import SurveyModel

/// What `rejected.csv` says of rows and answers, in the words that the embedded engine has for them.
struct RejectionWords {
  let table: TableQuery
  /// By register: its units, for hints.
  let units: [String: [String]]

  func row(_ problem: RowProblem, file: String, fields: Int, value: String, _ count: Int) -> [Rejection] {
    let reason: String =
      switch problem {
      case .misshapen: RejectionReason.misshapen(fields: fields, expected: table.source.header.count)
      case .nameless(let column): RejectionReason.nameless(value: value, column: column)
      case .weight(let column, let mayBeNegative):
        table.plan.table.missingCodes(of: column).contains(value) || value.isEmpty
          ? RejectionReason.blankWeight(mayBeNegative: mayBeNegative, value: value, column: column)
          : RejectionReason.noWeight(mayBeNegative: mayBeNegative, value: value, format: table.plan.table.numbers)
      case .noStratum(_, let column, let register):
        RejectionReason.noStratum(value: value, column: column, register: register)
      case .noPSU(let column): RejectionReason.noPSU(value: value, column: column)
      case .extremeWeight: RejectionReason.extremeWeight
      case .unknown(_, let register):
        "unknown in register \(register)" + NearestName.hint(for: value, among: units[register] ?? [])
      case .contradiction(let column):
        "column \(column) differs between the rows of this respondent; all rows of a respondent must agree"
      case .header, .quotes, .tooLong, .zeroByte, .notText, .outsidePopulation: ""
      }
    return repeated(
      Rejection(file: file, line: 0, column: problem.column ?? "", scope: .row, reason: reason, value: value), count)
  }

  func answer(_ column: AnswerColumn, file: String, value: String, _ count: Int) -> [Rejection] {
    repeated(
      Rejection(
        file: file, line: 0, column: column.name, scope: .answer,
        reason: RejectionReason.words(refusing: value, in: column), value: value), count)
  }

  /// An answer of a long table that no record holds.
  func line(isRepeated: Bool, file: String, question: String, value: String, _ count: Int) -> [Rejection] {
    let names = table.plan.table.codebook.map { Array($0.questions.keys) } ?? []
    let reason =
      isRepeated ? RejectionReason.answeredBefore : RejectionReason.unknownQuestion(question, among: names)
    return repeated(
      Rejection(file: file, line: 0, column: question, scope: .answer, reason: reason, value: value), count)
  }

  private func repeated(_ rejection: Rejection, _ count: Int) -> [Rejection] {
    Array(repeating: rejection, count: count)
  }
}
