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
  /// A simple random sample: no weights, strata, PSUs, population or replicate weights. The textbook methods then
  /// count the rows themselves.
  public var isSimpleRandomSample: Bool

  public init(
    proportion: Double, standardError: Double, rows: Int, effectiveSize: Double, degreesOfFreedom: Int,
    isSimpleRandomSample: Bool = false
  ) {
    self.proportion = proportion
    self.standardError = standardError
    self.rows = rows
    self.effectiveSize = effectiveSize
    self.degreesOfFreedom = degreesOfFreedom
    self.isSimpleRandomSample = isSimpleRandomSample
  }

  var isAtEnd: Bool { proportion == 0 || proportion == 1 }

  /// The quantile of t at 1 - alpha/2.
  func t(_ level: Double, _ quantiles: inout StudentQuantiles) -> Double {
    quantiles.quantile(0.5 + level / 2, degreesOfFreedom: degreesOfFreedom)
  }

  /// n_eff (t_{n-1} / t_df)^2; n_eff itself at 0 and 1 (Korn and Graubard 1998, p. 196).
  func adjustedSize(_ level: Double, _ quantiles: inout StudentQuantiles) -> Double {
    guard !isAtEnd, rows > 1 else { return effectiveSize }
    let ratio = quantiles.quantile(0.5 + level / 2, degreesOfFreedom: rows - 1) / t(level, &quantiles)
    return effectiveSize * ratio * ratio
  }

  /// The size that the textbook methods take for n: n itself in a simple random sample, elsewhere the adjusted one
  /// (as SAS PROC SURVEYFREQ).
  func textbookSize(_ level: Double, _ quantiles: inout StudentQuantiles) -> Double {
    isSimpleRandomSample ? Double(rows) : adjustedSize(level, &quantiles)
  }
}

extension IntervalRequest {
  /// The interval, and the method that made it: at 0 and 1, where `wald`, `logit` and `arcsine` have no width, they
  /// give way to `beta`.
  public func interval(_ input: IntervalInput) -> (bounds: ClosedRange<Double>, method: IntervalMethod) {
    var quantiles = StudentQuantiles()
    return interval(input, quantiles: &quantiles)
  }

  func interval(
    _ input: IntervalInput, quantiles: inout StudentQuantiles
  ) -> (bounds: ClosedRange<Double>, method: IntervalMethod) {
    let hasNoWidth = input.isAtEnd && [.wald, .logit, .arcsine].contains(method)
    let used = hasNoWidth ? .beta : method
    let bounds =
      switch used {
      case .wilson: ConfidenceInterval.wilson(input, level, &quantiles)
      case .beta: ConfidenceInterval.beta(input, level, &quantiles)
      case .wald: ConfidenceInterval.wald(input, level, &quantiles)
      case .logit: ConfidenceInterval.logit(input, level, &quantiles)
      case .arcsine: ConfidenceInterval.arcsine(input, level, &quantiles)
      case .clopperPearson:
        ConfidenceInterval.clopperPearson(
          proportion: input.proportion, size: input.textbookSize(level, &quantiles), level: level)
      case .agrestiCoull: ConfidenceInterval.agrestiCoull(input, level, &quantiles)
      case .jeffreys: ConfidenceInterval.jeffreys(input, level, &quantiles)
      case .likelihood: ConfidenceInterval.likelihood(input, level, &quantiles)
      }
    // A quantile that the library could not compute leaves the bound where it says nothing.
    let low = bounds.0.isNaN ? 0 : min(max(bounds.0, 0), 1)
    let high = bounds.1.isNaN ? 1 : min(max(bounds.1, 0), 1)
    return (min(low, high)...max(low, high), used)
  }
}

/// The formulas of docs/statistics.md, section "Confidence intervals". Bounds are on the 0..1 scale and not clipped.
enum ConfidenceInterval {
  /// p -/+ t se (`svyciprop`, method "mean").
  static func wald(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    let half = input.t(level, &quantiles) * input.standardError
    return (input.proportion - half, input.proportion + half)
  }

  /// The inverse logit of logit(p) -/+ t se / (p (1 - p)) (`svyciprop`, method "xlogit").
  static func logit(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    let p = input.proportion
    let half = input.t(level, &quantiles) * input.standardError / (p * (1 - p))
    let centre = log(p / (1 - p))
    func inverse(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    return (inverse(centre - half), inverse(centre + half))
  }

  /// sin^2 of asin(sqrt p) -/+ t se / (2 sqrt(p (1 - p))), the angle clipped to [0, pi/2] first (`svyciprop`, method
  /// "asin", does not clip, and folds back).
  static func arcsine(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    let p = input.proportion
    let half = input.t(level, &quantiles) * input.standardError / (2 * sqrt(p * (1 - p)))
    let centre = asin(sqrt(p))
    func squaredSine(_ angle: Double) -> Double {
      let sine = sin(min(max(angle, 0), .pi / 2))
      return sine * sine
    }
    return (squaredSine(centre - half), squaredSine(centre + half))
  }

  /// Wilson's score interval (1927) with n_eff in place of n and t in place of z (`svyciprop`, method "wilson", from
  /// survey 4.5 on).
  static func wilson(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    let p = input.proportion
    let m = input.effectiveSize
    let t = input.t(level, &quantiles)
    let centre = (p + t * t / (2 * m)) / (1 + t * t / m)
    let half = t / (1 + t * t / m) * sqrt(p * (1 - p) / m + t * t / (4 * m * m))
    // At the ends the bound is the end itself, not the rounding of it.
    return (p == 0 ? 0 : centre - half, p == 1 ? 1 : centre + half)
  }

  /// Clopper-Pearson's beta quantiles at the adjusted size (Korn and Graubard 1998; `svyciprop`, method "beta").
  static func beta(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    clopperPearson(proportion: input.proportion, size: input.adjustedSize(level, &quantiles), level: level)
  }

  /// Clopper and Pearson 1934 for x = p m successes of m, which need not be whole.
  static func clopperPearson(proportion p: Double, size m: Double, level: Double) -> (Double, Double) {
    let alpha = 1 - level
    let x = p * m
    let low = p == 0 ? 0 : Distributions.beta(alpha / 2, x, m - x + 1)
    let high = p == 1 ? 1 : Distributions.beta(1 - alpha / 2, x + 1, m - x)
    return (low, high)
  }

  /// Agresti and Coull 1998: Wald's interval after adding z^2/2 successes and z^2/2 failures, with the normal z.
  static func agrestiCoull(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    let z = Distributions.normal(0.5 + level / 2)
    let m = input.textbookSize(level, &quantiles)
    let size = m + z * z
    let centre = (input.proportion * m + z * z / 2) / size
    let half = z * sqrt(centre * (1 - centre) / size)
    return (centre - half, centre + half)
  }

  /// The equal-tailed posterior interval under Jeffreys' prior, Beta(x + 1/2, m - x + 1/2); at the ends the bound is
  /// the end itself (Brown, Cai and DasGupta 2001, section 3.1.2).
  static func jeffreys(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    let alpha = 1 - level
    let m = input.textbookSize(level, &quantiles)
    let x = input.proportion * m
    let low = input.proportion == 0 ? 0 : Distributions.beta(alpha / 2, x + 0.5, m - x + 0.5)
    let high = input.proportion == 1 ? 1 : Distributions.beta(1 - alpha / 2, x + 0.5, m - x + 0.5)
    return (low, high)
  }

  /// The q that a likelihood ratio test at the effective size does not reject (Rao and Scott 1984; `svyciprop`,
  /// method "likelihood", whose interpolated profile agrees to about 2e-4):
  ///
  ///     2 n_eff (n - 1) / n [p log(p / q) + (1 - p) log((1 - p) / (1 - q))] <= t^2
  static func likelihood(
    _ input: IntervalInput, _ level: Double, _ quantiles: inout StudentQuantiles
  ) -> (Double, Double) {
    let p = input.proportion
    let n = Double(input.rows)
    let t = input.t(level, &quantiles)
    let size = 2 * input.effectiveSize * (n - 1) / n
    // A single row says nothing about q.
    guard size > 0 else { return (0, 1) }
    let limit = t * t / size
    return (
      p == 0 ? 0 : likelihoodBound(below: p, limit: limit), p == 1 ? 1 : 1 - likelihoodBound(below: 1 - p, limit: limit)
    )
  }

  /// The q below p at which p log(p / q) + (1 - p) log((1 - p) / (1 - q)) reaches the limit, found on the scale of
  /// log q.
  private static func likelihoodBound(below p: Double, limit: Double) -> Double {
    func excess(_ logarithm: Double) -> Double {
      let q = exp(logarithm)
      // log1p of the distance keeps its digits where q is close to p, the difference of logarithms where it is far.
      let yes = q < p / 2 ? p * (log(p) - logarithm) : -p * log1p((q - p) / p)
      let no = p == 1 ? 0 : -(1 - p) * log1p((p - q) / (1 - p))
      return yes + no - limit
    }
    // (1 - p) log((1 - p) / (1 - q)) is at least (1 - p) log(1 - p), so there the sum is beyond the limit.
    let no = p == 1 ? 0 : (1 - p) * log1p(-p)
    let lowest = log(p) - (limit - no) / p - 1
    // Smaller than any positive Double.
    guard lowest > -700 || excess(-700) > 0 else { return 0 }
    return exp(Distributions.root(between: max(lowest, -700), and: log(p), of: excess))
  }
}
