import Testing

@testable import SyntheticData

@Suite("The same seed gives the same bytes")
struct SameBytesTests {
  @Test func sameSeedSameBytes() throws {
    let first = try SampleData.shared.get()
    let second = try NationalReports(seed: 2026, codebooks: first.codebooks, frame: first.frame).files()
    #expect(first.files.map(\.path) == second.map(\.path))
    for (one, other) in zip(first.files, second) {
      #expect(one.contents == other.contents, "\(one.path)")
    }
  }

  @Test func anotherSeedGivesOtherAnswersOverTheSameFrame() throws {
    let first = try SampleData.shared.get()
    let second = try NationalReports(seed: 2027, codebooks: first.codebooks, frame: first.frame).files()
    #expect(first.files.map(\.path) == second.map(\.path))
    for (one, other) in zip(first.files, second) {
      #expect((one.contents == other.contents) == (one.path == "registers/parties.csv"), "\(one.path)")
    }
  }

  /// Computed apart with Python's integers; a change of platform or of the generator does not go unnoticed.
  @Test func streamsArePinned() {
    var generator = SeededGenerator(seed: 2026, "level", "BRA")
    let pinned: [UInt64] = [
      477_256_385_608_003_816, 14_040_916_217_487_227_597, 15_073_896_233_453_518_300,
    ]
    #expect(pinned.map { _ in generator.next() } == pinned)
    #expect(generator.between(7, 7) == 7)
    #expect(generator.below(0) == 0)
  }

  @Test func labelsDoNotRunTogether() {
    var one = SeededGenerator(seed: 1, "ab", "c")
    var other = SeededGenerator(seed: 1, "a", "bc")
    #expect(one.next() != other.next())
  }

  @Test func spreadHasItsDeviation() {
    var generator = SeededGenerator(seed: 1, "spread")
    let draws = (0..<20_000).map { _ in generator.spread(100) }
    let mean = Double(draws.reduce(0, +)) / Double(draws.count)
    let variance = draws.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(draws.count)
    #expect(abs(mean) < 3)
    #expect(abs(variance.squareRoot() - 100) < 3)
    #expect(draws.allSatisfy { abs($0) <= 300 })
  }

  @Test func noFileIsLarge() throws {
    for file in try SampleData.shared.get().files {
      let limit = file.path.hasSuffix("responses.csv") ? 700_000 : 500_000
      #expect(file.contents.count < limit, "\(file.path)")
    }
  }

  @Test func firstLineSaysThatTheAnswersAreInvented() throws {
    let readMe = try #require(try SampleData.shared.get().files.first)
    #expect(readMe.path == "README.md")
    let line = String(decoding: readMe.contents.prefix { $0 != 0x0A }, as: UTF8.self)
    #expect(line.contains("invented"))
  }
}
