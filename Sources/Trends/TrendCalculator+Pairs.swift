import Estimate
import SurveyModel

extension TrendCalculator {
  typealias EstimatorPair = (now: IndicatorEstimator, then: IndicatorEstimator)

  /// An indicator in both cycles, with everything that its cells have in common.
  struct IndicatorPair: Sendable {
    /// Places in the two definitions; nil where the earlier one does not have it, or as another kind.
    var now: Int
    var then: Int?
    /// What the earlier one has under its id, where that is another kind.
    var otherKind: Indicator.Kind?
    /// Why nothing can be compared between the two cycles.
    var seriesBreak: String?
    /// With everyone who answered; nil where a cycle did not ask it.
    var estimators: EstimatorPair?
    /// With units in both denominators; nil where they cannot be matched.
    var matched: EstimatorPair?
    /// nil where nothing links the two cycles.
    var allTables: LinkedTables?
    var matchedTables: LinkedTables?
  }

  /// Every indicator of the later cycle. PSUs are linked once for all indicators that count the same units.
  ///
  /// - Throws: `EstimateError`, and what the provider of sums throws.
  func pairs(numbers: inout PSUNumbers) throws -> [IndicatorPair] {
    let basis = SumsBasis.matched(now: now.cycle.name, then: then.cycle.name)
    let matchedNow = MatchedTables(try sums.sums(of: now.cycle.name, in: basis))
    let matchedThen = MatchedTables(try sums.sums(of: then.cycle.name, in: basis))
    let places = Dictionary(then.cycle.indicators.enumerated().map { ($1.id, $0) }) { first, _ in first }
    var links = LinkCache()
    return try now.cycle.indicators.enumerated().map { index, indicator in
      var pair = IndicatorPair(now: index, then: places[indicator.id])
      if let earlier = pair.then, then.cycle.indicators[earlier].kind != indicator.kind {
        pair.otherKind = then.cycle.indicators[earlier].kind
        pair.then = nil
      }
      if let earlier = pair.then, let a = now.estimators[index], let b = then.estimators[earlier] {
        pair.estimators = (a, b)
      }
      pair.seriesBreak = seriesBreak(pair)
      pair.matched = try matchedEstimators(pair, now: matchedNow, then: matchedThen)
      let units = units(of: pair)
      if now.cycle.trend.linksPSUs {
        pair.allTables = links.tables(pair.estimators, units: units, basis: .all, numbers: &numbers)
      }
      pair.matchedTables = links.tables(pair.matched, units: units, basis: .matched, numbers: &numbers)
      return pair
    }
  }

  private func seriesBreak(_ pair: IndicatorPair) -> String? {
    let indicators = [now.cycle.indicators[pair.now]] + (pair.then.map { [then.cycle.indicators[$0]] } ?? [])
    return SeriesBreaks(indicators, cycles: [now.cycle, then.cycle]).reason(
      between: then.cycle.cycle, and: now.cycle.cycle)
  }

  private func units(of pair: IndicatorPair) -> [UnitKind] {
    [now.sums.places[pair.now]?.units, pair.then.flatMap { then.sums.places[$0]?.units }].compactMap(\.self)
  }

  /// Whether the cycles take the indicator from different tables or roll its rows up differently.
  func countsOtherUnits(_ pair: IndicatorPair) -> Bool { Set(units(of: pair)).count > 1 }

  /// A stratum with one unit in both cycles is no reason to fail: the design has been checked cycle by cycle.
  var lonelyWhenMatched: LonelyPSURule {
    now.cycle.design.lonelyPSU == .fail ? .adjust : now.cycle.design.lonelyPSU
  }

  private func matchedEstimators(
    _ pair: IndicatorPair, now matchedNow: MatchedTables, then matchedThen: MatchedTables
  ) throws -> EstimatorPair? {
    guard let index = pair.then, let nowPlace = matchedNow.sums.places[pair.now],
      let thenPlace = matchedThen.sums.places[index], nowPlace.units == thenPlace.units,
      let nowSums = matchedNow.sums.tables[nowPlace.units], let thenSums = matchedThen.sums.tables[thenPlace.units]
    else { return nil }
    func estimator(_ sums: TableSums, _ tables: MatchedTables, _ place: CycleSums.IndicatorPlace) throws
      -> IndicatorEstimator
    {
      try IndicatorEstimator(
        sums: sums, psuStrata: tables.psuStrata[place.units] ?? sums.psuStrata, indicator: place.index,
        kind: now.cycle.indicators[pair.now].kind, lonely: lonelyWhenMatched, interval: now.cycle.interval,
        reliability: .none, degreesOfFreedom: now.cycle.design.degreesOfFreedom)
    }
    return (try estimator(nowSums, matchedNow, nowPlace), try estimator(thenSums, matchedThen, thenPlace))
  }
}

/// One side of the matched sums.
private struct MatchedTables {
  let sums: CycleSums
  /// The same for all indicators of a table.
  let psuStrata: [UnitKind: [Int32]]

  init(_ sums: CycleSums) {
    self.sums = sums
    psuStrata = sums.tables.mapValues(\.psuStrata)
  }
}

private struct LinkCache {
  private struct Key: Hashable {
    var units: [UnitKind]
    var basis: TrendBasis
  }

  private var known: [Key: LinkedTables] = [:]

  /// nil where nothing links the two cycles.
  mutating func tables(
    _ estimators: TrendCalculator.EstimatorPair?, units: [UnitKind], basis: TrendBasis, numbers: inout PSUNumbers
  ) -> LinkedTables? {
    guard let estimators, estimators.now.sums.hasLinkedPSUs, estimators.then.sums.hasLinkedPSUs else { return nil }
    let key = Key(units: units, basis: basis)
    if let tables = known[key] { return tables }
    let tables = LinkedTables([estimators.now, estimators.then], numbers: &numbers)
    known[key] = tables
    return tables
  }
}
