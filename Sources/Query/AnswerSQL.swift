import Normalize
import SurveyModel

/// What the text of one answer column means, in SQL: as `Normalize` codes it.
struct AnswerSQL {
  let dialect: Dialect
  let column: AnswerColumn

  private var text: String { dialect.identifier(Names.text(column.name)) }
  private var number: String { dialect.identifier(Names.number(column.name)) }
  private var day: String { dialect.identifier(Names.day(column.name)) }
  private var pieces: String { dialect.pieces(text, separator: String(UnicodeScalar(column.multipleSeparator))) }

  /// Texts that stand for no answer, whatever else names them.
  private var missing: [String] { column.missingTexts }
  private var listed: [String] { (column.codes + column.notApplicable).filter { !missing.contains($0) } }
  private var notApplicable: [String] { column.notApplicable.filter { !missing.contains($0) } }

  /// Columns that need the text alone.
  var readings: [(name: String, expression: String)] {
    var columns: [(name: String, expression: String)] = []
    let isSettled = isOne(of: missing + notApplicable)
    if column.number != nil {
      columns.append((Names.number(column.name), "CASE WHEN NOT (\(isSettled)) THEN \(dialect.number(text)) END"))
    }
    if column.isDate {
      columns.append((Names.day(column.name), "CASE WHEN NOT (\(isSettled)) THEN \(dialect.day(text)) END"))
    }
    return columns
  }

  /// Whether the answer is refused; needs the readings.
  var refused: (name: String, expression: String) { (Names.refused(column.name), refusal) }

  private var refusal: String {
    if column.isSelection {
      return "NOT (\(isOne(of: missing))) AND NOT (\(dialect.isSubset(pieces, dialect.array(listed))))"
    }
    let isSettled = isOne(of: missing + notApplicable)
    if column.refusesOthers { return "NOT (\(isOne(of: missing + listed)))" }
    var reasons: [String] = []
    if column.number != nil { reasons.append("\(number) IS NULL AND NOT (\(isOne(of: listed)))") }
    if column.number == .integer {
      // Beyond 2^53 every number is whole, and beyond 2^63 Spark rounds to none.
      reasons.append("abs(\(number)) < \(dialect.double(0x1p53)) AND \(number) <> floor(\(number))")
    }
    if column.isDate { reasons.append("\(day) IS NULL AND NOT (\(isOne(of: listed)))") }
    guard !reasons.isEmpty else { return "FALSE" }
    return "NOT (\(isSettled)) AND (" + reasons.map { "(\($0))" }.joined(separator: " OR ") + ")"
  }

  /// Needs `refused`.
  var state: (name: String, expression: String) {
    let isNotApplicable =
      notApplicable.isEmpty
      ? "FALSE"
      : column.isSelection
        ? dialect.isSubset(pieces, dialect.array(notApplicable)) : isOne(of: notApplicable)
    return (
      Names.state(column.name),
      "CASE WHEN \(isOne(of: missing)) OR \(dialect.identifier(Names.refused(column.name))) THEN 0 "
        + "WHEN \(isNotApplicable) THEN 2 ELSE 1 END"
    )
  }

  // MARK: - Conditions

  private var stateName: String { dialect.identifier(Names.state(column.name)) }
  private var hasCode: String { "\(stateName) > 0" }

  var isAnswered: String { "\(stateName) = 1" }
  var isSettled: String { hasCode }
  var isMissing: String { "\(stateName) = 0" }

  func isAny(of codes: [String]) -> String {
    let codes = codes.filter { !missing.contains($0) }
    guard !codes.isEmpty else { return "FALSE" }
    guard column.isSelection else { return "(\(hasCode) AND \(isOne(of: codes)))" }
    return "(\(hasCode) AND \(dialect.overlap(pieces, dialect.array(codes))))"
  }

  func includesAll(of codes: [String]) -> String {
    guard codes.allSatisfy(listed.contains) else { return "FALSE" }
    guard column.isSelection else {
      return Set(codes).count == 1 ? isAny(of: codes) : codes.isEmpty ? hasCode : "FALSE"
    }
    return "(\(hasCode) AND \(dialect.isSubset(dialect.array(codes), pieces)))"
  }

  func number(_ comparison: Comparison, _ bound: Double) -> String {
    guard column.number != nil else { return "FALSE" }
    return "(\(hasCode) AND \(number) IS NOT NULL AND \(number) \(comparison.sql) \(dialect.double(bound)))"
  }

  func day(_ comparison: Comparison, _ day: SurveyDate) -> String {
    guard column.isDate else { return "FALSE" }
    return "(\(hasCode) AND \(self.day) IS NOT NULL AND \(self.day) \(comparison.sql) \(dialect.literal("\(day)")))"
  }

  private func isOne(of texts: [String]) -> String {
    texts.isEmpty ? "FALSE" : "\(text) IN \(dialect.list(texts))"
  }
}

extension Comparison {
  var sql: String {
    switch self {
    case .atLeast: ">="
    case .atMost: "<="
    case .above: ">"
    case .below: "<"
    }
  }
}

extension Dialect {
  func double(_ value: Double) -> String { "CAST(\(literal("\(value)")) AS \(double))" }
}
