import Estimate
import Foundation
import SurveyModel

/// Compares one cycle with an earlier one, indicator by indicator and cell by cell.
public struct TrendCalculator: Sendable {
  public let now: CycleEstimates
  public let then: CycleEstimates
  private let sums: any SumsProvider
  private let level: Double
  private let populationInBoth: [String: Double]?
  /// A difference of two proportions below this is no difference.
  static let rounding = 1e-12
  /// The dimension of the earlier cycle that has the name of each dimension of the later one.
  private let dimensionOfThen: [Int?]

  /// - Throws: What the provider of sums throws.
  public init(now: CycleEstimates, then: CycleEstimates, sums: any SumsProvider, level: Double) throws {
    self.now = now
    self.then = then
    self.sums = sums
    self.level = level
    populationInBoth = try sums.populationInBoth(now: now.cycle.name, then: then.cycle.name)
    let names = Array(then.cycle.dimensions.keys)
    dimensionOfThen = now.cycle.dimensions.keys.map { names.firstIndex(of: $0) }
  }

  /// All changes, on both bases, adjusted for many comparisons, once for each role that the earlier cycle has.
  ///
  /// - Throws: `EstimateError`, and what the provider of sums throws.
  public func trends(roles: [TrendRole]) throws -> [CellTrend] {
    let basis = SumsBasis.matched(now: now.cycle.name, then: then.cycle.name)
    let matchedNow = try sums.sums(of: now.cycle.name, in: basis)
    let matchedThen = try sums.sums(of: then.cycle.name, in: basis)
    var rows: [TrendBasis: [CellTrend]] = [:]
    for (index, indicator) in now.cycle.indicators.enumerated() {
      let earlier = then.cycle.indicators.firstIndex { $0.id == indicator.id }
      let pair = IndicatorPair(now: index, then: earlier)
      let matched = try matchedEstimators(pair, now: matchedNow, then: matchedThen)
      let samples = linkedSamples(pair, matched: matched)
      for cell in now.cells[index] {
        let thenCell = cellOfThen(cell)
        let all = allBasis(pair, cell, thenCell, sample: samples.all)
        let matchedShares = matched.flatMap { estimators -> (LinearizedShare, LinearizedShare)? in
          guard let thenCell, let a = estimators.now.share(in: cell), let b = estimators.then.share(in: thenCell)
          else { return nil }
          return (a, b)
        }
        var row = all
        row.nMatched = matched == nil ? nil : matchedShares?.0.rows ?? 0
        rows[.all, default: []].append(row)
        rows[.matched, default: []].append(
          matchedBasis(pair, cell, all: all, estimators: matched, shares: matchedShares, sample: samples.matched))
      }
    }
    var result: [CellTrend] = []
    let adjusted = TrendBasis.allCases.map { adjust(rows[$0] ?? []) }
    for role in roles {
      for family in adjusted {
        result += family.map { row in
          var row = row
          row.role = role
          return row
        }
      }
    }
    return result
  }

  private struct IndicatorPair {
    var now: Int
    var then: Int?
  }

  private typealias EstimatorPair = (now: IndicatorEstimator, then: IndicatorEstimator)

  // MARK: - Rows

  private func allBasis(_ pair: IndicatorPair, _ cell: Cell, _ thenCell: Cell?, sample: LinkedSample?) -> CellTrend {
    let indicator = now.cycle.indicators[pair.now]
    var row = CellTrend(
      cycle: now.cycle.name, compareTo: then.cycle.name, role: .requested, basis: .all, indicator: pair.now,
      cell: cell, status: .ok)
    row.comparability = indicator.comparability[CyclePair(then: then.cycle.cycle, now: now.cycle.cycle)]
    let nowEstimate = now.estimate(indicator: pair.now, cell: cell)
    let thenEstimate = pair.then.flatMap { index in
      thenCell.flatMap { then.estimate(indicator: index, cell: $0) }
    }
    fill(&row, nowEstimate, thenEstimate, indicatorExists: pair.then != nil)
    guard row.status == .ok, let nowEstimate, let thenEstimate else { return row }
    guard indicator.kind == .percentage, let nowBasis = nowEstimate.basis, let thenBasis = thenEstimate.basis,
      let estimators = estimators(pair), let thenCell,
      let nowShare = estimators.now.share(in: cell), let thenShare = estimators.then.share(in: thenCell)
    else { return row }
    row.comparability = join(row.comparability, coverage(estimators, cell))
    if nowBasis.isCensus && thenBasis.isCensus {
      setCensus(&row)
      return row
    }
    let ends = [(nowEstimate, nowBasis), (thenEstimate, thenBasis)]
    let hasEnd = ends.contains { isAtEnd($0.0.value, $0.1) }
    let isLinked = !hasEnd && sample != nil
    row.degreesOfFreedom =
      isLinked
      ? sample?.degreesOfFreedom(
        now: nowShare, nowSums: estimators.now.sums, then: thenShare, thenSums: estimators.then.sums)
      : nowBasis.degreesOfFreedom + thenBasis.degreesOfFreedom
    var total = 0.0
    for (estimate, basis) in ends {
      guard let variance = variance(estimate.n, estimate.nYes, estimate.value, basis, hasEnd: hasEnd) else {
        row.reason = join(row.reason, "no standard error: too few PSUs in one of the cycles")
        return row
      }
      total += variance
    }
    if isLinked, let sample {
      let bound = ((nowBasis.variance ?? 0) * (thenBasis.variance ?? 0)).squareRoot()
      let covariance = OverlapCovariance(
        now: estimators.now, then: estimators.then, sample: sample, populationInBoth: populationInBoth
      ).covariance(nowShare, thenShare)
      total -= 2 * min(max(covariance, -bound), bound)
      // What is left of equal samples is rounding.
      if total < LinearizedShare.negligible * (nowShare.sumOfSquares + thenShare.sumOfSquares) { total = 0 }
    }
    setError(&row, variance: total)
    return row
  }

  private func matchedBasis(
    _ pair: IndicatorPair, _ cell: Cell, all: CellTrend, estimators: EstimatorPair?,
    shares: (LinearizedShare, LinearizedShare)?, sample: LinkedSample?
  ) -> CellTrend {
    var row = CellTrend(
      cycle: all.cycle, compareTo: all.compareTo, role: .requested, basis: .matched, indicator: pair.now, cell: cell,
      status: all.status)
    row.comparability =
      now.cycle.indicators[pair.now].comparability[
        CyclePair(then: then.cycle.cycle, now: now.cycle.cycle)]
    guard all.status == .ok else {
      row.reason = all.reason
      if all.status == .noData { row.setMatched(rows: 0, 0) }
      return row
    }
    guard let estimators else {
      row.status = .noData
      row.reason = "matching needs a `unit` in the tables of both cycles"
      return row
    }
    guard let (nowShare, thenShare) = shares else {
      row.status = .noData
      row.setMatched(rows: 0, 0)
      row.reason = "no unit is in the denominators of both cycles"
      return row
    }
    row.setMatched(rows: nowShare.rows, thenShare.rows)
    let isCount = now.cycle.indicators[pair.now].kind == .count
    row.now = isCount ? nowShare.proportion * nowShare.weight : nowShare.proportion
    row.then = isCount ? thenShare.proportion * thenShare.weight : thenShare.proportion
    row.delta = (row.now ?? 0) - (row.then ?? 0)
    guard !isCount else { return row }
    let isRegister = estimators.now.sums.design == .register
    if isRegister || (nowShare.isCensus && thenShare.isCensus) {
      setCensus(&row)
      return row
    }
    let ends = [nowShare, thenShare].map { share in
      (
        share,
        IndicatorEstimate.VarianceBasis(
          variance: share.variance, degreesOfFreedom: share.degreesOfFreedom, isCensus: share.isCensus,
          samplingFraction: share.samplingFraction)
      )
    }
    if ends.contains(where: { isAtEnd($0.0.proportion, $0.1) }) {
      row.degreesOfFreedom = nowShare.degreesOfFreedom + thenShare.degreesOfFreedom
      var total = 0.0
      for (share, basis) in ends {
        guard let variance = variance(share.rows, share.rowsYes, share.proportion, basis, hasEnd: true) else {
          row.reason = "no standard error: too few PSUs in both cycles"
          return row
        }
        total += variance
      }
      setError(&row, variance: total)
      return row
    }
    guard let sample else {
      row.reason = "no standard error: units are not linked to PSUs"
      return row
    }
    let df = sample.degreesOfFreedom(
      now: nowShare, nowSums: estimators.now.sums, then: thenShare, thenSums: estimators.then.sums)
    row.degreesOfFreedom = df
    guard df > 0,
      let variance = MatchedVariance(
        now: estimators.now, then: estimators.then, sample: sample, lonely: now.cycle.design.lonelyPSU
      ).variance(nowShare, thenShare)
    else {
      row.reason = "no standard error: too few PSUs in both cycles"
      return row
    }
    setError(&row, variance: variance)
    return row
  }

  // MARK: - Parts of a row

  /// Numbers of both ends, and why there is no change where there is none.
  private func fill(
    _ row: inout CellTrend, _ nowEstimate: IndicatorEstimate?, _ thenEstimate: IndicatorEstimate?,
    indicatorExists: Bool
  ) {
    row.nNow = nowEstimate.flatMap { $0.status == .notAsked ? nil : $0.n }
    row.nThen = thenEstimate.flatMap { $0.status == .notAsked ? nil : $0.n }
    row.now = nowEstimate?.value
    row.then = thenEstimate?.value
    for (estimate, cycle) in [(nowEstimate, now.cycle.name), (thenEstimate, then.cycle.name)] {
      guard let estimate else {
        row.status = indicatorExists ? (row.status == .notAsked ? .notAsked : .noData) : .notAsked
        row.reason = join(
          row.reason, indicatorExists ? "\(cycle) has no such breakdown" : "\(cycle) does not define this indicator")
        continue
      }
      switch estimate.status {
      case .ok: break
      case .notAsked:
        row.status = .notAsked
        row.reason = join(row.reason, "\(cycle): \(estimate.reason ?? "not asked")")
      case .noData, .suppressed:
        if row.status == .ok { row.status = estimate.status }
        row.reason = join(row.reason, "\(cycle): \(estimate.reason ?? "no data")")
      }
    }
    if row.status == .ok, let nowValue = row.now, let thenValue = row.then { row.delta = nowValue - thenValue }
  }

  private func isAtEnd(_ value: Double?, _ basis: IndicatorEstimate.VarianceBasis) -> Bool {
    (value == 0 || value == 1) && !basis.isCensus
  }

  /// The variance that one cycle adds. At 0 and 1 it is that of (x + 1) / (n + 2) (Agresti and Caffo 2000), because
  /// the linearized one is 0; elsewhere the published one, which needs degrees of freedom.
  private func variance(
    _ rows: Int, _ rowsYes: Int, _ value: Double?, _ basis: IndicatorEstimate.VarianceBasis, hasEnd: Bool
  ) -> Double? {
    if isAtEnd(value, basis) {
      let q = Double(rowsYes + 1) / Double(rows + 2)
      return (1 - basis.samplingFraction) * q * (1 - q) / Double(rows + 2)
    }
    if basis.isCensus { return 0 }
    return basis.degreesOfFreedom > 0 ? basis.variance : nil
  }

  private func setCensus(_ row: inout CellTrend) {
    guard let delta = row.delta else { return }
    row.standardError = 0
    row.interval = delta...delta
    row.significance = abs(delta) < Self.rounding ? .noChange : delta > 0 ? .up : .down
  }

  /// Interval and p-value follow from the standard error and the degrees of freedom, which are set.
  private func setError(_ row: inout CellTrend, variance: Double) {
    guard let delta = row.delta else { return }
    let standardError = variance.squareRoot()
    row.standardError = standardError
    guard let degreesOfFreedom = row.degreesOfFreedom, degreesOfFreedom > 0 else {
      row.reason = join(row.reason, "no degrees of freedom")
      return
    }
    let half = Distributions.studentT(0.5 + level / 2, degreesOfFreedom: Double(degreesOfFreedom)) * standardError
    row.interval = min(max(delta - half, -1), 1)...min(max(delta + half, -1), 1)
    if standardError > 0 {
      row.pValue = Distributions.studentTTwoSidedTail(
        delta / standardError, degreesOfFreedom: Double(degreesOfFreedom))
    } else {
      row.pValue = delta == 0 ? 1 : 0
    }
  }

  /// Holm or Benjamini-Hochberg within each grouping; the total is its own.
  private func adjust(_ rows: [CellTrend]) -> [CellTrend] {
    var result = rows
    var families: [[Int]: [Int]] = [:]
    for index in rows.indices where rows[index].pValue != nil {
      families[rows[index].cell.grouping, default: []].append(index)
    }
    for family in families.values {
      let adjusted = MultipleComparisons.adjusted(
        family.map { rows[$0].pValue ?? 1 }, by: now.cycle.trend.adjust)
      for (index, value) in zip(family, adjusted) {
        result[index].adjustedPValue = value
        let delta = rows[index].delta ?? 0
        result[index].significance = value >= 1 - level ? .noChange : delta > 0 ? .up : .down
      }
    }
    return result
  }

  // MARK: - Pairs

  private func estimators(_ pair: IndicatorPair) -> EstimatorPair? {
    guard let index = pair.then, let a = now.estimators[pair.now], let b = then.estimators[index] else { return nil }
    return (a, b)
  }

  private func matchedEstimators(
    _ pair: IndicatorPair, now matchedNow: CycleSums, then matchedThen: CycleSums
  ) throws -> EstimatorPair? {
    guard let index = pair.then, let nowPlace = matchedNow.places[pair.now], let thenPlace = matchedThen.places[index],
      let nowSums = matchedNow.tables[nowPlace.table], let thenSums = matchedThen.tables[thenPlace.table]
    else { return nil }
    let kind = now.cycle.indicators[pair.now].kind
    // Strata with one PSU in both cycles are no reason to fail here: the design has been checked cycle by cycle.
    let lonely = now.cycle.design.lonelyPSU == .fail ? LonelyPSURule.adjust : now.cycle.design.lonelyPSU
    return (
      try IndicatorEstimator(
        sums: nowSums, indicator: nowPlace.index, kind: kind, lonely: lonely, interval: now.cycle.interval,
        reliability: .none),
      try IndicatorEstimator(
        sums: thenSums, indicator: thenPlace.index, kind: kind, lonely: lonely, interval: now.cycle.interval,
        reliability: .none)
    )
  }

  /// nil where a rule says that nothing links the two cycles.
  private func linkedSamples(
    _ pair: IndicatorPair, matched: EstimatorPair?
  ) -> (all: LinkedSample?, matched: LinkedSample?) {
    func sample(_ estimators: EstimatorPair?) -> LinkedSample? {
      guard let estimators, estimators.now.sums.psus.contains(where: { $0.id != nil }),
        estimators.then.sums.psus.contains(where: { $0.id != nil })
      else { return nil }
      return LinkedSample(now: estimators.now, then: estimators.then)
    }
    return (now.cycle.trend.overlap == .none ? nil : sample(estimators(pair)), sample(matched))
  }

  private func cellOfThen(_ cell: Cell) -> Cell? {
    var members: [String?] = Array(repeating: nil, count: then.cycle.dimensions.count)
    for (position, member) in cell.members.enumerated() {
      guard let member else { continue }
      guard let other = dimensionOfThen[position] else { return nil }
      members[other] = member
    }
    return Cell(members: members)
  }

  /// Which strata of the cell only one of the cycles covers.
  private func coverage(_ estimators: EstimatorPair, _ cell: Cell) -> String? {
    guard estimators.now.sums.design == .census, estimators.then.sums.design == .census else { return nil }
    func covered(_ estimator: IndicatorEstimator) -> Set<String> {
      Set(
        estimator.sums.strata.indices.filter {
          estimator.frame.sampled[$0] > 0 && estimator.sums.strata[$0].canLie(in: cell)
        }.map { estimator.sums.strata[$0].name })
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

  private func join(_ a: String?, _ b: String?) -> String? {
    let parts = [a, b].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

extension CellTrend {
  /// On the matched basis both cycles count the same units.
  fileprivate mutating func setMatched(rows now: Int, _ then: Int) {
    nNow = now
    nThen = then
    nMatched = now
  }
}
