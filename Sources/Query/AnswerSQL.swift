import Normalize
import SurveyModel

/// What the text of one answer column means, in SQL: as `Normalize` codes it.
struct AnswerSQL {
  let dialect: Dialect
  let column: AnswerColumn
  /// Routing decides how it is read, so that it cannot be read where an answer before it cannot.
  var isRerouted = false

  private var text: String { dialect.identifier(Names.text(column.name)) }
  private var number: String { dialect.identifier(Names.number(column.name)) }
  private var day: String { dialect.identifier(Names.day(column.name)) }
  private var spelling: AnswerSpelling { column.spelling }

  // MARK: - Spelling

  /// Spaces at the ends of a selection say nothing where its pieces are trimmed.
  private var whole: String { column.isSelection && spelling.trims ? trimmed(text) : text }

  private func trimmed(_ text: String) -> String { dialect.trimmed(text, of: " \t") }

  /// Where it differs from the text, the code that the answer is has a column of its own.
  private var hasCodeColumn: Bool { whole != text || readsNumbers }
  private var code: String { hasCodeColumn ? dialect.identifier(Names.code(column.name)) : text }
  private var readsNumbers: Bool { spelling.numericCodes && !column.codeNumbers.isEmpty }

  /// What the text names, where the column names something: the code that it is, or itself.
  var name: String { column.isSelection ? text : code }

  /// The codes of a selection. A last separator says nothing, also without the spaces at its end, unless nothing stands
  /// before it.
  private var pieces: String {
    let separator = spelling.separator
    let bare = String(separator.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    var cases = ""
    for mark in bare.isEmpty || bare == separator ? [separator] : [separator, bare] {
      let count = mark.unicodeScalars.count
      cases +=
        "WHEN length(\(whole)) > \(count) AND right(\(whole), \(count)) = \(dialect.literal(mark)) "
        + "THEN left(\(whole), length(\(whole)) - \(count)) "
    }
    let pieces = dialect.pieces("CASE \(cases)ELSE \(whole) END", separator: separator)
    guard spelling.trims || readsNumbers else { return pieces }
    return dialect.mapped(pieces) { named(spelling.trims ? trimmed($0) : $0) }
  }

  /// The code that a text is, where it is one.
  private func named(_ text: String) -> String {
    guard readsNumbers else { return text }
    let codes = column.codeNumbers.map { "WHEN \(dialect.double($0.number)) THEN \(dialect.literal($0.code))" }
    return "CASE WHEN \(text) IN \(dialect.list(missing + listed)) THEN \(text) "
      + "ELSE CASE \(dialect.number(text, spelling.numbers)) \(codes.joined(separator: " ")) ELSE \(text) END END"
  }

  /// Texts that stand for no answer, whatever else names them.
  private var missing: [String] { column.missingTexts }
  private var listed: [String] {
    let missing = Set(missing)
    return (column.codes + column.notApplicable).filter { !missing.contains($0) }
  }
  private var notApplicable: [String] { column.notApplicable.filter { !missing.contains($0) } }

  /// Columns that need the text alone.
  var readings: [(name: String, expression: String)] {
    var columns: [(name: String, expression: String)] = []
    if hasCodeColumn { columns.append((Names.code(column.name), named(whole))) }
    let isSettled = isOne(of: missing + notApplicable, named(whole))
    if column.number != nil {
      columns.append(
        (
          Names.number(column.name),
          "CASE WHEN NOT (\(isSettled)) THEN \(dialect.number(text, spelling.numbers)) END"
        ))
    }
    if column.isDate {
      let day = dialect.day(text, column.dateFormat)
      columns.append((Names.day(column.name), "CASE WHEN NOT (\(isSettled)) THEN \(day) END"))
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
    if column.number != nil {
      reasons.append("\(number) IS NULL AND NOT (\(isOne(of: listed)))")
      // Another text of the number that stands for no answer.
      if !spelling.numericCodes, !column.codeNumbers.isEmpty {
        let numbers = column.codeNumbers.map { dialect.double($0.number) }.joined(separator: ", ")
        reasons.append("\(number) IN (\(numbers)) AND NOT (\(isOne(of: listed)))")
      }
    }
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
      "CASE WHEN \(isOne(of: missing)) THEN 0 WHEN \(dialect.identifier(Names.refused(column.name))) THEN 3 "
        + "WHEN \(isNotApplicable) THEN 2 ELSE 1 END"
    )
  }

  // MARK: - Conditions

  private var stateName: String { dialect.identifier(Names.state(column.name)) }
  private var hasCode: String { "\(stateName) IN (1, 2)" }
  /// Whether some text is no answer of the column.
  var mayBeUnreadable: Bool { isRerouted || refusal != "FALSE" }

  func isAnswered(_ reading: ConditionReading) -> String { judged("\(stateName) = 1", reading) }
  func isSettled(_ reading: ConditionReading) -> String { judged(hasCode, reading) }
  func isMissing(_ reading: ConditionReading) -> String { judged("\(stateName) = 0", reading) }
  func isNotMissing(_ reading: ConditionReading) -> String { judged("\(stateName) <> 0", reading) }
  /// A gate of a routed question: a missing answer might still settle it.
  func settlesGate(_ reading: ConditionReading) -> String {
    guard reading.leavesMissingOpen else { return isSettled(reading) }
    return judged(hasCode, reading, open: "\(stateName) = 0")
  }

  func isAny(of codes: [String], _ reading: ConditionReading) -> String { judging(contains(any: codes), reading) }

  func includesAll(of codes: [String], _ reading: ConditionReading) -> String {
    judging(contains(all: codes), reading)
  }

  func number(_ comparison: Comparison, _ bound: Double, _ reading: ConditionReading) -> String {
    guard column.number != nil else { return "FALSE" }
    return judging(
      "\(hasCode) AND \(number) IS NOT NULL AND \(number) \(comparison.sql) \(dialect.double(bound))", reading)
  }

  func day(_ comparison: Comparison, _ day: SurveyDate, _ reading: ConditionReading) -> String {
    guard column.isDate else { return "FALSE" }
    return judging(
      "\(hasCode) AND \(self.day) IS NOT NULL AND \(self.day) \(comparison.sql) \(dialect.literal("\(day)"))", reading)
  }

  private func contains(any codes: [String]) -> String {
    let codes = codes.filter { !missing.contains($0) }
    guard !codes.isEmpty else { return "FALSE" }
    guard column.isSelection else { return "\(hasCode) AND \(isOne(of: codes))" }
    return "\(hasCode) AND \(dialect.overlap(pieces, dialect.array(codes)))"
  }

  private func contains(all codes: [String]) -> String {
    guard Set(listed).isSuperset(of: codes) else { return "FALSE" }
    guard column.isSelection else {
      return Set(codes).count == 1 ? contains(any: codes) : codes.isEmpty ? hasCode : "FALSE"
    }
    return "\(hasCode) AND \(dialect.isSubset(dialect.array(codes), pieces))"
  }

  /// A form that judges what an answer says: missing and not-applicable ones may leave it open.
  private func judging(_ expression: String, _ reading: ConditionReading) -> String {
    judged(expression, reading, open: reading.leavesMissingOpen ? "\(stateName) IN (0, 2)" : nil)
  }

  /// - Parameters:
  ///   - expression: What a readable answer comes to; never null.
  ///   - open: Where it is unknown, unless it holds.
  private func judged(_ expression: String, _ reading: ConditionReading, open: String? = nil) -> String {
    guard mayBeUnreadable || open != nil else { return "(\(expression))" }
    var cases = ""
    if mayBeUnreadable {
      let words: [ConditionReading.Truth: String] = [.holds: "TRUE", .fails: "FALSE", .unknown: "NULL"]
      cases += " WHEN \(stateName) = 3 THEN \(words[reading.unreadable] ?? "NULL")"
    }
    if let open { cases += " WHEN NOT (\(expression)) AND \(open) THEN NULL" }
    return "CASE\(cases) ELSE (\(expression)) END"
  }

  private func isOne(of texts: [String], _ code: String? = nil) -> String {
    texts.isEmpty ? "FALSE" : "\(code ?? self.code) IN \(dialect.list(texts))"
  }
}

extension Comparison {
  var sql: String {
    switch self {
    case .atLeast: ">="
    case .atMost: "<="
    case .above: ">"
    case .below: "<"
    case .equal: "="
    }
  }
}

extension Dialect {
  func double(_ value: Double) -> String { "CAST(\(literal("\(value)")) AS \(double))" }
}
