import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("Numbers and text in fields")
struct NumberTextTests {
  /// What Swift reads, within what a file may write.
  private static func expected(_ text: String) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 64, text.allSatisfy({ "0123456789.+-eE".contains($0) }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private func expectSame(_ text: String) {
    let found = DecimalNumber.read(Array(text.utf8).span)
    let expected = Self.expected(text)
    if found?.bitPattern != expected?.bitPattern {
      Issue.record("\(text): \(String(describing: found)), not \(String(describing: expected))")
    }
  }

  @Test func everyShortText() {
    let alphabet = Array("019.-+eE x")
    for length in 0...4 {
      var texts = [""]
      for _ in 0..<length { texts = texts.flatMap { text in alphabet.map { text + String($0) } } }
      for text in texts { expectSame(text) }
    }
  }

  @Test(arguments: UInt64(1)...5) func decimals(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<4000 {
      let digits = Int.random(in: 1...19, using: &generator)
      var text = String((0..<digits).map { _ in Character(String(Int.random(in: 0...9, using: &generator))) })
      if Bool.random(using: &generator) {
        text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 0...digits, using: &generator)))
      }
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: text = "-" + text
      case 1: text += "e\(Int.random(in: -330...330, using: &generator))"
      default: break
      }
      expectSame(text)
    }
  }

  @Test func whereTheQuickWayEnds() {
    for text in [
      "9007199254740991", "9007199254740992", "9007199254740993", "900719925474099.3", "0.0000000000001",
      "00000000000000.1", "1.0000000000000002", "9999999999999999", ".", "..", "1.2.3", "1.", ".1", "0", "-0", "00",
      "1e400", "-1e400", "1e-400", "inf", "nan", "Infinity", "0x1p3", "1_000", "1,5", " 1", "1 ", "１", "",
      String(repeating: "1", count: 64), String(repeating: "1", count: 65), "0." + String(repeating: "3", count: 62),
    ] { expectSame(text) }
    #expect(DecimalNumber.read(Array("-0".utf8).span)?.sign == .minus)
  }

  // MARK: - Text

  /// Every byte at every place of fields of every length.
  @Test func plainText() {
    for length in 0...25 {
      var field = (0..<length).map { UInt8(0x20 + ($0 * 37) % 0x60) }
      let isPlain = FieldText.isPlain(field.span)
      #expect(isPlain)
      for place in field.indices {
        let before = field[place]
        for byte in UInt8.min ... .max {
          field[place] = byte
          if FieldText.isPlain(field.span) != (byte >= 0x20 && byte < 0x80) {
            Issue.record("byte \(byte) at \(place) of \(length)")
          }
        }
        field[place] = before
      }
    }
  }

  @Test(arguments: UInt64(1)...4) func validText(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pieces: [[UInt8]] = [
      [0x61], [0x0A], [0x7F], Array("é".utf8), Array("€".utf8), Array("🎉".utf8), [0xC3], [0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80], [0x00],
    ]
    var valid = 0
    for _ in 0..<4000 {
      let isLikelyValid = Bool.random(using: &generator)
      let field = (0..<Int.random(in: 0...20, using: &generator)).flatMap { _ in
        pieces[Int.random(in: 0..<(isLikelyValid ? 6 : pieces.count), using: &generator)]
      }
      let expected = !field.contains(0) && String(validating: field, as: UTF8.self) != nil
      #expect(FieldText.isValid(field.span) == expected)
      if expected { valid += 1 }
      if FieldText.isPlain(field.span) { #expect(expected) }
    }
    #expect(valid > 1000 && valid < 3500)
  }
}
