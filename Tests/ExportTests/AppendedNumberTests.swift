import SurveyTestSupport
import Testing

@testable import Export

/// Numbers that are written straight into a file read as the text of the same numbers.
struct AppendedNumberTests {
  private static func appended(_ number: Double) -> String {
    var bytes: [UInt8] = []
    NumberText.append(number, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    0, -0.0, 1, -1, 0.1, 100, 33.333333333333336, -2.5, 1e-7, 123_456_789.5, 999_999_999_999_999,
    1_000_000_000_000_000, 9_007_199_254_740_992, 1e16, 2e16, -1e18, 1e19, 1.5e300, .infinity,
    -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
  ])
  func edges(_ number: Double) {
    #expect(Self.appended(number) == NumberText.text(number))
  }

  @Test func randomNumbers() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let bits = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
      let share = Double.random(in: -100...100, using: &generator)
      for number in [bits, share, share.rounded()] { #expect(Self.appended(number) == NumberText.text(number)) }
    }
  }

  @Test func fieldsOfARow() {
    var document = CSVDocument(header: ["a", "b"])
    document.add(12.5)
    document.add(3.0)
    document.add(nil as Int?)
    document.add(text: "=1+1")
    document.add("x,y")
    document.add(7)
    document.endRow()
    document.add("next")
    document.endRow()
    #expect(String(decoding: document.bytes, as: UTF8.self) == "a,b\n12.5,3,,'=1+1,\"x,y\",7\nnext\n")
  }
}
