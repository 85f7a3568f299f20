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
  /// PSUs with a denominator row in both cycles; nil where nothing could link them, 0 where the definition says that
  /// nothing does.
  public var nLinked: Int?
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

extension CellTrend {
  /// Blanks every number: an end, or the units in both, are too few to publish.
  public mutating func suppress() {
    self = CellTrend(
      cycle: cycle, compareTo: compareTo, role: role, basis: basis, indicator: indicator, cell: cell,
      status: .suppressed)
    reason = "suppressed, because one of its counts is"
  }
}

/// The change of one indicator in one cell per year, over three cycles or more. Proportions are on the 0..1 scale.
public struct CellSlope: Sendable {
  /// The indicator's position in the main cycle's definition.
  public var indicator: Int
  public var cell: Cell
  /// The NAMEs of the cycles with an estimate, in the order of their years.
  public var cycles: [String]
  public var slope: Double?
  public var standardError: Double?
  public var interval: ClosedRange<Double>?
  public var degreesOfFreedom: Int?
  public var pValue: Double?
  public var adjustedPValue: Double?
  public var significance: Significance?
  public var comparability: String?
  public var reason: String?

  public init(indicator: Int, cell: Cell, cycles: [String]) {
    self.indicator = indicator
    self.cell = cell
    self.cycles = cycles
  }
}
