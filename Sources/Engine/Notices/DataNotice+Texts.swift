import Normalize
import SurveyModel

/// What is read as it stands, and may have been meant as another number or code.
extension DataNotice {
  /// Numbers whose mark may stand between thousands, and weights whose mark is declared to and may not.
  static func marks(_ suspicions: Suspicions, of table: TableDefinition, weights: Set<String>) -> [DataNotice] {
    let format = table.numbers
    return suspicions.points.sorted { $0.key < $1.key }.compactMap { column, points in
      guard points.isDoubtful, let example = points.examples.first else { return nil }
      let noun = weights.contains(column) ? "weight" : "number"
      guard let thousands = format.thousands else {
        let mark = format.decimal == .point ? "point" : "comma"
        return DataNotice(
          table: table.name, column: column,
          words: "every \(noun) with a \(mark) has three digits behind it, such as \(example), which is read as "
            + "a number between 1 and 1000; if the \(mark) marks thousands, write \(format.exchanged) for the table")
      }
      let plain = example.replacing(thousands.rawValue, with: "")
      return DataNotice(
        table: table.name, column: column,
        words: "every \(noun) is written like \(example), which is read as \(plain), since the table declares "
          + "`thousands: \(thousands.yaml)`; if a fraction stands behind \(thousands.name), write these numbers with "
          + "the table's `decimal` mark")
    }
  }

  /// Texts that no condition names, but that look like a code which one does.
  static func alike(_ suspicions: Suspicions, of table: TableDefinition) -> [DataNotice] {
    suspicions.alike.sorted { $0.key < $1.key }.compactMap { column, texts in
      let frequent = texts.sorted { ($1.value.rows, $0.key) < ($0.value.rows, $1.key) }
      guard let (text, alike) = frequent.first else { return nil }
      let rows = "\(alike.rows) row\(alike.rows == 1 ? "" : "s")"
      let more = frequent.count == 1 ? "" : ", and \(frequent.count - 1) more such texts"
      let isNumber = Double(text) != nil && Double(text) == Double(alike.code)
      let remedy =
        !isNumber
        ? "name both, or write them alike"
        : table.codebook?.questions[column] == nil
          ? "name both, or list the question in a codebook with `type: one`, its `options` and `numeric-codes: true`"
          : "name both, or make the question `type: one` with `options` and `numeric-codes: true`"
      return DataNotice(
        table: table.name, column: column,
        words: "holds \(text.debugDescription) (\(rows)), which looks like the code \"\(alike.code)\" that a condition "
          + "or the codebook names, and is another text\(more): \(remedy)")
    }
  }

  /// How many names a line lists.
  private static let namesShown = 5

  /// Answers of a long table under names that its codebook does not list; those that look like a question which is used
  /// are told with the answers that cannot be read.
  static func unknownQuestions(
    _ rejections: [Rejection], of table: TableDefinition, listed: [AnswerAccounting]
  ) -> [DataNotice] {
    guard case .long(_, let question, _) = table.layout, let codebook = table.codebook else { return [] }
    let told = Set(listed.map(\.column))
    var counts: [String: Int] = [:]
    for rejection in rejections
    where rejection.scope == .answer && codebook.questions[rejection.column] == nil && !told.contains(rejection.column)
    {
      counts[rejection.column, default: 0] += 1
    }
    guard !counts.isEmpty else { return [] }
    let frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let names = frequent.prefix(namesShown).map { name, count in
      // One letter for another makes any short name of any other.
      let nearest = name.count < 3 ? nil : NearestName.suggestion(for: name, among: codebook.questions.keys)
      return "\(name.debugDescription) \(count)x" + (nearest.map { " (like \"\($0)\")" } ?? "")
    }
    let total = counts.values.reduce(0, +)
    return [
      DataNotice(
        table: table.name, column: question,
        words: "\(total) answer\(total == 1 ? " stands" : "s stand") under \(counts.count) "
          + "name\(counts.count == 1 ? "" : "s") that the codebook does not list, and \(total == 1 ? "is" : "are") left "
          + "out: \(names.joined(separator: ", "))\(counts.count > namesShown ? ", .." : ""); "
          + "list under `questions` what belongs to the survey")
    ]
  }

  /// Rows of a long table without a codebook whose question looks like one that a condition names.
  static func unusedQuestions(_ suspicions: Suspicions, of table: TableDefinition) -> [DataNotice] {
    guard case .long(_, let question, _) = table.layout, !suspicions.questions.isEmpty else { return [] }
    let names = suspicions.questions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let rows = names.reduce(0) { $0 + $1.value }
    return [
      DataNotice(
        table: table.name, column: question,
        words: "\(rows) row\(rows == 1 ? "" : "s") of "
          + names.prefix(namesShown).map(\.key.debugDescription).joined(separator: ", ")
          + " are skipped, although the name looks like that of a question which a condition names: write one name")
    ]
  }
}

extension SurveyCycle {
  /// The columns of a table that hold weights.
  func weights(of table: TableDefinition) -> Set<String> {
    table.name == Self.responsesTable ? Set([design.weight, design.unitWeight].compactMap(\.self)) : []
  }
}
