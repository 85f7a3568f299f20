import SurveyModel
import SurveyTestSupport
import Testing

@testable import Aggregate

@Suite("Sums over units that are in both denominators")
struct MatchedSumsTests {
  /// Two tables over the same units, one row a unit.
  private static func pair(seed: UInt64, design: TableSums.Design, hasPSUColumn: Bool) -> (now: Rows, then: Rows) {
    func table(_ seed: UInt64) -> Rows {
      var rows = Rows.random(seed: seed, count: 120)
      rows.design = design
      rows.hasPSUColumn = hasPSUColumn
      rows.rollUp = .latest
      rows.linksUnits = true
      if design == .census { for index in rows.rows.indices { rows.rows[index].weight = 1 } }
      return rows
    }
    var then = table(seed + 1000)
    let now = table(seed)
    // A unit keeps its stratum and its PSU.
    for index in then.rows.indices {
      guard let same = now.counted.first(where: { $0.unit == then.rows[index].unit }) else { continue }
      then.rows[index].stratum = same.stratum
      then.rows[index].psu = same.psu
    }
    return (now, then)
  }

  private static let pairs = [(now: 0, then: 0), (now: 1, then: 1), (now: 2, then: 2)]

  private static func matched(_ now: Rows, _ then: Rows, population: [String: Double]? = nil) throws -> (
    now: TableSums, then: TableSums
  ) {
    try #require(
      LedgerView.matched(now: now.tally(), then: then.tally(), pairs: pairs, population: population))
  }

  /// The rows of one side whose unit is in the denominator of both, in this cell.
  private static func expected(
    _ side: (rows: Rows, counted: [Rows.Row]), other: (rows: Rows, counted: [Rows.Row]), cell: Cell, indicator: Int
  ) -> Rows.Sum {
    func isIn(_ rows: Rows, _ row: Rows.Row) -> Bool {
      row.weight > 0 && rows.isIn(row, indicator) && Rows.lies(row, in: cell)
    }
    let partners = Set(other.counted.filter { isIn(other.rows, $0) }.map(\.unit))
    var sum = Rows.Sum()
    for row in side.counted where isIn(side.rows, row) && partners.contains(row.unit) {
      sum.add(row.weight, isYes: row.isYes[indicator])
    }
    return sum
  }

  @Test(arguments: [TableSums.Design.sample, .census, .register], [true, false])
  func everyCellAndIndicator(design: TableSums.Design, hasPSUColumn: Bool) throws {
    // A register has no PSUs.
    if design == .register, hasPSUColumn { return }
    for seed in UInt64(1)...6 {
      let (now, then) = Self.pair(seed: seed, design: design, hasPSUColumn: hasPSUColumn)
      let matched = try Self.matched(now, then)
      let later = (rows: now, counted: now.counted)
      let earlier = (rows: then, counted: then.counted)
      for cell in Set(now.cells).union(then.cells) {
        for indicator in 0..<3 {
          for (sums, side, other) in [(matched.now, later, earlier), (matched.then, earlier, later)] {
            let parts = sums.totals(in: cell, indicator: indicator).sums
            let expected = Self.expected(side, other: other, cell: cell, indicator: indicator)
            #expect(parts.reduce(0) { $0 + $1.sum.rows } == expected.rows, "seed \(seed)")
            #expect(parts.reduce(0) { $0 + $1.sum.rowsYes } == expected.rowsYes, "seed \(seed)")
            #expect(areClose(parts.reduce(0) { $0 + $1.sum.weight }, expected.weight, relative: 1e-12))
            #expect(areClose(parts.reduce(0) { $0 + $1.sum.weightYes }, expected.weightYes, relative: 1e-12))
          }
        }
      }
    }
  }

  @Test(arguments: [true, false]) func bothSidesCountTheSameUnits(hasPSUColumn: Bool) throws {
    for seed in UInt64(1)...6 {
      let (now, then) = Self.pair(seed: seed, design: .sample, hasPSUColumn: hasPSUColumn)
      let matched = try Self.matched(now, then)
      for cell in now.cells {
        for indicator in 0..<3 {
          func n(_ sums: TableSums) -> Int {
            sums.totals(in: cell, indicator: indicator).sums.reduce(0) { $0 + $1.sum.rows }
          }
          #expect(n(matched.now) == n(matched.then), "seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: [true, false]) func aCensusCountsWhoseStatusIsKnownInBoth(hasPSUColumn: Bool) throws {
    for seed in UInt64(1)...6 {
      let (now, then) = Self.pair(seed: seed, design: .census, hasPSUColumn: hasPSUColumn)
      let population = ["h0": 70.0, "h1": 80, "h2": 90]
      let matched = try Self.matched(now, then, population: population)
      func group(_ row: Rows.Row) -> String { hasPSUColumn ? "\(row.stratum)/\(row.psu)" : "\(row.unit)" }
      for indicator in 0..<3 {
        func known(_ rows: Rows) -> Set<String> {
          Set(rows.counted.filter { rows.isKnown($0, indicator) }.map(group))
        }
        let both = known(now).intersection(known(then))
        // PSU numbers repeat in every stratum here, and a census links by the number alone.
        if !hasPSUColumn {
          #expect(matched.now.knownPSUs[indicator].count == both.count, "seed \(seed)")
          #expect(matched.then.knownPSUs[indicator].count == both.count, "seed \(seed)")
        }
        #expect(
          matched.now.sampledPSUs(indicator: indicator).reduce(0, +) == matched.now.knownPSUs[indicator].count)
      }
      #expect(matched.now.strata.map(\.population) == [70, 80, 90])
      #expect(matched.then.strata.map(\.population) == [70, 80, 90])
      #expect(matched.then.strata.map(\.name) == matched.now.strata.map(\.name))
    }
  }

  @Test func inACensusAPartyBelongsToTheStratumOfTheLaterCycle() throws {
    func table(stratum: Int) -> Rows {
      var rows = Rows(rows: [], indicators: 3)
      rows.design = .census
      rows.linksUnits = true
      rows.rows = [
        Rows.Row(
          unit: 5, submitted: nil, weight: 1, stratum: stratum, psu: 0, members: [0, 0], isYes: [true, true, true],
          isIn: [true, true, true], isEligible: [true, true, true], isUsed: true)
      ]
      return rows
    }
    let matched = try Self.matched(table(stratum: 2), table(stratum: 0), population: ["h2": 4])
    #expect(matched.now.sampledPSUs(indicator: 0) == [0, 0, 1])
    #expect(matched.then.sampledPSUs(indicator: 0) == [0, 0, 1])
    #expect(matched.then.strata.map(\.population) == [0, 0, 4])
  }

  @Test func withoutALedgerNothingIsMatched() {
    var now = Rows.random(seed: 1)
    now.hasPSUColumn = true
    #expect(
      LedgerView.matched(now: now.tally(), then: now.tally(), pairs: Self.pairs, population: nil) == nil)
  }

  @Test func aCycleMatchedWithItselfKeepsEverything() throws {
    let (now, _) = Self.pair(seed: 8, design: .sample, hasPSUColumn: true)
    let whole = now.tally().sums
    let matched = try Self.matched(now, now)
    for cell in now.cells {
      for indicator in 0..<3 {
        let a = whole.totals(in: cell, indicator: indicator).sums
        for sums in [matched.now, matched.then] {
          let b = sums.totals(in: cell, indicator: indicator).sums
          #expect(a.map(\.group) == b.map(\.group))
          #expect(a.map(\.sum) == b.map(\.sum))
        }
      }
    }
  }
}
