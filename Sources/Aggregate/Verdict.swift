import Normalize

/// What was decided about a row, or about the unit that a roll-up makes of rows, for one indicator.
public struct Verdict: Sendable, Equatable {
  public var isInDenominator: Bool
  public var isInNumerator: Bool
  /// In the denominator, or known not to be eligible.
  public var hasKnownStatus: Bool

  public init(isInDenominator: Bool, isInNumerator: Bool, hasKnownStatus: Bool) {
    self.isInDenominator = isInDenominator
    self.isInNumerator = isInNumerator
    self.hasKnownStatus = hasKnownStatus
  }
}

extension IndicatorBits {
  /// - Parameter indicator: The position among the indicators of the plan.
  public func verdict(row: Int, indicator: Int) -> Verdict {
    let words = row * wordsPerRow..<(row + 1) * wordsPerRow
    return Verdict(
      isInDenominator: denominator[words].hasBit(indicator), isInNumerator: numerator[words].hasBit(indicator),
      hasKnownStatus: known[words].hasBit(indicator))
  }
}

extension Tally {
  /// What the rows of a unit that were added until now come to, and what the unit weighs.
  ///
  /// - Parameters:
  ///   - unit: As `CodedBatch.units` has it.
  ///   - indicator: The position among the indicators of the plan.
  /// - Returns: nil without a roll-up, and where no row of the unit counts.
  public func verdict(unit: UInt128, indicator: Int) -> (verdict: Verdict, weight: Double)? {
    guard plan.rollUp != .none, let ledger, let entry = ledger.entry(of: unit) else { return nil }
    let words = ledger.wordRange(entry)
    let isInDenominator = ledger.denominator[words].hasBit(indicator)
    return (
      Verdict(
        isInDenominator: isInDenominator, isInNumerator: ledger.numerator[words].hasBit(indicator),
        hasKnownStatus: ledger.known.isEmpty ? isInDenominator : ledger.known[words].hasBit(indicator)),
      ledger.weights[entry]
    )
  }
}
