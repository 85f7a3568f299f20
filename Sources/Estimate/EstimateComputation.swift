import SurveyModel

/// The way from the sums of a cycle to its estimates, indicator by indicator: none needs another.
struct EstimateComputation: Sendable {
  let cycle: SurveyCycle
  let sums: CycleSums
  private let interval: IntervalRequest
  private let tables: [UnitKind: TableCells]

  /// What all indicators of a table have in common.
  struct TableCells: Sendable {
    /// In the order of the outputs.
    var cells: [Cell]
    var places: [Cell: Int]
    var populations: [CellPopulation]
    var psuStrata: [Int32]

    init(cells: [Cell], sums: TableSums?) {
      self.cells = cells
      places = Dictionary(cells.enumerated().map { ($1, $0) }) { first, _ in first }
      populations = cells.map { cell in sums.map { CellPopulation(of: cell, in: $0) } ?? CellPopulation() }
      psuStrata = sums?.psuStrata ?? []
    }
  }

  struct OfIndicator: Sendable {
    /// nil where the cycle did not ask it.
    var estimator: IndicatorEstimator?
    var table: TableCells
    /// By place of the cell, without the z of the PSUs.
    var shares: [CellShare?] = []
    /// By place of the cell.
    var estimates: [IndicatorEstimate]
  }

  init(cycle: SurveyCycle, sums: CycleSums, interval: IntervalRequest?) {
    self.cycle = cycle
    self.sums = sums
    self.interval = interval ?? cycle.interval
    let catalogue = CellCatalogue(cycle: cycle)
    tables = sums.tables.mapValues { TableCells(cells: catalogue.cells(of: $0), sums: $0) }
  }

  /// - Throws: `EstimateError`.
  func estimates(of index: Int, scratch: inout ShareScratch) throws -> OfIndicator {
    let indicator = cycle.indicators[index]
    let own =
      tables[cycle.units(of: indicator)]
      ?? TableCells(cells: [Cell.total(dimensions: cycle.dimensions.count)], sums: nil)
    guard let place = sums.places[index], var table = sums.tables[place.units] else {
      return OfIndicator(table: own, estimates: notAsked(indicator, own))
    }
    // A run that hides small cells names no unit either.
    if cycle.minimumCell > 1 { table.varyingDimensions = table.varyingDimensions.mapValues { _ in "" } }
    let estimator = try IndicatorEstimator(
      sums: table, psuStrata: tables[place.units]?.psuStrata ?? table.psuStrata, indicator: place.index,
      kind: indicator.kind, lonely: cycle.design.lonelyPSU, interval: interval, reliability: cycle.reliability,
      degreesOfFreedom: cycle.design.degreesOfFreedom, dimensionNames: Array(cycle.dimensions.keys))
    let shares = own.cells.map { estimator.share(in: $0, keepsResiduals: false, scratch: &scratch) }
    var estimates = own.cells.indices.map { place in
      estimator.estimate(
        of: shares[place], in: own.cells[place], population: own.populations[place], quantiles: &scratch.quantiles)
    }
    hideSmallCells(own, &estimates)
    return OfIndicator(estimator: estimator, table: own, shares: shares, estimates: estimates)
  }

  private func notAsked(_ indicator: Indicator, _ own: TableCells) -> [IndicatorEstimate] {
    var reason = "not asked"
    if case .notAsked(let text) = indicator.rule { reason = text }
    return own.populations.map { population in
      var estimate = IndicatorEstimate(status: .notAsked, reason: reason)
      estimate.population = population.units
      return estimate
    }
  }

  private func hideSmallCells(_ own: TableCells, _ estimates: inout [IndicatorEstimate]) {
    let disclosure = DisclosureControl(minimumCell: cycle.minimumCell)
    let suppressed = disclosure.suppressed(zip(own.cells, estimates).map { ($0, $1.n) })
    guard !suppressed.isEmpty else { return }
    for (place, cell) in own.cells.enumerated() where suppressed.contains(cell) {
      estimates[place] = estimates[place].suppressed(minimumCell: cycle.minimumCell)
    }
  }
}
