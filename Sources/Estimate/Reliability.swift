import SurveyModel

/// The National Center for Health Statistics' standards for presenting proportions (Parker et al. 2017, Vital and
/// Health Statistics 2/175), as in CDC's surveytable. They flag and never blank a number.
enum Reliability {
  static let smallestSize = 30.0
  static let fewDegreesOfFreedom = 8
  /// What a sum may be off by rounding, relative to a limit: 26 yes of 31 have 29.999999999999986 as effective size or 30,
  /// as weights of 1 or of 1000 round.
  private static let tolerance = 1e-9

  private static func isAbove(_ value: Double, _ limit: Double) -> Bool { value > limit * (1 + tolerance) }
  private static func isBelow(_ value: Double, _ limit: Double) -> Bool { value < limit * (1 - tolerance) }

  static func flags(_ input: IntervalInput) -> [EstimateFlag] {
    var quantiles = StudentQuantiles()
    return flags(input, quantiles: &quantiles)
  }

  static func flags(_ input: IntervalInput, quantiles: inout StudentQuantiles) -> [EstimateFlag] {
    let level = 0.95
    let p = input.proportion
    let rows = Double(input.rows)
    // Without degrees of freedom there is no effective size to be smaller.
    let hasSize = !input.isAtEnd && input.degreesOfFreedom > 0
    let size = hasSize ? min(rows, input.adjustedSize(level, &quantiles)) : rows
    if isBelow(size, smallestSize) { return [.notShown] }
    var width = 0.0
    if !input.isAtEnd {
      let (low, high) = ConfidenceInterval.clopperPearson(proportion: p, size: size, level: level)
      width = high - low
    }
    var flags: [EstimateFlag] = []
    if isAbove(width, 0.05) {
      if !isBelow(width, 0.30) || isAbove(width / p, 1.30) { return [.notShown] }
      if isAbove(width / (1 - p), 1.30) { flags.append(.footnoteComplement) }
    }
    if input.degreesOfFreedom < fewDegreesOfFreedom { flags.append(.reviewDF) }
    if input.isAtEnd { flags.append(.review0To100) }
    return flags
  }
}
