import Estimate
import SurveyModel

/// Standard error, interval and p-value of a change (a difference of two percentages, or a slope), by Student's t.
struct ChangeTest {
  let standardError: Double
  /// nil without degrees of freedom, and where the variance is 0.
  let interval: ClosedRange<Double>?
  /// Two-sided, of no change; nil without degrees of freedom, and where the variance is 0.
  let pValue: Double?

  /// A difference of two proportions below this is no difference.
  static let rounding = 1e-12

  /// - Parameter bounds: What the change cannot exceed; nil: nothing.
  init(
    change: Double, variance: Double, degreesOfFreedom: Int, level: Double, bounds: ClosedRange<Double>?,
    quantiles: inout StudentQuantiles
  ) {
    let standardError = max(0, variance).squareRoot()
    self.standardError = standardError
    // A variance of 0 outside a census is an accident of few PSUs, and no certainty.
    guard degreesOfFreedom > 0, standardError > 0 else {
      interval = nil
      pValue = nil
      return
    }
    let df = Double(degreesOfFreedom)
    let half = quantiles.quantile(0.5 + level / 2, degreesOfFreedom: degreesOfFreedom) * standardError
    func bounded(_ value: Double) -> Double { bounds.map { min(max(value, $0.lowerBound), $0.upperBound) } ?? value }
    interval = bounded(change - half)...bounded(change + half)
    pValue = Distributions.studentTTwoSidedTail(change / standardError, degreesOfFreedom: df)
  }

  /// What a change without any error is.
  static func sign(of change: Double) -> Significance {
    abs(change) < rounding ? .noChange : change > 0 ? .up : .down
  }
}

extension IndicatorEstimate.VarianceBasis {
  /// 0 or 1 outside a census, where the linearized variance is 0 and says nothing.
  func isAtEnd(_ proportion: Double?) -> Bool { (proportion == 0 || proportion == 1) && !isCensus }

  /// The variance that an estimate adds to a change. At 0 and 1 it is that of (x + 1) / (n + 2) (Agresti and Caffo
  /// 2000); elsewhere the published one, which needs degrees of freedom and is more than rounding.
  func varianceInChange(proportion: Double?, rows: Int, rowsYes: Int) -> Double? {
    if isAtEnd(proportion) {
      let q = Double(rowsYes + 1) / Double(rows + 2)
      return (1 - samplingFraction) * q * (1 - q) / Double(rows + 2)
    }
    if isCensus { return 0 }
    return degreesOfFreedom > 0 && !lacksVariance ? variance : nil
  }

  /// Why `varianceInChange` has none.
  func reasonWithoutVariance(in cycle: String) -> String {
    lacksVariance && degreesOfFreedom > 0
      ? "no standard error: the computed variance in \(cycle) is 0, and the PSUs are too few to tell the true one"
      : "no standard error: too few PSUs in \(cycle)"
  }
}

extension CellShare {
  /// What a change needs beside the numbers of the share.
  var varianceBasis: IndicatorEstimate.VarianceBasis {
    IndicatorEstimate.VarianceBasis(
      variance: variance, degreesOfFreedom: degreesOfFreedom, isCensus: isCensus, samplingFraction: samplingFraction,
      lacksVariance: lacksVariance)
  }
}

extension SurveyCycle {
  /// Whether each unit is a PSU of its own, so that degrees of freedom count units.
  var unitsArePSUs: Bool { design.psu == nil || design.psu == tables[Self.responsesTable]?.unit }
}

/// A change that was tested together with others.
protocol TestedChange {
  var cell: Cell { get }
  var change: Double? { get }
  var standardError: Double? { get set }
  var degreesOfFreedom: Int? { get set }
  var interval: ClosedRange<Double>? { get set }
  var reason: String? { get set }
  var pValue: Double? { get set }
  var adjustedPValue: Double? { get set }
  var significance: Significance? { get set }
}

extension TestedChange {
  /// Blanks what tells the degrees of freedom: from them and the counts of the cycles, the number of units that are in
  /// several of them follows, which is suppressed.
  mutating func withholdTest() {
    guard degreesOfFreedom != nil else { return }
    degreesOfFreedom = nil
    interval = nil
    pValue = nil
    reason.addReason("no test: it would tell how few units are in both cycles")
  }

  /// What a test says of the change.
  mutating func take(_ test: ChangeTest) {
    standardError = test.standardError
    interval = test.interval
    pValue = test.pValue
    guard test.interval == nil else { return }
    // As the flag review-no-variance of an estimate.
    reason.addReason(
      test.standardError == 0 && degreesOfFreedom.map { $0 > 0 } == true
        ? "no test: the computed variance is 0, which is no certainty" : "no degrees of freedom")
  }

  /// A change between complete counts has no error.
  mutating func takeCensus() {
    guard let change else { return }
    standardError = 0
    interval = change...change
    significance = ChangeTest.sign(of: change)
  }
}

extension CellTrend: TestedChange {
  var change: Double? { delta }
}

extension CellSlope: TestedChange {
  var change: Double? { slope }
}

extension Array where Element: TestedChange {
  /// Adjusts for many comparisons within each grouping; the total is its own.
  mutating func adjust(by method: TrendRequest.Adjustment, level: Double) {
    // 1 - 0.95 is a little more than 0.05, and a p-value of exactly 0.05 is not below it.
    let alpha = ((1 - level) / ChangeTest.rounding).rounded() * ChangeTest.rounding
    var families: [[Int]: [Int]] = [:]
    for index in indices where self[index].pValue != nil {
      families[self[index].cell.grouping, default: []].append(index)
    }
    for family in families.values {
      let adjusted = MultipleComparisons.adjusted(family.map { self[$0].pValue ?? 1 }, by: method)
      for (index, value) in zip(family, adjusted) {
        self[index].adjustedPValue = value
        self[index].significance = value >= alpha ? .noChange : ChangeTest.sign(of: self[index].change ?? 0)
      }
    }
  }
}
