import Ingest
import Normalize
import SurveyModel

/// Something about a table that is no error and changes no number, but that its owner should look at.
public struct DataNotice: Sendable, Hashable {
  public var table: String
  /// Empty: the table as a whole.
  public var column: String
  public var words: String

  public init(table: String, column: String, words: String) {
    self.table = table
    self.column = column
    self.words = words
  }

  /// On one line.
  public var line: String {
    "table \(table)\(column.isEmpty ? "" : ", column \(column)"): \(words)".withVisibleControls
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
    var notices = missingNumbers(normalizer.suspicions, of: table)
    for (column, points) in normalizer.suspicions.points.sorted(by: { $0.key < $1.key })
    where points.others == 0 && points.likeThousands > 1 {
      notices.append(
        DataNotice(
          table: table.name, column: column,
          words: "every weight with a point has three digits behind it, such as \(points.example), which is read as "
            + "a number between 1 and 1000; if the point marks thousands, write `thousands: \".\"` for the table"))
    }
    for (column, rounded) in normalizer.suspicions.rounded.sorted(by: { $0.key < $1.key }) {
      notices.append(
        DataNotice(
          table: table.name, column: column,
          words: "\(rounded.rows) rows have a name such as \(rounded.example), "
            + "a large number that a spreadsheet has rounded: different units may have become one"))
    }
    return notices + names(normalizer, of: cycle)
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
      notices += lookAlikes(LookAlikes(names), table: plan.table.name, column: column, noun: noun)
    }
    for (dimension, members) in zip(cycle.dimensions.values, normalizer.members) {
      guard case .column(let column) = dimension.source else {
        look(at: members.names.map { (0, $0) }, column: dimension.name, noun: "members")
        continue
      }
      look(at: members.names.map { (0, $0) }, column: column, noun: "members")
    }
    guard let design = plan.design else { return notices }
    if design.strata.contains(where: { if case .column = $0 { true } else { false } }) {
      look(
        at: normalizer.strata.names.map { (0, $0) }, column: cycle.design.strata.joined(separator: ", "),
        noun: "strata")
    }
    if case .column(let column) = design.psu {
      look(at: normalizer.psus.lazy.map { ($0.stratum, $0.id ?? "") }, column: column, noun: "PSUs")
    }
    return notices
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
