/// What another cycle is to this one.
public enum TrendRole: String, Sendable {
  case previous, baseline, requested
}

/// Whether everyone who answered counts, or only who answered both times.
public enum TrendBasis: String, Sendable, CaseIterable {
  case all, matched
}

public enum Significance: String, Sendable {
  case up, down
  case noChange = "no-change"
}

/// The change of one indicator in one cell between two cycles. Proportions are on the 0..1 scale.
public struct CellTrend: Sendable {
  public var cycle: String
  public var compareTo: String
  public var role: TrendRole
  public var basis: TrendBasis
  /// The indicator's position in the later cycle's definition.
  public var indicator: Int
  public var cell: Cell
  public var status: EstimateStatus
  public var nThen: Int?
  public var nNow: Int?
  public var nMatched: Int?
  public var then: Double?
  public var now: Double?
  public var delta: Double?
  public var standardError: Double?
  public var interval: ClosedRange<Double>?
  public var degreesOfFreedom: Int?
  public var pValue: Double?
  public var adjustedPValue: Double?
  public var significance: Significance?
  public var comparability: String?
  public var reason: String?

  public init(
    cycle: String, compareTo: String, role: TrendRole, basis: TrendBasis, indicator: Int, cell: Cell,
    status: EstimateStatus
  ) {
    self.cycle = cycle
    self.compareTo = compareTo
    self.role = role
    self.basis = basis
    self.indicator = indicator
    self.cell = cell
    self.status = status
  }
}
