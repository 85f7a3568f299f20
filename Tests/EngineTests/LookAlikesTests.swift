import SurveyTestSupport
import Testing

import Normalize

@Suite("Names that look alike")
struct LookAlikesTests {
  /// Two ways to one form: byte by byte, and by what Unicode says of characters.
  @Test func asciiNamesFoldTheSameWayByteByByte() {
    var generator = SeededGenerator(seed: 1)
    let characters = Array("0019aAbZ. \t-_/x") + ["\u{B}", "\u{1C}"]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...9, using: &generator)
      let name = String((0..<count).map { _ in characters.randomElement(using: &generator) ?? "0" })
      #expect(LookAlikes.foldedASCII(name) == LookAlikes.foldedByCharacters(name), "\(name.debugDescription)")
    }
    #expect(LookAlikes.foldedASCII("caf\u{E9}") == nil)
  }

  @Test(arguments: [
    ("01001", "1001"), ("North", "north "), ("a  b", "A b"), ("12.0", "12"), ("00", "0"), ("x007", "X7"),
  ])
  func theseLookAlike(_ one: String, _ other: String) {
    #expect(LookAlikes.folded(one) == LookAlikes.folded(other))
  }

  @Test(arguments: [("1", "10"), ("1.5", "1"), ("a b", "ab"), ("0", ""), ("12.0", "120")])
  func theseDoNot(_ one: String, _ other: String) {
    #expect(LookAlikes.folded(one) != LookAlikes.folded(other))
  }
}
