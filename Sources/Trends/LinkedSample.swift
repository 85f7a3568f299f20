import Estimate
import SurveyModel

/// The samples of two cycles for one indicator, PSU by PSU: which are in both, and how many a stratum has.
struct LinkedSample {
  let links: PSULinks
  /// Places of the two cycles among those of the links.
  let now: Int
  let then: Int
  /// By identity.
  let isInBoth: [Bool]
  /// By stratum of the links: PSUs in both samples, and in either.
  let inBoth: [Int]
  let inEither: [Int]

  init(
    links: PSULinks, now: (place: Int, estimator: IndicatorEstimator), then: (place: Int, estimator: IndicatorEstimator)
  ) {
    self.links = links
    self.now = now.place
    self.then = then.place
    var isInNow = Array(repeating: false, count: links.strata.count)
    var isInEither = isInNow
    var isInBoth = isInNow
    for psu in now.estimator.sums.psusInSample(indicator: now.estimator.indicator) {
      let identity = Int(links.identities[now.place][psu])
      isInNow[identity] = true
      isInEither[identity] = true
    }
    for psu in then.estimator.sums.psusInSample(indicator: then.estimator.indicator) {
      let identity = Int(links.identities[then.place][psu])
      if isInNow[identity] { isInBoth[identity] = true }
      isInEither[identity] = true
    }
    var inBoth = Array(repeating: 0, count: links.stratumNames.count)
    var inEither = inBoth
    for (identity, stratum) in links.strata.enumerated() {
      if isInBoth[identity] { inBoth[Int(stratum)] += 1 }
      if isInEither[identity] { inEither[Int(stratum)] += 1 }
    }
    self.isInBoth = isInBoth
    self.inBoth = inBoth
    self.inEither = inEither
  }

  /// PSUs with a denominator row in either cycle less strata with one.
  func degreesOfFreedom(_ shareNow: CellShare, _ shareThen: CellShare) -> Int {
    links.degreesOfFreedom([links.residuals(shareNow, cycle: now), links.residuals(shareThen, cycle: then)])
  }
}
