/// Whether there is an estimate, and if not, why.
public enum EstimateStatus: String, Sendable {
  case ok
  case noData = "no-data"
  case notAsked = "not-asked"
  case suppressed
  /// Of a change: a break in the series lies between the cycles.
  case seriesBreak = "break"
}

/// What a reader should know before printing a number. A flag never blanks it.
public enum EstimateFlag: String, Sendable, CaseIterable {
  case census
  case partial
  case reviewNoVariance = "review-no-variance"
  /// Rows were left out because an answer that decides cannot be read.
  case unreadable
  case notShown = "not-shown"
  case footnoteComplement = "footnote-complement"
  case reviewDF = "review-df"
  case review0To100 = "review-0-100"
}

/// One estimate. Proportions are on the 0..1 scale; exports print percent.
public struct IndicatorEstimate: Sendable {
  public var status: EstimateStatus
  /// Rows in the denominator with positive weight, and those of them in the numerator.
  public var n: Int
  public var nYes: Int
  /// Eligible rows of positive weight that are not decided, and those left out because an answer cannot be read.
  public var nMissing = 0
  public var nUnreadable = 0
  /// Units of the cell in the declared population.
  public var population: Double?
  /// A proportion, or for a count indicator the count.
  public var value: Double?
  public var standardError: Double?
  public var interval: ClosedRange<Double>?
  /// What the `method` column prints: an interval method, or `census`.
  public var method: String?
  public var level: Double?
  public var degreesOfFreedom: Int?
  public var designEffect: Double?
  public var effectiveSize: Double?
  public var flags: [EstimateFlag]
  public var reason: String?
  /// What Trends needs beside the printed numbers.
  public var basis: VarianceBasis?

  public init(status: EstimateStatus, n: Int = 0, nYes: Int = 0, reason: String? = nil) {
    self.status = status
    self.n = n
    self.nYes = nYes
    flags = []
    self.reason = reason
  }

  /// The same cell with every number blanked that speaks of its rows.
  public func suppressed(minimumCell: Int) -> IndicatorEstimate {
    var result = IndicatorEstimate(
      status: .suppressed, reason: "suppressed so that no cell of fewer than \(minimumCell) can be known")
    result.population = population
    return result
  }

  /// Why there is an estimate and no interval.
  public static let withoutVariance =
    "no interval: the computed variance is 0, and the PSUs are too few to tell the true one"

  /// The variance behind an estimate, also where the estimate itself prints none.
  public struct VarianceBasis: Sendable {
    /// nil where there is no estimate of it.
    public var variance: Double?
    /// PSUs with a denominator row less strata with one; printed only where there is an interval.
    public var degreesOfFreedom: Int
    /// Every stratum with a denominator row was taken whole.
    public var isCensus: Bool
    /// n / sum(w d) where population sizes are declared, else 0.
    public var samplingFraction: Double
    /// The variance is 0 or rounding though the percentage is neither 0 nor 100: too few PSUs to tell.
    public var lacksVariance: Bool

    public init(
      variance: Double?, degreesOfFreedom: Int, isCensus: Bool, samplingFraction: Double, lacksVariance: Bool = false
    ) {
      self.lacksVariance = lacksVariance
      self.variance = variance
      self.degreesOfFreedom = degreesOfFreedom
      self.isCensus = isCensus
      self.samplingFraction = samplingFraction
    }
  }
}

/// An estimate with its place in the results.
public struct CellEstimate: Sendable {
  /// The NAME of the pipeline.
  public var cycle: String
  /// The indicator's position in its cycle's definition.
  public var indicator: Int
  public var cell: Cell
  public var estimate: IndicatorEstimate

  public init(cycle: String, indicator: Int, cell: Cell, estimate: IndicatorEstimate) {
    self.cycle = cycle
    self.indicator = indicator
    self.cell = cell
    self.estimate = estimate
  }
}
