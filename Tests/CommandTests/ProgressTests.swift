import Engine
import Testing

@testable import pipeline

@Suite("What is said of the reading")
struct ProgressTests {
  private func text(_ cycles: [(String, bytes: Int64, total: Int64, rows: Int)], seconds: Double = 2) -> ProgressText {
    var states: [String: ReadProgress.State] = [:]
    for (name, bytes, total, rows) in cycles {
      var state = ReadProgress.State()
      (state.bytes, state.totalBytes, state.rows) = (bytes, total, rows)
      states[name] = state
    }
    return ProgressText(states: states, seconds: seconds)
  }

  private let three: [(String, bytes: Int64, total: Int64, rows: Int)] = [
    ("cycle-4", 25_000_000, 100_000_000, 5000), ("cycle-3", 50_000_000, 50_000_000, 9000),
    ("cycle-2", 0, 40_000_000, 0),
  ]

  @Test func bytesRowsASecondAndTheTimeLeftByCycle() {
    #expect(
      text(three).line(width: nil)
        == "cycle-2 0% 0.0 MB 0 rows/s | cycle-3 100% 50.0 MB | cycle-4 25% 25.0 MB 2500 rows/s 6 s left")
  }

  /// A line that the terminal wraps could not be redrawn.
  @Test func itFitsTheTerminal() {
    let line = text(three)
    let whole = line.line(width: nil)
    #expect(line.line(width: whole.count) == whole)
    let short = "cycle-2 0% | cycle-3 100% | cycle-4 25% | 39% 75.0 MB 7000 rows/s 4 s left"
    #expect(line.line(width: whole.count - 1) == short)
    #expect(line.line(width: short.count) == short)
    #expect(line.line(width: 40) == "39% 75.0 MB 7000 rows/s 4 s left")
    for width in 1...100 { #expect(line.line(width: width).displayWidth <= width) }
  }

  @Test func wideCharactersTakeTwoColumns() {
    let line = text([("周期", 1_000_000, 2_000_000, 10)])
    let whole = "周期 50% 1.0 MB 5 rows/s 2 s left"
    #expect(line.line(width: whole.count + 2) == whole)
    #expect(line.line(width: whole.count + 1) == "50% 1.0 MB 5 rows/s 2 s left")
    for width in 1...40 { #expect(line.line(width: width).displayWidth <= width) }
  }

  @Test func whatCannotBeKnownYetIsNotSaid() {
    #expect(text([("s", 0, 0, 0)]).line(width: nil) == "s 0% 0.0 MB")
    #expect(text([("s", 0, 10, 0)], seconds: 0).line(width: nil) == "s 0% 0.0 MB")
    // A file that grew, or was read more often than expected.
    #expect(text([("s", 30, 10, 3)]).line(width: nil) == "s 100% 0.0 MB")
    #expect(text([("s", 1, .max, 1)], seconds: 1e6).line(width: nil).hasSuffix(" many s left"))
    #expect(text([]).line(width: 10) == "")
  }
}
