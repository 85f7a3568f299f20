import Foundation
import SurveyModel

/// As many digits as results have where small cells are suppressed (`min-cell`): all digits of a weighted share, or of
/// its standard error, are as good as the counts that it was made of.
///
/// Percentages have one decimal, what measures precision two significant digits, counts of weighted rows three.
enum FewDigits {
  /// - Parameter percent: In percent or percentage points.
  static func percent(_ percent: Double) -> Double { (percent * 10).rounded() / 10 }

  static func precision(_ number: Double) -> Double { rounded(number, digits: 2) }

  /// - Parameter exact: The same count without weights, which is printed anyway.
  static func count(_ number: Double, exact: Int? = nil) -> Double {
    number == exact.map(Double.init) ? number : rounded(number, digits: 3)
  }

  /// By way of the decimal text, so that what is printed has no more digits.
  private static func rounded(_ number: Double, digits: Int) -> Double {
    guard number.isFinite, number != 0 else { return number }
    let exponent = Int(log10(abs(number)).rounded(.down)) - digits + 1
    let scale = pow(10, Double(abs(exponent)))
    return exponent < 0 ? (number * scale).rounded() / scale : (number / scale).rounded() * scale
  }
}

extension EstimateRow {
  mutating func limitDigits(kind: Indicator.Kind) {
    estimate = estimate.map { kind == .count ? FewDigits.count($0, exact: nYes) : FewDigits.percent($0) }
    lower = lower.map(FewDigits.percent)
    upper = upper.map(FewDigits.percent)
    standardError = standardError.map(FewDigits.precision)
    designEffect = designEffect.map(FewDigits.precision)
    effectiveSize = effectiveSize.map(FewDigits.precision)
  }
}

extension TrendRow {
  mutating func limitDigits(kind: Indicator.Kind) {
    let limit = { (number: Double) in kind == .count ? FewDigits.count(number) : FewDigits.percent(number) }
    then = then.map(limit)
    now = now.map(limit)
    delta = delta.map(limit)
    test.limitDigits()
  }
}

extension SlopeRow {
  mutating func limitDigits(kind: Indicator.Kind) {
    slope = slope.map { kind == .count ? FewDigits.count($0) : FewDigits.percent($0) }
    test.limitDigits()
  }
}

extension ChangeTest {
  fileprivate mutating func limitDigits() {
    standardError = standardError.map(FewDigits.precision)
    lower = lower.map(FewDigits.percent)
    upper = upper.map(FewDigits.percent)
    pValue = pValue.map(FewDigits.precision)
    adjustedPValue = adjustedPValue.map(FewDigits.precision)
  }
}
