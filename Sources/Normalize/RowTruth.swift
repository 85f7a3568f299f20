/// What a condition comes to for each row of a batch: true, false, or unknown because of an answer that cannot be read.
///
/// Conditions combine as Kleene's three-valued logic says (Kleene 1952, section 64), which is that of R's `NA` and of
/// SQL's `NULL`.
public struct RowTruth: Sendable, Equatable {
  /// The rows for which it is true.
  public var holds: RowMask
  /// The rows for which it is unknown, none of which is in `holds`; nil: none.
  public var unknown: RowMask?

  public init(holds: RowMask, unknown: RowMask? = nil) {
    self.holds = holds
    self.unknown = unknown
  }

  /// The rows for which it is false.
  public var fails: RowMask {
    var rows = holds
    if let unknown { rows.formUnion(unknown) }
    rows.invert()
    return rows
  }

  public func isUnknown(_ row: Int) -> Bool { unknown?[row] ?? false }

  /// True where either is; unknown where neither is true and one is unknown.
  mutating func formUnion(_ other: RowTruth) {
    holds.formUnion(other.holds)
    switch (unknown, other.unknown) {
    case (nil, nil): return
    case (nil, let unknown), (let unknown, nil): self.unknown = unknown
    case (_?, let unknown?): self.unknown?.formUnion(unknown)
    }
    unknown?.subtract(holds)
  }

  /// True where both are; unknown where neither is false and one is unknown.
  package mutating func formIntersection(_ other: RowTruth) {
    guard unknown != nil || other.unknown != nil else { return holds.formIntersection(other.holds) }
    var (possible, otherPossible) = (holds, other.holds)
    if let unknown { possible.formUnion(unknown) }
    if let unknown = other.unknown { otherPossible.formUnion(unknown) }
    possible.formIntersection(otherPossible)
    holds.formIntersection(other.holds)
    possible.subtract(holds)
    unknown = possible
  }

  mutating func invert() {
    guard unknown != nil else { return holds.invert() }
    holds = fails
  }
}
