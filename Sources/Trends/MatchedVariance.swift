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
  let then: IndicatorEstimator
  let sample: LinkedSample
  let lonely: LonelyPSURule

  func variance(_ shareNow: LinearizedShare, _ shareThen: LinearizedShare) -> Double? {
    var differences = sample.residualsNow(shareNow)
    for (key, value) in sample.residualsThen(shareThen) { differences[key, default: 0] -= value }
    var byStratum: [String: [Double]] = [:]
    for key in differences.keys.sorted(by: { ($0.stratum, $0.id) < ($1.stratum, $1.id) }) {
      byStratum[key.stratum, default: []].append(differences[key] ?? 0)
    }
    let isCensus = now.sums.design == .census
    var sum = 0.0
    var strata = 0
    var lonelyStrata = 0
    for stratum in byStratum.keys.sorted() {
      let values = byStratum[stratum] ?? []
      let count = isCensus ? sample.inBoth[stratum]?.count ?? 0 : sample.inEither[stratum] ?? 0
      let fraction = isCensus ? self.fraction(stratum) : 0
      let size = Double(count)
      strata += 1
      if count > 1 {
        let mean = values.reduce(0, +) / size
        let centred = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } + (size - Double(values.count)) * mean * mean
        sum += (1 - fraction) * size / (size - 1) * centred
      } else if fraction < 1 {
        lonelyStrata += 1
        if lonely == .adjust { sum += (1 - fraction) * values.reduce(0) { $0 + $1 * $1 } }
      }
    }
    if lonely == .average, lonelyStrata > 0 {
      guard strata > lonelyStrata else { return nil }
      sum *= Double(strata) / Double(strata - lonelyStrata)
    }
    // What is left of units that did not change is rounding.
    return sum < LinearizedShare.negligible * (shareNow.sumOfSquares + shareThen.sumOfSquares) ? 0 : sum
  }

  private func fraction(_ stratum: String) -> Double {
    guard let index = now.sums.strata.firstIndex(where: { $0.name == stratum }) else { return 0 }
    return now.frame.fractions[index]
  }
}
