import SurveyModel
import SurveyTestSupport
import Testing

@testable import Aggregate

/// Units with several rows in several cells, which differ between the cycles: each cell, indicator and group against
/// sums row by row.
@Suite("Matched units that moved")
struct MoversTests {
  private static func table(seed: UInt64, design: TableSums.Design, hasPSUColumn: Bool, moves: Bool) -> Rows {
    var rows = Rows.random(seed: seed, count: 160)
    rows.design = design
    rows.hasPSUColumn = hasPSUColumn
    rows.linksUnits = true
    for place in rows.rows.indices {
      let unit = rows.rows[place].unit
      // Some units have a weight of 0 in all their rows.
      if unit % 11 == 0 { rows.rows[place].weight = 0 }
      guard !moves || unit % 3 == 0 else { continue }
      rows.rows[place].members = [unit % 3, unit % 2]
    }
    return rows
  }

  /// The rows of one side that count in a cell: those of units that are in both denominators there.
  private static func expected(
    _ side: Rows, _ indicator: Int, other: Rows, _ otherIndicator: Int, cell: Cell, groups: Rows.Groups
  ) -> [Int: Rows.Sum] {
    func isIn(_ rows: Rows, _ row: Rows.Row, _ indicator: Int) -> Bool {
      row.weight > 0 && rows.isIn(row, indicator) && Rows.lies(row, in: cell)
    }
    let partners = Set(other.counted.filter { isIn(other, $0, otherIndicator) }.map(\.unit))
    var result: [Int: Rows.Sum] = [:]
    for (place, row) in side.counted.enumerated() where isIn(side, row, indicator) && partners.contains(row.unit) {
      let group =
        switch groups {
        case .strata: row.stratum
        case .psus: row.stratum * 10 + row.psu
        case .rows: place
        }
      result[group, default: Rows.Sum()].add(row.weight, isYes: row.isYes[indicator])
    }
    return result
  }

  private func expectSums(
    _ sums: TableSums, _ expected: [Int: Rows.Sum], cell: Cell, indicator: Int, _ note: String
  ) {
    let found = sums.totals(in: cell, indicator: indicator)
    #expect(found.sums.map(\.group) == expected.keys.sorted(), "\(note)")
    for (group, sum) in found.sums {
      guard let other = expected[group] else { continue }
      #expect(sum.rows == other.rows && sum.rowsYes == other.rowsYes, "\(note)")
      #expect(areClose(sum.weight, other.weight, relative: 1e-12), "\(note)")
      #expect(areClose(sum.weightYes, other.weightYes, relative: 1e-12), "\(note)")
      if case .byStratum = found {
        #expect(areClose(sum.squared, other.squared, relative: 1e-12), "\(note)")
        #expect(areClose(sum.squaredYes, other.squaredYes, relative: 1e-12), "\(note)")
      }
    }
  }

  static let plans: [(design: TableSums.Design, hasPSUColumn: Bool, groups: Rows.Groups)] = [
    (.sample, true, .psus), (.sample, false, .rows), (.register, false, .strata),
  ]

  @Test(arguments: plans.indices, [true, false]) func everyCellIndicatorAndGroup(plan: Int, moves: Bool) throws {
    let (design, hasPSUColumn, groups) = Self.plans[plan]
    for seed in UInt64(1)...4 {
      let now = Self.table(seed: seed, design: design, hasPSUColumn: hasPSUColumn, moves: moves)
      let then = Self.table(seed: seed + 500, design: design, hasPSUColumn: hasPSUColumn, moves: moves)
      for pairs in [
        [(now: 0, then: 0), (now: 1, then: 1), (now: 2, then: 2)], [(now: 2, then: 0), (now: 1, then: 2)],
      ] {
        let matched = try #require(
          LedgerView.matched(now: now.tally(), then: then.tally(), pairs: pairs, population: nil))
        var counted = 0
        for cell in Set(now.cells).union(then.cells) {
          for pair in pairs {
            let later = Self.expected(now, pair.now, other: then, pair.then, cell: cell, groups: groups)
            let earlier = Self.expected(then, pair.then, other: now, pair.now, cell: cell, groups: groups)
            let note = "seed \(seed), \(pair), \(cell.printedMembers)"
            expectSums(matched.now, later, cell: cell, indicator: pair.now, note)
            expectSums(matched.then, earlier, cell: cell, indicator: pair.then, note)
            counted += later.count + earlier.count
          }
        }
        #expect(counted > 50)
      }
    }
  }
}
