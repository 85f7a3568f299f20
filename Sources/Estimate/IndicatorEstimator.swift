import Foundation
import SurveyModel

/// Turns the sums of one indicator into estimates, cell by cell.
public struct IndicatorEstimator: Sendable {
  public let sums: TableSums
  public let indicator: Int
  public let kind: Indicator.Kind
  public let frame: DesignFrame
  public let lonely: LonelyPSURule
  private let interval: IntervalRequest

  /// The confidence level of its intervals.
  public var level: Double { interval.level }

  private let reliability: ReliabilityStandard
  private let dimensionNames: [String]

  /// - Throws: `EstimateError` where the design does not allow an estimate: a stratum with a single PSU under
  ///   `lonely-psu: fail`, or a sample larger than its population.
  public init(
    sums: TableSums, indicator: Int, kind: Indicator.Kind, lonely: LonelyPSURule, interval: IntervalRequest,
    reliability: ReliabilityStandard, degreesOfFreedom: DegreesOfFreedomRule = .domain, dimensionNames: [String] = []
  ) throws(EstimateError) {
    try self.init(
      sums: sums, psuStrata: sums.psuStrata, indicator: indicator, kind: kind, lonely: lonely, interval: interval,
      reliability: reliability, degreesOfFreedom: degreesOfFreedom, dimensionNames: dimensionNames)
  }

  /// - Parameter psuStrata: Those of the sums, found once for all indicators of the table.
  /// - Throws: As the other.
  public init(
    sums: TableSums, psuStrata: [Int32], indicator: Int, kind: Indicator.Kind, lonely: LonelyPSURule,
    interval: IntervalRequest, reliability: ReliabilityStandard, degreesOfFreedom: DegreesOfFreedomRule = .domain,
    dimensionNames: [String] = []
  ) throws(EstimateError) {
    self.sums = sums
    self.indicator = indicator
    self.kind = kind
    self.lonely = lonely
    self.interval = interval
    self.reliability = reliability
    self.dimensionNames = dimensionNames
    frame = try DesignFrame(sums: sums, indicator: indicator, psuStrata: psuStrata, degreesOfFreedom: degreesOfFreedom)
    if lonely == .fail, sums.design == .sample || sums.design == .census {
      for stratum in sums.strata.indices where frame.isLonely(stratum) {
        throw .lonelyPSU(stratum: sums.strata[stratum].name)
      }
    }
  }

  /// The linearized percentage of a cell; nil where no row is in its denominator.
  public func share(in cell: Cell) -> CellShare? {
    var scratch = ShareScratch()
    return share(in: cell, scratch: &scratch)
  }

  /// The same, in room that is kept from cell to cell.
  public func share(in cell: Cell, scratch: inout ShareScratch) -> CellShare? {
    share(in: cell, keepsResiduals: true, scratch: &scratch)
  }

  func share(in cell: Cell, keepsResiduals: Bool, scratch: inout ShareScratch) -> CellShare? {
    CellShare(
      sums: sums, indicator: indicator, cell: cell, frame: frame, lonely: lonely, keepsResiduals: keepsResiduals,
      scratch: &scratch)
  }

  /// The estimate of a cell.
  public func estimate(in cell: Cell) -> IndicatorEstimate {
    var scratch = ShareScratch()
    return estimate(
      of: share(in: cell, keepsResiduals: false, scratch: &scratch), in: cell,
      population: CellPopulation(of: cell, in: sums), quantiles: &scratch.quantiles)
  }

  /// The estimate of a cell whose share is known.
  func estimate(
    of share: CellShare?, in cell: Cell, population: CellPopulation, quantiles: inout StudentQuantiles
  ) -> IndicatorEstimate {
    let leftOut = sums.leftOut(of: cell, indicator: indicator, inDenominator: share?.rows ?? 0)
    guard let share else {
      var result = IndicatorEstimate(status: .noData, reason: noDataReason(population))
      result.population = population.units
      addLeftOut(leftOut, to: &result)
      return result
    }
    var result = IndicatorEstimate(status: .ok, n: share.rows, nYes: share.rowsYes)
    result.population = population.units
    addLeftOut(leftOut, to: &result)
    guard kind == .percentage else {
      result.value = share.weightYes
      addCoverage(of: population, to: &result)
      addVaryingDimensions(of: cell, to: &result)
      result.flags.sort { EstimateFlag.order($0) < EstimateFlag.order($1) }
      return result
    }
    result.value = share.proportion
    result.basis = IndicatorEstimate.VarianceBasis(
      variance: sums.design == .register ? 0 : share.variance, degreesOfFreedom: share.degreesOfFreedom,
      isCensus: sums.design == .register || share.isCensus, samplingFraction: share.samplingFraction,
      lacksVariance: sums.design != .register && share.lacksVariance)
    addError(of: share, to: &result, quantiles: &quantiles)
    addCoverage(of: population, to: &result)
    addVaryingDimensions(of: cell, to: &result)
    result.flags.sort { EstimateFlag.order($0) < EstimateFlag.order($1) }
    return result
  }

  /// Standard error, interval, design effect and flags; the first case that matches wins (docs/statistics.md 3.5).
  private func addError(
    of share: CellShare, to result: inout IndicatorEstimate, quantiles: inout StudentQuantiles
  ) {
    let p = share.proportion
    if sums.design == .register || share.isCensus {
      result.standardError = 0
      result.interval = p...p
      result.method = EstimateFlag.census.rawValue
      result.flags.append(.census)
      return
    }
    result.level = interval.level
    var input = IntervalInput(
      proportion: p, standardError: 0, rows: share.rows, effectiveSize: Double(share.rows),
      degreesOfFreedom: share.degreesOfFreedom, isSimpleRandomSample: sums.isSimpleRandomSample)
    defer {
      if reliability == .nchs, sums.design != .census {
        result.flags += Reliability.flags(input, quantiles: &quantiles)
      }
    }
    if !share.droppedReplicates.isEmpty {
      result.reason.addReason(
        "no weight here in \(share.droppedReplicates.joined(separator: ", ")), left out of the variance")
    }
    result.degreesOfFreedom = share.degreesOfFreedom
    guard share.degreesOfFreedom > 0 else {
      result.level = nil
      result.reason.addReason("no degrees of freedom")
      return
    }
    guard let variance = share.variance else {
      result.level = nil
      result.reason.addReason(
        sums.design.replicateScheme == nil ? "no stratum has two PSUs" : "fewer than two replicates have weight here")
      return
    }
    result.standardError = variance.squareRoot()
    if p == 0 || p == 1 {
      let known = 1 - share.samplingFraction
      if frame.hasPopulations, known > 0 { input.effectiveSize = Double(share.rows) / known }
      result.effectiveSize = input.effectiveSize
    } else if share.lacksVariance {
      // The reliability flags go by the rows then, as without degrees of freedom.
      input.effectiveSize = .infinity
      result.level = nil
      result.flags.append(.reviewNoVariance)
      result.reason.addReason(IndicatorEstimate.withoutVariance)
      return
    } else {
      input.standardError = variance.squareRoot()
      input.effectiveSize = p * (1 - p) / variance
      result.effectiveSize = input.effectiveSize
      result.designEffect = designEffect(of: share, variance: variance)
    }
    let (bounds, method) = interval.interval(input, quantiles: &quantiles)
    result.interval = bounds
    result.method = method.rawValue
  }

  /// V over that of a simple random sample of n rows (Kish 1965), with the finite population correction where
  /// populations are declared.
  private func designEffect(of share: CellShare, variance: Double) -> Double? {
    guard share.rows > 1 else { return nil }
    var simple = share.proportion * (1 - share.proportion) / Double(share.rows - 1)
    if frame.hasPopulations {
      guard Double(share.rows) <= share.weight else { return nil }
      simple *= 1 - share.samplingFraction
    }
    return simple > 0 ? variance / simple : nil
  }

  private func addLeftOut(_ leftOut: (missing: Int, unreadable: Int), to result: inout IndicatorEstimate) {
    (result.nMissing, result.nUnreadable) = leftOut
    if leftOut.unreadable > 0 { result.flags.append(.unreadable) }
  }

  // MARK: - Population and coverage

  /// Strata of the cell's population from which nothing is known.
  private func silentStrata(of population: CellPopulation) -> [Int] {
    population.strata.filter { frame.sampled[$0] == 0 && (frame.populations[$0] ?? 0) > 0 }
  }

  private func addCoverage(of population: CellPopulation, to result: inout IndicatorEstimate) {
    let silent = silentStrata(of: population)
    guard !silent.isEmpty else { return }
    let all = population.strata.reduce(0.0) { $0 + (frame.populations[$1] ?? 0) }
    let covered = all - silent.reduce(0.0) { $0 + (frame.populations[$1] ?? 0) }
    let names = silent.map { sums.strata[$0].name }.sorted().joined(separator: ", ")
    result.flags.append(.partial)
    result.reason.addReason("no report from \(names): covers \(covered.shortestText) of \(all.shortestText) units")
  }

  /// Why the total has no breakdown by a dimension that the table has.
  private func addVaryingDimensions(of cell: Cell, to result: inout IndicatorEstimate) {
    guard cell.isTotal else { return }
    for (dimension, unit) in sums.varyingDimensions.sorted(by: { $0.key < $1.key })
    where dimensionNames.indices.contains(dimension) {
      result.reason.addReason(
        "not broken down by \(dimensionNames[dimension]), which varies within units"
          + (unit.isEmpty ? "" : " such as \(unit.withVisibleControls)"))
    }
  }

  private func noDataReason(_ population: CellPopulation) -> String {
    let silent = silentStrata(of: population)
    if !silent.isEmpty, silent.count == population.strata.count {
      return "no report from \(silent.map { sums.strata[$0].name }.sorted().joined(separator: ", "))"
    }
    return "no row in the denominator"
  }
}

extension EstimateFlag {
  /// Flags are printed in the order of their declaration.
  fileprivate static func order(_ flag: EstimateFlag) -> Int { allCases.firstIndex(of: flag) ?? allCases.count }
}
