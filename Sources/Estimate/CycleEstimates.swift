import SurveyModel

/// All estimates of one cycle, with what they were made from.
public struct CycleEstimates: Sendable {
  public let cycle: SurveyCycle
  public let sums: CycleSums
  /// By indicator of the definition; nil where the cycle did not ask it.
  public let estimators: [IndicatorEstimator?]
  /// By indicator: its cells in the order of the outputs.
  public let cells: [[Cell]]
  private let estimates: [[Cell: IndicatorEstimate]]

  /// - Parameter interval: In place of the definition's own, if given.
  /// - Throws: `EstimateError`.
  public init(cycle: SurveyCycle, sums: CycleSums, interval: IntervalRequest? = nil) throws {
    self.cycle = cycle
    self.sums = sums
    let catalogue = CellCatalogue(cycle: cycle)
    let total = Cell.total(dimensions: cycle.dimensions.count)
    let cellsByTable = sums.tables.mapValues { catalogue.cells(of: $0) }

    var estimators: [IndicatorEstimator?] = []
    var cells: [[Cell]] = []
    var estimates: [[Cell: IndicatorEstimate]] = []
    for (index, indicator) in cycle.indicators.enumerated() {
      let units = cycle.units(of: indicator)
      let own = cellsByTable[units] ?? [total]
      cells.append(own)
      guard let place = sums.places[index], var table = sums.tables[place.units] else {
        var reason = "not asked"
        if case .notAsked(let text) = indicator.rule { reason = text }
        estimators.append(nil)
        var byCell: [Cell: IndicatorEstimate] = [:]
        for cell in own {
          var estimate = IndicatorEstimate(status: .notAsked, reason: reason)
          estimate.population = sums.tables[units]?.population(of: cell)
          byCell[cell] = estimate
        }
        estimates.append(byCell)
        continue
      }
      // A run that hides small cells names no unit either.
      if cycle.minimumCell > 1 { table.varyingDimensions = table.varyingDimensions.mapValues { _ in "" } }
      let estimator = try IndicatorEstimator(
        sums: table, indicator: place.index, kind: indicator.kind, lonely: cycle.design.lonelyPSU,
        interval: interval ?? cycle.interval, reliability: cycle.reliability,
        dimensionNames: Array(cycle.dimensions.keys))
      estimators.append(estimator)
      var byCell: [Cell: IndicatorEstimate] = [:]
      for cell in own { byCell[cell] = estimator.estimate(in: cell) }
      let disclosure = DisclosureControl(minimumCell: cycle.minimumCell)
      for cell in disclosure.suppressed(own.map { ($0, byCell[$0]?.n ?? 0) }) {
        byCell[cell] = byCell[cell]?.suppressed(minimumCell: cycle.minimumCell)
      }
      estimates.append(byCell)
    }
    self.estimators = estimators
    self.cells = cells
    self.estimates = estimates
  }

  public func estimate(indicator: Int, cell: Cell) -> IndicatorEstimate? { estimates[indicator][cell] }

  /// Every estimate in the order of the outputs.
  public var all: [CellEstimate] {
    var result: [CellEstimate] = []
    for indicator in cycle.indicators.indices {
      for cell in cells[indicator] {
        guard let estimate = estimates[indicator][cell] else { continue }
        result.append(CellEstimate(cycle: cycle.name, indicator: indicator, cell: cell, estimate: estimate))
      }
    }
    return result
  }
}
