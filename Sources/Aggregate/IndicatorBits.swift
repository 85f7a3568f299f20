import Kernels
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
public struct IndicatorBits: Sendable {
  let wordsPerRow: Int
  private(set) var denominator: [UInt64]
  private(set) var numerator: [UInt64]
  private(set) var known: [UInt64]

  public init(_ indicators: [IndicatorPredicates], batch: CodedBatch) {
    wordsPerRow = (indicators.count + 63) / 64
    var inDenominators: [RowMask] = []
    var inNumerators: [RowMask] = []
    var areKnown: [RowMask] = []
    let hasEligible = indicators.contains { $0.eligible != nil }
    for indicator in indicators {
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
      inDenominators.append(inDenominator)
      inNumerators.append(inNumerator)
      if hasEligible { areKnown.append(hasKnownStatus) }
    }
    denominator = Self.byRow(inDenominators, rowCount: batch.rowCount, wordsPerRow: wordsPerRow)
    numerator = Self.byRow(inNumerators, rowCount: batch.rowCount, wordsPerRow: wordsPerRow)
    known = hasEligible ? Self.byRow(areKnown, rowCount: batch.rowCount, wordsPerRow: wordsPerRow) : denominator
  }

  /// From a set of rows an indicator to a set of indicators a row, 64 by 64 bits at once.
  private static func byRow(_ masks: [RowMask], rowCount: Int, wordsPerRow: Int) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: rowCount * wordsPerRow) { bits, filled in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { square in
        guard let base = square.baseAddress else { return }
        for word in 0..<wordsPerRow {
          let first = word << 6
          let count = min(64, masks.count - first)
          for block in 0..<(rowCount + 63) / 64 {
            for indicator in 0..<64 {
              square[indicator] = indicator < count ? masks[first + indicator].words[block] : 0
            }
            Kernels.transpose(base)
            let rows = min(64, rowCount - block << 6)
            for row in 0..<rows { bits[(block << 6 + row) * wordsPerRow + word] = square[row] }
          }
        }
      }
      filled = rowCount * wordsPerRow
    }
  }
}
