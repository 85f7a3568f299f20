import Estimate
import SurveyModel

/// Standard error, interval and p-value of a change.
extension TrendCalculator {
  func isAtEnd(_ value: Double?, _ basis: IndicatorEstimate.VarianceBasis) -> Bool {
    (value == 0 || value == 1) && !basis.isCensus
  }

  /// The variance that one cycle adds. At 0 and 1 it is that of (x + 1) / (n + 2) (Agresti and Caffo 2000), because
  /// the linearized one is 0; elsewhere the published one, which needs degrees of freedom.
  func variance(
    _ rows: Int, _ rowsYes: Int, _ value: Double?, _ basis: IndicatorEstimate.VarianceBasis
  ) -> Double? {
    if isAtEnd(value, basis) {
      let q = Double(rowsYes + 1) / Double(rows + 2)
      return (1 - basis.samplingFraction) * q * (1 - q) / Double(rows + 2)
    }
    if basis.isCensus { return 0 }
    return basis.degreesOfFreedom > 0 ? basis.variance : nil
  }

  func setCensus(_ row: inout CellTrend) {
    guard let delta = row.delta else { return }
    row.standardError = 0
    row.interval = delta...delta
    row.significance = abs(delta) < Self.rounding ? .noChange : delta > 0 ? .up : .down
  }

  /// Interval and p-value follow from the standard error and the degrees of freedom, which are set.
  func setError(_ row: inout CellTrend, variance: Double) {
    guard let delta = row.delta else { return }
    let standardError = max(0, variance).squareRoot()
    row.standardError = standardError
    guard let degreesOfFreedom = row.degreesOfFreedom, degreesOfFreedom > 0 else {
      row.reason = join(row.reason, "no degrees of freedom")
      return
    }
    let half = Distributions.studentT(0.5 + level / 2, degreesOfFreedom: Double(degreesOfFreedom)) * standardError
    row.interval = min(max(delta - half, -1), 1)...min(max(delta + half, -1), 1)
    if standardError > 0 {
      row.pValue = Distributions.studentTTwoSidedTail(
        delta / standardError, degreesOfFreedom: Double(degreesOfFreedom))
    } else {
      row.pValue = abs(delta) < Self.rounding ? 1 : 0
    }
  }

  func join(_ a: String?, _ b: String?) -> String? {
    let parts = [a, b].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
