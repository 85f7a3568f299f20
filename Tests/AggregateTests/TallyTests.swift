import SurveyModel
import SurveyTestSupport
import Testing

@testable import Aggregate

@Suite("The tally against sums row by row")
struct TallyTests {
  struct Plan: Sendable, CustomTestStringConvertible {
    var design = TableSums.Design.sample
    var rollUp = RollUp.none
    var hasPSUColumn = false
    var linksUnits = false
    var groups: Rows.Groups
    var testDescription: String {
      "\(design), roll-up \(rollUp), \(hasPSUColumn ? "PSU column" : "no PSU column"), links units: \(linksUnits)"
    }
  }

  static let plans = [
    Plan(groups: .strata),
    Plan(hasPSUColumn: true, groups: .psus),
    Plan(linksUnits: true, groups: .rows),
    Plan(hasPSUColumn: true, linksUnits: true, groups: .psus),
    Plan(rollUp: .latest, groups: .strata),
    Plan(rollUp: .latest, linksUnits: true, groups: .rows),
    Plan(rollUp: .latest, hasPSUColumn: true, groups: .psus),
    Plan(design: .census, groups: .rows),
    Plan(design: .census, hasPSUColumn: true, groups: .psus),
    Plan(design: .census, rollUp: .latest, hasPSUColumn: true, linksUnits: true, groups: .psus),
    Plan(design: .census, rollUp: .latest, linksUnits: true, groups: .rows),
    Plan(design: .register, groups: .strata),
    Plan(design: .register, linksUnits: true, groups: .strata),
  ]

  private static func rows(_ plan: Plan, seed: UInt64, indicators: Int = 3) -> Rows {
    var rows = Rows.random(seed: seed, indicators: indicators)
    rows.design = plan.design
    rows.rollUp = plan.rollUp
    rows.hasPSUColumn = plan.hasPSUColumn
    rows.linksUnits = plan.linksUnits
    return rows
  }

  private func expectSums(_ sums: TableSums, of rows: Rows, _ plan: Plan, _ note: String) throws {
    #expect(Set(sums.cells.keys) == Set(rows.cells), "\(note)")
    for cell in rows.cells {
      for indicator in 0..<rows.indicators {
        let totals = sums.totals(in: cell, indicator: indicator).sums
        let expected = rows.expected(cell, indicator, groups: plan.groups)
        #expect(totals.map(\.group) == expected.keys.sorted(), "\(note)")
        let inDenominator = totals.map(\.sum.rows).reduce(0, +)
        let leftOut = sums.leftOut(of: cell, indicator: indicator, inDenominator: inDenominator)
        #expect(leftOut == rows.leftOut(cell, indicator), "\(note)")
        for (group, sum) in totals {
          let other = try #require(expected[group])
          #expect(sum.rows == other.rows && sum.rowsYes == other.rowsYes, "\(note)")
          #expect(areClose(sum.weight, other.weight, relative: 1e-12), "\(note)")
          #expect(areClose(sum.weightYes, other.weightYes, relative: 1e-12), "\(note)")
          guard plan.groups == .strata else { continue }
          #expect(areClose(sum.squared, other.squared, relative: 1e-12), "\(note)")
          #expect(areClose(sum.squaredYes, other.squaredYes, relative: 1e-12), "\(note)")
        }
      }
    }
  }

  @Test(arguments: plans) func everyCellAndIndicator(plan: Plan) throws {
    for seed in UInt64(1)...5 {
      let rows = Self.rows(plan, seed: seed)
      try expectSums(rows.tally().sums, of: rows, plan, "seed \(seed)")
    }
  }

  /// 70 indicators need a second word of bits.
  @Test func moreIndicatorsThanAWordHasBits() throws {
    for plan in [Self.plans[0], Self.plans[1], Self.plans[5]] {
      let rows = Self.rows(plan, seed: 3, indicators: 70)
      try expectSums(rows.tally().sums, of: rows, plan, "70 indicators")
    }
  }

  @Test(arguments: plans) func sampledPSUsAreThoseOfTheRowsThatCount(plan: Plan) {
    for seed in UInt64(1)...5 {
      let rows = Self.rows(plan, seed: seed)
      let counted = rows.counted
      let sums = rows.tally().sums
      for stratum in 0..<Rows.strata {
        let here = counted.filter { $0.stratum == stratum }
        let expected = plan.hasPSUColumn && plan.groups == .psus ? Set(here.map(\.psu)).count : here.count
        // A PSU column without a ledger is trusted: Normalize numbers only PSUs of used rows.
        if plan.hasPSUColumn, !plan.linksUnits, plan.rollUp == .none {
          #expect(sums.sampledPSUs[stratum] >= expected, "seed \(seed)")
        } else {
          #expect(sums.sampledPSUs[stratum] == expected, "seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: plans.filter { $0.design == .census }) func aCensusKnowsWhoseStatusIsKnown(plan: Plan) {
    for seed in UInt64(1)...5 {
      let rows = Self.rows(plan, seed: seed)
      let sums = rows.tally().sums
      for indicator in 0..<rows.indicators {
        var expected: Set<Int> = []
        for (place, row) in rows.counted.enumerated() where rows.isKnown(row, indicator) {
          expected.insert(plan.groups == .psus ? row.stratum * 10 + row.psu : place)
        }
        #expect(sums.knownPSUs[indicator] == expected.sorted(), "seed \(seed)")
      }
    }
  }

  @Test(arguments: plans) func cellsOfAGroupingAddUpToTheTotal(plan: Plan) {
    for seed in UInt64(20)...26 {
      let rows = Self.rows(plan, seed: seed)
      let sums = rows.tally().sums
      for indicator in 0..<rows.indicators {
        func n(_ cell: Cell) -> Int {
          sums.totals(in: cell, indicator: indicator).sums.reduce(0) { $0 + $1.sum.rows }
        }
        let total = n(Cell(members: [nil, nil]))
        for grouping in rows.groupings {
          let cells = sums.cells.keys.filter { $0.grouping == grouping }
          #expect(cells.reduce(0) { $0 + n($1) } == total, "seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: plans) func whereTheFileIsCutDoesNotMatter(plan: Plan) throws {
    let rows = Self.rows(plan, seed: 31)
    let whole = rows.tally(batchSizes: [rows.rows.count]).sums
    for sizes in [[1], [2, 3], [63, 65], [64]] {
      let cut = rows.tally(batchSizes: sizes).sums
      #expect(cut.cells == whole.cells)
      #expect(cut.sampledPSUs == whole.sampledPSUs)
      for cell in whole.cells.keys {
        for indicator in 0..<rows.indicators {
          let a = whole.totals(in: cell, indicator: indicator).sums
          let b = cut.totals(in: cell, indicator: indicator).sums
          // The very same additions in the very same order.
          #expect(a.map(\.group) == b.map(\.group) && a.map(\.sum) == b.map(\.sum))
        }
      }
    }
  }

  @Test(arguments: plans.filter { $0.rollUp == .none && $0.groups != .rows })
  func theOrderOfTheRowsDoesNotMatter(plan: Plan) {
    for seed in UInt64(40)...46 {
      var generator = SeededGenerator(seed: seed)
      let rows = Self.rows(plan, seed: seed)
      var shuffled = rows
      shuffled.rows.shuffle(using: &generator)
      let a = rows.tally().sums
      let b = shuffled.tally().sums
      #expect(a.sampledPSUs == b.sampledPSUs)
      #expect(a.knownPSUs == b.knownPSUs)
      #expect(Set(a.cells.keys) == Set(b.cells.keys))
      for cell in a.cells.keys {
        for indicator in 0..<rows.indicators {
          let pairs = zip(
            a.totals(in: cell, indicator: indicator).sums, b.totals(in: cell, indicator: indicator).sums)
          for (x, y) in pairs {
            #expect(x.group == y.group && x.sum.rows == y.sum.rows && x.sum.rowsYes == y.sum.rowsYes)
            #expect(areClose(x.sum.weight, y.sum.weight, relative: 1e-12))
            #expect(areClose(x.sum.squaredYes, y.sum.squaredYes, relative: 1e-12))
          }
        }
      }
    }
  }

  // MARK: - The latest row of a unit

  @Test(
    arguments: [
      (why: "the later date stays", dates: [3, 5, 4], stays: 1),
      (why: "a tie goes to the later row", dates: [5, 5, 5], stays: 2),
      (why: "an empty date is the oldest", dates: [1, nil, nil], stays: 0),
      (why: "of empty dates the later row", dates: [nil, nil, nil], stays: 2),
      (why: "a tie behind an older row", dates: [5, 2, 5], stays: 2),
      (why: "an empty date after a date", dates: [nil, 7, nil], stays: 1),
    ] as [(why: String, dates: [Int64?], stays: Int)])
  func latest(aCase: (why: String, dates: [Int64?], stays: Int)) {
    var rows = Rows(rows: [], indicators: 1)
    rows.rollUp = .latest
    for (place, date) in aCase.dates.enumerated() {
      rows.rows.append(
        Rows.Row(
          unit: 1, submitted: date, weight: Double(place + 1), stratum: place, psu: 0, members: [place, 0],
          isYes: [place == aCase.stays], isIn: [true], isEligible: [true], isUsed: true))
    }
    let finished = rows.tally(batchSizes: [1])
    let total = finished.sums.totals(in: Cell(members: [nil, nil]), indicator: 0).sums
    #expect(total.map(\.sum.rows) == [1], "\(aCase.why)")
    #expect(total.map(\.sum.rowsYes) == [1], "\(aCase.why)")
    #expect(total.map(\.sum.weight) == [Double(aCase.stays + 1)], "\(aCase.why)")
    // Its stratum, its cells; nothing is left of the others.
    #expect(finished.sums.sampledPSUs == (0..<3).map { $0 == aCase.stays ? 1 : 0 })
    #expect(
      finished.sums.cells.keys.filter { $0.grouping == [0] } == [Cell(members: [["a", "b", "c"][aCase.stays], nil])])
    #expect(
      rows.superseded().map(\.line).sorted() == (0..<3).filter { $0 != aCase.stays }.map { $0 + 2 }, "\(aCase.why)")
    #expect(rows.superseded().allSatisfy { $0.unit == "u1" })
  }

  @Test func everyRowOfAUnitButOneIsListedAsSuperseded() {
    for seed in UInt64(1)...20 {
      let rows = Self.rows(Self.plans[4], seed: seed)
      let used = rows.rows.filter(\.isUsed)
      let superseded = rows.superseded()
      #expect(superseded.count == used.count - Set(used.map(\.unit)).count)
      #expect(Set(superseded.map(\.line)).count == superseded.count)
    }
  }

  @Test func aPSUOfSupersededRowsOnlyIsNotSampled() {
    var rows = Rows(rows: [], indicators: 1)
    rows.rollUp = .latest
    rows.hasPSUColumn = true
    for (place, psu) in [3, 4].enumerated() {
      rows.rows.append(
        Rows.Row(
          unit: 1, submitted: Int64(place), weight: 1, stratum: 0, psu: psu, members: [0, 0], isYes: [true],
          isIn: [true], isEligible: [true], isUsed: true))
    }
    let sums = rows.tally().sums
    #expect(sums.sampledPSUs == [1, 0, 0])
    #expect(sums.psusInSample(indicator: 0) == [4])
  }

  @Test func aNumeratorOutsideItsDenominatorDoesNotCount() {
    var rows = Rows(rows: [], indicators: 2)
    rows.rows = [
      Rows.Row(
        unit: 0, submitted: nil, weight: 1, stratum: 0, psu: 0, members: [0, 0], isYes: [true, true],
        isIn: [false, true], isEligible: [true, false], isUsed: true)
    ]
    let sums = rows.tally().sums
    for indicator in 0..<2 {
      #expect(sums.totals(in: Cell(members: [nil, nil]), indicator: indicator).sums.isEmpty)
    }
  }

  @Test func anEmptyTableHasATotalWithoutRows() {
    for plan in Self.plans {
      var rows = Self.rows(plan, seed: 1)
      rows.rows = []
      let sums = rows.tally().sums
      #expect(sums.cells == [Cell(members: [nil, nil]): 0])
      #expect(sums.totals(in: Cell(members: [nil, nil]), indicator: 0).sums.isEmpty)
    }
  }
}
