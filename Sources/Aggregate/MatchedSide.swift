import Normalize
import SurveyModel

/// One cycle's part of a matched pair.
struct MatchedSide {
  /// Rows that are added up together.
  private static let rowsPerBatch = 1 << 14

  private let view: LedgerView
  private var layout: CellLayout
  /// By entry, its part of the cells.
  let parts: [Int32]
  /// By part, the numbers that both cycles have for its cells.
  private var sharedCells: [[Int32]]
  private var ownCell: [Int32: Int32] = [:]
  private var accumulator: CellAccumulator
  private var waiting = WeightedRows(count: 0, groups: [], parts: [], weights: [], denominator: [], numerator: [])
  private let groups: [Int32]

  /// - Parameter cellNumbers: By cell of the layout, the number that both cycles have for it, or -1.
  init(_ view: LedgerView, cellNumbers: [Int32]) {
    self.view = view
    layout = view.layout
    let ledger = view.ledger
    parts = layout.parts(of: ledger.members, rows: ledger.count)
    sharedCells = layout.cellsOfPart.map { cells in
      // A cell that no sum has: all its rows weigh 0.
      cells.compactMap { Int($0) < cellNumbers.count && cellNumbers[Int($0)] >= 0 ? cellNumbers[Int($0)] : nil }
    }
    for (cell, number) in cellNumbers.enumerated() where number >= 0 { ownCell[number] = Int32(cell) }
    groups = view.plan.groups(strata: ledger.strata, psus: ledger.psus, firstEntry: 0, rows: ledger.count)
    accumulator = CellAccumulator(indicatorCount: view.plan.indicators.count, by: view.plan.grouping)
  }

  func cells(of part: Int32) -> [Int32] { sharedCells[Int(part)] }

  /// Adds an entry to all cells of its part.
  mutating func add(_ entry: Int, part: Int32, mask: [UInt64]) {
    guard view.ledger.weights[entry] > 0 else { return }
    wait(entry, part: part)
    let ledger = view.ledger
    for (offset, word) in ledger.wordRange(entry).enumerated() {
      waiting.denominator.append(ledger.denominator[word] & mask[offset])
      waiting.numerator.append(ledger.numerator[word] & mask[offset])
    }
    if waiting.count >= Self.rowsPerBatch { flush() }
  }

  /// Adds an entry of positive weight, where a word holds the bits of all indicators.
  mutating func add(_ entry: Int, part: Int32, word mask: UInt64) {
    wait(entry, part: part)
    waiting.denominator.append(view.ledger.denominator[entry] & mask)
    waiting.numerator.append(view.ledger.numerator[entry] & mask)
    if waiting.count >= Self.rowsPerBatch { flush() }
  }

  private mutating func wait(_ entry: Int, part: Int32) {
    let ledger = view.ledger
    waiting.count += 1
    waiting.groups.append(groups[entry])
    waiting.parts.append(part)
    waiting.weights.append(ledger.weights[entry])
    if ledger.replicateCount > 0 {
      waiting.replicateWeights.append(contentsOf: ledger.replicateWeights[ledger.replicateRange(entry)])
    }
  }

  /// Adds an entry to one cell, by the number that both cycles have for it.
  mutating func add(_ entry: Int, cell: Int32, mask: [UInt64]) {
    guard let own = ownCell[cell] else { return }
    add(entry, part: layout.part(ofCell: own), mask: mask)
  }

  private mutating func flush() {
    accumulator.add(waiting)
    waiting.removeAll()
  }

  /// The sums of this cycle with those of the matched units in place of all.
  mutating func tableSums(_ all: TableSums) -> TableSums {
    flush()
    var result = all
    result.cells = layout.named { view.codes.members[$0][Int($1)] }
    result.totals = TotalsByCell(
      SlotTotals(accumulator, cellsOfPart: layout.cellsOfPart, cellCount: layout.memberNumbers.count))
    return result
  }
}

/// Which indicators count a unit: those in whose denominator it is in both cycles, as bits of the one and of the other.
struct PairMasks {
  private let pairs: [(now: Int, then: Int)]
  private let now: UnitLedger
  private let then: UnitLedger
  /// The bits of all pairs, where every pair has the same place in both cycles; nil otherwise.
  private let common: [UInt64]?

  init(pairs: [(now: Int, then: Int)], now: UnitLedger, then: UnitLedger) {
    self.pairs = pairs
    self.now = now
    self.then = then
    guard now.wordsPerEntry == then.wordsPerEntry, pairs.allSatisfy({ $0.now == $0.then }) else {
      common = nil
      return
    }
    var bits = Array(repeating: UInt64(0), count: now.wordsPerEntry)
    for pair in pairs { bits[pair.now >> 6] |= 1 << UInt64(pair.now & 63) }
    common = bits
  }

  /// The indicators in whose denominators both entries are, where one word holds them; nil otherwise.
  func word(_ nowEntry: Int, _ thenEntry: Int) -> UInt64? {
    guard let common, common.count == 1 else { return nil }
    return common[0] & now.denominator[nowEntry] & then.denominator[thenEntry]
  }

  func both(_ nowEntries: [Int], _ thenEntries: [Int]) -> (now: [UInt64], then: [UInt64]) {
    let inNow = inDenominator(of: now, nowEntries)
    let inThen = inDenominator(of: then, thenEntries)
    if let common {
      let mask = common.indices.map { common[$0] & inNow[$0] & inThen[$0] }
      return (mask, mask)
    }
    var result = (
      now: Array(repeating: UInt64(0), count: now.wordsPerEntry),
      then: Array(repeating: UInt64(0), count: then.wordsPerEntry)
    )
    for pair in pairs where inNow[...].hasBit(pair.now) && inThen[...].hasBit(pair.then) {
      result.now[pair.now >> 6] |= 1 << UInt64(pair.now & 63)
      result.then[pair.then >> 6] |= 1 << UInt64(pair.then & 63)
    }
    return result
  }

  /// The indicators in whose denominator some entry of positive weight is.
  private func inDenominator(of ledger: UnitLedger, _ entries: [Int]) -> [UInt64] {
    var bits = Array(repeating: UInt64(0), count: ledger.wordsPerEntry)
    for entry in entries where ledger.weights[entry] > 0 {
      for (offset, word) in ledger.wordRange(entry).enumerated() { bits[offset] |= ledger.denominator[word] }
    }
    return bits
  }
}
