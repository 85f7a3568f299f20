/// Numbers as files write them.
enum DecimalNumber {
  /// A decimal number as C reads it, without surrounding spaces; nil for infinities and NaN.
  static func read(_ field: Span<UInt8>) -> Double? {
    guard !field.isEmpty, field.count <= 64 else { return nil }
    if let number = short(field) { return number }
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
  @inline(__always)
  static func short(_ field: Span<UInt8>) -> Double? {
    guard field.count <= 16 else { return nil }
    var digits: UInt64 = 0
    var digitCount = 0
    var places = -1
    for index in field.indices {
      let digit = field[unchecked: index] &- UInt8(ascii: "0")
      if digit <= 9 {
        digits = digits &* 10 &+ UInt64(digit)
        digitCount += 1
        if places >= 0 { places += 1 }
      } else if field[unchecked: index] == UInt8(ascii: "."), places < 0 {
        places = 0
      } else {
        return nil
      }
    }
    guard digitCount > 0, digits < 1 << 53 else { return nil }
    return places <= 0 ? Double(digits) : Double(digits) / powersOfTen[places]
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
  ]
}
