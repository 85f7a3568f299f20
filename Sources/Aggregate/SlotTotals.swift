import SurveyModel

/// The sums of an accumulator, arranged so that those of one indicator stand side by side: what Estimate asks for cell
/// by cell.
struct SlotTotals: TotalsSource {
  let indicatorCount: Int
  private let grouping: CellAccumulator.Grouping
  private let wordsPerRow: Int
  private let blockCount: Int
  /// By place in the order of groups, then parts: the group, the block of sums or -1, the slot. Blocks and first rows
  /// have the same order, so that a walk through the places is a walk through memory.
  private let groups: [Int32]
  private let blocks: [Int32]
  private let slots: [Int32]
  /// By cell, the places of its slots, ascending.
  private let placesOfCell: [[Int32]]
  /// By indicator, then by block.
  private let columns: SumColumns
  private let squareColumns: SumColumns
  /// By place, of the slot's first row.
  private let firstWeights: [Double]
  private let firstDenominators: [UInt64]
  private let firstNumerators: [UInt64]
  /// By slot, by indicator, by replicate.
  private let replicates: [Double]
  private let replicatesYes: [Double]
  private let directionsOfSlots: [DirectionSet]
  private let ranks: ReplicateRanks

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
    var blockOrder: [Int32] = []
    blockOrder.reserveCapacity(sums.blockCount)
    blocks = order.map { slot in
      guard sums.blockOfSlot[slot] >= 0 else { return -1 }
      blockOrder.append(sums.blockOfSlot[slot])
      return Int32(blockOrder.count - 1)
    }
    slots = order.map { Int32($0) }
    var placesOfCell: [[Int32]] = Array(repeating: [], count: cellCount)
    for (place, slot) in order.enumerated() {
      for cell in cellsOfPart[Int(pairs[slot].second)] { placesOfCell[Int(cell)].append(Int32(place)) }
    }
    self.placesOfCell = placesOfCell
    columns = SumColumns(
      sums.sums, layout: sums.layout, order: blockOrder, indicators: sums.indicatorCount, counts: true)
    squareColumns = SumColumns(
      sums.squares, layout: sums.layout, order: blockOrder, indicators: sums.indicatorCount, counts: false)
    let words = sums.wordsPerRow
    firstWeights = order.map { sums.firstWeights[$0] }
    firstDenominators = order.flatMap { sums.firstDenominators[$0 * words..<($0 + 1) * words] }
    firstNumerators = order.flatMap { sums.firstNumerators[$0 * words..<($0 + 1) * words] }
    replicates = sums.replicates
    replicatesYes = sums.replicatesYes
    directionsOfSlots = sums.directionsOfSlots
    ranks = ReplicateRanks(sums.directions)
  }

  func totals(cell: Int, indicator: Int) -> CellTotals {
    switch grouping {
    case .psu: .byPSU(byPSU(placesOfCell[cell], indicator))
    case .stratum: .byStratum(sums(placesOfCell[cell], indicator, squared: true))
    case .replicates(let count): .byReplicate(byReplicate(placesOfCell[cell], indicator, count: count))
    }
  }

  /// The sums of the PSUs that have a row. Without a branch on what a row answers, which is mistaken often.
  private func byPSU(_ places: [Int32], _ indicator: Int) -> [PSUTotal] {
    let word = indicator >> 6
    let bit = UInt64(indicator & 63)
    let column = indicator * blockCount
    // Unchecked: places, blocks and first rows were arranged together. It halves the time of many small PSUs.
    let (groups, blocks) = (groups.span, blocks.span)
    let (weights, denominators, numerators) = (firstWeights.span, firstDenominators.span, firstNumerators.span)
    let (blockWeights, blockWeightsYes) = (columns.weight.span, columns.weightYes.span)
    let (blockRows, blockRowsYes) = (columns.rows.span, columns.rowsYes.span)
    let places = places.span
    return [PSUTotal](unsafeUninitializedCapacity: places.count) { result, filled in
      var open = PSUTotal(psu: -1, rows: 0, rowsYes: 0, weight: 0, weightYes: 0)
      for index in places.indices {
        let place = Int(places[unchecked: index])
        let group = Int(groups[unchecked: place])
        if group != open.psu {
          // Written in any case, and kept if it has a row.
          if open.psu >= 0 {
            result.initializeElement(at: filled, to: open)
            filled += open.rows > 0 ? 1 : 0
          }
          open = PSUTotal(psu: group, rows: 0, rowsYes: 0, weight: 0, weightYes: 0)
        }
        let block = Int(blocks[unchecked: place])
        if block >= 0 {
          open.rows += Int(blockRows[unchecked: column + block])
          open.rowsYes += Int(blockRowsYes[unchecked: column + block])
          open.weight += blockWeights[unchecked: column + block]
          open.weightYes += blockWeightsYes[unchecked: column + block]
        } else {
          let first = place * wordsPerRow + word
          let isIn = denominators[unchecked: first] >> bit & 1
          let isYes = numerators[unchecked: first] >> bit & 1
          open.rows += Int(truncatingIfNeeded: isIn)
          open.rowsYes += Int(truncatingIfNeeded: isYes)
          open.weight += weights[unchecked: place] * Double(isIn)
          open.weightYes += weights[unchecked: place] * Double(isYes)
        }
      }
      if open.psu >= 0, open.rows > 0 {
        result.initializeElement(at: filled, to: open)
        filled += 1
      }
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
        let first = Int(place) * wordsPerRow + word
        guard firstDenominators[first] >> bit & 1 != 0 else { continue }
        let weight = firstWeights[Int(place)]
        open.rows += 1
        open.weight += weight
        open.weightSquared += weight * weight
        guard firstNumerators[first] >> bit & 1 != 0 else { continue }
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
    var directions = DirectionSet()
    for place in places {
      directions.formUnion(directionsOfSlots[Int(slots[Int(place)]) * indicatorCount + indicator])
      let first = (Int(slots[Int(place)]) * indicatorCount + indicator) * count
      for replicate in 0..<count {
        total.replicateWeights[replicate] += replicates[first + replicate]
        total.replicateWeightsYes[replicate] += replicatesYes[first + replicate]
      }
    }
    total.rank = ranks.rank(of: directions)
    return total
  }
}
