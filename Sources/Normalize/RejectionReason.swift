import Ingest
import SurveyModel

/// The words of `rejected.csv`. They make visible what a reader of a table does not see: spaces at the ends, and case.
package enum RejectionReason {
  /// What stands there is nothing.
  package static func nameless(value: String, column: String) -> String {
    "empty, but it must name the row" + missingCode(value, column)
  }

  /// - Parameter problem: Why the value is no answer of the column's question; empty where it is one.
  package static func noStratum(value: String, column: String, register: String?, problem: String = "") -> String {
    guard problem.isEmpty else { return "no stratum: " + problem }
    guard let register else { return "no stratum" + missingCode(value, column) + strataAdvice }
    return "no stratum, since register \(register) has none for this row" + strataAdvice
  }

  package static func noPSU(value: String, column: String, problem: String = "") -> String {
    guard problem.isEmpty else { return "no PSU: " + problem }
    return "no PSU" + missingCode(value, column)
      + ": give every row a PSU; a row that is its own PSU needs an id of its own"
  }

  /// A weight of 0 is not the same as no row: the PSU stays in the sample.
  package static func blankWeight(mayBeNegative: Bool, value: String, column: String) -> String {
    mayBeNegative
      ? "no replicate weight" + missingCode(value, column)
      : "no weight" + missingCode(value, column) + ": write 0 for a row outside the subsample, which keeps its PSU"
  }

  /// Another text of the number of a missing code.
  package static func looksMissing(_ value: String, code: String) -> String {
    "\(value) looks like the missing code \(code): set `numeric-codes: true` in the codebook"
  }

  private static let strataAdvice = ": give every row of a sample the stratum that it was drawn from"

  /// Where a value is taken for nothing because the codebook says so.
  private static func missingCode(_ value: String, _ column: String) -> String {
    value.isEmpty
      ? "" : " (a missing code of the codebook; `missing: [\"\"]` on a question \(column) makes it a value)"
  }

  /// Squares of such weights are lost in a Double.
  package static let extremeWeight = "the weight must be 0, or between 1e-100 and 1e100"
  package static let answeredBefore = "this respondent answered the question before; the first stays"

  package static func misshapen(fields: Int, expected: Int) -> String {
    "\(fields) fields, but the header has \(expected)"
      + (fields == expected + 1 ? ": if every row ends with a delimiter, end the header with one, too" : "")
  }

  package static func noWeight(
    mayBeNegative: Bool, value: String = "", format: NumberFormat = .plain
  ) -> String {
    (mayBeNegative ? "the replicate weight must be a number" : "the weight must be a number from 0")
      + NumberHint.words(for: value, format)
  }

  package static func unknownQuestion(_ question: String, among names: [String]) -> String {
    question.isEmpty
      ? "an answer without a question"
      : "not a question of the codebook" + NearestName.hint(for: question, among: names)
  }

  /// Why a text is no answer of a column; empty where it is one.
  package static func words(refusing value: String, in column: AnswerColumn) -> String {
    let bytes = Array(value.utf8)
    guard let problem = AnswerEncoder(column: column).answer(bytes.span).problem else { return "" }
    return words(for: problem, value: value, column: column)
  }

  /// Records of a file that have too few or too many fields.
  static func misshapen(in records: borrowing RecordBatch, fieldCount: Int) -> [Rejection] {
    // Mostly they have the same number of fields; a text for each of millions of them would take much memory.
    var last: (fields: Int, words: String)?
    return records.misshapen.map { record in
      if record.fields != last?.fields {
        last = (record.fields, misshapen(fields: record.fields, expected: fieldCount))
      }
      return Rejection(
        file: records.files.first ?? "", line: record.line, column: "", scope: .row, reason: last?.words ?? "",
        value: "")
    }
  }

  static func words(for problem: AnswerEncoder.Problem, value: String, column: AnswerColumn) -> String {
    switch problem {
    case .notADate: notADate(value, column)
    case .notANumber:
      "not a number" + spaces(in: value)
        + (SpreadsheetText.words(for: value, column).map { "; " + $0 }
          ?? NumberHint.words(for: value, column.spelling.numbers))
    case .notAWholeNumber: "not a whole number" + NumberHint.words(forFraction: value, column.spelling.numbers)
    case .looksLikeCode: looksLikeCode(value, column: column) ?? "not a number"
    case .notACode: notACode(value, column: column)
    }
  }

  /// Names the formats that would read it.
  private static func notADate(_ value: String, _ column: AnswerColumn) -> String {
    let format = column.dateFormat
    let words = "not a date written as \(format.pattern ?? "yyyy-mm-dd")" + spaces(in: value)
    let trimmed = trimmed(value)
    if trimmed.isEmpty || format.read(trimmed) != nil { return words }
    return words + "; " + (SpreadsheetText.words(for: value, column) ?? format.remedy(for: [value]))
  }

  /// Names the format that would read all of some texts.
  static func notDates(_ values: [String], _ column: AnswerColumn) -> String {
    "not a date written as \(column.dateFormat.pattern ?? "yyyy-mm-dd"); \(column.dateFormat.remedy(for: values))"
  }

  private static func looksLikeCode(_ value: String, column: AnswerColumn) -> String? {
    let bytes = Array(value.utf8)
    return column.lookAlike(bytes.span).map {
      "\(value) looks like the code \($0): set `numeric-codes: true` in the codebook"
    }
  }

  private static func notACode(_ value: String, column: AnswerColumn) -> String {
    let known = column.codes + column.notApplicable
    let pieces = column.isSelection ? pieces(of: value, column) : [value]
    let culprit =
      pieces.first { piece in
        let bytes = Array(piece.utf8)
        let code = column.code(of: bytes.span)
        return code == nil || code == AnswerColumn.missingCode
      } ?? value
    var words = "not a code of the codebook"
    if pieces.count > 1 { words = "\"\(culprit)\" is not a code of the codebook" }
    if let alike = looksLikeCode(culprit, column: column) { return words + "; " + alike }
    words += spaces(in: culprit)
    let trimmed = trimmed(culprit)
    if let same = known.first(where: { $0 == trimmed }) {
      return words + "; the code is \"\(same)\"" + trimming(value, column)
    }
    if let same = known.first(where: { $0.lowercased() == trimmed.lowercased() }) {
      return words + "; the code is \"\(same)\", which differs in letter case"
    }
    if let spreadsheet = SpreadsheetText.words(for: culprit, column) { return words + "; " + spreadsheet }
    if let separator = separator(reading: value, column) {
      return words + "; set `multiple-separator: \"\(separator)\"` for the table"
    }
    if let nearest = NearestName.suggestion(for: trimmed, among: known) {
      return words + "; the nearest code is \"\(nearest)\""
    }
    return words
  }

  private static func pieces(of value: String, _ column: AnswerColumn) -> [String] {
    let bytes = Array(value.utf8)
    return SelectionPieces(bytes.span, of: column).ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// What to write so that spaces around the codes of a select-many answer are ignored.
  private static func trimming(_ value: String, _ column: AnswerColumn) -> String {
    let wider = column.spelling.separator + " "
    guard isRead(value, column, { $0.trims = true }) else { return "" }
    let isSpaced = isRead(value, column) { $0.separator = wider }
    return ": set `multiple-trim: true`" + (isSpaced ? " or `multiple-separator: \"\(wider)\"`" : "") + " for the table"
  }

  /// Another separator with which every piece of the answer is a code.
  private static func separator(reading value: String, _ column: AnswerColumn) -> String? {
    [";", ",", "|", "; ", ", ", "/", "::", " "].first { separator in
      value.contains(separator) && isRead(value, column) { $0.separator = separator }
    }
  }

  /// Whether another spelling makes an answer of a text.
  private static func isRead(
    _ value: String, _ column: AnswerColumn, _ change: (inout AnswerSpelling) -> Void
  ) -> Bool {
    guard column.isSelection, value.utf8.count <= 1000 else { return false }
    var spelling = column.spelling
    change(&spelling)
    guard spelling != column.spelling else { return false }
    let other = AnswerColumn(
      name: column.name, codes: column.codes, isSelection: true, refusesOthers: true, missing: column.missingTexts,
      notApplicable: column.notApplicable, spelling: spelling)
    let bytes = Array(value.utf8)
    return AnswerEncoder(column: other).answer(bytes.span).problem == nil
  }

  private static func spaces(in value: String) -> String {
    let leading = String(value.unicodeScalars.prefix { $0.isInvisible })
    let trailing = String(value.unicodeScalars.reversed().prefix { $0.isInvisible }.map(Character.init))
    switch (leading.isEmpty, trailing.isEmpty) {
    case _ where leading.unicodeScalars.count == value.unicodeScalars.count: return value.isEmpty ? "" : ": only spaces"
    case (false, false) where (leading + trailing).allSatisfy { $0 == " " }:
      return ": it has leading and trailing spaces"
    case (false, false): return ": it has a leading \(name(of: leading)) and a trailing \(name(of: trailing))"
    case (false, true): return ": it has a leading \(name(of: leading))"
    case (true, false): return ": it has a trailing \(name(of: trailing))"
    case (true, true): return ""
    }
  }

  /// What stands at an end of a text, so that a reader can tell it from a space.
  private static func name(of spaces: String) -> String {
    guard let other = spaces.unicodeScalars.first(where: { $0 != " " }) else { return "space" }
    let code = String(other.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    return switch other.value {
    case 0x09: "tab"
    case 0xA0: "no-break space (\(number))"
    default: "invisible character (\(number))"
    }
  }

  private static func trimmed(_ value: String) -> String {
    let scalars = value.unicodeScalars.drop { $0.isInvisible }.reversed().drop { $0.isInvisible }.reversed()
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
