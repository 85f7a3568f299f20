import SurveyModel

/// All estimates of one cycle, with what they were made from.
public struct CycleEstimates: Sendable {
  public let cycle: SurveyCycle
  public let sums: CycleSums
  /// By indicator of the definition; nil where the cycle did not ask it.
  public let estimators: [IndicatorEstimator?]
  /// By indicator: its cells in the order of the outputs.
  public let cells: [[Cell]]
  /// By indicator: the place of each of its cells.
  private let places: [[Cell: Int]]
  /// By indicator, by place of the cell.
  private let estimates: [[IndicatorEstimate]]
  private let shares: [[CellShare?]]

  /// - Parameter interval: In place of the definition's own, if given.
  /// - Throws: `EstimateError`.
  public init(cycle: SurveyCycle, sums: CycleSums, interval: IntervalRequest? = nil) throws {
    let computation = EstimateComputation(cycle: cycle, sums: sums, interval: interval)
    var scratch = ShareScratch()
    let indicators = try cycle.indicators.indices.map { try computation.estimates(of: $0, scratch: &scratch) }
    self.init(computation, indicators)
  }

  /// The same with the indicators shared out among tasks.
  ///
  /// - Throws: `EstimateError`, that of the first indicator that has one; `CancellationError`.
  public static func computed(
    cycle: SurveyCycle, sums: CycleSums, interval: IntervalRequest? = nil, threads: Int
  ) async throws -> CycleEstimates {
    let computation = EstimateComputation(cycle: cycle, sums: sums, interval: interval)
    let indicators = try await SharedRounds.results(
      cycle.indicators.count, threads: threads, scratch: ShareScratch.init
    ) { index, scratch in try computation.estimates(of: index, scratch: &scratch) }
    return CycleEstimates(computation, indicators)
  }

  private init(_ computation: EstimateComputation, _ indicators: [EstimateComputation.OfIndicator]) {
    cycle = computation.cycle
    sums = computation.sums
    estimators = indicators.map(\.estimator)
    cells = indicators.map(\.table.cells)
    places = indicators.map(\.table.places)
    estimates = indicators.map(\.estimates)
    shares = indicators.map(\.shares)
  }

  public func estimate(indicator: Int, cell: Cell) -> IndicatorEstimate? {
    places[indicator][cell].map { estimates[indicator][$0] }
  }

  /// The place of a cell among those of an indicator.
  public func place(of cell: Cell, indicator: Int) -> Int? { places[indicator][cell] }

  /// What the estimate at a place was made of, with the z of its PSUs; nil where no row is in its denominator.
  public func share(indicator: Int, place: Int) -> CellShare? {
    guard let estimator = estimators[indicator], let share = shares[indicator][place] else { return nil }
    return share.withResiduals(
      in: estimator.sums, indicator: estimator.indicator, cell: cells[indicator][place])
  }

  /// Every estimate in the order of the outputs.
  public var all: [CellEstimate] {
    cycle.indicators.indices.flatMap { indicator in
      zip(cells[indicator], estimates[indicator]).map {
        CellEstimate(cycle: cycle.name, indicator: indicator, cell: $0, estimate: $1)
      }
    }
  }
}
