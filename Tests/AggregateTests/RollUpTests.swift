import SurveyModel
import SurveyTestSupport
import Testing

@testable import Aggregate
@testable import Ingest
@testable import Normalize

@Suite("Rows rolled up to units by any, all and majority")
struct RollUpTests {
  static let rollUps = [RollUp.any, .all, .majority]

  private func expectSums(_ sums: TableSums, of rows: UnitRows, _ note: String) throws {
    #expect(Set(sums.cells.keys) == rows.cells, "\(note)")
    let (counted, answers) = (rows.counted, rows.answers)
    for cell in rows.cells {
      for indicator in 0..<rows.indicators {
        let totals = sums.totals(in: cell, indicator: indicator)
        let expected = rows.expected(cell, indicator, counted: counted, answers: answers)
        #expect(totals.sums.map(\.group) == expected.keys.sorted(), "\(note)")
        let inDenominator = totals.sums.map(\.sum.rows).reduce(0, +)
        let leftOut = sums.leftOut(of: cell, indicator: indicator, inDenominator: inDenominator)
        #expect(leftOut == rows.leftOut(cell, indicator, counted: counted, answers: answers), "\(note)")
        for (group, sum) in totals.sums {
          let other = try #require(expected[group])
          #expect(sum.rows == other.sum.rows && sum.rowsYes == other.sum.rowsYes, "\(note)")
          #expect(areClose(sum.weight, other.sum.weight, relative: 1e-12), "\(note)")
          #expect(areClose(sum.weightYes, other.sum.weightYes, relative: 1e-12), "\(note)")
          if case .byStratum = totals {
            #expect(areClose(sum.squared, other.sum.squared, relative: 1e-12), "\(note)")
            #expect(areClose(sum.squaredYes, other.sum.squaredYes, relative: 1e-12), "\(note)")
          }
          if case .byReplicate(let total?) = totals {
            #expect(total.replicateWeights.count == rows.replicateCount)
            for index in 0..<rows.replicateCount {
              #expect(areClose(total.replicateWeights[index], other.replicates[index], relative: 1e-12), "\(note)")
              #expect(
                areClose(total.replicateWeightsYes[index], other.replicatesYes[index], relative: 1e-12), "\(note)")
            }
          }
        }
      }
    }
  }

  @Test(arguments: rollUps, UnitRows.Groups.allCases)
  func everyCellAndIndicator(_ rollUp: RollUp, _ groups: UnitRows.Groups) throws {
    for seed in UInt64(1)...4 {
      let rows = UnitRows.random(seed: seed, rollUp: rollUp, groups: groups)
      try expectSums(rows.tally(batchSizes: [7, 1, 64]).sums, of: rows, "seed \(seed)")
    }
  }

  @Test(arguments: rollUps) func moreIndicatorsThanAWordHasBits(_ rollUp: RollUp) throws {
    for groups in [UnitRows.Groups.strata, .replicates] {
      let rows = UnitRows.random(seed: 9, rollUp: rollUp, groups: groups, units: 15, indicators: 70)
      try expectSums(rows.tally(batchSizes: [13]).sums, of: rows, "70 indicators")
    }
  }

  @Test(arguments: rollUps, UnitRows.Groups.allCases)
  func batchesMakeNoDifferenceToABit(_ rollUp: RollUp, _ groups: UnitRows.Groups) throws {
    let rows = UnitRows.random(seed: 11, rollUp: rollUp, groups: groups)
    func text(_ sizes: [Int]) throws -> String {
      let sums = try rows.tally(batchSizes: sizes).sums
      return sums.cells.map { "\($0.key.printedMembers) \(sums.totals[$0.value])" }.sorted().joined(separator: "\n")
    }
    let whole = try text([1000])
    for sizes in [[1], [3, 64, 1], [65]] { #expect(try text(sizes) == whole, "\(sizes)") }
  }

  @Test(arguments: rollUps) func everyUnitWithAUsedRowIsSampled(_ rollUp: RollUp) throws {
    for groups in [UnitRows.Groups.strata, .units, .psus] {
      let rows = UnitRows.random(seed: 3, rollUp: rollUp, groups: groups)
      let sums = try rows.tally(batchSizes: [10]).sums
      for stratum in 0..<UnitRows.strata {
        let here = rows.counted.map { rows.units[$0] }.filter { $0.stratum == stratum }
        #expect(sums.sampledPSUs[stratum] == (groups == .psus ? Set(here.map(\.psu)).count : here.count))
      }
    }
  }

  // MARK: - By hand

  /// One unit, one indicator; rows as (weight in tenths, in the denominator, in the numerator).
  private func unit(_ rollUp: RollUp, _ answers: [(tenths: Int, isIn: Bool, isYes: Bool)]) throws -> Rows.Sum? {
    let rows = UnitRows(
      rows: answers.map { UnitRows.Row(unit: 0, tenths: $0.tenths, isYes: [$0.isYes], isIn: [$0.isIn]) },
      units: [UnitRows.Unit(weight: 2.5)], rollUp: rollUp, groups: .strata, indicators: 1)
    return try rows.tally(batchSizes: [1]).sums.totals(in: Cell(members: [nil, nil]), indicator: 0).sums.first?.sum
  }

  @Test func aTieIsNoMajority() throws {
    // 0.1 + 0.2 is a little more than 0.3 in binary fractions.
    let tie = [(1, true, true), (2, true, true), (3, true, false)]
    #expect(try unit(.majority, tie)?.rowsYes == 0)
    #expect(try unit(.majority, Array(tie.reversed()))?.rowsYes == 0)
    #expect(try unit(.majority, tie + [(1, true, true)])?.rowsYes == 1)
    #expect(try unit(.majority, [(1, true, true), (1, true, false)])?.rowsYes == 0)
  }

  @Test func aUnitCountsOnceWithItsOwnWeight() throws {
    for rollUp in Self.rollUps {
      let sum = try unit(rollUp, [(1, true, true), (7, true, true), (30, true, true)])
      #expect(sum == Rows.Sum(rows: 1, rowsYes: 1, weight: 2.5, weightYes: 2.5, squared: 6.25, squaredYes: 6.25))
    }
  }

  @Test func rowsOutsideTheDenominatorAndOfWeightZeroHaveNoSay() throws {
    for rollUp in Self.rollUps {
      // The numerator counts only inside the denominator.
      #expect(try unit(rollUp, [(1, true, false), (9, false, true)])?.rowsYes == 0)
      #expect(try unit(rollUp, [(9, false, false), (1, true, true)])?.rowsYes == 1)
      #expect(try unit(rollUp, [(0, true, false), (1, true, true)])?.rowsYes == 1)
      #expect(try unit(rollUp, [(1, true, true), (0, true, false)])?.rowsYes == 1)
      #expect(try unit(rollUp, [(0, true, true), (1, false, true)]) == nil)
    }
  }

  // MARK: - What must not vary within a unit

  @Test func aDimensionThatVariesIsDroppedAndTheUnitNamed() throws {
    for rollUp in Self.rollUps {
      var rows = UnitRows.random(seed: 5, rollUp: rollUp, groups: .strata)
      rows.rows = rows.rows.filter(\.isUsed)
      let unit = try #require(rows.rows.first?.unit)
      let line = try #require(rows.rows.lastIndex { $0.unit == unit })
      #expect(line > 0)
      rows.spoil = { batch in
        for row in 0..<batch.rowCount where batch.records.lines[row] == line + 2 {
          batch.members[1][row] = 1 - batch.members[1][row]
        }
      }
      let sums = try rows.tally(batchSizes: [9]).sums
      #expect(sums.varyingDimensions == [1: "u\(unit)"])
      #expect(sums.dimensions == [0])
      #expect(sums.cells.keys.allSatisfy { $0.members[1] == nil })
      #expect(Set(sums.cells.keys) == rows.cells.filter { $0.members[1] == nil })
      for cell in sums.cells.keys {
        let expected = rows.expected(cell, 0, counted: rows.counted, answers: rows.answers)
        let found = sums.totals(in: cell, indicator: 0).sums
        #expect(found.reduce(0) { $0 + $1.sum.rows } == expected.values.reduce(0) { $0 + $1.sum.rows })
      }
    }
  }

  enum Constant: String, Sendable, CaseIterable {
    case stratum
    case psu = "PSU"
    case unitWeight = "unit weight"
    case replicates = "replicate weights"
  }

  @Test(arguments: rollUps, Constant.allCases)
  func whatTheDesignSaysOfAUnitMustNotVary(_ rollUp: RollUp, _ constant: Constant) throws {
    var rows = UnitRows.random(seed: 6, rollUp: rollUp, groups: constant == .replicates ? .replicates : .psus)
    rows.rows = rows.rows.filter(\.isUsed)
    let unit = try #require(rows.rows.first { row in rows.rows.count { $0.unit == row.unit } > 2 }?.unit)
    let first = try #require(rows.rows.firstIndex { $0.unit == unit })
    let last = try #require(rows.rows.lastIndex { $0.unit == unit })
    let count = rows.replicateCount
    rows.spoil = { batch in
      for row in 0..<batch.rowCount where batch.records.lines[row] == last + 2 {
        switch constant {
        case .stratum: batch.strata[row] = (batch.strata[row] + 1) % 3
        case .psu: batch.psus[row] = (batch.psus[row] + 1) % 30
        case .unitWeight: batch.unitWeights[row] += 1
        case .replicates: batch.replicateWeights[row * count + count - 1] += 0.5
        }
      }
    }
    do {
      _ = try rows.tally(batchSizes: [16])
      Issue.record("nothing was thrown")
    } catch let error as DataError {
      guard case .unitVaries(let name, let what, let firstLine, let location) = error else {
        Issue.record(error)
        return
      }
      #expect(name == "u\(unit)")
      #expect(what == constant.rawValue)
      #expect(firstLine == first + 2)
      #expect(location.line == last + 2)
      #expect(error.exitStatus == .unacceptableData)
    }
  }

  // MARK: - Replicate weights without a roll-up that combines

  /// Of each replicate the sums of the rows; under `latest` those of the row that stays.
  @Test(arguments: [RollUp.none, .latest]) func replicateSumsAreThoseOfTheRows(_ rollUp: RollUp) throws {
    var rows = UnitRows.random(seed: 8, rollUp: rollUp, groups: .replicates)
    // Every row has replicate weights of its own.
    let own = rows.rows.indices.map { row in (0..<5).map { Double((row * 7 + $0 * 3) % 11) - 2 } }
    rows.spoil = { batch in
      for row in 0..<batch.rowCount {
        batch.replicateWeights.replaceSubrange(row * 5..<row * 5 + 5, with: own[batch.records.lines[row] - 2])
      }
      batch.submitted = Array(repeating: 0, count: batch.rowCount)
    }
    let sums = try rows.tally(batchSizes: [7, 30]).sums
    let used = rows.rows.indices.filter { rows.rows[$0].isUsed }
    // Dates are all the same: the last row of a unit stays.
    let counted = used.filter { row in
      rollUp == .none || !used.contains { $0 > row && rows.rows[$0].unit == rows.rows[row].unit }
    }
    for cell in rows.cells {
      for indicator in 0..<rows.indicators {
        let here = counted.filter {
          let row = rows.rows[$0]
          return row.tenths > 0 && row.isIn[indicator] && !row.isUnreadable(indicator)
            && !row.isBaseUnreadable(indicator)
            && UnitRows.lies(rows.units[row.unit], in: cell)
        }
        guard case .byReplicate(let found) = sums.totals(in: cell, indicator: indicator) else {
          #expect(here.isEmpty)
          continue
        }
        #expect((found?.rows ?? 0) == here.count)
        for replicate in 0..<5 {
          let weight = here.reduce(0) { $0 + own[$1][replicate] }
          let yes = here.filter { rows.rows[$0].isYes[indicator] }.reduce(0) { $0 + own[$1][replicate] }
          // Whole numbers: the sums are exact.
          #expect((found?.replicateWeights[replicate] ?? 0) == weight)
          #expect((found?.replicateWeightsYes[replicate] ?? 0) == yes)
        }
      }
    }
  }
}
