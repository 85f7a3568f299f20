import SurveyModel

extension Normalizer {
  /// Counts the answers of a batch that are there, readable or not.
  mutating func countAnswers(_ batch: CodedBatch) {
    if answersGiven.isEmpty { answersGiven = Array(repeating: 0, count: batch.columns.count) }
    let isWhole = batch.used.count == batch.rowCount
    for (column, coded) in batch.columns.enumerated() {
      if isWhole, coded.wide.isEmpty {
        answersGiven[column] += Self.countOfNonzero(coded.narrow)
      } else {
        for (row, code) in coded.codes.enumerated() where code != AnswerColumn.missingCode && batch.used[row] {
          answersGiven[column] += 1
        }
      }
    }
  }

  @inline(__always)
  private static func countOfNonzero(_ codes: [UInt8]) -> Int {
    var count = 0
    for code in codes { count &+= code == 0 ? 0 : 1 }
    return count
  }

  /// The answers of each column that conditions, the design or a date use and of which some were rejected, in the order
  /// of the plan.
  public var answerAccounting: [AnswerAccounting] {
    Self.accounting(of: rejections, given: answersGiven, columns: plan.answers)
  }

  /// - Parameters:
  ///   - given: By column.
  package static func accounting(
    of rejections: [Rejection], given: [Int], columns: [AnswerColumn]
  ) -> [AnswerAccounting] {
    var values: [String: [String: Int]] = [:]
    // Reasons that name a key tell what would read the answer.
    var remedies: [String: [String: String]] = [:]
    for rejection in rejections where rejection.scope == .answer {
      values[rejection.column, default: [:]][rejection.value, default: 0] += 1
      guard values[rejection.column]?[rejection.value] == 1, rejection.reason.contains("`") else { continue }
      remedies[rejection.column, default: [:]][rejection.value] = rejection.reason
    }
    return columns.enumerated().compactMap { place, column in
      guard let refused = values[column.name] else { return nil }
      let frequent = refused.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.prefix(3)
      return AnswerAccounting(
        column: column.name, given: given.indices.contains(place) ? given[place] : 0,
        rejected: refused.values.reduce(0, +),
        mostFrequent: frequent.map { AnswerAccounting.Refused(value: $0.key, count: $0.value) },
        remedy: frequent.lazy.compactMap { remedies[column.name]?[$0.key] }.first)
    }
  }
}
