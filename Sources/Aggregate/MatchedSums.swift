import SurveyModel

/// The units of a finished table, ready to be matched with those of another cycle.
public struct LedgerView: Sendable {
  let ledger: UnitLedger
  let layout: CellLayout
  let codes: TableCodes
  let plan: TallyPlan

  /// The sums of two cycles over the units that are in the denominators of both, indicator by indicator and cell by
  /// cell.
  ///
  /// - Parameters:
  ///   - pairs: Which indicators are the same: their places in the later and the earlier table.
  ///   - dimensions: Which dimensions are the same; nil: all, in the same order.
  ///   - population: Units in both populations by stratum of the later cycle; nil where none is listed.
  /// - Returns: nil where one of the tables has no units that could be found again.
  public static func matched(
    now: FinishedTally, then: FinishedTally, pairs: [(now: Int, then: Int)], dimensions: DimensionPairing? = nil,
    population: [String: Double]?
  ) -> (now: TableSums, then: TableSums)? {
    guard let later = now.ledger, let earlier = then.ledger, later.plan.linksUnits, earlier.plan.linksUnits else {
      return nil
    }
    return MatchedSums(
      later: later, earlier: earlier, nowSums: now.sums, thenSums: then.sums, dimensions: dimensions
    )
    .sums(pairs: pairs, population: population)
  }
}

private struct MatchedSums {
  let later: LedgerView
  let earlier: LedgerView
  let nowSums: TableSums
  let thenSums: TableSums
  let dimensions: DimensionPairing?

  func sums(pairs: [(now: Int, then: Int)], population: [String: Double]?) -> (now: TableSums, then: TableSums) {
    var numbers = CellNumbers()
    let laterCells = numbers.cellsByEntry(later) { $0 }
    // The earlier cycle's cells under the names of the later one.
    let earlierCells = numbers.cellsByEntry(earlier) { cell in dimensions.map { $0.now(of: cell) } ?? cell }
    let earlierEntries = EntriesByUnit(earlier.ledger)
    let laterEntries = EntriesByUnit(later.ledger)
    var nowSide = Side(view: later, sums: nowSums)
    var thenSide = Side(view: earlier, sums: thenSums)
    for (unit, nowEntries) in laterEntries.inOrder(of: later.ledger) {
      let thenEntries = earlierEntries[unit]
      guard !thenEntries.isEmpty else { continue }
      for cell in cells(of: nowEntries, laterCells) {
        let thenInCell = thenEntries.filter { earlierCells[$0].contains(cell) }
        guard !thenInCell.isEmpty else { continue }
        let nowInCell = nowEntries.filter { laterCells[$0].contains(cell) }
        let masks = masks(pairs, nowInCell, thenInCell)
        for entry in nowInCell { nowSide.add(entry, cell: cell, mask: masks.now) }
        for entry in thenInCell { thenSide.add(entry, cell: cell, mask: masks.then) }
      }
    }
    var results = (
      now: nowSide.tableSums(cells: numbers.cells),
      then: thenSide.tableSums(cells: numbers.cells.map { cell in dimensions.map { $0.then(of: cell) } ?? cell })
    )
    if nowSums.design == .census { restrictToBoth(&results, pairs: pairs, population: population) }
    return results
  }

  /// Each cell in which an entry lies, once.
  private func cells(of entries: [Int], _ cellsByEntry: [[Int32]]) -> [Int32] {
    guard entries.count > 1 else { return cellsByEntry[entries[0]] }
    var result: [Int32] = []
    for cell in entries.lazy.flatMap({ cellsByEntry[$0] }) where !result.contains(cell) { result.append(cell) }
    return result
  }

  /// The indicators in whose denominator the unit is in both cycles, as bits of the one and of the other.
  private func masks(
    _ pairs: [(now: Int, then: Int)], _ nowEntries: [Int], _ thenEntries: [Int]
  ) -> (now: [UInt64], then: [UInt64]) {
    var now = Array(repeating: UInt64(0), count: later.ledger.wordsPerEntry)
    var then = Array(repeating: UInt64(0), count: earlier.ledger.wordsPerEntry)
    for pair in pairs
    where nowEntries.contains(where: { later.isInDenominator($0, pair.now) })
      && thenEntries.contains(where: { earlier.isInDenominator($0, pair.then) })
    {
      now[pair.now >> 6] |= 1 << UInt64(pair.now & 63)
      then[pair.then >> 6] |= 1 << UInt64(pair.then & 63)
    }
    return (now, then)
  }

  /// In a census the two cycles are one sample of units: the strata are those of the later cycle, and only PSUs whose
  /// status is known in both are in it.
  private func restrictToBoth(
    _ results: inout (now: TableSums, then: TableSums), pairs: [(now: Int, then: Int)], population: [String: Double]?
  ) {
    var stratumByID: [String: Int] = [:]
    for psu in results.now.psus { if let id = psu.id { stratumByID[id] = psu.stratum } }
    for index in results.then.psus.indices {
      // A PSU without a partner has no share and no known status in both; its stratum does not matter.
      results.then.psus[index].stratum = results.then.psus[index].id.flatMap { stratumByID[$0] } ?? 0
    }
    let strata = results.now.strata.map { stratum in
      var stratum = stratum
      if let population { stratum.population = population[stratum.name] ?? 0 }
      return stratum
    }
    results.now.strata = strata
    results.then.strata = strata
    for pair in pairs {
      let nowIDs = Set(nowSums.knownPSUs[pair.now].compactMap { nowSums.psus[$0].id })
      let thenIDs = Set(thenSums.knownPSUs[pair.then].compactMap { thenSums.psus[$0].id })
      let both = nowIDs.intersection(thenIDs)
      func isInBoth(_ psu: PrimarySamplingUnit) -> Bool { psu.id.map(both.contains) ?? false }
      results.now.knownPSUs[pair.now].removeAll { !isInBoth(nowSums.psus[$0]) }
      results.then.knownPSUs[pair.then].removeAll { !isInBoth(thenSums.psus[$0]) }
    }
  }
}

/// One cycle's part of a matched pair.
private struct Side {
  let view: LedgerView
  var sums: TableSums
  private var accumulator: CellAccumulator

  init(view: LedgerView, sums: TableSums) {
    self.view = view
    self.sums = sums
    accumulator = CellAccumulator(indicatorCount: view.plan.indicators.count, by: view.plan.grouping)
  }

  mutating func add(_ entry: Int, cell: Int32, mask: [UInt64]) {
    let ledger = view.ledger
    guard ledger.weights[entry] > 0 else { return }
    let range = ledger.wordRange(entry)
    let denominator = zip(ledger.denominator[range], mask).map { $0 & $1 }
    let numerator = zip(ledger.numerator[range], mask).map { $0 & $1 }
    accumulator.add(
      group: view.plan.group(stratum: ledger.strata[entry], psu: ledger.psus[entry], entry: entry),
      cell: cell, weight: ledger.weights[entry],
      replicateWeights: ledger.replicateWeights[ledger.replicateRange(entry)], denominator: denominator[...],
      numerator: numerator[...])
  }

  /// - Parameter cells: By number; nil where this cycle lacks one of the dimensions.
  func tableSums(cells: [Cell?]) -> TableSums {
    var result = sums
    result.cells = [:]
    for (number, cell) in cells.enumerated() { if let cell { result.cells[cell] = number } }
    result.totals = accumulator.totals(cellCount: cells.count)
    return result
  }
}

extension LedgerView {
  fileprivate func isInDenominator(_ entry: Int, _ indicator: Int) -> Bool {
    ledger.weights[entry] > 0 && ledger.denominator[ledger.wordRange(entry)].hasBit(indicator)
  }
}
