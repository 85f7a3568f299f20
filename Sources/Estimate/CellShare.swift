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
  /// PSUs with a denominator row less strata with one; with replicate weights those of the design.
  public let degreesOfFreedom: Int
  /// Every stratum with a denominator row was taken whole.
  public let isCensus: Bool
  /// n / sum(w d) where populations are declared, 0 elsewhere and where that would be more than 1.
  public let samplingFraction: Double
  /// z_hc of each PSU with a denominator row, ascending; empty where every row is its own PSU and nothing links them.
  public let residuals: [Residual]
  /// The sum of the squared z of the rows, against which rounding is judged.
  public let sumOfSquares: Double
  /// Replicates that had no weight in the cell and were left out.
  public let droppedReplicates: [String]
  public let frame: DesignFrame

  public struct Residual: Sendable {
    public var psu: Int
    public var value: Double
  }

  /// V below this share of sum z^2 is rounding.
  public static let negligible = 1e-14

  /// - Returns: nil where no row of positive weight is in the denominator.
  public init?(sums: TableSums, indicator: Int, cell: Cell, frame: DesignFrame, lonely: LonelyPSURule) {
    let totals = sums.totals(in: cell, indicator: indicator)
    let strata = totals.byStratum(sums: sums)
    rows = strata.reduce(0) { $0 + $1.rows }
    rowsYes = strata.reduce(0) { $0 + $1.rowsYes }
    guard rows > 0 else { return nil }
    var weight = 0.0
    var weightYes = 0.0
    for stratum in strata {
      weight += stratum.weight * frame.factors[stratum.stratum]
      weightYes += stratum.weightYes * frame.factors[stratum.stratum]
    }
    self.weight = weight
    self.weightYes = weightYes
    // A quotient of equal sums is exactly 1 only if both are the very same sum.
    let p = rowsYes == rows ? 1 : weightYes / weight
    proportion = p
    self.frame = frame
    isCensus = frame.hasPopulations && strata.allSatisfy { frame.fractions[$0.stratum] >= 1 }
    // More rows than their weights stand for: no fraction of a population, so no correction.
    samplingFraction = frame.hasPopulations && Double(rows) <= weight ? Double(rows) / weight : 0

    var sum = StratifiedVariance(frame: frame, lonely: lonely)
    switch totals {
    case .byPSU(let psus):
      var residuals: [Residual] = []
      residuals.reserveCapacity(psus.count)
      var byStratum: [Int: [Double]] = [:]
      for total in psus {
        let stratum = sums.psus[total.psu].stratum
        let factor = frame.factors[stratum] / weight
        let z = factor * (total.weightYes - p * total.weight)
        sum.noteRows(factor * factor * total.smallestSquares(proportion: p))
        residuals.append(Residual(psu: total.psu, value: z))
        byStratum[stratum, default: []].append(z)
      }
      self.residuals = residuals
      for stratum in byStratum.keys.sorted() { sum.add(stratum: stratum, values: byStratum[stratum] ?? []) }
      degreesOfFreedom = psus.count - byStratum.count
      variance = sum.total
      droppedReplicates = []
    case .byStratum(let strata):
      residuals = []
      for total in strata {
        let factor = frame.factors[total.stratum] / weight
        let z = factor * (total.weightYes - p * total.weight)
        let squares =
          factor * factor
          * ((1 - p) * (1 - p) * total.weightSquaredYes + p * p * (total.weightSquared - total.weightSquaredYes))
        sum.noteRows(squares)
        sum.add(stratum: total.stratum, sum: z, squares: squares)
      }
      degreesOfFreedom = rows - strata.count
      variance = sum.total
      droppedReplicates = []
    case .byReplicate(let total):
      residuals = []
      guard let total, let scheme = sums.design.replicateScheme else { return nil }
      let replicates = ReplicateVariance(total: total, scheme: scheme, proportion: p)
      variance = replicates.variance
      degreesOfFreedom = scheme.degreesOfFreedom
      droppedReplicates = replicates.dropped
    }
    sumOfSquares = sum.squares
  }
}

extension CellTotals {
  /// Rows and weights by stratum, strata ascending.
  fileprivate func byStratum(sums: TableSums) -> [StratumTotal] {
    switch self {
    case .byStratum(let totals): return totals
    case .byReplicate(let total):
      return total.map {
        [
          StratumTotal(
            stratum: 0, rows: $0.rows, rowsYes: $0.rowsYes, weight: $0.weight, weightYes: $0.weightYes,
            weightSquared: 0, weightSquaredYes: 0)
        ]
      } ?? []
    case .byPSU(let psus):
      var result: [Int: StratumTotal] = [:]
      for total in psus {
        let stratum = sums.psus[total.psu].stratum
        var sum =
          result[stratum]
          ?? StratumTotal(
            stratum: stratum, rows: 0, rowsYes: 0, weight: 0, weightYes: 0, weightSquared: 0, weightSquaredYes: 0)
        sum.rows += total.rows
        sum.rowsYes += total.rowsYes
        sum.weight += total.weight
        sum.weightYes += total.weightYes
        result[stratum] = sum
      }
      return result.keys.sorted().compactMap { result[$0] }
    }
  }
}

extension PSUTotal {
  /// The smallest sum of w^2 (y - p d)^2 that rows with these sums can have: that of equal weights among the rows that
  /// say yes, and among those that say no (Cauchy-Schwarz).
  fileprivate func smallestSquares(proportion p: Double) -> Double {
    let no = weight - weightYes
    let rowsNo = rows - rowsYes
    let yesPart = rowsYes > 0 ? weightYes * weightYes / Double(rowsYes) : 0
    let noPart = rowsNo > 0 ? no * no / Double(rowsNo) : 0
    return (1 - p) * (1 - p) * yesPart + p * p * noPart
  }
}
