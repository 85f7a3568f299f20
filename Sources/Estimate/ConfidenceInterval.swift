import Foundation
import SurveyModel

/// What an interval is made of. Proportions are on the 0..1 scale.
public struct IntervalInput: Sendable {
  public var proportion: Double
  public var standardError: Double
  /// Rows in the cell's denominator.
  public var rows: Int
  public var effectiveSize: Double
  public var degreesOfFreedom: Int

  public init(proportion: Double, standardError: Double, rows: Int, effectiveSize: Double, degreesOfFreedom: Int) {
    self.proportion = proportion
    self.standardError = standardError
    self.rows = rows
    self.effectiveSize = effectiveSize
    self.degreesOfFreedom = degreesOfFreedom
  }

  var isAtEnd: Bool { proportion == 0 || proportion == 1 }

  /// The quantile of t at 1 - alpha/2.
  func t(_ level: Double) -> Double {
    Distributions.studentT(0.5 + level / 2, degreesOfFreedom: Double(degreesOfFreedom))
  }

  /// n_eff (t_{n-1} / t_df)^2; n_eff itself at 0 and 1 (Korn and Graubard 1998, p. 196).
  func adjustedSize(_ level: Double) -> Double {
    guard !isAtEnd, rows > 1 else { return effectiveSize }
    let ratio = Distributions.studentT(0.5 + level / 2, degreesOfFreedom: Double(rows - 1)) / t(level)
    return effectiveSize * ratio * ratio
  }
}

extension IntervalRequest {
  /// The interval, and the method that made it: at 0 and 1, where `wald`, `logit` and `arcsine` have no width, they
  /// give way to `beta`.
  ///
  /// - Throws: `EstimateError.methodNotSupported`.
  public func interval(
    _ input: IntervalInput
  ) throws(EstimateError) -> (bounds: ClosedRange<Double>, method: IntervalMethod) {
    let bounds: (Double, Double)
    var used = method
    switch method {
    case .wilson: bounds = ConfidenceInterval.wilson(input, level: level)
    case .wald, .logit, .arcsine, .beta:
      if input.isAtEnd { used = .beta }
      switch used {
      case .wald: bounds = ConfidenceInterval.wald(input, level: level)
      case .logit: bounds = ConfidenceInterval.logit(input, level: level)
      case .arcsine: bounds = ConfidenceInterval.arcsine(input, level: level)
      default: bounds = ConfidenceInterval.beta(input, level: level)
      }
    case .clopperPearson, .agrestiCoull, .jeffreys, .likelihood:
      throw .methodNotSupported(method)
    }
    let low = min(max(bounds.0, 0), 1)
    let high = min(max(bounds.1, 0), 1)
    return (min(low, high)...max(low, high), used)
  }
}

/// The formulas of docs/statistics.md, section "Confidence intervals". Bounds are on the 0..1 scale and not clipped.
enum ConfidenceInterval {
  /// p -/+ t se (`svyciprop`, method "mean").
  static func wald(_ input: IntervalInput, level: Double) -> (Double, Double) {
    let half = input.t(level) * input.standardError
    return (input.proportion - half, input.proportion + half)
  }

  /// The inverse logit of logit(p) -/+ t se / (p (1 - p)) (`svyciprop`, method "xlogit").
  static func logit(_ input: IntervalInput, level: Double) -> (Double, Double) {
    let p = input.proportion
    let half = input.t(level) * input.standardError / (p * (1 - p))
    let centre = log(p / (1 - p))
    func inverse(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    return (inverse(centre - half), inverse(centre + half))
  }

  /// sin^2 of asin(sqrt p) -/+ t se / (2 sqrt(p (1 - p))), the angle clipped to [0, pi/2] first (`svyciprop`, method
  /// "asin", does not clip, and folds back).
  static func arcsine(_ input: IntervalInput, level: Double) -> (Double, Double) {
    let p = input.proportion
    let half = input.t(level) * input.standardError / (2 * sqrt(p * (1 - p)))
    let centre = asin(sqrt(p))
    func squaredSine(_ angle: Double) -> Double {
      let sine = sin(min(max(angle, 0), .pi / 2))
      return sine * sine
    }
    return (squaredSine(centre - half), squaredSine(centre + half))
  }

  /// Wilson's score interval (1927) with n_eff in place of n and t in place of z (`svyciprop`, method "wilson", from
  /// survey 4.5 on).
  static func wilson(_ input: IntervalInput, level: Double) -> (Double, Double) {
    let p = input.proportion
    let m = input.effectiveSize
    let t = input.t(level)
    let centre = (p + t * t / (2 * m)) / (1 + t * t / m)
    let half = t / (1 + t * t / m) * sqrt(p * (1 - p) / m + t * t / (4 * m * m))
    // At the ends the bound is the end itself, not the rounding of it.
    return (p == 0 ? 0 : centre - half, p == 1 ? 1 : centre + half)
  }

  /// Clopper-Pearson's beta quantiles at the adjusted size (Korn and Graubard 1998; `svyciprop`, method "beta").
  static func beta(_ input: IntervalInput, level: Double) -> (Double, Double) {
    clopperPearson(proportion: input.proportion, size: input.adjustedSize(level), level: level)
  }

  /// Clopper and Pearson 1934 for x = p m successes of m, which need not be whole.
  static func clopperPearson(proportion p: Double, size m: Double, level: Double) -> (Double, Double) {
    let alpha = 1 - level
    let x = p * m
    let low = p == 0 ? 0 : Distributions.beta(alpha / 2, x, m - x + 1)
    let high = p == 1 ? 1 : Distributions.beta(1 - alpha / 2, x + 1, m - x)
    return (low, high)
  }
}
