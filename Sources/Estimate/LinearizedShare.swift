import SurveyModel

/// The sums behind a `CellShare`, for each of the forms in which a table hands them over.
struct LinearizedShare {
  var counts = CellCounts()
  var variance: Double?
  var degreesOfFreedom = 0
  var residuals: [CellShare.Residual] = []
  var sumOfSquares = 0.0
  var droppedReplicates: [String] = []
  /// A variance below this is rounding.
  var negligibleVariance = 0.0

  /// Where every row is its own PSU and nothing links them.
  init?(_ strata: [StratumTotal], variance: StratifiedVariance) {
    let frame = variance.frame
    for total in strata {
      counts.add(
        stratum: total.stratum, rows: total.rows, rowsYes: total.rowsYes, weight: total.weight,
        weightYes: total.weightYes, frame: frame)
    }
    guard counts.rows > 0 else { return nil }
    let p = counts.proportion
    var sum = variance
    for total in strata {
      let factor = frame.factors[total.stratum] / counts.weight
      let z = factor * (total.weightYes - p * total.weight)
      let squares =
        factor * factor
        * ((1 - p) * (1 - p) * total.weightSquaredYes + p * p * (total.weightSquared - total.weightSquaredYes))
      sum.noteRows(squares)
      sum.add(stratum: total.stratum, sum: z, squares: squares)
    }
    degreesOfFreedom = counts.rows - strata.count
    self.variance = sum.total
    sumOfSquares = sum.squares
  }

  /// With replicate weights.
  init?(_ total: ReplicateTotal, scheme: ReplicateScheme, frame: DesignFrame) {
    counts.add(
      stratum: 0, rows: total.rows, rowsYes: total.rowsYes, weight: total.weight, weightYes: total.weightYes,
      frame: frame)
    guard counts.rows > 0 else { return nil }
    let replicates = ReplicateVariance(total: total, scheme: scheme, proportion: counts.proportion)
    variance = replicates.variance
    degreesOfFreedom = min(scheme.degreesOfFreedom, total.rank.map { $0 - 1 } ?? scheme.degreesOfFreedom)
    negligibleVariance = 1e-14 * counts.proportion * counts.proportion
    droppedReplicates = replicates.dropped
  }
}
