import Normalize
import SurveyModel

/// The conditions of one indicator, compiled.
public struct IndicatorPredicates: Sendable {
  public var numerator: Predicate
  public var denominator: Predicate
  /// nil: every row is eligible.
  public var eligible: Predicate?

  public init(numerator: Predicate, denominator: Predicate, eligible: Predicate? = nil) {
    self.numerator = numerator
    self.denominator = denominator
    self.eligible = eligible
  }
}

/// For each row of a batch, one bit an indicator: in the denominator, in the numerator, status known.
struct IndicatorBits {
  let wordsPerRow: Int
  private(set) var denominator: [UInt64]
  private(set) var numerator: [UInt64]
  private(set) var known: [UInt64]

  init(_ indicators: [IndicatorPredicates], batch: CodedBatch) {
    wordsPerRow = (indicators.count + 63) / 64
    let count = wordsPerRow * batch.rowCount
    denominator = Array(repeating: 0, count: count)
    numerator = Array(repeating: 0, count: count)
    known = Array(repeating: 0, count: count)
    for (index, indicator) in indicators.enumerated() {
      // A numerator counts only inside its denominator, a denominator only among eligible rows.
      var inDenominator = indicator.denominator.rows(of: batch)
      inDenominator.formIntersection(batch.used)
      var hasKnownStatus = inDenominator
      if let eligible = indicator.eligible?.rows(of: batch) {
        inDenominator.formIntersection(eligible)
        hasKnownStatus = eligible
        hasKnownStatus.invert()
        hasKnownStatus.formIntersection(batch.used)
        hasKnownStatus.formUnion(inDenominator)
      }
      var inNumerator = indicator.numerator.rows(of: batch)
      inNumerator.formIntersection(inDenominator)
      set(index, inDenominator, in: &denominator)
      set(index, inNumerator, in: &numerator)
      set(index, hasKnownStatus, in: &known)
    }
  }

  private func set(_ indicator: Int, _ rows: RowMask, in bits: inout [UInt64]) {
    let word = indicator >> 6
    let bit: UInt64 = 1 << UInt64(indicator & 63)
    for row in 0..<rows.rowCount where rows[row] { bits[row * wordsPerRow + word] |= bit }
  }
}
