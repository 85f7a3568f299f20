import Normalize

/// What was decided about a row, or about the unit that a roll-up makes of rows, for one indicator.
public struct Verdict: Sendable, Equatable {
  public var isInDenominator: Bool
  public var isInNumerator: Bool
  /// In the denominator, or known not to be eligible.
  public var hasKnownStatus: Bool
  /// Left out because an answer that decides cannot be read.
  public var isUnreadable: Bool

  public init(isInDenominator: Bool, isInNumerator: Bool, hasKnownStatus: Bool, isUnreadable: Bool = false) {
    self.isInDenominator = isInDenominator
    self.isInNumerator = isInNumerator
    self.hasKnownStatus = hasKnownStatus
    self.isUnreadable = isUnreadable
  }
}

extension IndicatorBits {
  /// - Parameter indicator: The position among the indicators of the plan.
  public func verdict(row: Int, indicator: Int) -> Verdict {
    let words = row * wordsPerRow..<(row + 1) * wordsPerRow
    return Verdict(
      isInDenominator: denominator[words].hasBit(indicator), isInNumerator: numerator[words].hasBit(indicator),
      hasKnownStatus: known[words].hasBit(indicator),
      isUnreadable: !unreadable.isEmpty && unreadable[words].hasBit(indicator))
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
    let settled = ledger.settled(words.lowerBound + indicator >> 6)
    func has(_ word: UInt64) -> Bool { word >> UInt64(indicator & 63) & 1 != 0 }
    let isUnreadable = has(settled.unreadable)
    return (
      Verdict(
        isInDenominator: has(settled.denominator), isInNumerator: has(settled.numerator),
        hasKnownStatus: ledger.known.isEmpty
          ? has(settled.denominator) : ledger.known[words].hasBit(indicator) && !isUnreadable,
        isUnreadable: isUnreadable),
      ledger.weights[entry]
    )
  }
}
