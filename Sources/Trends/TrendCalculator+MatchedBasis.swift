import Estimate
import SurveyModel

extension TrendCalculator {
  /// Only units in the denominators of both cycles.
  func matchedBasis(
    _ pair: IndicatorPair, _ cell: Cell, all: CellTrend, estimators: EstimatorPair?,
    shares: (LinearizedShare, LinearizedShare)?, sample: LinkedSample?
  ) -> CellTrend {
    var row = CellTrend(
      cycle: all.cycle, compareTo: all.compareTo, role: .requested, basis: .matched, indicator: pair.now, cell: cell,
      status: all.status)
    row.comparability =
      now.cycle.indicators[pair.now].comparability[
        CyclePair(then: then.cycle.cycle, now: now.cycle.cycle)]
    guard all.status == .ok else {
      row.reason = all.reason
      if all.status == .noData { row.setMatched(rows: 0, 0) }
      return row
    }
    guard let estimators else {
      row.status = .noData
      row.reason = "matching needs a `unit` in the tables of both cycles"
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
      setCensus(&row)
      return row
    }
    let ends = [nowShare, thenShare].map { share in
      (
        share,
        IndicatorEstimate.VarianceBasis(
          variance: share.variance, degreesOfFreedom: share.degreesOfFreedom, isCensus: share.isCensus,
          samplingFraction: share.samplingFraction)
      )
    }
    if ends.contains(where: { isAtEnd($0.0.proportion, $0.1) }) {
      row.degreesOfFreedom = nowShare.degreesOfFreedom + thenShare.degreesOfFreedom
      var total = 0.0
      for (share, basis) in ends {
        guard let variance = variance(share.rows, share.rowsYes, share.proportion, basis) else {
          row.reason = "no standard error: too few PSUs in both cycles"
          return row
        }
        total += variance
      }
      setError(&row, variance: total)
      return row
    }
    guard let sample else {
      row.reason = "no standard error: units are not linked to PSUs"
      return row
    }
    let df = sample.degreesOfFreedom(
      now: nowShare, nowSums: estimators.now.sums, then: thenShare, thenSums: estimators.then.sums)
    row.degreesOfFreedom = df
    guard df > 0,
      let variance = MatchedVariance(
        now: estimators.now, then: estimators.then, sample: sample, lonely: lonelyWhenMatched
      ).variance(nowShare, thenShare)
    else {
      row.reason = "no standard error: too few PSUs in both cycles"
      return row
    }
    setError(&row, variance: variance)
    return row
  }
}

extension CellTrend {
  /// On the matched basis both cycles count the same units.
  fileprivate mutating func setMatched(rows now: Int, _ then: Int) {
    nNow = now
    nThen = then
    nMatched = now
  }
}
