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
      case .weight(let column, let mayBeNegative): weight(value, column: column, mayBeNegative: mayBeNegative)
      case .noStratum(_, let column, let register):
        RejectionReason.noStratum(
          value: value, column: column, register: register,
          problem: register == nil ? refusal(of: value, in: column) : "")
      case .noPSU(let column):
        RejectionReason.noPSU(value: value, column: column, problem: isJoinedPSU ? "" : refusal(of: value, in: column))
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

  private func weight(_ value: String, column: String, mayBeNegative: Bool) -> String {
    let missing = table.plan.table.missingTexts(of: column)
    if missing.contains(value) {
      return RejectionReason.blankWeight(mayBeNegative: mayBeNegative, value: value, column: column)
    }
    // A negative number is none, whatever code it is.
    if mayBeNegative || !value.hasPrefix("-"), let code = missing.lookAlike(value) {
      return RejectionReason.looksMissing(value, code: code)
    }
    return RejectionReason.noWeight(mayBeNegative: mayBeNegative, value: value, format: table.plan.table.numbers)
  }

  /// Whether the PSU stands in a register.
  private var isJoinedPSU: Bool {
    guard case .dimension(let number)? = table.plan.design?.psu, case .join? = table.plan.dimensions[number] else {
      return false
    }
    return true
  }

  /// Why the question of a column that names something refuses a text; empty where it does not.
  private func refusal(of value: String, in column: String) -> String {
    table.plan.namingQuestion(column).map { RejectionReason.words(refusing: value, in: $0) } ?? ""
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
