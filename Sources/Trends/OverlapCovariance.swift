import Estimate
import SurveyModel

/// The covariance of two percentages that share PSUs (docs/statistics.md 5.1):
///
///     C = sum_h (1 - f_h(e) f_h(s) N_hc / n_hc) n_hc / (n_hc - 1) sum_c (z_hc(e) - m_e) (z_hc(s) - m_s)
///
/// over the n_hc PSUs of stratum h that are in both samples. Without populations the factor is 1, and the result is
/// that of R's stacked `svyby(covmat = TRUE)` where both cycles have the same PSUs. With populations it is the
/// covariance of two simple random samples of which n_hc units are common (Tam 1984; Qualite and Tille 2008).
struct OverlapCovariance {
  let now: IndicatorEstimator
  let then: IndicatorEstimator
  let sample: LinkedSample
  /// Units in both populations, by stratum name; nil where they are not listed.
  let populationInBoth: [String: Double]?

  func covariance(_ shareNow: LinearizedShare, _ shareThen: LinearizedShare) -> Double {
    let zNow = sample.residualsNow(shareNow)
    let zThen = sample.residualsThen(shareThen)
    var sum = 0.0
    for (index, stratum) in now.sums.strata.enumerated() {
      guard let ids = sample.inBoth[stratum.name], ids.count > 1,
        let thenIndex = then.sums.strata.firstIndex(where: { $0.name == stratum.name })
      else { continue }
      let count = Double(ids.count)
      let pairs = ids.map { id -> (Double, Double) in
        let key = LinkedSample.Key(stratum: stratum.name, id: id)
        return (zNow[key] ?? 0, zThen[key] ?? 0)
      }
      let meanNow = pairs.reduce(0) { $0 + $1.0 } / count
      let meanThen = pairs.reduce(0) { $0 + $1.1 } / count
      let products = pairs.reduce(0) { $0 + ($1.0 - meanNow) * ($1.1 - meanThen) }
      let fractions = now.frame.fractions[index] * then.frame.fractions[thenIndex]
      let factor = 1 - fractions * commonPopulation(index, thenIndex, name: stratum.name) / count
      sum += factor * count / (count - 1) * products
    }
    return sum
  }

  /// N_hc; where the populations are counts only, the smaller of the two.
  private func commonPopulation(_ nowIndex: Int, _ thenIndex: Int, name: String) -> Double {
    if let populationInBoth { return populationInBoth[name] ?? 0 }
    return min(now.frame.populations[nowIndex] ?? 0, then.frame.populations[thenIndex] ?? 0)
  }
}
