import Kernels
import Normalize
import SurveyModel

/// Rows (or units) to be added up, column by column; all have a weight greater than 0.
struct WeightedRows {
  var count: Int
  /// The PSU or the stratum; with replicate weights always 0.
  var groups: [Int32]
  /// Parts of the cell layout.
  var parts: [Int32]
  var weights: [Double]
  /// Row after row; empty without.
  var replicateWeights: [Double] = []
  /// One bit an indicator, row after row.
  var denominator: [UInt64]
  var numerator: [UInt64]
}

/// Adds up what rows contribute to (PSU or stratum, part of the cells, indicator). Only pairs of group and part that
/// occur take room, so the cost of a row does not grow with the number of PSUs. A pair with one row keeps the row; from
/// the second row on it has a sum for every indicator.
struct CellAccumulator: Sendable {
  /// What the sums are kept by, beside the cell.
  enum Grouping: Sendable, Equatable {
    case psu
    /// Every row is its own PSU: sums of squared weights stand for them.
    case stratum
    /// All rows together, once for each replicate weight.
    case replicates(Int)
  }

  let indicatorCount: Int
  let wordsPerRow: Int
  let grouping: Grouping
  let layout: WeightBlock
  /// Pairs of group and part.
  private(set) var slots = PairDictionary()
  /// By slot: its block of sums, or -1 while it has one row.
  private(set) var blockOfSlot: [Int32] = []
  /// By slot: the first row.
  private(set) var firstWeights: [Double] = []
  private(set) var firstDenominators: [UInt64] = []
  private(set) var firstNumerators: [UInt64] = []
  /// Block after block, as `layout` says; and with squared weights in place of the weights.
  private(set) var sums: [UInt64] = []
  private(set) var squares: [UInt64] = []
  /// With replicate weights: by slot, by indicator, one sum a replicate, side by side.
  private(set) var replicates: [Double] = []
  private(set) var replicatesYes: [Double] = []
  /// Of the rows' replicate weights: which there are, in all rows, and by slot, by indicator.
  private(set) var directions: ReplicateDirections
  private(set) var allDirections = DirectionSet()
  private(set) var directionsOfSlots: [DirectionSet] = []
  private(set) var blockCount = 0

  init(indicatorCount: Int, by grouping: Grouping) {
    self.indicatorCount = indicatorCount
    self.grouping = grouping
    wordsPerRow = (indicatorCount + 63) / 64
    layout = WeightBlock(indicators: indicatorCount)
    if case .replicates(let count) = grouping {
      directions = ReplicateDirections(width: count)
    } else {
      directions = ReplicateDirections(width: 0)
    }
  }

  /// Adds rows in their order.
  mutating func add(_ rows: WeightedRows) {
    guard rows.count > 0, indicatorCount > 0 else { return }
    var slots = rows.parts
    self.slots.number(rows.groups, &slots, rows: rows.count)
    let repeated = takeFirstRows(rows, slots: slots)
    if repeated.count == rows.count {
      addToBlocks(slots.map { UInt32(blockOfSlot[Int($0)]) }, rows.weights, rows.denominator, rows.numerator)
    } else if !repeated.isEmpty {
      addToBlocks(
        repeated.map { UInt32(blockOfSlot[Int(slots[$0])]) }, repeated.map { rows.weights[$0] },
        repeated.flatMap { rows.denominator[$0 * wordsPerRow..<($0 + 1) * wordsPerRow] },
        repeated.flatMap { rows.numerator[$0 * wordsPerRow..<($0 + 1) * wordsPerRow] })
    }
    if case .replicates(let count) = grouping { addReplicates(rows, slots: slots, count: count) }
  }

  /// Keeps the rows that are the first of their slot, and gives a block to slots that get a second one.
  ///
  /// - Returns: The other rows.
  private mutating func takeFirstRows(_ rows: WeightedRows, slots: [Int32]) -> [Int] {
    var repeated: [Int] = []
    repeated.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      let slot = Int(slots[row])
      if slot == blockOfSlot.count {
        blockOfSlot.append(-1)
        firstWeights.append(rows.weights[row])
        for word in row * wordsPerRow..<(row + 1) * wordsPerRow {
          firstDenominators.append(rows.denominator[word])
          firstNumerators.append(rows.numerator[word])
        }
        continue
      }
      if blockOfSlot[slot] < 0 { makeBlock(slot) }
      repeated.append(row)
    }
    return repeated
  }

  /// A block of sums that holds the slot's first row.
  private mutating func makeBlock(_ slot: Int) {
    blockOfSlot[slot] = Int32(blockCount)
    blockCount += 1
    sums.append(contentsOf: repeatElement(0, count: layout.words))
    if grouping == .stratum { squares.append(contentsOf: repeatElement(0, count: layout.words)) }
    let start = (blockCount - 1) * layout.words
    let weight = firstWeights[slot]
    for word in 0..<wordsPerRow {
      var bits = firstDenominators[slot * wordsPerRow + word]
      let yes = firstNumerators[slot * wordsPerRow + word]
      while bits != 0 {
        let bit = bits.trailingZeroBitCount
        bits &= bits - 1
        let isYes = yes >> UInt64(bit) & 1 != 0
        layout.setFirst(&sums, at: start, indicator: word << 6 + bit, weight: weight, isYes: isYes)
        guard grouping == .stratum else { continue }
        layout.setFirst(&squares, at: start, indicator: word << 6 + bit, weight: weight * weight, isYes: isYes)
      }
    }
  }

  private mutating func addToBlocks(
    _ blocks: [UInt32], _ weights: [Double], _ denominator: [UInt64], _ numerator: [UInt64]
  ) {
    Kernels.addWeights(
      rows: blocks.count, blocks: blocks, weights: weights, denominator: denominator, numerator: numerator,
      words: wordsPerRow, layout: layout, sums: &sums)
    guard grouping == .stratum else { return }
    Kernels.addWeights(
      rows: blocks.count, blocks: blocks, weights: weights.map { $0 * $0 }, denominator: denominator,
      numerator: numerator, words: wordsPerRow, layout: layout, sums: &squares)
  }

  /// One dense addition a row and indicator for all replicates; the rows of a slot together, so that its sums stay in
  /// registers while they pass by.
  private mutating func addReplicates(_ rows: WeightedRows, slots: [Int32], count: Int) {
    let needed = self.slots.pairs.count * indicatorCount * count
    if replicates.count < needed {
      replicates.append(contentsOf: repeatElement(0, count: needed - replicates.count))
      replicatesYes.append(contentsOf: repeatElement(0, count: needed - replicatesYes.count))
    }
    let missing = self.slots.pairs.count * indicatorCount - directionsOfSlots.count
    if missing > 0 { directionsOfSlots.append(contentsOf: repeatElement(DirectionSet(), count: missing)) }
    let numbers = directions.numbers(of: rows.replicateWeights, rows: rows.count)
    for number in numbers { allDirections.insert(number) }
    let bySlot = RowsBySlot(slots, slotCount: self.slots.pairs.count)
    var isIn: [UInt32] = []
    var isYes: [UInt32] = []
    for (slot, own) in bySlot {
      for indicator in 0..<indicatorCount {
        let (word, bit) = (indicator >> 6, UInt64(indicator & 63))
        isIn.removeAll(keepingCapacity: true)
        isYes.removeAll(keepingCapacity: true)
        for row in own where rows.denominator[Int(row) * wordsPerRow + word] >> bit & 1 != 0 {
          isIn.append(row &* UInt32(count))
          directionsOfSlots[slot * indicatorCount + indicator].insert(numbers[Int(row)])
          if rows.numerator[Int(row) * wordsPerRow + word] >> bit & 1 != 0 { isYes.append(row &* UInt32(count)) }
        }
        let place = (slot * indicatorCount + indicator) * count
        Self.add(isIn, of: rows.replicateWeights, count: count, to: &replicates, at: place)
        Self.add(isYes, of: rows.replicateWeights, count: count, to: &replicatesYes, at: place)
      }
    }
  }

  private static func add(_ rows: [UInt32], of weights: [Double], count: Int, to sums: inout [Double], at place: Int) {
    rows.withUnsafeBufferPointer { rows in
      weights.withUnsafeBufferPointer { weights in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let weights = weights.baseAddress, let sums = sums.baseAddress else { return }
          Kernels.addRows(count, values: weights, rows: rows, to: sums + place)
        }
      }
    }
  }
}

/// The rows of each slot that has any, in their order.
private struct RowsBySlot: Sequence, IteratorProtocol {
  private let rows: [UInt32]
  /// By slot, where its rows end in `rows`.
  private let ends: [Int]
  private var slot = 0

  /// - Parameter slots: By row.
  init(_ slots: [Int32], slotCount: Int) {
    var starts = Array(repeating: 0, count: slotCount + 1)
    for slot in slots { starts[Int(slot) + 1] += 1 }
    for slot in 0..<slotCount { starts[slot + 1] += starts[slot] }
    ends = Array(starts.dropFirst())
    var rows = Array(repeating: UInt32(0), count: slots.count)
    for (row, slot) in slots.enumerated() {
      rows[starts[Int(slot)]] = UInt32(truncatingIfNeeded: row)
      starts[Int(slot)] += 1
    }
    self.rows = rows
  }

  mutating func next() -> (slot: Int, rows: ArraySlice<UInt32>)? {
    while slot < ends.count {
      let start = slot == 0 ? 0 : ends[slot - 1]
      defer { slot += 1 }
      if ends[slot] > start { return (slot, rows[start..<ends[slot]]) }
    }
    return nil
  }
}
