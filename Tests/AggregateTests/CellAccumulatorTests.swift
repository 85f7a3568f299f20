import SurveyModel
import SurveyTestSupport
import Testing

@testable import Aggregate

@Suite("Sums by group and part")
struct CellAccumulatorTests {
  private struct Row {
    var group: Int32
    var part: Int32
    var weight: Double
    var replicates: [Double]
    var isIn: [Bool]
    var isYes: [Bool]
  }

  /// Part 2 lies in no cell but the total; part 3 in none of the cells that part 0 lies in but the total.
  private static let cellsOfPart: [[Int32]] = [[0, 1, 3], [0, 2, 3], [0], [0, 2, 4]]

  private static func rows(seed: UInt64, groups: Int32, indicators: Int, count: Int = 120) -> [Row] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let isIn = (0..<indicators).map { _ in Int.random(in: 0..<4, using: &generator) > 0 }
      return Row(
        group: Int32.random(in: 0..<groups, using: &generator), part: Int32.random(in: 0..<4, using: &generator),
        // Whole numbers: sums are exact in any order.
        weight: Double(Int.random(in: 1...50, using: &generator)),
        replicates: (0..<3).map { _ in Double(Int.random(in: -9...9, using: &generator)) }, isIn: isIn,
        isYes: isIn.map { $0 && Bool.random(using: &generator) })
    }
  }

  private static func words(_ bits: [Bool]) -> [UInt64] {
    var words = Array(repeating: UInt64(0), count: (bits.count + 63) / 64)
    for (place, bit) in bits.enumerated() where bit { words[place >> 6] |= 1 << UInt64(place & 63) }
    return words
  }

  private static func sums(
    _ rows: [Row], by grouping: CellAccumulator.Grouping, indicators: Int, batches: [Int]
  ) -> SlotTotals {
    var accumulator = CellAccumulator(indicatorCount: indicators, by: grouping)
    var start = 0
    var turn = 0
    while start < rows.count {
      let part = rows[start..<min(rows.count, start + batches[turn % batches.count])]
      var weighted = WeightedRows(
        count: part.count, groups: part.map(\.group), parts: part.map(\.part), weights: part.map(\.weight),
        denominator: part.flatMap { words($0.isIn) }, numerator: part.flatMap { words($0.isYes) })
      if case .replicates = grouping {
        weighted.groups = part.map { _ in 0 }
        weighted.replicateWeights = part.flatMap(\.replicates)
      }
      accumulator.add(weighted)
      start += part.count
      turn += 1
    }
    return SlotTotals(accumulator, cellsOfPart: cellsOfPart, cellCount: 5)
  }

  private static func sum(_ rows: some Sequence<Row>, _ indicator: Int) -> Rows.Sum {
    var sum = Rows.Sum()
    for row in rows where row.isIn[indicator] { sum.add(row.weight, isYes: row.isYes[indicator]) }
    return sum
  }

  private func expectSums(
    _ totals: SlotTotals, of rows: [Row], by grouping: CellAccumulator.Grouping, indicators: Int, _ note: String
  ) {
    for cell in 0..<5 {
      let here = rows.filter { Self.cellsOfPart[Int($0.part)].contains(Int32(cell)) }
      for indicator in 0..<indicators {
        let found = totals.totals(cell: cell, indicator: indicator)
        let groups = Dictionary(grouping: here.filter { $0.isIn[indicator] }) { row in
          if case .replicates = grouping { 0 } else { Int(row.group) }
        }
        #expect(found.sums.map(\.group) == groups.keys.sorted(), "\(note)")
        for (group, sum) in found.sums {
          var expected = Self.sum(groups[group] ?? [], indicator)
          if grouping != .stratum { (expected.squared, expected.squaredYes) = (0, 0) }
          #expect(sum == expected, "\(note), cell \(cell), indicator \(indicator), group \(group)")
        }
        guard case .byReplicate(let total?) = found else { continue }
        for replicate in 0..<3 {
          let all = here.filter { $0.isIn[indicator] }
          #expect(total.replicateWeights[replicate] == all.reduce(0) { $0 + $1.replicates[replicate] })
          #expect(
            total.replicateWeightsYes[replicate]
              == all.filter { $0.isYes[indicator] }.reduce(0) { $0 + $1.replicates[replicate] })
        }
      }
    }
  }

  @Test(arguments: [CellAccumulator.Grouping.psu, .stratum, .replicates(3)], [1, 7, 8, 9, 64, 65, 130])
  func everyCellIndicatorAndGroup(grouping: CellAccumulator.Grouping, indicators: Int) {
    // Few groups: all slots have many rows. Many: nearly all have one.
    for groups in [Int32(3), 20, 5000] {
      let rows = Self.rows(seed: UInt64(groups) + UInt64(indicators), groups: groups, indicators: indicators)
      for batches in [[1], [500], [1, 40, 3]] {
        expectSums(
          Self.sums(rows, by: grouping, indicators: indicators, batches: batches), of: rows, by: grouping,
          indicators: indicators, "\(groups) groups, \(batches)")
      }
    }
  }

  /// A row that is alone in its slot, and the same row with one of no indicator beside it.
  @Test(arguments: [CellAccumulator.Grouping.psu, .stratum, .replicates(3)])
  func oneRowIsASum(grouping: CellAccumulator.Grouping) {
    var rows = Self.rows(seed: 3, groups: 5000, indicators: 70, count: 60)
    for (place, _) in rows.enumerated() {
      rows[place].group = Int32(place)
      rows[place].weight = Double(place) + 0.1
      rows[place].replicates = [0.3, -0.7, Double(place) / 3]
    }
    let beside = rows.map { row in
      var other = row
      other.isIn = row.isIn.map { _ in false }
      other.isYes = other.isIn
      other.replicates = [1e9, 1e9, 1e9]
      return other
    }
    let alone = Self.sums(rows, by: grouping, indicators: 70, batches: [60])
    for blocks in [
      Self.sums(rows + beside, by: grouping, indicators: 70, batches: [60]),
      Self.sums(beside + rows, by: grouping, indicators: 70, batches: [7]),
      Self.sums(rows + beside, by: grouping, indicators: 70, batches: [1000]),
    ] {
      for cell in 0..<5 {
        for indicator in 0..<70 {
          let (a, b) = (alone.totals(cell: cell, indicator: indicator), blocks.totals(cell: cell, indicator: indicator))
          #expect(a.sums.map(\.group) == b.sums.map(\.group))
          #expect(a.sums.map(\.sum) == b.sums.map(\.sum))
        }
      }
    }
  }
}
