import Ingest
import SurveyModel

/// Turns the fields of one column into codes; what is outside the codebook becomes missing and is reported.
struct AnswerEncoder {
  let column: AnswerColumn
  let position: Int

  func encode(_ batch: RecordBatch, rows: RowMask, rejections: inout [(row: Int, Rejection)]) -> CodedColumn {
    var coded = CodedColumn(codes: Array(repeating: AnswerColumn.missingCode, count: batch.rowCount))
    if column.isSelection { coded.selections = Array(repeating: 0, count: batch.rowCount) }
    if column.number != nil { coded.numbers = Array(repeating: .nan, count: batch.rowCount) }
    if column.isDate { coded.days = Array(repeating: CodedColumn.noDay, count: batch.rowCount) }
    let bytes = batch.bytes.span
    for row in 0..<batch.rowCount where rows[row] {
      let field = bytes.extracting(batch.range(row: row, column: position))
      if let problem = encode(field, row: row, into: &coded) {
        let text = batch.text(row: row, column: position)
        let place = batch.place(row: row, column: position)
        rejections.append(
          (
            row,
            Rejection(
              file: place.file, line: place.line, column: column.name, scope: .answer,
              reason: RejectionReason.words(for: problem, value: text, column: column), value: text)
          ))
      }
    }
    return coded
  }

  enum Problem { case notACode, notANumber, notAWholeNumber, notADate }

  /// - Returns: What is wrong with the answer, if anything; it stays missing then.
  private func encode(_ field: Span<UInt8>, row: Int, into coded: inout CodedColumn) -> Problem? {
    if column.isSelection { return encodeSelection(field, row: row, into: &coded) }
    let code = column.code(of: field)
    if code == AnswerColumn.missingCode { return nil }
    if let code, column.isNotApplicable[Int(code)] {
      coded.codes[row] = code
      return nil
    }
    if column.refusesOthers, code == nil { return .notACode }
    if let reading = column.number {
      guard let number = Self.number(field) else {
        // A text that another condition names is an answer all the same; no bound holds for it.
        if let code {
          coded.codes[row] = code
          return nil
        }
        return .notANumber
      }
      if reading == .integer, number != number.rounded() { return .notAWholeNumber }
      coded.numbers[row] = number
    }
    if column.isDate {
      guard let day = Self.day(field) else {
        if let code {
          coded.codes[row] = code
          return nil
        }
        return .notADate
      }
      coded.days[row] = day.daysSinceEpoch
    }
    coded.codes[row] = code ?? AnswerColumn.otherCode
    return nil
  }

  /// One unknown code makes the whole answer unusable. The answer is not applicable if no other code stands beside
  /// the not-applicable ones.
  private func encodeSelection(_ field: Span<UInt8>, row: Int, into coded: inout CodedColumn) -> Problem? {
    if let whole = column.code(of: field), whole == AnswerColumn.missingCode { return nil }
    var selection: UInt64 = 0
    var notApplicable: UInt16?
    var hasValid = false
    var start = 0
    for index in 0...field.count where index == field.count || field[index] == column.multipleSeparator {
      guard let code = column.code(of: field.extracting(start..<index)), code != AnswerColumn.missingCode else {
        return .notACode
      }
      if code >= 2, code < 66 { selection |= 1 << UInt64(code - 2) }
      if column.isNotApplicable[Int(code)] { notApplicable = code } else { hasValid = true }
      start = index + 1
    }
    coded.selections[row] = selection
    coded.codes[row] = hasValid ? AnswerColumn.otherCode : notApplicable ?? AnswerColumn.otherCode
    return nil
  }

  /// A decimal number as C reads it, without surrounding spaces; nil for infinities and NaN.
  static func number(_ field: Span<UInt8>) -> Double? {
    guard !field.isEmpty, field.count <= 64 else { return nil }
    if let number = shortDecimal(field) { return number }
    for index in field.indices {
      switch field[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    let text = String(decoding: field.withUnsafeBufferPointer { Array($0) }, as: UTF8.self)
    guard let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// Digits with at most one point: where they make a whole number below 2^53 over a power of ten up to 10^22, both are
  /// exact and one division rounds correctly (Clinger 1990). nil for everything else.
  private static func shortDecimal(_ field: Span<UInt8>) -> Double? {
    guard field.count <= 16 else { return nil }
    var digits: UInt64 = 0
    var digitCount = 0
    var fraction: Int?
    for index in field.indices {
      let byte = field[index]
      if byte == UInt8(ascii: "."), fraction == nil {
        fraction = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
      digitCount += 1
      if let places = fraction { fraction = places + 1 }
    }
    guard digitCount > 0, digits < 1 << 53 else { return nil }
    return Double(digits) / powersOfTen[fraction ?? 0]
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
  ]

  static func day(_ field: Span<UInt8>) -> SurveyDate? {
    field.withUnsafeBufferPointer { SurveyDate(iso8601: $0) }
  }
}
