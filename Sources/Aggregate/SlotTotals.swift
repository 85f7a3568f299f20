import Kernels
import SurveyModel

/// The sums of an accumulator, arranged so that those of one indicator stand side by side: what Estimate asks for cell
/// by cell.
struct SlotTotals: TotalsSource {
  let indicatorCount: Int
  private let grouping: CellAccumulator.Grouping
  private let wordsPerRow: Int
  private let blockCount: Int
  /// By place in the order of groups, then parts: the group, the block of sums or -1, the slot.
  private let groups: [Int32]
  private let blocks: [Int32]
  private let slots: [Int32]
  /// By cell, the places of its slots, ascending.
  private let placesOfCell: [[Int32]]
  /// By indicator, then by block.
  private let columns: SumColumns
  private let squareColumns: SumColumns
  /// Of slots with one row.
  private let firstWeights: [Double]
  private let firstDenominators: [UInt64]
  private let firstNumerators: [UInt64]
  /// By slot, by indicator, by replicate.
  private let replicates: [Double]
  private let replicatesYes: [Double]

  /// - Parameter cellsOfPart: By part, its cells.
  init(_ sums: CellAccumulator, cellsOfPart: [[Int32]], cellCount: Int) {
    indicatorCount = sums.indicatorCount
    grouping = sums.grouping
    wordsPerRow = sums.wordsPerRow
    blockCount = sums.blockCount
    let pairs = sums.slots.pairs
    // Parts are few: order by part first, then stably by group.
    let order = pairs.indices.sorted { (pairs[$0].first, pairs[$0].second) < (pairs[$1].first, pairs[$1].second) }
    groups = order.map { pairs[$0].first }
    blocks = order.map { sums.blockOfSlot[$0] }
    slots = order.map { Int32($0) }
    var placesOfCell: [[Int32]] = Array(repeating: [], count: cellCount)
    for (place, slot) in order.enumerated() {
      for cell in cellsOfPart[Int(pairs[slot].second)] { placesOfCell[Int(cell)].append(Int32(place)) }
    }
    self.placesOfCell = placesOfCell
    columns = SumColumns(
      sums.sums, layout: sums.layout, blocks: sums.blockCount, indicators: sums.indicatorCount, counts: true)
    squareColumns = SumColumns(
      sums.squares, layout: sums.layout, blocks: sums.blockCount, indicators: sums.indicatorCount, counts: false)
    firstWeights = sums.firstWeights
    firstDenominators = sums.firstDenominators
    firstNumerators = sums.firstNumerators
    replicates = sums.replicates
    replicatesYes = sums.replicatesYes
  }

  func totals(cell: Int, indicator: Int) -> CellTotals {
    switch grouping {
    case .psu:
      .byPSU(
        sums(placesOfCell[cell], indicator, squared: false).map {
          PSUTotal(
            psu: $0.stratum, rows: $0.rows, rowsYes: $0.rowsYes, weight: $0.weight, weightYes: $0.weightYes)
        })
    case .stratum: .byStratum(sums(placesOfCell[cell], indicator, squared: true))
    case .replicates(let count): .byReplicate(byReplicate(placesOfCell[cell], indicator, count: count))
    }
  }

  /// The sums of the groups that have a row, in the shape of the widest of the forms.
  private func sums(_ places: [Int32], _ indicator: Int, squared: Bool) -> [StratumTotal] {
    var result: [StratumTotal] = []
    result.reserveCapacity(squared ? 64 : places.count)
    let word = indicator >> 6
    let bit = UInt64(indicator & 63)
    let column = indicator * blockCount
    var open = StratumTotal(
      stratum: -1, rows: 0, rowsYes: 0, weight: 0, weightYes: 0, weightSquared: 0, weightSquaredYes: 0)
    for place in places {
      let group = Int(groups[Int(place)])
      if group != open.stratum {
        if open.rows > 0 { result.append(open) }
        open = StratumTotal(
          stratum: group, rows: 0, rowsYes: 0, weight: 0, weightYes: 0, weightSquared: 0, weightSquaredYes: 0)
      }
      let block = Int(blocks[Int(place)])
      if block >= 0 {
        open.rows += Int(columns.rows[column + block])
        open.rowsYes += Int(columns.rowsYes[column + block])
        open.weight += columns.weight[column + block]
        open.weightYes += columns.weightYes[column + block]
        if squared {
          open.weightSquared += squareColumns.weight[column + block]
          open.weightSquaredYes += squareColumns.weightYes[column + block]
        }
      } else {
        let slot = Int(slots[Int(place)])
        guard firstDenominators[slot * wordsPerRow + word] >> bit & 1 != 0 else { continue }
        let weight = firstWeights[slot]
        open.rows += 1
        open.weight += weight
        open.weightSquared += weight * weight
        guard firstNumerators[slot * wordsPerRow + word] >> bit & 1 != 0 else { continue }
        open.rowsYes += 1
        open.weightYes += weight
        open.weightSquaredYes += weight * weight
      }
    }
    if open.rows > 0 { result.append(open) }
    return result
  }

  private func byReplicate(_ places: [Int32], _ indicator: Int, count: Int) -> ReplicateTotal? {
    // All rows are in group 0.
    guard let sum = sums(places, indicator, squared: false).first else { return nil }
    var total = ReplicateTotal(
      rows: sum.rows, rowsYes: sum.rowsYes, weight: sum.weight, weightYes: sum.weightYes,
      replicateWeights: Array(repeating: 0, count: count), replicateWeightsYes: Array(repeating: 0, count: count))
    for place in places {
      let first = (Int(slots[Int(place)]) * indicatorCount + indicator) * count
      for replicate in 0..<count {
        total.replicateWeights[replicate] += replicates[first + replicate]
        total.replicateWeightsYes[replicate] += replicatesYes[first + replicate]
      }
    }
    return total
  }
}

/// Blocks of sums turned into columns: by indicator, then by block.
private struct SumColumns: Sendable {
  private(set) var weight: [Double] = []
  private(set) var weightYes: [Double] = []
  private(set) var rows: [UInt32] = []
  private(set) var rowsYes: [UInt32] = []

  /// Some blocks at a time, so that both sides stay in the cache.
  private static let blocksAtOnce = 16

  init(_ sums: [UInt64], layout: WeightBlock, blocks: Int, indicators: Int, counts: Bool) {
    guard !sums.isEmpty else { return }
    weight = Array(repeating: 0, count: blocks * indicators)
    weightYes = weight
    if counts {
      rows = Array(repeating: 0, count: blocks * indicators)
      rowsYes = rows
    }
    let words = sums.span
    for first in stride(from: 0, to: blocks, by: Self.blocksAtOnce) {
      for indicator in 0..<indicators {
        for block in first..<min(first + Self.blocksAtOnce, blocks) {
          let sum = layout.sums(words, at: block * layout.words, indicator: indicator)
          let place = indicator * blocks + block
          weight[place] = sum.weight
          weightYes[place] = sum.weightYes
          guard counts else { continue }
          rows[place] = UInt32(truncatingIfNeeded: sum.rows)
          rowsYes[place] = UInt32(truncatingIfNeeded: sum.rowsYes)
        }
      }
    }
  }
}
