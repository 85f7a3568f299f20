/// Quantiles of Student's t that have been computed before: cells share their degrees of freedom, and Boost takes
/// longer over a quantile than a small cell takes over its sums.
///
/// Each task has its own, so that none waits for another.
public struct StudentQuantiles: Sendable {
  private struct Key: Hashable {
    var probability: Double
    var degreesOfFreedom: Int
  }

  private var known: [Key: Double] = [:]

  public init() {}

  public mutating func quantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
    let key = Key(probability: probability, degreesOfFreedom: degreesOfFreedom)
    if let value = known[key] { return value }
    let value = Distributions.studentT(probability, degreesOfFreedom: Double(degreesOfFreedom))
    known[key] = value
    return value
  }
}
