/// How the sums of a group lie in memory: for each indicator the sum of w d, then for each that of w y, then the counts
/// of rows, two to a word; side by side, so that a row touches one place.
public struct WeightBlock: Sendable {
  /// Indicators, rounded up to a multiple of 8.
  public let stride: Int
  /// Words to a block.
  public var words: Int { stride * 3 }

  public init(indicators: Int) {
    stride = (indicators + 7) / 8 * 8
  }

  /// What one indicator has in a block that begins at `start`.
  @inline(__always)
  public func sums(
    _ words: Span<UInt64>, at start: Int, indicator: Int
  ) -> (weight: Double, weightYes: Double, rows: Int, rowsYes: Int) {
    let counts = start + 2 * stride
    return (
      Double(bitPattern: words[start + indicator]), Double(bitPattern: words[start + stride + indicator]),
      Self.half(words[counts + indicator >> 1], indicator),
      Self.half(words[counts + stride / 2 + indicator >> 1], indicator)
    )
  }

  /// Writes the first row of a block that is all zero.
  @inline(__always)
  public func setFirst(_ words: inout [UInt64], at start: Int, indicator: Int, weight: Double, isYes: Bool) {
    let counts = start + 2 * stride + indicator >> 1
    words[start + indicator] = weight.bitPattern
    words[counts] |= 1 << Self.shift(indicator)
    guard isYes else { return }
    words[start + stride + indicator] = weight.bitPattern
    words[counts + stride / 2] |= 1 << Self.shift(indicator)
  }

  @inline(__always)
  private static func half(_ word: UInt64, _ indicator: Int) -> Int {
    Int(UInt32(truncatingIfNeeded: word >> shift(indicator)))
  }

  /// Where the count of an indicator stands in its word.
  @inline(__always)
  private static func shift(_ indicator: Int) -> UInt64 {
    #if _endian(big)
      indicator & 1 == 0 ? 32 : 0
    #else
      indicator & 1 == 0 ? 0 : 32
    #endif
  }
}
