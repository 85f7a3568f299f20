import CBoostMath

/// The distributions that intervals and tests need, from Boost.Math. A value outside the domain gives NaN.
public enum Distributions {
  /// The quantile of Student's t with `degreesOfFreedom` > 0.
  public static func studentT(_ probability: Double, degreesOfFreedom: Double) -> Double {
    boost_student_t_quantile(degreesOfFreedom, probability)
  }

  /// P(|T| > |t|) for Student's t.
  public static func studentTTwoSidedTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    boost_student_t_two_sided_tail(degreesOfFreedom, t)
  }

  /// The quantile of the beta distribution.
  public static func beta(_ probability: Double, _ alpha: Double, _ beta: Double) -> Double {
    boost_beta_quantile(alpha, beta, probability)
  }

  /// The quantile of the F distribution.
  public static func f(_ probability: Double, numeratorDF: Double, denominatorDF: Double) -> Double {
    boost_f_quantile(numeratorDF, denominatorDF, probability)
  }

  /// The quantile of the standard normal distribution.
  public static func normal(_ probability: Double) -> Double {
    boost_normal_quantile(probability)
  }

  /// Where a continuous function that has opposite signs at the two ends is 0; NaN where it has not.
  static func root(between low: Double, and high: Double, of function: (Double) -> Double) -> Double {
    withoutActuallyEscaping(function) { function in
      var body = function
      return withUnsafeMutablePointer(to: &body) { context in
        boost_bracketed_root(
          { x, context in
            context?.assumingMemoryBound(to: ((Double) -> Double).self).pointee(x) ?? .nan
          }, context, low, high)
      }
    }
  }
}
