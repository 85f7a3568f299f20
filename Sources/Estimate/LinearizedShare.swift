import SurveyModel

/// A percentage in one cell with its Taylor-linearized variance: everything that intervals and trends are made of.
///
///     z_i  = w_i (y_i - p d_i) / sum(w d)
///     V    = sum_h (1 - f_h) n_h / (n_h - 1) sum_c (z_hc - zbar_h)^2
///
/// The sum over c runs over all n_h PSUs of the stratum; those without a row in the cell have z = 0
/// (Binder 1983; Woodruff 1971; the same as R survey's `svyciprop` on a subset of the whole design).
public struct LinearizedShare: Sendable {
  /// sum(w y) / sum(w d).
  public let proportion: Double
  /// Rows in the denominator and in the numerator.
  public let rows: Int
  public let rowsYes: Int
  /// sum(w d) and sum(w y), with the factors of a census.
  public let weight: Double
  public let weightYes: Double
  /// nil where it cannot be estimated (`lonely-psu: average` and every stratum lonely).
  public let variance: Double?
  /// PSUs with a denominator row less strata with one.
  public let degreesOfFreedom: Int
  /// Every stratum with a denominator row was taken whole.
  public let isCensus: Bool
  /// n / sum(w d) where populations are declared, 0 elsewhere and where that would be more than 1.
  public let samplingFraction: Double
  /// z_hc of each PSU with a denominator row; empty where every row is its own PSU and nothing links them.
  public let residuals: [Residual]
  /// The sum of the squared z of the rows, against which rounding is judged.
  public let sumOfSquares: Double
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

    var sum = Variance(frame: frame, lonely: lonely)
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
    }
    variance = sum.total
    sumOfSquares = sum.squares
  }
}

/// Adds up the strata's parts of a variance under the rule for strata with a single PSU.
private struct Variance {
  let frame: DesignFrame
  let lonely: LonelyPSURule
  private var sum = 0.0
  private(set) var squares = 0.0
  private var strata = 0
  private var lonelyStrata = 0

  init(frame: DesignFrame, lonely: LonelyPSURule) {
    self.frame = frame
    self.lonely = lonely
  }

  /// Squared z of rows, against which rounding is judged: those of PSUs vanish together with V.
  mutating func noteRows(_ squares: Double) { self.squares += squares }

  /// A stratum with a denominator row: the z of its PSUs that have one; the others are 0.
  mutating func add(stratum: Int, values: [Double]) {
    let count = Double(frame.sampled[stratum])
    let squares = values.reduce(0) { $0 + $1 * $1 }
    let mean = values.reduce(0, +) / count
    let centred = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } + (count - Double(values.count)) * mean * mean
    add(stratum: stratum, squares: squares, centred: centred)
  }

  /// A stratum whose rows are its PSUs: sum z and sum z^2.
  mutating func add(stratum: Int, sum: Double, squares: Double) {
    let count = Double(frame.sampled[stratum])
    add(stratum: stratum, squares: squares, centred: max(0, squares - sum * sum / count))
  }

  private mutating func add(stratum: Int, squares: Double, centred: Double) {
    strata += 1
    let count = Double(frame.sampled[stratum])
    let correction = 1 - frame.fractions[stratum]
    if frame.sampled[stratum] > 1 {
      sum += correction * count / (count - 1) * centred
    } else if frame.isLonely(stratum) {
      lonelyStrata += 1
      // Around the grand mean of the z, which is 0 for a percentage.
      if lonely == .adjust { sum += correction * squares }
    }
  }

  var total: Double? {
    var variance = sum
    if lonely == .average, lonelyStrata > 0 {
      guard strata > lonelyStrata else { return nil }
      variance *= Double(strata) / Double(strata - lonelyStrata)
    }
    return variance < LinearizedShare.negligible * squares ? 0 : variance
  }
}

extension CellTotals {
  /// Rows and weights by stratum, strata ascending.
  fileprivate func byStratum(sums: TableSums) -> [StratumTotal] {
    switch self {
    case .byStratum(let totals): return totals
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
