import SurveyModel

/// Adds up the strata's parts of a variance under the rule for strata with a single PSU.
struct StratifiedVariance {
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

  /// A stratum with a denominator row: what its PSUs that have one add up to; the z of the others are 0.
  ///
  /// - Parameters:
  ///   - mean: Of z over all PSUs of the sample.
  ///   - centred: The sum of (z - mean)^2 over the PSUs with a row.
  mutating func add(stratum: Int, psus: Int, mean: Double, squares: Double, centred: Double) {
    let without = Double(frame.sampled[stratum]) - Double(psus)
    add(stratum: stratum, squares: squares, centred: centred + without * mean * mean)
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
    return variance < CellShare.negligible * squares ? 0 : variance
  }
}
