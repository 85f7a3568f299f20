import Estimate
import SurveyModel

/// Compares one cycle with an earlier one, indicator by indicator and cell by cell.
public struct TrendCalculator: Sendable {
  public let now: CycleEstimates
  public let then: CycleEstimates
  private let sums: any SumsProvider
  let level: Double
  let populationInBoth: [String: Double]?
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
    var links = LinkCache()
    var rows: [TrendBasis: [CellTrend]] = [:]
    for (index, indicator) in now.cycle.indicators.enumerated() {
      let earlier = then.cycle.indicators.firstIndex { $0.id == indicator.id }
      let pair = IndicatorPair(now: index, then: earlier)
      let matched = try matchedEstimators(pair, now: matchedNow, then: matchedThen)
      let allSample =
        now.cycle.trend.overlap == .none ? nil : links.sample(estimators(pair), units: units(of: pair), basis: .all)
      let matchedSample = links.sample(matched, units: units(of: pair), basis: .matched)
      var ofIndicator: [(all: CellTrend, matched: CellTrend)] = []
      for cell in cells(of: pair) {
        let thenCell = dimensions.then(of: cell)
        var all = allBasis(pair, cell, thenCell, sample: allSample)
        let shares = matched.flatMap { estimators -> (CellShare, CellShare)? in
          guard let thenCell, let a = estimators.now.share(in: cell), let b = estimators.then.share(in: thenCell)
          else { return nil }
          return (a, b)
        }
        let both = matchedBasis(pair, cell, all: all, estimators: matched, shares: shares, sample: matchedSample)
        if all.status != .suppressed { all.nMatched = matched == nil ? nil : shares?.0.rows ?? 0 }
        ofIndicator.append((all, both))
      }
      suppressSmallMatches(&ofIndicator)
      rows[.all, default: []] += ofIndicator.map(\.all)
      rows[.matched, default: []] += ofIndicator.map(\.matched)
    }
    var result: [CellTrend] = []
    for role in roles {
      for basis in TrendBasis.allCases {
        var family = rows[basis] ?? []
        family.adjust(by: now.cycle.trend.adjust, level: level)
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

  /// Units in both cycles can be few where each cycle has many.
  private func suppressSmallMatches(_ rows: inout [(all: CellTrend, matched: CellTrend)]) {
    let disclosure = DisclosureControl(minimumCell: max(now.cycle.minimumCell, then.cycle.minimumCell))
    let small = disclosure.suppressed(rows.map { ($0.all.cell, $0.all.nMatched ?? 0) })
    for index in rows.indices where small.contains(rows[index].all.cell) {
      rows[index].all.nMatched = nil
      rows[index].matched.suppress()
      if now.cycle.unitsArePSUs { rows[index].all.withholdTest() }
    }
  }

  // MARK: - Pairs

  func estimators(_ pair: IndicatorPair) -> EstimatorPair? {
    guard let index = pair.then, let a = now.estimators[pair.now], let b = then.estimators[index] else { return nil }
    return (a, b)
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
    _ pair: IndicatorPair, now matchedNow: CycleSums, then matchedThen: CycleSums
  ) throws -> EstimatorPair? {
    guard let index = pair.then, let nowPlace = matchedNow.places[pair.now], let thenPlace = matchedThen.places[index],
      let nowSums = matchedNow.tables[nowPlace.units], let thenSums = matchedThen.tables[thenPlace.units],
      nowPlace.units == thenPlace.units
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

  /// PSUs are linked once for all indicators that count the same units.
  private struct LinkCache {
    private struct Key: Hashable {
      var units: [UnitKind]
      var basis: TrendBasis
    }

    private var links: [Key: PSULinks] = [:]

    /// nil where nothing links the two cycles.
    mutating func sample(_ estimators: EstimatorPair?, units: [UnitKind], basis: TrendBasis) -> LinkedSample? {
      guard let estimators, estimators.now.sums.hasLinkedPSUs, estimators.then.sums.hasLinkedPSUs else { return nil }
      let key = Key(units: units, basis: basis)
      let links = self.links[key] ?? PSULinks([estimators.now.sums, estimators.then.sums])
      self.links[key] = links
      return LinkedSample(links: links, now: (0, estimators.now), then: (1, estimators.then))
    }
  }
}
