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

  /// What the PSUs of one stratum that are in both samples add up to.
  private struct Products {
    var rows = 0
    var sumNow = 0.0
    var sumThen = 0.0
    var centred = 0.0
  }

  /// C, no larger than the two standard errors allow.
  func limitedCovariance(_ shareNow: CellShare, _ shareThen: CellShare) -> Double {
    let bound = ((shareNow.variance ?? 0) * (shareThen.variance ?? 0)).squareRoot()
    return min(max(covariance(shareNow, shareThen), -bound), bound)
  }

  func covariance(_ shareNow: CellShare, _ shareThen: CellShare) -> Double {
    let links = sample.links
    let residualsNow = links.residuals(shareNow, cycle: sample.now)
    let residualsThen = links.residuals(shareThen, cycle: sample.then)
    var products = Array(repeating: Products(), count: sample.inBoth.count)
    [LinkedResidual].merge(residualsNow, residualsThen) { identity, now, then in
      guard sample.isInBoth[Int(identity)] else { return }
      let stratum = Int(links.strata[Int(identity)])
      products[stratum].rows += 1
      products[stratum].sumNow += now
      products[stratum].sumThen += then
    }
    [LinkedResidual].merge(residualsNow, residualsThen) { identity, now, then in
      guard sample.isInBoth[Int(identity)] else { return }
      let stratum = Int(links.strata[Int(identity)])
      let count = Double(sample.inBoth[stratum])
      products[stratum].centred +=
        (now - products[stratum].sumNow / count) * (then - products[stratum].sumThen / count)
    }
    var sum = 0.0
    for (stratum, linked) in products.enumerated() {
      guard sample.inBoth[stratum] > 1, linked.rows > 0, let nowIndex = links.placeInCycle[sample.now][stratum],
        let thenIndex = links.placeInCycle[sample.then][stratum]
      else { continue }
      let count = Double(sample.inBoth[stratum])
      // The PSUs without a row in the cell lie at 0.
      let centred =
        linked.centred + (count - Double(linked.rows)) * (linked.sumNow / count) * (linked.sumThen / count)
      let fractions = now.frame.fractions[nowIndex] * then.frame.fractions[thenIndex]
      let factor = 1 - fractions * commonPopulation(nowIndex, thenIndex, name: links.stratumNames[stratum]) / count
      sum += factor * count / (count - 1) * centred
    }
    return sum
  }

  /// N_hc; where the populations are counts only, the smaller of the two.
  private func commonPopulation(_ nowIndex: Int, _ thenIndex: Int, name: String) -> Double {
    if let populationInBoth { return populationInBoth[name] ?? 0 }
    return min(now.frame.populations[nowIndex] ?? 0, then.frame.populations[thenIndex] ?? 0)
  }
}
