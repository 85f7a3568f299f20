import Estimate
import SurveyModel

/// The PSUs of two cycles for one indicator, linked by stratum name and id. A PSU whose stratum changed has no link.
struct LinkedSample {
  struct Key: Hashable {
    var stratum: String
    var id: String
  }

  /// For each stratum name the ids that are in both samples, in the order of the later one.
  private(set) var inBoth: [String: [String]] = [:]
  /// For each stratum name how many PSUs are in either sample.
  private(set) var inEither: [String: Int] = [:]
  private let nowKeys: [Key?]
  private let thenKeys: [Key?]

  init(now: IndicatorEstimator, then: IndicatorEstimator) {
    nowKeys = Self.keys(now.sums)
    thenKeys = Self.keys(then.sums)
    let nowSample = now.sums.psusInSample(indicator: now.indicator)
    let thenSample = then.sums.psusInSample(indicator: then.indicator)
    let thenSet = Set(thenSample.compactMap { thenKeys[$0] })
    var seen: Set<Key> = []
    for psu in nowSample {
      let stratum = now.sums.strata[now.sums.psus[psu].stratum].name
      guard let key = nowKeys[psu] else {
        inEither[stratum, default: 0] += 1
        continue
      }
      guard seen.insert(key).inserted else { continue }
      inEither[stratum, default: 0] += 1
      if thenSet.contains(key) { inBoth[key.stratum, default: []].append(key.id) }
    }
    for psu in thenSample {
      let stratum = then.sums.strata[then.sums.psus[psu].stratum].name
      if let key = thenKeys[psu], !seen.insert(key).inserted { continue }
      inEither[stratum, default: 0] += 1
    }
  }

  private static func keys(_ sums: TableSums) -> [Key?] {
    sums.psus.map { psu in psu.id.map { Key(stratum: sums.strata[psu.stratum].name, id: $0) } }
  }

  /// The z of each linked PSU; PSUs without a row in the cell are left out and count as 0.
  func residualsNow(_ share: LinearizedShare) -> [Key: Double] { Self.residuals(share, nowKeys) }
  func residualsThen(_ share: LinearizedShare) -> [Key: Double] { Self.residuals(share, thenKeys) }

  private static func residuals(_ share: LinearizedShare, _ keys: [Key?]) -> [Key: Double] {
    var result: [Key: Double] = [:]
    for residual in share.residuals {
      if let key = keys[residual.psu] { result[key, default: 0] += residual.value }
    }
    return result
  }

  /// PSUs with a denominator row in either cycle less strata with one.
  func degreesOfFreedom(
    now: LinearizedShare, nowSums: TableSums, then: LinearizedShare, thenSums: TableSums
  ) -> Int {
    var psus: Set<Key> = []
    var strata: Set<String> = []
    var unlinked = 0
    for (share, sums, keys) in [(now, nowSums, nowKeys), (then, thenSums, thenKeys)] {
      for residual in share.residuals {
        strata.insert(sums.strata[sums.psus[residual.psu].stratum].name)
        if let key = keys[residual.psu] { psus.insert(key) } else { unlinked += 1 }
      }
    }
    return psus.count + unlinked - strata.count
  }
}
