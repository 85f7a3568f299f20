import SurveyModel

/// What would read a text that a column refuses, as far as the text itself tells.
package enum AnswerRemedy {
  /// - Returns: Words that name the key to write; nil where the text gives no hint.
  package static func words(for value: String, in column: AnswerColumn) -> String? {
    if column.isDate { return dateWords(value) }
    if column.number != nil { return numberWords(value) }
    guard column.refusesOthers else { return nil }
    let known = column.codes + column.notApplicable
    if column.isSelection, let words = selectionWords(value, known: known, separator: column.separatorText) {
      return words
    }
    if let code = sameNumber(value, among: known) {
      return "\"\(value)\" looks like the code \(code): set `numeric-codes: true`"
    }
    return nil
  }

  /// `1.0`, `01` and `1,0` are the number that the code `1` is.
  private static func sameNumber(_ value: String, among codes: [String]) -> String? {
    func number(_ text: String) -> Double? { DecimalNumber.read(Array(text.utf8).span) }
    guard let wanted = number(value.replacingComma) else { return nil }
    return codes.first { $0 != value && number($0) == wanted }
  }

  private static func numberWords(_ value: String) -> String? {
    guard value.contains(","), value.contains(where: \.isNumber),
      value.allSatisfy({ $0.isNumber || $0.isWhitespace || "+-.,'".contains($0) })
    else { return nil }
    return "\"\(value)\" has a comma: set `decimal: \",\"` for decimals, or `thousands: \",\"` for groups of digits"
  }

  private static func dateWords(_ value: String) -> String? {
    guard value.contains(where: \.isNumber), value.contains(where: { "/.-".contains($0) }) else { return nil }
    return "\"\(value)\" is no date as ISO 8601 writes it: set `date-format`, such as dd/MM/yyyy"
  }

  private static func selectionWords(_ value: String, known: [String], separator: String) -> String? {
    func isKnown(_ pieces: [String]) -> Bool { pieces.count > 1 && pieces.allSatisfy(known.contains) }
    let trimmed = value.split(separator: separator, omittingEmptySubsequences: false).map { $0.trimmingSpaces }
    if isKnown(trimmed) { return "spaces stand around the separator: set `multiple-trim: true`" }
    for other in ["; ", ", ", ";", ",", "|", "/", " "] where other != separator && value.contains(other) {
      let pieces = value.split(separator: other, omittingEmptySubsequences: true).map { $0.trimmingSpaces }
      if isKnown(pieces) { return "the codes stand apart by \"\(other)\": set `multiple-separator: \"\(other)\"`" }
    }
    return nil
  }
}

extension AnswerColumn {
  /// What stands between the codes of a selection.
  fileprivate var separatorText: String { spelling.separator }
}

extension StringProtocol {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
  fileprivate var replacingComma: String { String(map { $0 == "," ? "." : $0 }) }
}
