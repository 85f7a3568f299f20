import SurveyModel
import SurveyTestSupport
import Testing

@testable import Export

@Suite("Numbers as text")
struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (100, "100"), (-2, "-2"), (0.1, "0.1"), (12.5, "12.5"), (-0.25, "-0.25"),
    (61.11111111111111, "61.11111111111111"), (0.1 + 0.2, "0.30000000000000004"), (1e6, "1000000"),
    (123_456_789, "123456789"), (9_007_199_254_740_991, "9007199254740991"), (1e15, "1000000000000000"),
    (0.001, "0.001"), (0.000_1, "0.0001"),
  ]) func asAPersonWouldWriteThem(number: Double, text: String) {
    #expect(NumberText.text(number) == text)
  }

  /// The shortest decimal that reads back: as many digits as needed, never one more.
  @Test func everyNumberReadsBack() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<4000 {
      let isSmall = Bool.random(using: &generator)
      let number =
        isSmall
        ? Double.random(in: -100...100, using: &generator) : Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let text = NumberText.text(number)
      #expect(Double(text) == number, "\(text)")
      #expect(!text.hasSuffix(".0"))
      #expect(text.utf8.allSatisfy { "0123456789.-+e".utf8.contains($0) }, "\(text)")
    }
  }

  @Test func numbersOfOrdinarySizeHaveNoExponent() {
    var generator = SeededGenerator(seed: 2)
    for power in -4..<15 {
      for _ in 0..<40 {
        let number = Double.random(in: 1..<10, using: &generator) * [1e-4, 1e-3, 1e-2, 1e-1][max(0, min(3, power + 4))]
        #expect(!NumberText.text(number).contains("e"), "\(number)")
      }
      for whole in [7, 12_345, 999_999_999_999_999] { #expect(!NumberText.text(Double(whole)).contains("e")) }
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func whatIsNoNumberIsEmpty(number: Double) {
    #expect(NumberText.text(number) == "")
  }

  @Test func nothingIsEmpty() {
    #expect(NumberText.text(nil) == "")
  }
}

@Suite("CSV as it is written")
struct CSVDocumentTests {
  @Test func noTwoTextsBecomeTheSame() {
    let texts = ["=1", "'=1", "''=1", "'", "", "''", "'a", "a", "-5", "'-5", "''-5", "-a", "'-a", "\t", "'\t", "'+1+1"]
    #expect(Set(texts.map(CSVDocument.text)).count == texts.count)
    for text in texts { #expect(CSVDocument.original(of: CSVDocument.text(text)) == text) }
  }

  private func line(_ fields: [String]) -> String {
    var document = CSVDocument(header: ["h"])
    document.append(fields)
    return String(String(decoding: document.bytes, as: UTF8.self).dropFirst(2))
  }

  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("\"", "\"\"\"\""),
    ("two\nlines", "\"two\nlines\""), ("a\rb", "\"a\rb\""), ("a\r\nb", "\"a\r\nb\""), (" spaces ", " spaces "),
    ("a;b", "a;b"), ("a'b", "a'b"), ("Côte d’Ivoire", "Côte d’Ivoire"), ("日本", "日本"),
  ]) func quotesOnlyWhereTheyAreNeeded(field: String, written: String) {
    #expect(line([field, "x"]) == "\(written),x\n")
  }

  @Test func linesEndInLF() {
    #expect(line(["a", "b"]) == "a,b\n")
    #expect(String(decoding: CSVDocument(header: ["a", "b"]).bytes, as: UTF8.self) == "a,b\n")
  }

  @Test(arguments: [
    "=1+1", "=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "-", "+", "=", "--1", "\tx", "\rx",
    "-A", "=\u{0301}x", "+1 day",
  ]) func formulasAreMadeText(text: String) {
    #expect(CSVDocument.text(text) == "'" + text)
  }

  @Test(arguments: ["-1", "-1.5", "+3", "-2e-7", "", "0", "plain", "a=b", "1-2", "'x", "_T", "*"])
  func numbersAndPlainTextStay(text: String) {
    #expect(CSVDocument.text(text) == text)
  }
}

@Suite("Hashes of files")
struct FileHashTests {
  /// The examples of FIPS 180-2.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func sha256(text: String, digest: String) {
    #expect(FileHash.hash(of: Array(text.utf8)) == digest)
  }

  @Test func piecesAreOneFile() {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var hash = FileHash()
    for start in stride(from: 0, to: bytes.count, by: 777) {
      bytes[start..<min(start + 777, bytes.count)].withUnsafeBytes { hash.update($0) }
    }
    #expect(hash.byteCount == 5000)
    #expect(hash.finish() == FileHash.hash(of: bytes))
  }
}
