import SurveyModel

/// Adds up what rows contribute to (PSU or stratum, cell, indicator). Only pairs of group and cell that occur take
/// room, so the cost of a row does not grow with the number of PSUs.
struct CellAccumulator: Sendable {
  private let indicatorCount: Int
  /// Sums of squared weights are needed only where every row is its own PSU.
  private let keepsSquares: Bool
  private var slots: [Key: Int] = [:]
  private var keys: [Key] = []
  private var rows: [Int32] = []
  private var rowsYes: [Int32] = []
  private var weight: [Double] = []
  private var weightYes: [Double] = []
  private var squares: [Double] = []
  private var squaresYes: [Double] = []

  private struct Key: Hashable {
    var group: Int32
    var cell: Int32
  }

  init(indicatorCount: Int, keepsSquares: Bool) {
    self.indicatorCount = indicatorCount
    self.keepsSquares = keepsSquares
  }

  /// Adds one row (or unit) to one cell.
  ///
  /// - Parameters:
  ///   - weight: Greater than 0.
  ///   - denominator, numerator: One bit an indicator.
  mutating func add(
    group: Int32, cell: Int32, weight rowWeight: Double, denominator: ArraySlice<UInt64>, numerator: ArraySlice<UInt64>
  ) {
    let base = slot(Key(group: group, cell: cell)) * indicatorCount
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
        if yes >> UInt64(bit) & 1 != 0 {
          rowsYes[place] += 1
          weightYes[place] += rowWeight
          if keepsSquares { squaresYes[place] += rowWeight * rowWeight }
        }
      }
      first += 64
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
    if keepsSquares {
      squares.append(contentsOf: repeatElement(0, count: indicatorCount))
      squaresYes.append(contentsOf: repeatElement(0, count: indicatorCount))
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
        keepsSquares ? byStratum(ordered, indicator) : byPSU(ordered, indicator)
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
}
