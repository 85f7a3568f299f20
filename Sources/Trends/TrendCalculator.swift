import Estimate
import Foundation
import SurveyModel

/// Compares one cycle with an earlier one, indicator by indicator and cell by cell.
public struct TrendCalculator: Sendable {
  public let now: CycleEstimates
  public let then: CycleEstimates
  private let sums: any SumsProvider
  let level: Double
  let populationInBoth: [String: Double]?
  /// A difference of two proportions below this is no difference.
  static let rounding = 1e-12
  private let dimensions: DimensionPairing

  /// - Throws: What the provider of sums throws.
  public init(now: CycleEstimates, then: CycleEstimates, sums: any SumsProvider, level: Double) throws {
    self.now = now
    self.then = then
    self.sums = sums
    self.level = level
    populationInBoth = try sums.populationInBoth(now: now.cycle.name, then: then.cycle.name)
    dimensions = DimensionPairing(now: Array(now.cycle.dimensions.keys), then: Array(then.cycle.dimensions.keys))
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
      for cell in cells(of: pair) {
        let thenCell = dimensions.then(of: cell)
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

  struct IndicatorPair {
    var now: Int
    var then: Int?
  }

  typealias EstimatorPair = (now: IndicatorEstimator, then: IndicatorEstimator)

  // MARK: - Many comparisons

  /// Holm or Benjamini-Hochberg within each grouping; the total is its own.
  private func adjust(_ rows: [CellTrend]) -> [CellTrend] {
    var result = rows
    // 1 - 0.95 is a little more than 0.05, and a p-value of exactly 0.05 is not below it.
    let alpha = ((1 - level) / Self.rounding).rounded() * Self.rounding
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
        result[index].significance = value >= alpha || abs(delta) < Self.rounding ? .noChange : delta > 0 ? .up : .down
      }
    }
    return result
  }

  // MARK: - Pairs

  func estimators(_ pair: IndicatorPair) -> EstimatorPair? {
    guard let index = pair.then, let a = now.estimators[pair.now], let b = then.estimators[index] else { return nil }
    return (a, b)
  }

  /// A stratum with one unit in both cycles is no reason to fail: the design has been checked cycle by cycle.
  var lonelyWhenMatched: LonelyPSURule {
    now.cycle.design.lonelyPSU == .fail ? .adjust : now.cycle.design.lonelyPSU
  }

  private func matchedEstimators(
    _ pair: IndicatorPair, now matchedNow: CycleSums, then matchedThen: CycleSums
  ) throws -> EstimatorPair? {
    guard let index = pair.then, let nowPlace = matchedNow.places[pair.now], let thenPlace = matchedThen.places[index],
      let nowSums = matchedNow.tables[nowPlace.table], let thenSums = matchedThen.tables[thenPlace.table]
    else { return nil }
    let kind = now.cycle.indicators[pair.now].kind
    return (
      try IndicatorEstimator(
        sums: nowSums, indicator: nowPlace.index, kind: kind, lonely: lonelyWhenMatched, interval: now.cycle.interval,
        reliability: .none),
      try IndicatorEstimator(
        sums: thenSums, indicator: thenPlace.index, kind: kind, lonely: lonelyWhenMatched, interval: now.cycle.interval,
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

  /// The cells of the later cycle, and those of its groupings in which only the earlier one has a row.
  private func cells(of pair: IndicatorPair) -> [Cell] {
    let own = now.cells[pair.now]
    guard let index = pair.then else { return own }
    let known = Set(own)
    let groupings = Set(own.map(\.grouping))
    let others = then.cells[index].compactMap(dimensions.now(of:)).filter {
      !known.contains($0) && groupings.contains($0.grouping)
    }
    return own + others
  }
}
