import Estimate
import SurveyModel

extension TrendCalculator {
  /// Each cycle with everyone who answered it.
  func allBasis(
    _ pair: IndicatorPair, _ cell: Cell, _ thenCell: Cell?, sample: LinkedSample?, scratch: inout ChangeScratch
  ) -> CellTrend {
    let indicator = now.cycle.indicators[pair.now]
    var row = CellTrend(
      cycle: now.cycle.name, compareTo: then.cycle.name, role: .requested, basis: .all, indicator: pair.now,
      cell: cell, status: .ok)
    row.comparability = indicator.comparability[CyclePair(then: then.cycle.cycle, now: now.cycle.cycle)]
    let nowEstimate = now.estimate(indicator: pair.now, cell: cell)
    let thenEstimate = pair.then.flatMap { index in
      thenCell.flatMap { then.estimate(indicator: index, cell: $0) }
    }
    fill(&row, nowEstimate, thenEstimate, thenCell: thenCell, absence: absence(pair))
    guard row.status == .ok, let nowEstimate, let thenEstimate else { return row }
    if let reason = pair.seriesBreak {
      row.status = .seriesBreak
      row.delta = nil
      row.reason.addReason(reason)
      return row
    }
    guard indicator.kind == .percentage, let nowBasis = nowEstimate.basis, let thenBasis = thenEstimate.basis,
      let estimators = pair.estimators, let thenIndex = pair.then, let thenCell,
      let nowShare = scratch.share(of: now, indicator: pair.now, cell: cell),
      let thenShare = scratch.share(of: then, indicator: thenIndex, cell: thenCell)
    else { return row }
    row.comparability.addReason(coverage(estimators, cell))
    if nowBasis.isCensus && thenBasis.isCensus {
      row.takeCensus()
      return row
    }
    let ends = [(nowEstimate, nowBasis), (thenEstimate, thenBasis)]
    let hasEnd = ends.contains { $0.1.isAtEnd($0.0.value) }
    let linked = hasEnd ? nil : sample
    if let sample {
      scratch.cell.load(sample.links, [(nowShare, 0), (thenShare, 1)])
      row.nLinked = scratch.cell.compare(0, 1, links: sample.links, where: sample.isInBoth)
    } else if !now.cycle.trend.linksPSUs {
      row.nLinked = 0
    }
    if let linked {
      row.degreesOfFreedom = degreesOfFreedom(scratch.cell, linked)
    } else {
      row.degreesOfFreedom = nowBasis.degreesOfFreedom + thenBasis.degreesOfFreedom
    }
    var total = 0.0
    for ((estimate, basis), cycle) in zip(ends, [now.cycle.name, then.cycle.name]) {
      guard
        let variance = basis.varianceInChange(proportion: estimate.value, rows: estimate.n, rowsYes: estimate.nYes)
      else {
        row.reason.addReason(basis.reasonWithoutVariance(in: cycle))
        return row
      }
      total += variance
    }
    if let linked {
      total -=
        2
        * OverlapCovariance(
          now: (0, estimators.now), then: (1, estimators.then), sample: linked, populationInBoth: populationInBoth
        ).limited(nowShare, thenShare, columns: (0, 1), in: &scratch.cell)
      // What is left of equal samples is rounding.
      if total < CellShare.negligible * (nowShare.sumOfSquares + thenShare.sumOfSquares) { total = 0 }
    }
    row.setError(variance: total, level: level, quantiles: &scratch.share.quantiles)
    return row
  }

  /// Those of PSUs that are linked: of the cell, or of both whole samples.
  func degreesOfFreedom(_ cell: LinkedCell, _ sample: LinkedSample) -> Int {
    let own = cell.degreesOfFreedom
    return now.cycle.design.degreesOfFreedom == .design && own > 0 ? sample.degreesOfFreedom : own
  }

  /// Why the earlier cycle has no estimate of the indicator in any cell.
  private func absence(_ pair: IndicatorPair) -> String? {
    guard let index = pair.then else {
      return pair.otherKind.map { "\(then.cycle.name) has it as a \($0.rawValue)" }
        ?? "\(then.cycle.name) does not define this indicator"
    }
    guard case .notAsked(let reason) = then.cycle.indicators[index].rule else { return nil }
    return "\(then.cycle.name): \(reason)"
  }

  /// Numbers of both ends, and why there is no change where there is none.
  private func fill(
    _ row: inout CellTrend, _ nowEstimate: IndicatorEstimate?, _ thenEstimate: IndicatorEstimate?,
    thenCell: Cell?, absence: String?
  ) {
    guard nowEstimate?.status != .suppressed, thenEstimate?.status != .suppressed else {
      row.suppress()
      return
    }
    row.nNow = nowEstimate.flatMap { $0.status == .notAsked ? nil : $0.n }
    row.nThen = thenEstimate.flatMap { $0.status == .notAsked ? nil : $0.n }
    row.now = nowEstimate?.value
    row.then = thenEstimate?.value
    if nowEstimate == nil { row.nNow = 0 }
    if thenEstimate == nil, thenCell != nil, absence == nil { row.nThen = 0 }
    for (estimate, cycle) in [(nowEstimate, now.cycle.name), (thenEstimate, then.cycle.name)] {
      guard let estimate else {
        let isThen = cycle == then.cycle.name
        if isThen, let absence {
          row.status = .notAsked
          row.reason.addReason(absence)
        } else {
          if row.status == .ok { row.status = .noData }
          row.reason.addReason("\(cycle) has no \(isThen && thenCell == nil ? "such breakdown" : "row in this cell")")
        }
        continue
      }
      switch estimate.status {
      case .ok: break
      case .notAsked:
        row.status = .notAsked
        row.reason.addReason("\(cycle): \(estimate.reason ?? "not asked")")
      case .noData, .suppressed, .seriesBreak:
        if row.status == .ok { row.status = estimate.status }
        row.reason.addReason("\(cycle): \(estimate.reason ?? "no data")")
      }
    }
    if row.status == .ok, let nowValue = row.now, let thenValue = row.then { row.delta = nowValue - thenValue }
  }

  /// Which strata of the cell only one of the cycles covers.
  private func coverage(_ estimators: EstimatorPair, _ cell: Cell) -> String? {
    guard estimators.now.sums.design == .census, estimators.then.sums.design == .census else { return nil }
    func covered(_ estimator: IndicatorEstimator) -> Set<String> {
      Set(
        estimator.sums.strataInside(cell).filter { estimator.frame.sampled[$0] > 0 }.map {
          estimator.sums.strata[$0].name
        })
    }
    let nowStrata = covered(estimators.now)
    let thenStrata = covered(estimators.then)
    var parts: [String] = []
    let onlyNow = nowStrata.subtracting(thenStrata).sorted()
    let onlyThen = thenStrata.subtracting(nowStrata).sorted()
    if !onlyNow.isEmpty { parts.append("only \(now.cycle.name) covers \(onlyNow.joined(separator: ", "))") }
    if !onlyThen.isEmpty { parts.append("only \(then.cycle.name) covers \(onlyThen.joined(separator: ", "))") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
