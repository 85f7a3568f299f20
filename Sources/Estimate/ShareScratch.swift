/// Room to compute shares in, kept from cell to cell; each task has its own.
public struct ShareScratch: Sendable {
  /// By stratum; all zero between two cells.
  var parts: [StratumPart] = []
  /// The strata that have a part.
  var strata = PlaceSet(capacity: 0)
  /// The z of a cell's PSUs, in their order.
  var deviations: [Double] = []
  public var quantiles = StudentQuantiles()

  public init() {}

  mutating func prepare(strata count: Int, psus: Int) {
    if parts.count < count {
      parts = Array(repeating: StratumPart(), count: count)
      strata = PlaceSet(capacity: count)
    }
    if deviations.count < psus { deviations = Array(repeating: 0, count: psus) }
  }

  mutating func clear() {
    strata.forEach { parts[$0] = StratumPart() }
    strata.removeAll()
  }
}

/// What the PSUs of one stratum that have a row in the cell add up to.
struct StratumPart: Sendable {
  var psus = 0
  var rows = 0
  var rowsYes = 0
  var weight = 0.0
  var weightYes = 0.0
  /// What turns a weight into its part of z, and its square.
  var factor = 0.0
  var factorSquared = 0.0
  /// Sum of z, of z^2, and of (z - mean)^2; the mean is over the PSUs of the sample.
  var sum = 0.0
  var squares = 0.0
  var mean = 0.0
  var centred = 0.0
}
