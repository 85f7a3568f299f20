import Estimate
import SurveyModel

/// The tables of some cycles that count the same units, linked once for all their indicators.
struct LinkedTables: Sendable {
  let links: PSULinks
  /// By an earlier and a later place: the samples that are the same for every indicator.
  private var samples: [[Int]: LinkedSample] = [:]

  /// - Parameter estimators: One indicator of each table; nil where a cycle did not ask it.
  init(_ estimators: [IndicatorEstimator?], numbers: inout PSUNumbers) {
    links = PSULinks(estimators.map { $0?.sums ?? .empty }, numbers: &numbers)
    let linked = estimators.indices.filter { estimators[$0]?.sums.hasLinkedPSUs == true }
    for first in linked {
      for second in linked where second > first {
        guard let a = estimators[first], let b = estimators[second], a.hasCommonSample, b.hasCommonSample else {
          continue
        }
        samples[[first, second]] = LinkedSample(links: links, first: (first, a), second: (second, b))
      }
    }
  }

  /// PSUs in the sample of any of these cycles less strata with one: those of the whole design.
  func degreesOfFreedom(_ ends: [(place: Int, estimator: IndicatorEstimator)]) -> Int {
    var isIn = Array(repeating: false, count: links.strata.count)
    for end in ends {
      for psu in end.estimator.sums.psusInSample(indicator: end.estimator.indicator) {
        isIn[Int(links.identities[end.place][psu])] = true
      }
    }
    var counts = Array(repeating: 0, count: links.stratumNames.count)
    for (identity, stratum) in links.strata.enumerated() where isIn[identity] { counts[Int(stratum)] += 1 }
    return counts.reduce(0) { $0 + max(0, $1 - 1) }
  }

  /// The samples of two cycles for one indicator.
  func sample(
    _ first: (place: Int, estimator: IndicatorEstimator), _ second: (place: Int, estimator: IndicatorEstimator)
  ) -> LinkedSample {
    samples[[first.place, second.place]] ?? LinkedSample(links: links, first: first, second: second)
  }
}

extension IndicatorEstimator {
  /// Whether n_h counts the same PSUs for every indicator of the table.
  fileprivate var hasCommonSample: Bool { sums.design != .census }
}

extension TableSums {
  /// A cycle that did not ask.
  fileprivate static var empty: TableSums {
    TableSums(
      design: .sample, strata: [], psus: [], isSampled: [], sampledPSUs: [], knownPSUs: [], cells: [:], totals: [],
      dimensions: [])
  }
}
