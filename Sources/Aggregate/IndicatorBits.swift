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

/// For each row of a batch, one bit an indicator: in the denominator, in the numerator, status known, unreadable.
public struct IndicatorBits: Sendable {
  let wordsPerRow: Int
  private(set) var denominator: [UInt64]
  private(set) var numerator: [UInt64]
  /// In the denominator, or known not to be eligible.
  private(set) var known: [UInt64]
  /// Left out because an answer that decides cannot be read; empty where no row is.
  private(set) var unreadable: [UInt64]
  /// Of these rows, whether what cannot be read may leave them in the denominator and in the numerator, or in the
  /// denominator alone; empty where no row is unreadable.
  private(set) var mayBeYes: [UInt64]
  private(set) var mayBeNo: [UInt64]
  /// Known not to be eligible; empty where no indicator asks.
  private(set) var ineligible: [UInt64]

  public init(_ indicators: [IndicatorPredicates], batch: CodedBatch) {
    wordsPerRow = (indicators.count + 63) / 64
    var inDenominators: [RowMask] = []
    var inNumerators: [RowMask] = []
    var areKnown: [RowMask] = []
    var openings: [Opening?] = []
    let hasEligible = indicators.contains { $0.eligible != nil }
    for indicator in indicators {
      // A numerator counts only inside its denominator, a denominator only among eligible rows.
      var base = indicator.denominator.truth(of: batch)
      let eligible = indicator.eligible?.truth(of: batch)
      var numerator = indicator.numerator.truth(of: batch)
      // A copy that most batches can do without.
      var possible: RowTruth?
      if base.unknown != nil || eligible?.unknown != nil || numerator.unknown != nil {
        possible = base
        if let eligible { possible?.formIntersection(eligible) }
      }
      var hasKnownStatus: RowMask?
      if let eligible {
        hasKnownStatus = eligible.fails
        base.restrict(to: eligible)
      }
      if let unknown = numerator.unknown {
        // Where the numerator is unknown, the row leaves the base.
        var left = unknown
        left.formIntersection(base.holds)
        base.holds.subtract(left)
        base.addUnknown(left)
      }
      base.holds.formIntersection(batch.used)
      base.unknown?.formIntersection(batch.used)
      inDenominators.append(base.holds)
      var opening: Opening?
      if let possible, let unknown = base.unknown {
        opening = Opening(unknown, base: possible, numerator: numerator)
      }
      openings.append(opening)
      // Where it stands, since nothing else needs it.
      numerator.holds.formIntersection(base.holds)
      inNumerators.append(numerator.holds)
      guard hasEligible else { continue }
      hasKnownStatus?.formIntersection(batch.used)
      hasKnownStatus?.formUnion(base.holds)
      areKnown.append(hasKnownStatus ?? base.holds)
    }
    let count = batch.rowCount
    denominator = Self.byRow(inDenominators, rowCount: count, wordsPerRow: wordsPerRow)
    numerator = Self.byRow(inNumerators, rowCount: count, wordsPerRow: wordsPerRow)
    known = hasEligible ? Self.byRow(areKnown, rowCount: count, wordsPerRow: wordsPerRow) : denominator
    ineligible = hasEligible ? zip(known, denominator).map { $0 & ~$1 } : []
    guard openings.contains(where: { $0 != nil }) else {
      (unreadable, mayBeYes, mayBeNo) = ([], [], [])
      return
    }
    let none = RowMask(rowCount: count)
    unreadable = Self.byRow(openings.map { $0?.rows ?? none }, rowCount: count, wordsPerRow: wordsPerRow)
    mayBeYes = Self.byRow(openings.map { $0?.mayBeYes ?? none }, rowCount: count, wordsPerRow: wordsPerRow)
    mayBeNo = Self.byRow(openings.map { $0?.mayBeNo ?? none }, rowCount: count, wordsPerRow: wordsPerRow)
  }

  /// The rows that are left out for one indicator, and what they may be.
  private struct Opening {
    var rows: RowMask
    var mayBeYes: RowMask
    var mayBeNo: RowMask

    /// - Returns: nil where there is no row.
    init?(_ rows: RowMask, base: RowTruth, numerator: RowTruth) {
      guard !rows.isEmpty else { return nil }
      self.rows = rows
      var isPossible = base.fails
      isPossible.invert()
      isPossible.formIntersection(rows)
      (mayBeYes, mayBeNo) = (isPossible, isPossible)
      mayBeYes.subtract(numerator.fails)
      mayBeNo.subtract(numerator.holds)
    }
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

extension RowTruth {
  /// A denominator among eligible rows: outside them it is false, where eligibility is unknown it is unknown.
  fileprivate mutating func restrict(to eligible: RowTruth) {
    holds.formIntersection(eligible.holds)
    unknown?.formIntersection(eligible.holds)
    if let rows = eligible.unknown { addUnknown(rows) }
  }

  fileprivate mutating func addUnknown(_ rows: RowMask) {
    if unknown == nil { unknown = rows } else { unknown?.formUnion(rows) }
  }
}
