import Ingest
import Normalize
import SurveyModel

/// Something about a table that is no error and changes no number, but that its owner should look at.
public struct DataNotice: Sendable, Hashable {
  public var table: String
  /// Empty where it is about whole rows.
  public var column: String
  public var words: String

  public init(table: String, column: String, words: String) {
    self.table = table
    self.column = column
    self.words = words
  }

  /// On one line.
  public var line: String {
    "table \(table)\(column.isEmpty ? "" : ", column \(column)"): \(words)".withVisibleSpaces
  }
}

extension DataNotice {
  /// What looks wrong about a file that has been read.
  static func found(in extent: RecordReader.Extent, of path: String, table: TableDefinition) -> [DataNotice] {
    guard let encoding = extent.doubtfulEncoding else { return [] }
    return [
      DataNotice(
        table: table.name, column: "",
        words: "the file \(path) is UTF-8 by all that stands in it beyond ASCII, and it was read as \(encoding), so "
          + "that \u{F6} became \u{C3}\u{B6}, for example; leave `encoding` out, or write `encoding: utf-8`")
    ]
  }

  /// What looks wrong about a table that has been read.
  static func found(in normalizer: Normalizer, of cycle: SurveyCycle) -> [DataNotice] {
    let table = normalizer.plan.table
    var notices = blankRecords(normalizer.suspicions.blank, of: table, in: cycle)
    notices += missingNumbers(normalizer.suspicions, of: table)
    notices += marks(normalizer.suspicions, of: table, weights: cycle.weights(of: table))
    notices += alike(normalizer.suspicions, of: table)
    notices += unknownQuestions(normalizer.rejections, of: table, listed: normalizer.answerAccounting)
    notices += unusedQuestions(normalizer.suspicions, of: table)
    for (column, rounded) in normalizer.suspicions.rounded.sorted(by: { $0.key < $1.key }) {
      notices.append(
        DataNotice(
          table: table.name, column: column,
          words: "\(rounded.rows) rows have a name such as \(rounded.example), "
            + "a large number that a spreadsheet has rounded: different units may have become one"))
    }
    return notices + tickBoxes(in: normalizer) + names(normalizer, of: cycle)
  }

  private static func blankRecords(
    _ blank: BlankRecords, of table: TableDefinition, in cycle: SurveyCycle
  ) -> [DataNotice] {
    guard blank.count > 0 else { return [] }
    let one = blank.count == 1
    // A row of such a table must have a name, a weight or a PSU.
    let isDesigned =
      table.name == SurveyCycle.responsesTable && (cycle.design.weight != nil || cycle.design.psu != nil)
    let isRejected = table.layout != .wide || table.respondent != nil || table.unit != nil || isDesigned
    return [
      DataNotice(
        table: table.name, column: "",
        words: "\(blank.count) row\(one ? " has" : "s have") nothing in any field "
          + "(\(one ? "" : "the first: ")\(blank.file):\(blank.line)), as a spreadsheet leaves below the data: "
          + (isRejected
            ? "\(one ? "it is" : "they are") rejected"
            : "\(one ? "it counts" : "they count") as a response without answers; delete \(one ? "it" : "them"), or declare "
              + "`respondent`, so that \(one ? "it is" : "they are") rejected"))
    ]
  }

  // MARK: - Numbers that are missing codes

  /// Asks where a missing code that is a number may as well be an answer: it lies within the range of the others, or
  /// near it and the question does not declare the code itself.
  private static func missingNumbers(_ suspicions: Suspicions, of table: TableDefinition) -> [DataNotice] {
    suspicions.numbers.sorted { $0.key < $1.key }.compactMap { column, numbers in
      guard numbers.smallest <= numbers.largest else { return nil }
      let isOwn = table.codebook?.questions[column]?.missing != nil
      let doubtful = numbers.missing.compactMap { code, count in
        Double(code).map { (code: code, number: $0, count: count) }
      }.filter { isDoubtful($0.number, numbers, isOwn: isOwn) }.sorted { ($0.number, $0.code) < ($1.number, $1.code) }
      guard !doubtful.isEmpty else { return nil }
      let codes = doubtful.map(\.code).joined(separator: ", ")
      let count = doubtful.reduce(0) { $0 + $1.count }
      let one = doubtful.count == 1
      let quoted = doubtful.map { "\"\($0.code)\"" }.joined(separator: ", ")
      return DataNotice(
        table: table.name, column: column,
        words: "\(codes) \(one ? "is a missing code" : "are missing codes") here, and the other answers go from "
          + "\(numbers.smallest.shortestText) to \(numbers.largest.shortestText): \(count) "
          + "answer\(count == 1 ? " was" : "s were") read as missing; if \(one ? "it is a number" : "they are numbers") "
          + "like the others, write `missing: [\"\"]` on the question"
          + (isOwn || doubtful.contains { isWithin($0.number, numbers) } ? "" : ", else `missing: [\"\", \(quoted)]`"))
    }
  }

  private static func isWithin(_ code: Double, _ numbers: Suspicions.Numbers) -> Bool {
    code >= numbers.smallest && code <= numbers.largest
  }

  private static func isDoubtful(_ code: Double, _ numbers: Suspicions.Numbers, isOwn: Bool) -> Bool {
    if isWithin(code, numbers) { return true }
    // The codebook's codes are meant for other questions, perhaps; -9 among numbers from 0 is a code.
    guard !isOwn, code >= 0 || numbers.smallest < 0 else { return false }
    let width = numbers.largest - numbers.smallest
    return code <= numbers.largest + width && code >= numbers.smallest - width
  }

  // MARK: - Names

  private static func names(_ normalizer: Normalizer, of cycle: SurveyCycle) -> [DataNotice] {
    let plan = normalizer.plan
    var notices: [DataNotice] = []
    func look(at names: some Sequence<(scope: Int, name: String)>, column: String, noun: String) {
      notices += lookAlikes(LookAlikes(Array(names)), table: plan.table.name, column: column, noun: noun)
    }
    for (dimension, members) in zip(cycle.dimensions.values, normalizer.members) {
      guard case .column(let column) = dimension.source else {
        look(at: members.names.map { (0, $0) }, column: dimension.name, noun: "members")
        continue
      }
      look(at: members.names.map { (0, $0) }, column: column, noun: "members")
      notices += missingCode(among: members.names, column: column, noun: "members", of: plan.table)
    }
    guard let design = plan.design else { return notices }
    if design.strata.contains(where: { if case .column = $0 { true } else { false } }) {
      look(
        at: normalizer.strata.names.map { (0, $0) }, column: cycle.design.strata.joined(separator: ", "),
        noun: "strata")
      if design.strata.count == 1 {
        notices += missingCode(
          among: normalizer.strata.names, column: cycle.design.strata[0], noun: "strata", of: plan.table)
      }
    }
    if case .column(let column) = design.psu {
      look(at: normalizer.psus.lazy.map { ($0.stratum, $0.id ?? "") }, column: column, noun: "PSUs")
      notices += missingCode(
        among: normalizer.psus.lazy.map { $0.id ?? "" }, column: column, noun: "PSUs", of: plan.table)
    }
    return notices
  }

  /// A name that is the number of a missing code.
  private static func missingCode(
    among names: some Sequence<String>, column: String, noun: String, of table: TableDefinition
  ) -> [DataNotice] {
    let missing = table.missingTexts(of: column)
    guard !missing.isNumeric, !missing.numbers.isEmpty else { return [] }
    for name in names.prefix(LookAlikes.mostNames) {
      guard let code = missing.lookAlike(name) else { continue }
      return [
        DataNotice(
          table: table.name, column: column,
          words: "\"\(name)\" is one of the \(noun), although it is the number of the missing code \(code): set "
            + "`numeric-codes: true` in the codebook")
      ]
    }
    return []
  }

  /// One line each for names that differ only in spelling, and for those that a spreadsheet has rounded.
  static func lookAlikes(_ found: LookAlikes, table: String, column: String, noun: String) -> [DataNotice] {
    var notices: [DataNotice] = []
    if let (one, other) = found.example, let difference = found.difference {
      let more = found.groups == 1 ? "" : ", and \(found.groups - 1) more such pairs"
      notices.append(
        DataNotice(
          table: table, column: column,
          words: "\"\(one)\" and \"\(other)\" are two \(noun), although they differ \(difference)\(more)"))
    }
    if let example = found.rounded.first {
      notices.append(
        DataNotice(
          table: table, column: column,
          words: "\(found.rounded.count) \(noun) have names such as \(example), large numbers that a spreadsheet has "
            + "rounded: different \(noun) may have become one"))
    }
    return notices
  }
}
