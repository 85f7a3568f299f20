import SurveyModel
import SurveyTestSupport
import Testing

@testable import Aggregate

@Suite("Parts of cells")
struct CellLayoutTests {
  /// Groupings of up to three dimensions, some of which no grouping uses.
  static let layouts: [(dimensions: Int, groupings: [[Int]])] = [
    (0, []), (1, []), (1, [[0]]), (2, [[1]]), (2, [[0], [1], [0, 1]]), (2, [[1, 0]]), (3, [[2], [0]]),
    (3, [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]]), (3, [[2, 0]]), (3, [[1], [1, 2]]),
  ]

  private static func members(_ generator: inout SeededGenerator, dimensions: Int, rows: Int) -> [[Int32]] {
    (0..<dimensions).map { dimension in
      (0..<rows).map { _ in Int32.random(in: 0...Int32(dimension + 1), using: &generator) }
    }
  }

  /// The cells in which a row lies, by the members that they fix.
  private static func expected(_ row: [Int32], _ groupings: [[Int]]) -> [[Int32]] {
    let total = row.map { _ in Int32(-1) }
    return [total] + groupings.map { grouping in row.indices.map { grouping.contains($0) ? row[$0] : -1 } }
  }

  @Test(arguments: layouts.indices) func everyRowLiesInItsCells(layout number: Int) {
    let (dimensions, groupings) = Self.layouts[number]
    var generator = SeededGenerator(seed: UInt64(number))
    var layout = CellLayout(groupings: groupings, dimensionCount: dimensions)
    var parts: [[Int32]: Int32] = [:]
    var single: [Int32: Int32] = [:]
    for _ in 0..<12 {
      let rows = Int.random(in: 0...30, using: &generator)
      let members = Self.members(&generator, dimensions: dimensions, rows: rows)
      let found = layout.parts(of: members, rows: rows)
      #expect(found.count == rows)
      for row in 0..<rows {
        let own = members.map { $0[row] }
        let cells = layout.cellsOfPart[Int(found[row])]
        #expect(cells.first == 0)
        #expect(cells.map { layout.memberNumbers[Int($0)] } == Self.expected(own, groupings))
        // Rows in the same cells have the same part, and others another.
        let used = own.indices.map { dimension in groupings.joined().contains(dimension) ? own[dimension] : -1 }
        #expect(parts[used] == nil || parts[used] == found[row])
        parts[used] = found[row]
      }
      #expect(Set(parts.values).count == parts.count)
      // Parts of a single cell stand between them.
      let cell = Int32.random(in: 0..<Int32(layout.memberNumbers.count), using: &generator)
      let part = layout.part(ofCell: cell)
      #expect(layout.cellsOfPart[Int(part)] == [cell])
      #expect(single[cell] == nil || single[cell] == part)
      single[cell] = part
    }
    #expect(Set(single.values).isDisjoint(with: parts.values))
    // Cells are numbered once.
    #expect(Set(layout.memberNumbers).count == layout.memberNumbers.count)
    let named = layout.named { "\($0)-\($1)" }
    #expect(named.count == layout.memberNumbers.count)
    for (cell, place) in named {
      #expect(
        cell.members == layout.memberNumbers[place].enumerated().map { $1 < 0 ? nil : "\($0)-\($1)" })
    }
  }
}
