import SurveyModel

extension DecimalNumber {
  /// Bytes of the longest field that is tried: 64 characters and the marks between them.
  private static let longestWritten = 256

  /// A decimal number as a table writes it; nil for whatever its declaration does not allow, so that no number is read
  /// as another one. Groups have three digits, the first of them one to three and no leading zero.
  static func read(_ field: Span<UInt8>, _ format: NumberFormat) -> Double? {
    if format == .plain { return read(field) }
    guard !field.isEmpty, field.count <= longestWritten, let plain = plain(field, format) else { return nil }
    return read(plain.span)
  }

  /// The same number as C writes it.
  private static func plain(_ field: Span<UInt8>, _ format: NumberFormat) -> [UInt8]? {
    let mark = format.thousands.map { Array($0.rawValue.utf8) } ?? []
    var plain: [UInt8] = []
    var index = 0
    func isDigit(_ index: Int) -> Bool { index < field.count && field[index] &- UInt8(ascii: "0") <= 9 }
    func isMark(_ index: Int) -> Bool {
      !mark.isEmpty && index + mark.count <= field.count
        && mark.indices.allSatisfy { field[index + $0] == mark[$0] }
    }
    if field[0] == UInt8(ascii: "-") || field[0] == UInt8(ascii: "+") {
      plain.append(field[0])
      index = 1
    }
    let first = plain.count
    while isDigit(index) {
      plain.append(field[index])
      index += 1
    }
    if isMark(index) {
      guard (1...3).contains(plain.count - first), plain[first] != UInt8(ascii: "0") else { return nil }
      while isMark(index) {
        index += mark.count
        guard isDigit(index), isDigit(index + 1), isDigit(index + 2), !isDigit(index + 3) else { return nil }
        for _ in 0..<3 {
          plain.append(field[index])
          index += 1
        }
      }
    }
    if index < field.count, field[index] == format.decimal.byte {
      plain.append(UInt8(ascii: "."))
      index += 1
    }
    // A fraction and an exponent; the reader of plain numbers refuses whatever else stands here. The point is taken.
    while index < field.count {
      guard field[index] != UInt8(ascii: ".") else { return nil }
      plain.append(field[index])
      index += 1
    }
    return plain
  }
}
