import Estimate
import SurveyModel

extension SlopeCalculator {
  /// An indicator in all cycles, with everything that its cells have in common.
  struct IndicatorLine: Sendable {
    /// Its place in the main cycle's definition.
    var indicator: Int
    /// In the cycles that asked it, in their order.
    var ends: [End]
    var tables: LinkedTables
    var breaks: SeriesBreaks
  }

  /// An indicator in one of the cycles.
  struct End: Sendable {
    var cycle: Int
    /// Its place in that cycle's definition.
    var indicator: Int
    var estimator: IndicatorEstimator
    var units: UnitKind
    /// Whether its PSUs can be found again in another cycle.
    var isLinked: Bool
  }

  /// Every indicator of the main cycle. PSUs are linked once for all indicators that count the same units.
  func lines(numbers: inout PSUNumbers) -> [IndicatorLine] {
    var known: [[UnitKind?]: LinkedTables] = [:]
    return main.cycle.indicators.indices.map { index in
      let byCycle = cycles.indices.map { end(of: index, in: $0) }
      let key = byCycle.map { $0?.units }
      let tables = known[key] ?? LinkedTables(byCycle.map { $0?.estimator }, numbers: &numbers)
      known[key] = tables
      let ends = byCycle.compactMap(\.self)
      let breaks = SeriesBreaks(
        ends.map { cycles[$0.cycle].estimates.cycle.indicators[$0.indicator] }, cycles: cycles.map(\.estimates.cycle))
      return IndicatorLine(indicator: index, ends: ends, tables: tables, breaks: breaks)
    }
  }

  private func end(of index: Int, in cycle: Int) -> End? {
    let estimates = cycles[cycle].estimates
    let indicator = main.cycle.indicators[index]
    guard let other = estimates.cycle.indicators.firstIndex(where: { $0.id == indicator.id }),
      estimates.cycle.indicators[other].kind == indicator.kind,
      let estimator = estimates.estimators[other], let place = estimates.sums.places[other]
    else { return nil }
    return End(
      cycle: cycle, indicator: other, estimator: estimator, units: place.units,
      isLinked: estimator.sums.hasLinkedPSUs)
  }
}

/// What the cycles of a slope have in common, two by two.
struct LineOverlaps {
  /// By an earlier and a later cycle that are linked: the PSUs with a row in both, by place of the cell.
  private(set) var counts: [[Int]: [Int]] = [:]
  private var overlaps: [[Int]: OverlapCovariance] = [:]
  private let cells: Int
  private let populations: [[Int]: [String: Double]]

  init(cells: Int, populations: [[Int]: [String: Double]]) {
    self.cells = cells
    self.populations = populations
  }

  /// The covariance of a cell's percentages in a later and an earlier cycle.
  mutating func covariance(
    _ now: LinkedEnd, _ then: LinkedEnd, in place: Int, tables: LinkedTables, cell: inout LinkedCell
  ) -> Double {
    let key = [then.end.cycle, now.end.cycle]
    let overlap =
      overlaps[key]
      ?? OverlapCovariance(
        now: (now.end.cycle, now.end.estimator), then: (then.end.cycle, then.end.estimator),
        sample: tables.sample((then.end.cycle, then.end.estimator), (now.end.cycle, now.end.estimator)),
        populationInBoth: populations[key])
    overlaps[key] = overlap
    counts[key, default: Array(repeating: 0, count: cells)][place] = cell.compare(
      now.column, then.column, links: overlap.sample.links, where: overlap.sample.isInBoth)
    return overlap.limited(now.share, then.share, columns: (now.column, then.column), in: &cell)
  }
}

/// One cycle of a slope whose PSUs are linked, in one cell.
struct LinkedEnd {
  var end: SlopeCalculator.End
  var share: CellShare
  /// Where it stands in the `LinkedCell`.
  var column: Int
  /// What its percentage is multiplied by.
  var factor: Double
}
