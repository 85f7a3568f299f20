/// Room to compute shares in, kept from cell to cell; each task has its own.
public struct ShareScratch: Sendable {
  /// By stratum, one array for each walk over the PSUs; `weights` is all zero between two cells.
  var weights: [StratumWeights] = []
  var deviations: [StratumDeviations] = []
  var distances: [StratumDistances] = []
  /// The strata with a PSU in the cell.
  var strata = PlaceSet(capacity: 0)
  /// The z of a cell's PSUs, in their order.
  var z: [Double] = []
  public var quantiles = StudentQuantiles()

  public init() {}

  mutating func prepare(strata count: Int, psus: Int) {
    if weights.count < count {
      weights = Array(repeating: StratumWeights(), count: count)
      deviations = Array(repeating: StratumDeviations(), count: count)
      distances = Array(repeating: StratumDistances(), count: count)
      strata = PlaceSet(capacity: count)
    }
    if z.count < psus { z = Array(repeating: 0, count: psus) }
  }

  mutating func clear() {
    strata.forEach { weights[$0] = StratumWeights() }
    strata.removeAll()
  }
}

/// What the PSUs of one stratum that have a row in the cell add up to.
struct StratumWeights: Sendable {
  var psus = 0
  var rows = 0
  var rowsYes = 0
  var weight = 0.0
  var weightYes = 0.0
}

/// Sums of z and z^2.
struct StratumDeviations: Sendable {
  /// What turns a weight into its part of z, and its square.
  var factor = 0.0
  var factorSquared = 0.0
  var sum = 0.0
  var squares = 0.0
}

/// Sum of (z - mean)^2; the mean is over the PSUs of the sample.
struct StratumDistances: Sendable {
  var mean = 0.0
  var squares = 0.0
}
