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
    func frequent(_ refused: [String: Int]) -> [AnswerAccounting.Refused] {
      refused.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.prefix(3)
        .map { AnswerAccounting.Refused(value: $0.key, count: $0.value) }
    }
    func answers(_ place: Int) -> Int { given.indices.contains(place) ? given[place] : 0 }
    let listed = columns.enumerated().compactMap { place, column -> AnswerAccounting? in
      guard let refused = values.removeValue(forKey: column.name) else { return nil }
      let frequent = frequent(refused)
      if column.isDate {
        // One day may be read in two ways; all of them, mostly, in one.
        let dates = refused.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
          .filter { $0.contains { $0.isNumber } }
        if dates.count > 1 { remedies[column.name] = [frequent[0].value: RejectionReason.notDates(dates, column)] }
      }
      return AnswerAccounting(
        column: column.name, given: answers(place), rejected: refused.values.reduce(0, +), mostFrequent: frequent,
        remedy: frequent.lazy.compactMap { remedies[column.name]?[$0.value] }.first)
    }
    // What is left stands in a long table under names that are no questions. Where a name looks like that of a question
    // which is used, its answers are those of that question, and missing there.
    guard !values.isEmpty else { return listed }
    let places = Dictionary(columns.enumerated().map { (LookAlikes.folded($1.name), $0) }) { first, _ in first }
    return listed
      + values.sorted { $0.key < $1.key }.compactMap { name, refused in
        guard let place = places[LookAlikes.folded(name)] else { return nil }
        let count = refused.values.reduce(0, +)
        return AnswerAccounting(
          column: name, given: answers(place) + count, rejected: count, mostFrequent: frequent(refused),
          remedy:
            "write one name in the data and in the codebook, or list \"\(name)\" under `questions` if it is another "
            + "question", question: columns[place].name)
      }
  }
}
