import Estimate
import SurveyModel

/// Compares one cycle with an earlier one, indicator by indicator and cell by cell.
public struct TrendCalculator: Sendable {
  public let now: CycleEstimates
  public let then: CycleEstimates
  let sums: any SumsProvider
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
    var numbers = PSUNumbers()
    var scratch = ChangeScratch()
    let rows = try pairs(numbers: &numbers).map { pair in
      scratch.begin()
      return self.rows(of: pair, scratch: &scratch)
    }
    return adjusted(rows, roles: roles)
  }

  /// The two changes of a cell.
  typealias CellChanges = (all: CellTrend, matched: CellTrend)

  /// The changes of one indicator, which need no other.
  func rows(of pair: IndicatorPair, scratch: inout ChangeScratch) -> [CellChanges] {
    let allSample = pair.allTables.flatMap { tables in
      pair.estimators.map { tables.sample((0, $0.now), (1, $0.then)) }
    }
    let matchedSample = pair.matchedTables.flatMap { tables in
      pair.matched.map { tables.sample((0, $0.now), (1, $0.then)) }
    }
    var rows: [CellChanges] = []
    for cell in cells(of: pair) {
      let thenCell = dimensions.then(of: cell)
      var all = allBasis(pair, cell, thenCell, sample: allSample, scratch: &scratch)
      var shares: (CellShare, CellShare)?
      if let matched = pair.matched, let thenCell, let a = matched.now.share(in: cell, scratch: &scratch.share),
        let b = matched.then.share(in: thenCell, scratch: &scratch.share)
      {
        shares = (a, b)
      }
      let both = matchedBasis(pair, cell, all: all, shares: shares, sample: matchedSample, scratch: &scratch)
      if all.status != .suppressed { all.nMatched = pair.matched == nil ? nil : shares?.0.rows ?? 0 }
      rows.append((all, both))
    }
    suppressSmallMatches(&rows)
    return rows
  }

  /// - Parameter rows: By indicator.
  func adjusted(_ rows: [[CellChanges]], roles: [TrendRole]) -> [CellTrend] {
    let adjust = now.cycle.trend.adjust
    var all = rows.flatMap { $0.map(\.all) }
    var matched = rows.flatMap { $0.map(\.matched) }
    all.adjust(by: adjust, level: level)
    matched.adjust(by: adjust, level: level)
    return roles.flatMap { role in
      TrendBasis.allCases.flatMap { basis in
        (basis == .all ? all : matched).map { row in
          var row = row
          row.role = role
          return row
        }
      }
    }
  }

  /// Units in both cycles can be few where each cycle has many, and so can those that are in one of them alone: the
  /// difference of the two bases is what these answered.
  private func suppressSmallMatches(_ rows: inout [(all: CellTrend, matched: CellTrend)]) {
    let disclosure = DisclosureControl(minimumCell: max(now.cycle.minimumCell, then.cycle.minimumCell))
    guard disclosure.minimumCell > 1 else { return }
    /// Those in both, or with a total those of it that are in one cycle alone.
    func units(_ total: KeyPath<CellTrend, Int?>? = nil) -> [(cell: Cell, n: Int)] {
      rows.map { row in
        guard let matched = row.all.nMatched else { return (row.all.cell, 0) }
        return (row.all.cell, total.map { max(0, (row.all[keyPath: $0] ?? matched) - matched) } ?? matched)
      }
    }
    let small = disclosure.suppressed(units()).union(disclosure.suppressed(units(\.nNow)))
      .union(disclosure.suppressed(units(\.nThen)))
    for index in rows.indices where small.contains(rows[index].all.cell) {
      rows[index].all.nMatched = nil
      rows[index].all.nLinked = nil
      rows[index].matched.suppress()
      if now.cycle.unitsArePSUs { rows[index].all.withholdTest() }
    }
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
