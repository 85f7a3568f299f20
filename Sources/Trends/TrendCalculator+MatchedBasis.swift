import Estimate
import SurveyModel

extension TrendCalculator {
  /// Only units in the denominators of both cycles.
  func matchedBasis(
    _ pair: IndicatorPair, _ cell: Cell, all: CellTrend, shares: (CellShare, CellShare)?, sample: LinkedSample?,
    scratch: inout ChangeScratch
  ) -> CellTrend {
    var row = CellTrend(
      cycle: all.cycle, compareTo: all.compareTo, role: .requested, basis: .matched, indicator: pair.now, cell: cell,
      status: all.status)
    row.comparability =
      now.cycle.indicators[pair.now].comparability[
        CyclePair(then: then.cycle.cycle, now: now.cycle.cycle)]
    guard all.status == .ok else {
      if all.status == .suppressed { row.suppress() }
      row.reason = all.reason
      if all.status == .noData { row.setMatched(rows: 0, 0) }
      return row
    }
    guard let estimators = pair.matched else {
      row.status = .noData
      row.reason =
        countsOtherUnits(pair)
        ? "the two cycles count different units: their tables or roll-ups differ"
        : "matching needs a `unit` in the tables of both cycles"
      return row
    }
    guard let (nowShare, thenShare) = shares else {
      row.status = .noData
      row.setMatched(rows: 0, 0)
      row.reason = "no unit is in the denominators of both cycles"
      return row
    }
    row.setMatched(rows: nowShare.rows, thenShare.rows)
    let isCount = now.cycle.indicators[pair.now].kind == .count
    row.now = isCount ? nowShare.weightYes : nowShare.proportion
    row.then = isCount ? thenShare.weightYes : thenShare.proportion
    row.delta = (row.now ?? 0) - (row.then ?? 0)
    guard !isCount else { return row }
    let isRegister = estimators.now.sums.design == .register
    if isRegister || (nowShare.isCensus && thenShare.isCensus) {
      row.takeCensus()
      return row
    }
    let hasEnd = [nowShare, thenShare].contains { $0.varianceBasis.isAtEnd($0.proportion) }
    let hasReplicates = [estimators.now, estimators.then].contains { $0.sums.design.replicateScheme != nil }
    if hasEnd || hasReplicates {
      addIndependentError(of: nowShare, and: thenShare, to: &row, quantiles: &scratch.share.quantiles)
      return row
    }
    guard let sample else {
      row.reason = "no standard error: units are not linked to PSUs"
      return row
    }
    scratch.cell.load(sample.links, [(nowShare, 0), (thenShare, 1)])
    row.nLinked = scratch.cell.compare(0, 1, links: sample.links)
    let df = degreesOfFreedom(scratch.cell, sample)
    row.degreesOfFreedom = df
    for (share, cycle) in [(nowShare, now.cycle.name), (thenShare, then.cycle.name)] where share.lacksVariance {
      row.reason = share.varianceBasis.reasonWithoutVariance(in: cycle)
      return row
    }
    guard df > 0,
      let variance = MatchedVariance(now: estimators.now, sample: sample, lonely: lonelyWhenMatched)
        .variance(in: &scratch.cell, squares: nowShare.sumOfSquares + thenShare.sumOfSquares)
    else {
      row.reason = "no standard error: too few PSUs in both cycles"
      return row
    }
    row.setError(variance: variance, level: level, quantiles: &scratch.share.quantiles)
    return row
  }

  /// Where a rule sets the covariance to 0: at 0 and 100 %, and with replicate weights.
  private func addIndependentError(
    of nowShare: CellShare, and thenShare: CellShare, to row: inout CellTrend, quantiles: inout StudentQuantiles
  ) {
    row.degreesOfFreedom = nowShare.degreesOfFreedom + thenShare.degreesOfFreedom
    var total = 0.0
    for share in [nowShare, thenShare] {
      let variance = share.varianceBasis.varianceInChange(
        proportion: share.proportion, rows: share.rows, rowsYes: share.rowsYes)
      guard let variance else {
        row.reason =
          share.lacksVariance && share.degreesOfFreedom > 0
          ? "no standard error: a computed variance is 0, and the PSUs are too few to tell the true one"
          : "no standard error: too few PSUs in both cycles"
        return
      }
      total += variance
    }
    row.setError(variance: total, level: level, quantiles: &quantiles)
  }
}

extension CellTrend {
  /// Standard error, interval and p-value follow from the variance and the degrees of freedom, which are set.
  mutating func setError(variance: Double, level: Double, quantiles: inout StudentQuantiles) {
    guard let delta else { return }
    take(
      ChangeTest(
        change: delta, variance: variance, degreesOfFreedom: degreesOfFreedom ?? 0, level: level, bounds: -1...1,
        quantiles: &quantiles))
  }

  /// On the matched basis both cycles count the same units.
  fileprivate mutating func setMatched(rows now: Int, _ then: Int) {
    nNow = now
    nThen = then
    nMatched = now
  }
}
