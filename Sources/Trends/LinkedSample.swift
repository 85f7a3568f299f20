import Estimate
import SurveyModel

/// The samples of two cycles for one indicator, PSU by PSU: which are in both, and how many a stratum has.
struct LinkedSample: Sendable {
  let links: PSULinks
  /// By identity.
  let isInBoth: [Bool]
  /// By stratum of the links: PSUs in both samples, and in either.
  let inBoth: [Int]
  let inEither: [Int]

  /// PSUs in either sample less strata with one: those of the whole design.
  var degreesOfFreedom: Int { inEither.reduce(0) { $0 + max(0, $1 - 1) } }

  /// - Parameters: The places of the two cycles among those of the links.
  init(
    links: PSULinks, first: (place: Int, estimator: IndicatorEstimator),
    second: (place: Int, estimator: IndicatorEstimator)
  ) {
    self.links = links
    var isInFirst = Array(repeating: false, count: links.strata.count)
    var isInEither = isInFirst
    var isInBoth = isInFirst
    for psu in first.estimator.sums.psusInSample(indicator: first.estimator.indicator) {
      let identity = Int(links.identities[first.place][psu])
      isInFirst[identity] = true
      isInEither[identity] = true
    }
    for psu in second.estimator.sums.psusInSample(indicator: second.estimator.indicator) {
      let identity = Int(links.identities[second.place][psu])
      if isInFirst[identity] { isInBoth[identity] = true }
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
}
