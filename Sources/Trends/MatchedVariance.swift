import Estimate
import SurveyModel

/// The variance of a change among units that are in both denominators (docs/statistics.md 5.2): z_hc is the difference
/// of the two cycles' z, and
///
///     V = sum_h (1 - f_h) n_h / (n_h - 1) sum_c (z_hc - zbar_h)^2
///
/// In a census n_h are the units whose status is known in both cycles; elsewhere f = 0 and the sum runs over the PSUs
/// of either cycle.
struct MatchedVariance {
  let now: IndicatorEstimator
  let sample: LinkedSample
  let lonely: LonelyPSURule

  private struct Deviations {
    var psus = 0
    var sum = 0.0
    var squares = 0.0
    var centred = 0.0
  }

  /// nil where every stratum has a single PSU under `lonely-psu: average`.
  func variance(_ shareNow: CellShare, _ shareThen: CellShare) -> Double? {
    let links = sample.links
    let residualsNow = links.residuals(shareNow, cycle: sample.now)
    let residualsThen = links.residuals(shareThen, cycle: sample.then)
    let isCensus = now.sums.design == .census
    let counts = isCensus ? sample.inBoth : sample.inEither
    var strata = Array(repeating: Deviations(), count: counts.count)
    [LinkedResidual].merge(residualsNow, residualsThen) { identity, now, then in
      let stratum = Int(links.strata[Int(identity)])
      strata[stratum].psus += 1
      strata[stratum].sum += now - then
      strata[stratum].squares += (now - then) * (now - then)
    }
    [LinkedResidual].merge(residualsNow, residualsThen) { identity, now, then in
      let stratum = Int(links.strata[Int(identity)])
      let deviation = now - then - strata[stratum].sum / Double(counts[stratum])
      strata[stratum].centred += deviation * deviation
    }
    var sum = 0.0
    var withRows = 0
    var lonelyStrata = 0
    for (stratum, deviations) in strata.enumerated() where deviations.psus > 0 {
      let count = Double(counts[stratum])
      let fraction = isCensus ? self.fraction(stratum) : 0
      withRows += 1
      if counts[stratum] > 1 {
        let mean = deviations.sum / count
        let centred = deviations.centred + (count - Double(deviations.psus)) * mean * mean
        sum += (1 - fraction) * count / (count - 1) * centred
      } else if fraction < 1 {
        lonelyStrata += 1
        if lonely == .adjust { sum += (1 - fraction) * deviations.squares }
      }
    }
    if lonely == .average, lonelyStrata > 0 {
      guard withRows > lonelyStrata else { return nil }
      sum *= Double(withRows) / Double(withRows - lonelyStrata)
    }
    // What is left of units that did not change is rounding.
    return sum < CellShare.negligible * (shareNow.sumOfSquares + shareThen.sumOfSquares) ? 0 : sum
  }

  private func fraction(_ stratum: Int) -> Double {
    sample.links.placeInCycle[sample.now][stratum].map { now.frame.fractions[$0] } ?? 0
  }
}
