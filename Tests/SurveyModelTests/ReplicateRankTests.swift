import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("The rank of replicate weights")
struct ReplicateRankTests {
  /// The rank of rows that are handed over one by one or all at once.
  private static func rank(_ weights: [Double], width: Int, rowsAtOnce: Int = .max) -> Int {
    var directions = ReplicateDirections(width: width)
    var set = DirectionSet()
    let rows = weights.count / width
    for first in stride(from: 0, to: rows, by: max(1, min(rows, rowsAtOnce))) {
      let last = min(rows, first + min(rows, rowsAtOnce))
      for number in directions.numbers(of: Array(weights[first * width..<last * width]), rows: last - first) {
        set.insert(number)
      }
    }
    return set.rank(in: directions)
  }

  /// `Tests/Reference/ranks.R`: five types of replicates, with all digits, with six and with three behind the point.
  @Test func everyRankIsThatOfR() throws {
    let file = "\(projectDirectory)/Tests/Reference/ranks.csv"
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").dropFirst()
    #expect(lines.count >= 90)
    for line in lines {
      let fields = line.split(separator: ",")
      let width = try #require(Int(fields[2]))
      let weights = try fields[4].split(separator: " ").map { try #require(Double($0)) }
      let expected = Int(fields[3])
      #expect(Self.rank(weights, width: width) == expected, "\(fields[..<4])")
      #expect(Self.rank(weights, width: width, rowsAtOnce: 1) == expected, "\(fields[..<4])")
      // R's rank does not depend on the order of the rows, nor on the size of the weights.
      let rows = (0..<weights.count / width).reversed()
      #expect(Self.rank(rows.flatMap { weights[$0 * width..<($0 + 1) * width] }, width: width) == expected)
      #expect(Self.rank(weights.map { $0 * 1e-9 }, width: width) == expected)
    }
  }

  @Test func rowsWithoutWeightAddNothing() {
    #expect(Self.rank([0, 0, 0, 1, 2, 3, 0, 0, 0, -2, -4, -6], width: 3) == 1)
    #expect(Self.rank([0, 0, 0], width: 3) == 0)
    #expect(Self.rank([], width: 3) == 0)
    #expect(Self.rank([1, 0, 0, 1], width: 2) == 2)
  }

  /// Combinations of a few patterns, whose number is the rank.
  @Test func theRankIsThatOfThePatternsThatRowsAreMadeOf() {
    var generator = SeededGenerator(seed: 4)
    for round in 0..<60 {
      let width = Int.random(in: 2...20, using: &generator)
      let patterns = (0..<Int.random(in: 1...width, using: &generator)).map { _ in
        (0..<width).map { _ in Double.random(in: 0...2, using: &generator) }
      }
      let rows = (0..<Int.random(in: 1...200, using: &generator)).map { _ -> [Double] in
        let factors = patterns.map { _ in Double.random(in: -1...1, using: &generator) }
        return (0..<width).map { column in zip(factors, patterns).reduce(0) { $0 + $1.0 * $1.1[column] } }
      }
      #expect(Self.rank(rows.flatMap(\.self), width: width) == min(patterns.count, rows.count), "round \(round)")
    }
  }

  /// Where every row has its own direction, those that are not remembered count as independent.
  @Test func thereAreMoreDirectionsThanAreRemembered() {
    var generator = SeededGenerator(seed: 5)
    let width = 5
    var directions = ReplicateDirections(width: width)
    let rows = 20_000
    let weights = (0..<rows * width).map { _ in Double.random(in: 0.5...1.5, using: &generator) }
    let numbers = directions.numbers(of: weights, rows: rows)
    #expect(directions.count < rows && numbers.contains(ReplicateDirections.beyond))
    var late = DirectionSet()
    for number in numbers.filter({ $0 == ReplicateDirections.beyond }).prefix(3) { late.insert(number) }
    #expect(late.rank(in: directions) == 3)
    var all = DirectionSet()
    for number in numbers { all.insert(number) }
    #expect(all.rank(in: directions) == width)
    late.formUnion(all)
    #expect(late.rank(in: directions) == width)
  }
}
