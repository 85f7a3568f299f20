import Foundation
import SurveyModel
import Testing

@Suite("The normal form of text")
struct NormalFormTests {
  @Test(
    "Texts of many scripts, against Foundation",
    arguments: [
      "", "plain", "caf\u{E9}", "cafe\u{301}", "A\u{30A}ngstr\u{F6}m", "\u{212B}", "\u{2126}",
      "\u{1100}\u{1161}\u{11A8}", "한국어", "中文", "日本語", "\u{304B}\u{3099}", "Ελλάδα", "\u{1F71}", "\u{37E}", "Россия",
      "и\u{306}", "العربية",
      "\u{627}\u{653}", "שָׁלוֹם", "\u{5E9}\u{5B8}\u{5C1}", "ไทย", "हिन्दी", "\u{958}", "q\u{307}\u{323}", "🇩🇪👩‍👩‍👧", "\u{F900}",
      "\u{1D15E}", "\u{FB1D}",
    ])
  func texts(text: String) {
    let form = NormalForm.of(text)
    #expect(form.utf8.elementsEqual(text.precomposedStringWithCanonicalMapping.utf8))
    #expect(NormalForm.of(form).utf8.elementsEqual(form.utf8))
  }

  /// What is let through unseen must neither change alone nor join what stands before it.
  @Test("No character that is taken for stable changes, joins another or is reordered")
  func stableCharacters() {
    func isStable(_ scalar: Unicode.Scalar) -> Bool {
      var text = String(scalar)
      return text.withUTF8 { NormalForm.isInForm($0) }
    }
    var wrong: [String] = []
    for scalar in (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init) {
      let parts = Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
      // No text has a canonical form with one of these as the second character.
      wrong += parts.dropFirst().filter(isStable).map { String($0.value, radix: 16) }
      guard isStable(scalar) else { continue }
      let isUnchanged = String(scalar).precomposedStringWithCanonicalMapping.utf8.elementsEqual(String(scalar).utf8)
      if !isUnchanged || scalar.properties.canonicalCombiningClass != .notReordered {
        wrong.append(String(scalar.value, radix: 16))
      }
    }
    #expect(wrong == [])
  }

  @Test("Bytes that are no text, and long ones, are left alone")
  func bytes() {
    func isInForm(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer { NormalForm.isInForm($0) } }
    #expect(isInForm([0xFF, 0xCC]))
    #expect(isInForm([0xCC]))
    #expect(!isInForm(Array("e\u{301}".utf8)))
    let long = Array(repeating: UInt8(ascii: "a"), count: 10_000)
    #expect(isInForm(long))
    #expect(!isInForm(long + Array("\u{301}".utf8)))
  }
}
