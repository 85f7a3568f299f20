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

  /// Up to eight digits and a point among them, in one word: most weights. nil for everything else.
  ///
  /// Eight digits at once after Lemire, "Quickly parsing eight digits" (2018).
  ///
  /// - Parameters:
  ///   - word: The bytes, the first in the lowest place; what lies behind `count` does not matter.
  ///   - point: The decimal mark in all eight bytes.
  @inline(__always)
  static func tiny(_ word: UInt64, count: Int, point mark: UInt64 = 0x2E2E_2E2E_2E2E_2E2E) -> Double? {
    guard count > 0, count <= 8 else { return nil }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var count = count
    // Behind the field: digits 0, which are no point.
    let half = UInt64(truncatingIfNeeded: 4 &* count)
    let behind = (UInt64.max &<< half) &<< half
    var bytes = (word & ~behind) | (0x3030_3030_3030_3030 & behind)
    let points = bytes ^ mark
    let found = (points &- ones) & ~points & highs
    var places = 0
    if found != 0 {
      let point = UInt64(truncatingIfNeeded: found.trailingZeroBitCount & ~7)
      let before = bytes & ((1 &<< point) &- 1)
      bytes = before | ((bytes &>> 8) & (UInt64.max &<< point))
      count -= 1
      places = count - Int(truncatingIfNeeded: point &>> 3)
      guard count > 0 else { return nil }
    }
    let unused = UInt64(truncatingIfNeeded: 4 &* (8 - count))
    let own = (bytes &<< unused) &<< unused
    var digits = ((bytes &- 0x3030_3030_3030_3030) &<< unused) &<< unused
    // Every byte from 0 to 9.
    guard (digits | (digits &+ 0x7676_7676_7676_7676) | own) & highs == 0 else { return nil }
    digits = digits &* 10 &+ digits &>> 8
    let low = (digits & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = (digits &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    let whole = Double((low &+ high) &>> 32)
    return places == 0 ? whole : whole / powersOfTen[places]
  }

  /// Digits with at most one point: where they make a whole number below 2^53 over a power of ten up to 10^22, both are
  /// exact and one division rounds correctly (Clinger 1990). nil for everything else.
  @inline(__always)
  static func short(_ field: Span<UInt8>, point: UInt8 = UInt8(ascii: ".")) -> Double? {
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
      } else if field[unchecked: index] == point, places < 0 {
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
