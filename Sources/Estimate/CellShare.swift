import SurveyModel

/// A percentage in one cell with its variance: everything that intervals and trends are made of.
///
/// Taylor-linearized over strata and PSUs,
///
///     z_i  = w_i (y_i - p d_i) / sum(w d)
///     V    = sum_h (1 - f_h) n_h / (n_h - 1) sum_c (z_hc - zbar_h)^2
///
/// where the sum over c runs over all n_h PSUs of the stratum; those without a row in the cell have z = 0
/// (Binder 1983; Woodruff 1971; the same as R survey's `svyciprop` on a subset of the whole design). With replicate
/// weights V is the spread of the replicates' percentages (`ReplicateVariance`).
public struct CellShare: Sendable {
  /// sum(w y) / sum(w d).
  public let proportion: Double
  /// Rows in the denominator and in the numerator.
  public let rows: Int
  public let rowsYes: Int
  /// sum(w d) and sum(w y), with the factors of a census.
  public let weight: Double
  public let weightYes: Double
  /// nil where it cannot be estimated (`lonely-psu: average` and every stratum lonely; fewer than two replicates).
  public let variance: Double?
  /// PSUs with a denominator row less strata with one; with replicate weights the rank of their matrix less one, and
  /// no more than those of the design.
  public let degreesOfFreedom: Int
  /// Every stratum with a denominator row was taken whole.
  public let isCensus: Bool
  /// n / sum(w d) where populations are declared, 0 elsewhere and where that would be more than 1.
  public let samplingFraction: Double
  /// z_hc of each PSU with a denominator row, ascending; empty where every row is its own PSU and nothing links them,
  /// and where they were not to be kept.
  public private(set) var residuals: [Residual]
  /// The sum of the squared z of the rows, against which rounding is judged.
  public let sumOfSquares: Double
  /// Replicates that had no weight in the cell and were left out.
  public let droppedReplicates: [String]
  /// The variance is 0 or rounding though the percentage is neither 0 nor 1 and not everyone was counted: too few PSUs
  /// to tell, and no certainty.
  public let lacksVariance: Bool
  public let frame: DesignFrame

  public struct Residual: Sendable {
    public var psu: Int
    public var value: Double
  }

  /// V below this share of sum z^2 is rounding.
  public static let negligible = 1e-14

  /// - Returns: nil where no row of positive weight is in the denominator.
  public init?(sums: TableSums, indicator: Int, cell: Cell, frame: DesignFrame, lonely: LonelyPSURule) {
    var scratch = ShareScratch()
    self.init(
      sums: sums, indicator: indicator, cell: cell, frame: frame, lonely: lonely, keepsResiduals: true,
      scratch: &scratch)
  }

  /// - Parameter keepsResiduals: Whether PSUs will be linked with those of another cycle.
  init?(
    sums: TableSums, indicator: Int, cell: Cell, frame: DesignFrame, lonely: LonelyPSURule, keepsResiduals: Bool,
    scratch: inout ShareScratch
  ) {
    let variance = StratifiedVariance(frame: frame, lonely: lonely)
    let linearized: LinearizedShare?
    switch sums.totals(in: cell, indicator: indicator) {
    case .byPSU(let totals):
      linearized = LinearizedShare(totals, variance: variance, keepsResiduals: keepsResiduals, scratch: &scratch)
    case .byStratum(let totals):
      linearized = LinearizedShare(totals, variance: variance)
    case .byReplicate(let total):
      guard let total, let scheme = sums.design.replicateScheme else { return nil }
      linearized = LinearizedShare(total, scheme: scheme, frame: frame)
    }
    guard let linearized else { return nil }
    let counts = linearized.counts
    proportion = counts.proportion
    rows = counts.rows
    rowsYes = counts.rowsYes
    weight = counts.weight
    weightYes = counts.weightYes
    self.variance = linearized.variance
    degreesOfFreedom =
      linearized.degreesOfFreedom > 0
      ? frame.degreesOfFreedom ?? linearized.degreesOfFreedom : linearized.degreesOfFreedom
    isCensus = frame.hasPopulations && counts.isWhole
    // More rows than their weights stand for: no fraction of a population, so no correction.
    samplingFraction =
      frame.hasPopulations && Double(counts.rows) <= counts.weight ? Double(counts.rows) / counts.weight : 0
    residuals = linearized.residuals
    sumOfSquares = linearized.sumOfSquares
    droppedReplicates = linearized.droppedReplicates
    lacksVariance =
      proportion > 0 && proportion < 1 && !isCensus
      && linearized.variance.map { $0 == 0 || $0 < linearized.negligibleVariance } ?? false
    self.frame = frame
  }
}

extension CellShare {
  /// The same share with the z of its PSUs, which are not kept from the estimates on: they are as many as the PSUs of
  /// all cells and indicators.
  func withResiduals(in sums: TableSums, indicator: Int, cell: Cell) -> CellShare {
    guard case .byPSU(let totals) = sums.totals(in: cell, indicator: indicator) else { return self }
    var result = self
    // Over unchecked memory, as the walks of `LinearizedShare`.
    result.residuals = Array(unsafeUninitializedCapacity: totals.count) { residuals, count in
      frame.psuStrata.withUnsafeBufferPointer { strata in
        frame.factors.withUnsafeBufferPointer { factors in
          for (index, total) in totals.enumerated() {
            let factor = factors[Int(strata[total.psu])] / weight
            let z = factor * (total.weightYes - proportion * total.weight)
            residuals.initializeElement(at: index, to: Residual(psu: total.psu, value: z))
          }
        }
      }
      count = totals.count
    }
    return result
  }
}

/// Rows and weights of a cell, stratum by stratum in ascending order.
struct CellCounts {
  private(set) var rows = 0
  private(set) var rowsYes = 0
  private(set) var weight = 0.0
  private(set) var weightYes = 0.0
  /// Every stratum was taken whole.
  private(set) var isWhole = true

  mutating func add(stratum: Int, rows: Int, rowsYes: Int, weight: Double, weightYes: Double, frame: DesignFrame) {
    self.rows += rows
    self.rowsYes += rowsYes
    self.weight += weight * frame.factors[stratum]
    self.weightYes += weightYes * frame.factors[stratum]
    if !(frame.fractions[stratum] >= 1) { isWhole = false }
  }

  /// A quotient of equal sums is exactly 1 only if both are the very same sum.
  var proportion: Double { rowsYes == rows ? 1 : weightYes / weight }
}
