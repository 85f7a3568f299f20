import SurveyModel

/// The sums of two cycles over the units that are in the denominators of both.
struct MatchedSums {
  let later: LedgerView
  let earlier: LedgerView
  let nowSums: TableSums
  let thenSums: TableSums
  let dimensions: DimensionPairing?

  func sums(pairs: [(now: Int, then: Int)], population: [String: Double]?) -> (now: TableSums, then: TableSums) {
    var numbers = CellNumbers()
    var now = MatchedSide(later, cellNumbers: numbers.numbers(of: later) { $0 })
    // The earlier cycle's cells under the names of the later one.
    var then = MatchedSide(
      earlier, cellNumbers: numbers.numbers(of: earlier) { cell in dimensions.map { $0.now(of: cell) } ?? cell })
    let masks = PairMasks(pairs: pairs, now: later.ledger, then: earlier.ledger)
    let earlierEntries = EntriesByUnit(earlier.ledger)
    let laterEntries = EntriesByUnit(later.ledger)
    var samePlace = SameCells()
    for entry in 0..<later.ledger.count {
      let unit = later.ledger.units[entry]
      guard laterEntries.first(of: unit) == entry, let other = earlierEntries.first(of: unit) else { continue }
      if laterEntries.isLast(entry), earlierEntries.isLast(other),
        samePlace.hold(now.parts[entry], then.parts[other], { now.cells(of: $0) == then.cells(of: $1) })
      {
        // Nearly always: one answer then and now, in the same cells.
        guard later.ledger.weights[entry] > 0, earlier.ledger.weights[other] > 0 else { continue }
        if let mask = masks.word(entry, other) {
          now.add(entry, part: now.parts[entry], word: mask)
          then.add(other, part: then.parts[other], word: mask)
          continue
        }
        let mask = masks.both([entry], [other])
        now.add(entry, part: now.parts[entry], mask: mask.now)
        then.add(other, part: then.parts[other], mask: mask.then)
      } else {
        matchCellByCell(
          laterEntries.chain(from: entry), earlierEntries.chain(from: other), masks, now: &now, then: &then)
      }
    }
    var results = (now: now.tableSums(nowSums), then: then.tableSums(thenSums))
    if nowSums.design == .census {
      TableSums.makeOneSample(&results.now, &results.then, pairs: pairs, population: population)
    }
    return results
  }

  /// A unit that moved from one cell to another is matched only where it was both times.
  private func matchCellByCell(
    _ nowEntries: [Int], _ thenEntries: [Int], _ masks: PairMasks, now: inout MatchedSide, then: inout MatchedSide
  ) {
    var cells: [Int32] = []
    for entry in nowEntries {
      for cell in now.cells(of: now.parts[entry]) where !cells.contains(cell) { cells.append(cell) }
    }
    for cell in cells {
      let nowInCell = nowEntries.filter { now.cells(of: now.parts[$0]).contains(cell) }
      let thenInCell = thenEntries.filter { then.cells(of: then.parts[$0]).contains(cell) }
      guard !thenInCell.isEmpty else { continue }
      let mask = masks.both(nowInCell, thenInCell)
      for entry in nowInCell { now.add(entry, cell: cell, mask: mask.now) }
      for entry in thenInCell { then.add(entry, cell: cell, mask: mask.then) }
    }
  }
}

/// Whether the parts of two cycles lie in the same cells, remembered.
private struct SameCells {
  private var known: [Int64: Bool] = [:]

  mutating func hold(_ a: Int32, _ b: Int32, _ compare: (Int32, Int32) -> Bool) -> Bool {
    let key = Int64(a) << 32 | Int64(b)
    if let known = known[key] { return known }
    let result = compare(a, b)
    known[key] = result
    return result
  }
}
