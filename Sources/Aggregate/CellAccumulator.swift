import SurveyModel

/// Adds up what rows contribute to (PSU or stratum, cell, indicator). Only pairs of group and cell that occur take
/// room, so the cost of a row does not grow with the number of PSUs.
struct CellAccumulator: Sendable {
  private let indicatorCount: Int
  private let grouping: Grouping
  private var slots: [Key: Int] = [:]
  private var keys: [Key] = []
  private var rows: [Int32] = []
  private var rowsYes: [Int32] = []
  private var weight: [Double] = []
  private var weightYes: [Double] = []
  private var squares: [Double] = []
  private var squaresYes: [Double] = []
  /// With replicate weights: by slot, by indicator, one sum a replicate, side by side.
  private var replicates: [Double] = []
  private var replicatesYes: [Double] = []

  /// What the sums are kept by, beside the cell.
  enum Grouping: Sendable, Equatable {
    case psu
    /// Every row is its own PSU: sums of squared weights stand for them.
    case stratum
    /// All rows together, once for each replicate weight.
    case replicates(Int)
  }

  private struct Key: Hashable {
    var group: Int32
    var cell: Int32
  }

  init(indicatorCount: Int, by grouping: Grouping) {
    self.indicatorCount = indicatorCount
    self.grouping = grouping
  }

  /// Adds one row (or unit) to one cell.
  ///
  /// - Parameters:
  ///   - group: The PSU or the stratum; with replicate weights always 0.
  ///   - weight: Greater than 0.
  ///   - replicateWeights: One a replicate; empty without.
  ///   - denominator, numerator: One bit an indicator.
  mutating func add(
    group: Int32, cell: Int32, weight rowWeight: Double, replicateWeights: ArraySlice<Double>,
    denominator: ArraySlice<UInt64>, numerator: ArraySlice<UInt64>
  ) {
    let base = slot(Key(group: group, cell: cell)) * indicatorCount
    let keepsSquares = grouping == .stratum
    var first = 0
    for (bits, yes) in zip(denominator, numerator) {
      var remaining = bits
      while remaining != 0 {
        let bit = remaining.trailingZeroBitCount
        remaining &= remaining - 1
        let place = base + first + bit
        rows[place] += 1
        weight[place] += rowWeight
        if keepsSquares { squares[place] += rowWeight * rowWeight }
        if !replicateWeights.isEmpty { Self.add(replicateWeights, to: &replicates, at: place) }
        if yes >> UInt64(bit) & 1 != 0 {
          if !replicateWeights.isEmpty { Self.add(replicateWeights, to: &replicatesYes, at: place) }
          rowsYes[place] += 1
          weightYes[place] += rowWeight
          if keepsSquares { squaresYes[place] += rowWeight * rowWeight }
        }
      }
      first += 64
    }
  }

  /// One dense addition for all replicates of a place.
  @inline(__always)
  private static func add(_ weights: ArraySlice<Double>, to sums: inout [Double], at place: Int) {
    weights.withUnsafeBufferPointer { weights in
      sums.withUnsafeMutableBufferPointer { sums in
        let first = place * weights.count
        for replicate in 0..<weights.count { sums[first + replicate] += weights[replicate] }
      }
    }
  }

  private mutating func slot(_ key: Key) -> Int {
    if let slot = slots[key] { return slot }
    let slot = keys.count
    slots[key] = slot
    keys.append(key)
    rows.append(contentsOf: repeatElement(0, count: indicatorCount))
    rowsYes.append(contentsOf: repeatElement(0, count: indicatorCount))
    weight.append(contentsOf: repeatElement(0, count: indicatorCount))
    weightYes.append(contentsOf: repeatElement(0, count: indicatorCount))
    switch grouping {
    case .psu: break
    case .stratum:
      squares.append(contentsOf: repeatElement(0, count: indicatorCount))
      squaresYes.append(contentsOf: repeatElement(0, count: indicatorCount))
    case .replicates(let count):
      replicates.append(contentsOf: repeatElement(0, count: indicatorCount * count))
      replicatesYes.append(contentsOf: repeatElement(0, count: indicatorCount * count))
    }
    return slot
  }

  /// The sums by cell and indicator, groups in ascending order.
  func totals(cellCount: Int) -> [[CellTotals]] {
    var slotsByCell: [[Int]] = Array(repeating: [], count: cellCount)
    for (slot, key) in keys.enumerated() { slotsByCell[Int(key.cell)].append(slot) }
    return slotsByCell.map { slots in
      let ordered = slots.sorted { keys[$0].group < keys[$1].group }
      return (0..<indicatorCount).map { indicator in
        switch grouping {
        case .psu: byPSU(ordered, indicator)
        case .stratum: byStratum(ordered, indicator)
        case .replicates(let count): byReplicate(ordered, indicator, count: count)
        }
      }
    }
  }

  private func byPSU(_ slots: [Int], _ indicator: Int) -> CellTotals {
    .byPSU(
      slots.compactMap { slot in
        let place = slot * indicatorCount + indicator
        guard rows[place] > 0 else { return nil }
        return PSUTotal(
          psu: Int(keys[slot].group), rows: Int(rows[place]), rowsYes: Int(rowsYes[place]), weight: weight[place],
          weightYes: weightYes[place])
      })
  }

  private func byStratum(_ slots: [Int], _ indicator: Int) -> CellTotals {
    .byStratum(
      slots.compactMap { slot in
        let place = slot * indicatorCount + indicator
        guard rows[place] > 0 else { return nil }
        return StratumTotal(
          stratum: Int(keys[slot].group), rows: Int(rows[place]), rowsYes: Int(rowsYes[place]),
          weight: weight[place], weightYes: weightYes[place], weightSquared: squares[place],
          weightSquaredYes: squaresYes[place])
      })
  }

  private func byReplicate(_ slots: [Int], _ indicator: Int, count: Int) -> CellTotals {
    // All rows are in group 0, so a cell has one slot.
    guard let slot = slots.first, rows[slot * indicatorCount + indicator] > 0 else { return .byReplicate(nil) }
    let place = slot * indicatorCount + indicator
    let range = place * count..<(place + 1) * count
    return .byReplicate(
      ReplicateTotal(
        rows: Int(rows[place]), rowsYes: Int(rowsYes[place]), weight: weight[place], weightYes: weightYes[place],
        replicateWeights: Array(replicates[range]), replicateWeightsYes: Array(replicatesYes[range])))
  }
}
