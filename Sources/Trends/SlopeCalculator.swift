import Estimate
import SurveyModel

/// The change per year over three cycles or more (docs/statistics.md 5.5): ordinary least squares over the cycles that
/// have an estimate,
///
///     c_k   = (x_k - xbar) / sum (x - xbar)^2
///     slope = sum_k c_k p_k
///     V     = sum_kl c_k c_l Cov_kl
///
/// with the variances and overlap covariances of the changes between any two of them.
public struct SlopeCalculator: Sendable {
  /// The cycle whose indicators and cells are printed.
  private let main: CycleEstimates
  /// In the order of their years.
  private let cycles: [(estimates: CycleEstimates, year: Double, dimensions: DimensionPairing)]
  private let withoutYear: [String]
  private let sums: any SumsProvider
  private let level: Double

  /// - Parameter cycles: The cycles of the slope; those without a `year` are left out, and the rows say so.
  public init(main: CycleEstimates, cycles: [CycleEstimates], sums: any SumsProvider, level: Double) {
    self.main = main
    self.sums = sums
    self.level = level
    let names = Array(main.cycle.dimensions.keys)
    self.cycles = cycles.compactMap { estimates in
      estimates.cycle.year.map {
        (estimates, $0, DimensionPairing(now: names, then: Array(estimates.cycle.dimensions.keys)))
      }
    }.sorted { $0.year < $1.year }
    withoutYear = cycles.filter { $0.cycle.year == nil }.map(\.cycle.name)
  }

  /// All slopes, adjusted for many comparisons.
  ///
  /// - Throws: What the provider of sums throws.
  public func slopes() throws -> [CellSlope] {
    var populations: [[Int]: [String: Double]] = [:]
    for later in cycles.indices {
      for earlier in 0..<later {
        populations[[earlier, later]] = try sums.populationInBoth(
          now: cycles[later].estimates.cycle.name, then: cycles[earlier].estimates.cycle.name)
      }
    }
    var links = LinkStore()
    var rows: [CellSlope] = []
    for index in main.cycle.indicators.indices {
      let first = rows.count
      let ends = cycles.indices.compactMap { self.end(of: index, in: $0) }
      links.begin(cycles.indices.map { cycle in ends.first { $0.cycle == cycle } })
      for cell in main.cells[index] {
        let points = ends.compactMap { point($0, cell) }
        var row = CellSlope(indicator: index, cell: cell, cycles: points.map { $0.name })
        row.reason =
          (absences(of: index, ends: ends, cell: cell) + withoutYear.map { "\($0) declares no `year`" })
          .joinedReasons
        add(points, to: &row, kind: main.cycle.indicators[index].kind, links: &links, populations: populations)
        rows.append(row)
      }
      withholdSmallOverlaps(links.overlaps, in: &rows[first...])
    }
    rows.adjust(by: main.cycle.trend.adjust, level: level)
    return rows
  }

  /// Units in several cycles can be few where each cycle has many, and degrees of freedom tell how few.
  private func withholdSmallOverlaps(_ overlaps: [[Int]: [Cell: Int]], in rows: inout ArraySlice<CellSlope>) {
    guard main.cycle.unitsArePSUs else { return }
    let disclosure = DisclosureControl(minimumCell: cycles.map(\.estimates.cycle.minimumCell).max() ?? 0)
    for counts in overlaps.values {
      let small = disclosure.suppressed(rows.map { ($0.cell, counts[$0.cell] ?? 0) })
      for index in rows.indices where small.contains(rows[index].cell) { rows[index].withholdTest() }
    }
  }

  // MARK: - Points

  /// An indicator in one of the cycles.
  private struct End {
    var cycle: Int
    var indicator: Int
    var estimator: IndicatorEstimator
    var units: UnitKind
  }

  /// An estimate of a cell in one of the cycles.
  private struct Point {
    var end: End
    var name: String
    var year: Double
    var estimate: IndicatorEstimate
    var value: Double
    var share: CellShare?
  }

  private func end(of index: Int, in cycle: Int) -> End? {
    let estimates = cycles[cycle].estimates
    let id = main.cycle.indicators[index].id
    guard let other = estimates.cycle.indicators.firstIndex(where: { $0.id == id }),
      let estimator = estimates.estimators[other], let place = estimates.sums.places[other]
    else { return nil }
    return End(cycle: cycle, indicator: other, estimator: estimator, units: place.units)
  }

  private func point(_ end: End, _ cell: Cell) -> Point? {
    let cycle = cycles[end.cycle]
    guard let own = cycle.dimensions.then(of: cell),
      let estimate = cycle.estimates.estimate(indicator: end.indicator, cell: own), estimate.status == .ok,
      let value = estimate.value
    else { return nil }
    return Point(
      end: end, name: cycle.estimates.cycle.name, year: cycle.year, estimate: estimate, value: value,
      share: end.estimator.share(in: own))
  }

  /// Why cycles have no part in the slope.
  private func absences(of index: Int, ends: [End], cell: Cell) -> [String] {
    cycles.indices.compactMap { cycle in
      let name = cycles[cycle].estimates.cycle.name
      guard let end = ends.first(where: { $0.cycle == cycle }) else { return "\(name) did not ask it" }
      guard let own = cycles[cycle].dimensions.then(of: cell) else { return "\(name) has no such breakdown" }
      let estimate = cycles[cycle].estimates.estimate(indicator: end.indicator, cell: own)
      switch estimate?.status {
      case .ok: return nil
      case .suppressed: return "\(name) is suppressed"
      default: return "\(name) has no data"
      }
    }
  }

  // MARK: - The line

  private func add(
    _ points: [Point], to row: inout CellSlope, kind: Indicator.Kind, links: inout LinkStore,
    populations: [[Int]: [String: Double]]
  ) {
    row.comparability = comparability(row.indicator, points)
    guard points.count > 2 else {
      row.reason.addReason("fewer than three cycles have an estimate")
      return
    }
    let mean = points.reduce(0) { $0 + $1.year } / Double(points.count)
    let spread = points.reduce(0) { $0 + ($1.year - mean) * ($1.year - mean) }
    guard spread > 0 else {
      row.reason.addReason("all cycles have the same `year`")
      return
    }
    let factors = points.map { ($0.year - mean) / spread }
    let slope = zip(factors, points).reduce(0) { $0 + $1.0 * $1.1.value }
    row.slope = slope
    guard kind == .percentage else { return }
    guard !points.allSatisfy({ $0.estimate.basis?.isCensus == true }) else {
      row.takeCensus()
      return
    }
    var variances: [Double] = []
    for point in points {
      guard
        let variance = point.estimate.basis?.varianceInChange(
          proportion: point.value, rows: point.estimate.n, rowsYes: point.estimate.nYes)
      else {
        row.reason.addReason("no standard error: too few PSUs in \(point.name)")
        return
      }
      variances.append(variance)
    }
    let diagonal = zip(factors, variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let overlap = overlap(of: points, in: row.cell, factors: factors, links: &links, populations: populations)
    row.degreesOfFreedom = overlap.degreesOfFreedom
    var variance = diagonal + overlap.covariances
    let size = zip(factors, points).reduce(0) { $0 + $1.0 * $1.0 * ($1.1.share?.sumOfSquares ?? 0) }
    // What is left of equal samples is rounding.
    if abs(variance) < CellShare.negligible * size { variance = 0 }
    if variance < 0 {
      variance = diagonal
      row.reason.addReason("the covariances exceed the variances and are left out")
    }
    row.take(
      ChangeTest(
        change: slope, variance: variance, degreesOfFreedom: overlap.degreesOfFreedom, level: level, bounds: nil))
  }

  /// Twice the sum of c_k c_l C_kl over pairs, and df over all cycles: those that are linked count a PSU once, the
  /// others add their own.
  private func overlap(
    of points: [Point], in cell: Cell, factors: [Double], links store: inout LinkStore,
    populations: [[Int]: [String: Double]]
  ) -> (covariances: Double, degreesOfFreedom: Int) {
    let isLinked = points.map { point in
      main.cycle.trend.overlap != .none && point.share != nil && point.end.estimator.sums.hasLinkedPSUs
        && point.estimate.basis?.isAtEnd(point.value) == false
    }
    let ownDF = zip(points, isLinked).reduce(0) { $0 + ($1.1 ? 0 : $1.0.estimate.basis?.degreesOfFreedom ?? 0) }
    let linked = points.indices.filter { isLinked[$0] }
    guard linked.count > 1 else {
      return (0, points.reduce(0) { $0 + ($1.estimate.basis?.degreesOfFreedom ?? 0) })
    }
    let links = store.current
    var covariances = 0.0
    for (position, later) in linked.enumerated() {
      for earlier in linked[..<position] {
        let (now, then) = (points[later], points[earlier])
        guard let nowShare = now.share, let thenShare = then.share else { continue }
        let sample = store.sample(now: now.end, then: then.end)
        let covariance = OverlapCovariance(
          now: now.end.estimator, then: then.end.estimator, sample: sample,
          populationInBoth: populations[[then.end.cycle, now.end.cycle]]
        ).limitedCovariance(nowShare, thenShare)
        covariances += 2 * factors[later] * factors[earlier] * covariance
        store.note(
          links.inBoth(nowShare, now.end.cycle, thenShare, then.end.cycle), [then.end.cycle, now.end.cycle], cell)
      }
    }
    let residuals = linked.compactMap { place in
      points[place].share.map { links.residuals($0, cycle: points[place].end.cycle) }
    }
    return (covariances, links.degreesOfFreedom(residuals) + ownDF)
  }

  /// Links of PSUs over all cycles, made once for all indicators that count the same units, and the samples of two
  /// cycles, made once for all cells of an indicator.
  private struct LinkStore {
    private var links: [[UnitKind?]: PSULinks] = [:]
    private var samples: [[Int]: LinkedSample] = [:]
    private(set) var current = PSULinks([])
    /// By two cycles: the PSUs with a row of the cell in both.
    private(set) var overlaps: [[Int]: [Cell: Int]] = [:]

    /// - Parameter ends: The indicator by cycle; nil where a cycle did not ask it.
    mutating func begin(_ ends: [End?]) {
      let key = ends.map { $0?.units }
      current = links[key] ?? PSULinks(ends.map { $0?.estimator.sums ?? .empty })
      links[key] = current
      samples = [:]
      overlaps = [:]
    }

    mutating func note(_ overlap: Int, _ cycles: [Int], _ cell: Cell) { overlaps[cycles, default: [:]][cell] = overlap }

    mutating func sample(now: End, then: End) -> LinkedSample {
      let key = [then.cycle, now.cycle]
      let result =
        samples[key]
        ?? LinkedSample(links: current, now: (now.cycle, now.estimator), then: (then.cycle, then.estimator))
      samples[key] = result
      return result
    }
  }

  /// What changed in the question between neighbouring cycles.
  private func comparability(_ indicator: Int, _ points: [Point]) -> String? {
    let reasons = zip(points, points.dropFirst()).compactMap { then, now in
      let later = cycles[now.end.cycle].estimates.cycle
      return later.indicators[now.end.indicator].comparability[
        CyclePair(then: cycles[then.end.cycle].estimates.cycle.cycle, now: later.cycle)]
    }
    return reasons.joinedReasons
  }
}

extension [String] {
  fileprivate var joinedReasons: String? { isEmpty ? nil : joined(separator: "; ") }
}

extension TableSums {
  /// A cycle that did not ask.
  fileprivate static var empty: TableSums {
    TableSums(
      design: .sample, strata: [], psus: [], isSampled: [], sampledPSUs: [], knownPSUs: [], cells: [:], totals: [],
      dimensions: [])
  }
}
