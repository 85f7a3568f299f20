import Estimate
import SurveyModel

/// The covariance of two percentages that share PSUs (docs/statistics.md 5.1):
///
///     C = sum_h (1 - f_h(e) f_h(s) N_hc / n_hc) n_hc / (n_hc - 1) sum_c (z_hc(e) - m_e) (z_hc(s) - m_s)
///
/// over the n_hc PSUs of stratum h that are in both samples. Without populations the factor is 1, and the result is
/// that of R's stacked `svyby(covmat = TRUE)` where both cycles have the same PSUs. A stratum whose only PSU is the same
/// in both contributes as `lonely-psu` says, so that an identical panel has no variance. With populations it is the
/// covariance of two simple random samples of which n_hc units are common (Tam 1984; Qualite and Tille 2008).
struct OverlapCovariance {
  /// The two cycles with their places among those of the links.
  let now: (place: Int, estimator: IndicatorEstimator)
  let then: (place: Int, estimator: IndicatorEstimator)
  let sample: LinkedSample
  /// Units in both populations, by stratum name; nil where they are not listed.
  let populationInBoth: [String: Double]?

  /// C, no larger than the two standard errors allow.
  ///
  /// - Parameters:
  ///   - columns: Where the two cycles stand in the cell.
  ///   - cell: The z of both cycles, of which those in both samples have been compared.
  func limited(
    _ shareNow: CellShare, _ shareThen: CellShare, columns: (now: Int, then: Int), in cell: inout LinkedCell
  ) -> Double {
    let bound = ((shareNow.variance ?? 0) * (shareThen.variance ?? 0)).squareRoot()
    return min(max(covariance(columns, in: &cell), -bound), bound)
  }

  private func covariance(_ columns: (now: Int, then: Int), in cell: inout LinkedCell) -> Double {
    // Taken out of the loop over the strata, which would copy their owners in each round.
    let (nowFrame, thenFrame) = (now.estimator.frame, then.estimator.frame)
    let nowPlaces = sample.links.placeInCycle[now.place]
    let thenPlaces = sample.links.placeInCycle[then.place]
    addProducts(in: &cell)
    var sum = 0.0
    var lonelySum = 0.0
    cell.strata.forEach { stratum in
      let linked = cell.parts[stratum]
      guard sample.inBoth[stratum] > 0, linked.psus > 0, let nowIndex = nowPlaces[stratum],
        let thenIndex = thenPlaces[stratum]
      else { return }
      let count = Double(sample.inBoth[stratum])
      let fractions = nowFrame.fractions[nowIndex] * thenFrame.fractions[thenIndex]
      // N_hc; where the populations are counts only, the smaller of the two.
      let commonPopulation =
        populationInBoth.map { $0[sample.links.stratumNames[stratum]] ?? 0 }
        ?? min(nowFrame.populations[nowIndex] ?? 0, thenFrame.populations[thenIndex] ?? 0)
      let factor = 1 - fractions * commonPopulation / count
      if sample.inBoth[stratum] > 1 {
        // The PSUs without a row in the cell lie at 0.
        let centred = linked.centred + (count - Double(linked.psus)) * linked.mean.x * linked.mean.y
        sum += factor * count / (count - 1) * centred
      } else if nowFrame.isLonely(nowIndex), thenFrame.isLonely(thenIndex) {
        // The only PSU of both cycles; around the grand mean of the z, which is 0 for a percentage.
        lonelySum += factor * linked.mean.x * linked.mean.y
      }
    }
    return switch (now.estimator.lonely, then.estimator.lonely) {
    case (.adjust, .adjust): sum + lonelySum
    // As the two variances are: each is V of the other strata by the same factor.
    case (.average, .average): sum * averageFactor(columns, of: cell)
    default: sum
    }
  }

  /// What `average` multiplies the variances by; their geometric mean where the cycles differ.
  private func averageFactor(_ columns: (now: Int, then: Int), of cell: LinkedCell) -> Double {
    var factor = 1.0
    for (end, column) in [(now, columns.now), (then, columns.then)] {
      let strata = cell.strata(of: column, links: sample.links)
      let lonely = strata.count {
        sample.links.placeInCycle[end.place][$0].map(end.estimator.frame.isLonely) ?? false
      }
      guard strata.count > lonely else { return 1 }
      factor *= Double(strata.count) / Double(strata.count - lonely)
    }
    return factor.squareRoot()
  }

  private func addProducts(in cell: inout LinkedCell) {
    cell.forEach { z, stratum in
      stratum.psus += 1
      stratum.sum += z
    }
    cell.setMeans { stratum, part in part.sum / Double(sample.inBoth[stratum]) }
    cell.forEach { z, stratum in
      let distance = z - stratum.mean
      stratum.centred += distance.x * distance.y
    }
  }
}
