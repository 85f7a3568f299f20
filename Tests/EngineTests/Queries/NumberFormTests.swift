import Foundation
import Query
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize

/// Two readings of numbers: the pattern of the queries, and the embedded engine's.
@Suite("Numbers in queries")
struct NumberFormTests {
  private static let formats = NumberFormat.DecimalMark.allCases.flatMap { decimal in
    ([nil] + NumberFormat.ThousandsMark.allCases).compactMap { thousands in
      thousands?.rawValue == decimal.rawValue ? nil : NumberFormat(decimal: decimal, thousands: thousands)
    }
  }.filter { $0 != .plain }

  /// Digits, marks and signs as they come, most of them near a number.
  private func spellings(_ format: NumberFormat, seed: UInt64, count: Int) -> [String] {
    var generator = SeededGenerator(seed: seed)
    let marks = [".", ",", format.decimal.rawValue, format.thousands?.rawValue ?? "", "'", " "]
    func one(_ texts: [String]) -> String { texts.randomElement(using: &generator) ?? "" }
    func digits(_ range: ClosedRange<Int>) -> String {
      (0..<Int.random(in: range, using: &generator)).map { _ in "\(Int.random(in: 0...9, using: &generator))" }.joined()
    }
    return (0..<count).map { _ in
      let groups = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        one([format.thousands?.rawValue ?? "", one(marks)]) + digits(one(["", "", "", "x"]).isEmpty ? 3...3 : 2...4)
      }
      let fraction = one(["", format.decimal.rawValue + digits(0...4), digits(0...2)])
      return one(["", "", "", "-", "+", "--"]) + digits(0...4) + groups.joined() + fraction
        + one(["", "", "", "e3", "E-2", "e", "x"])
    }
  }

  @Test(arguments: UInt64(1)...4)
  func thePatternTakesWhatTheEngineReads(seed: UInt64) throws {
    var taken = 0
    for format in Self.formats {
      let form = try Regex(Dialect.numberForm(format))
      for text in spellings(format, seed: seed, count: 2000) {
        let isTaken = try form.wholeMatch(in: text) != nil
        let isRead = DecimalNumber.read(Array(text.utf8).span, format) != nil
        #expect(isTaken == isRead, "\(text.debugDescription), \(format)")
        if isRead { taken += 1 }
      }
    }
    #expect(taken > 5000)
  }

  @Test func duckDBReadsTheSameNumbers() async throws {
    let engine = try DuckDBSession()
    for (place, format) in Self.formats.enumerated() {
      let texts = Array(
        Set(spellings(format, seed: UInt64(place) + 9, count: 300) + ["1.2045", "1,2045", "1.204.3005"]))
      let values = texts.map { "(" + Dialect.duckdb.literal($0) + ")" }.joined(separator: ", ")
      let query = "SELECT t, CAST(\(Dialect.duckdb.number("t", format)) AS VARCHAR) FROM (VALUES \(values)) AS v(t)"
      for row in try await engine.answer(query) {
        let text = row[0] ?? ""
        #expect(
          row[1].flatMap(Double.init) == DecimalNumber.read(Array(text.utf8).span, format),
          "\(text.debugDescription), \(format)")
      }
    }
  }
}
