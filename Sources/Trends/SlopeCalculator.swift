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
  let main: CycleEstimates
  /// In the order of their years.
  let cycles: [(estimates: CycleEstimates, year: Double, dimensions: DimensionPairing)]
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
    var numbers = PSUNumbers()
    var scratch = ChangeScratch()
    let populations = try populationsInBoth()
    let rows = lines(numbers: &numbers).map { line in
      scratch.begin()
      return self.rows(of: line, populations: populations, scratch: &scratch)
    }
    return adjusted(rows)
  }

  /// Units in both populations by an earlier and a later cycle.
  ///
  /// - Throws: What the provider of sums throws.
  func populationsInBoth() throws -> [[Int]: [String: Double]] {
    var populations: [[Int]: [String: Double]] = [:]
    for later in cycles.indices {
      for earlier in 0..<later {
        populations[[earlier, later]] = try sums.populationInBoth(
          now: cycles[later].estimates.cycle.name, then: cycles[earlier].estimates.cycle.name)
      }
    }
    return populations
  }

  /// The slopes of one indicator, which need no other.
  func rows(
    of line: IndicatorLine, populations: [[Int]: [String: Double]], scratch: inout ChangeScratch
  ) -> [CellSlope] {
    let index = line.indicator
    let cells = main.cells[index]
    var overlaps = LineOverlaps(cells: cells.count, populations: populations)
    var rows: [CellSlope] = []
    rows.reserveCapacity(cells.count)
    for (place, cell) in cells.enumerated() {
      let points = line.ends.indices.compactMap { point(line, $0, cell, scratch: &scratch) }
      var row = CellSlope(indicator: index, cell: cell, cycles: points.map { $0.name })
      row.reason =
        (absences(of: line, cell: cell) + withoutYear.map { "\($0) declares no `year`" }).joinedReasons
      add(points, to: &row, place: place, line: line, overlaps: &overlaps, scratch: &scratch)
      rows.append(row)
    }
    withholdSmallOverlaps(overlaps.counts, in: &rows)
    return rows
  }

  /// - Parameter rows: By indicator.
  func adjusted(_ rows: [[CellSlope]]) -> [CellSlope] {
    var result = rows.flatMap(\.self)
    result.adjust(by: main.cycle.trend.adjust, level: level)
    return result
  }

  /// Units in several cycles can be few where each cycle has many, and degrees of freedom tell how few.
  private func withholdSmallOverlaps(_ overlaps: [[Int]: [Int]], in rows: inout [CellSlope]) {
    guard main.cycle.unitsArePSUs else { return }
    let disclosure = DisclosureControl(minimumCell: cycles.map(\.estimates.cycle.minimumCell).max() ?? 0)
    for counts in overlaps.values {
      let small = disclosure.suppressed(zip(rows, counts).map { ($0.cell, $1) })
      for index in rows.indices where small.contains(rows[index].cell) { rows[index].withholdTest() }
    }
  }

  // MARK: - Points

  /// An estimate of a cell in one of the cycles.
  private struct Point {
    /// The place of its cycle among the ends of the line.
    var end: Int
    var name: String
    var year: Double
    var estimate: IndicatorEstimate
    var value: Double
    var share: CellShare?
  }

  private func point(_ line: IndicatorLine, _ place: Int, _ cell: Cell, scratch: inout ChangeScratch) -> Point? {
    let end = line.ends[place]
    let cycle = cycles[end.cycle]
    guard let own = cycle.dimensions.then(of: cell),
      let estimate = cycle.estimates.estimate(indicator: end.indicator, cell: own), estimate.status == .ok,
      let value = estimate.value
    else { return nil }
    return Point(
      end: place, name: cycle.estimates.cycle.name, year: cycle.year, estimate: estimate, value: value,
      share: scratch.share(of: cycle.estimates, indicator: end.indicator, cell: own))
  }

  /// Why cycles have no part in the slope.
  private func absences(of line: IndicatorLine, cell: Cell) -> [String] {
    cycles.indices.compactMap { cycle in
      let name = cycles[cycle].estimates.cycle.name
      guard let end = line.ends.first(where: { $0.cycle == cycle }) else {
        let indicator = main.cycle.indicators[line.indicator]
        let other = cycles[cycle].estimates.cycle.indicators.first { $0.id == indicator.id }
        return other.flatMap { $0.kind == indicator.kind ? nil : "\(name) has it as a \($0.kind.rawValue)" }
          ?? "\(name) did not ask it"
      }
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
    _ points: [Point], to row: inout CellSlope, place: Int, line: IndicatorLine, overlaps: inout LineOverlaps,
    scratch: inout ChangeScratch
  ) {
    row.comparability = comparability(line, points)
    guard points.count > 2 else {
      row.reason.addReason("fewer than three cycles have an estimate")
      return
    }
    if let reason = seriesBreak(line, points) {
      row.reason.addReason(reason)
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
    guard main.cycle.indicators[line.indicator].kind == .percentage else { return }
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
        row.reason.addReason(point.estimate.basis?.reasonWithoutVariance(in: point.name))
        return
      }
      variances.append(variance)
    }
    let diagonal = zip(factors, variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let overlap = overlap(of: points, in: place, factors: factors, line: line, overlaps: &overlaps, scratch: &scratch)
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
        change: slope, variance: variance, degreesOfFreedom: overlap.degreesOfFreedom, level: level, bounds: nil,
        quantiles: &scratch.share.quantiles))
  }

  /// Twice the sum of c_k c_l C_kl over pairs, and df over all cycles: those that are linked count a PSU once, the
  /// others add their own.
  private func overlap(
    of points: [Point], in place: Int, factors: [Double], line: IndicatorLine, overlaps: inout LineOverlaps,
    scratch: inout ChangeScratch
  ) -> (covariances: Double, degreesOfFreedom: Int) {
    let isLinked = points.map { point in
      main.cycle.trend.linksPSUs && point.share != nil && line.ends[point.end].isLinked
        && point.estimate.basis?.isAtEnd(point.value) == false
    }
    let ownDF = zip(points, isLinked).reduce(0) { $0 + ($1.1 ? 0 : $1.0.estimate.basis?.degreesOfFreedom ?? 0) }
    var linked: [LinkedEnd] = []
    for (position, point) in points.enumerated() where isLinked[position] {
      guard let share = point.share else { continue }
      linked.append(
        LinkedEnd(end: line.ends[point.end], share: share, column: linked.count, factor: factors[position]))
    }
    guard linked.count > 1 else {
      return (0, points.reduce(0) { $0 + ($1.estimate.basis?.degreesOfFreedom ?? 0) })
    }
    scratch.cell.load(line.tables.links, linked.map { ($0.share, $0.end.cycle) })
    var covariances = 0.0
    for (position, later) in linked.enumerated() {
      for earlier in linked[..<position] {
        let covariance = overlaps.covariance(later, earlier, in: place, tables: line.tables, cell: &scratch.cell)
        covariances += 2 * later.factor * earlier.factor * covariance
      }
    }
    let own = scratch.cell.degreesOfFreedom
    guard main.cycle.design.degreesOfFreedom == .design, own > 0 else { return (covariances, own + ownDF) }
    return (covariances, line.tables.degreesOfFreedom(linked.map { ($0.end.cycle, $0.end.estimator) }) + ownDF)
  }

  /// Why no line leads from the first cycle to the last.
  private func seriesBreak(_ line: IndicatorLine, _ points: [Point]) -> String? {
    guard let first = points.first, let last = points.last else { return nil }
    func name(_ point: Point) -> String { cycles[line.ends[point.end].cycle].estimates.cycle.cycle }
    return line.breaks.reason(between: name(first), and: name(last))
  }

  /// What changed in the question between neighbouring cycles.
  private func comparability(_ line: IndicatorLine, _ points: [Point]) -> String? {
    let reasons = zip(points, points.dropFirst()).compactMap { then, now in
      let end = line.ends[now.end]
      let later = cycles[end.cycle].estimates.cycle
      return later.indicators[end.indicator].comparability[
        CyclePair(then: cycles[line.ends[then.end].cycle].estimates.cycle.cycle, now: later.cycle)]
    }
    return reasons.joinedReasons
  }
}

extension [String] {
  fileprivate var joinedReasons: String? { isEmpty ? nil : joined(separator: "; ") }
}
