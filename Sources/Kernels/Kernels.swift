import CKernels

/// Inner loops of Normalize and Aggregate.
public enum Kernels {
  /// By row, whether the table has a 1 for its code; 64 rows a word, bits past the last row are 0.
  ///
  /// - Parameters:
  ///   - table: 256 entries of 0 or 1.
  ///   - codeCount: All codes are below it.
  @inlinable
  public static func selectCodes(
    _ codes: UnsafeBufferPointer<UInt8>, table: UnsafePointer<UInt8>, codeCount: Int,
    into words: UnsafeMutablePointer<UInt64>, instructions: InstructionSet = .current
  ) {
    guard let base = codes.baseAddress else { return }
    selectCodes(base, codes.count, table, codeCount, words, instructions)
  }

  @usableFromInline
  static func selectCodes(
    _ codes: UnsafePointer<UInt8>, _ count: Int, _ table: UnsafePointer<UInt8>, _ codeCount: Int,
    _ words: UnsafeMutablePointer<UInt64>, _ instructions: InstructionSet
  ) {
    kernel_select_codes(instructions.kernel, count, codes, table, codeCount, words)
  }

  /// Adds each row's weight to the sums of its block, for the indicators whose bits are set, and counts the row.
  ///
  /// - Parameters:
  ///   - words: Words of bits a row.
  ///   - sums: Where `WeightBlock` says, block after block.
  public static func addWeights(
    rows count: Int, blocks: UnsafePointer<UInt32>, weights: UnsafePointer<Double>,
    denominator: UnsafePointer<UInt64>, numerator: UnsafePointer<UInt64>, words: Int, layout: WeightBlock,
    sums: UnsafeMutablePointer<UInt64>, instructions: InstructionSet = .current
  ) {
    kernel_add_weights(
      instructions.kernel, count, blocks, weights, denominator, numerator, words, layout.stride, sums)
  }

  /// sums[i] += the i-th value of each row, one row after the other.
  ///
  /// - Parameter rows: Where each row begins in `values`.
  public static func addRows(
    _ count: Int, values: UnsafePointer<Double>, rows: UnsafeBufferPointer<UInt32>,
    to sums: UnsafeMutablePointer<Double>,
    instructions: InstructionSet = .current
  ) {
    guard let base = rows.baseAddress else { return }
    kernel_add_rows(instructions.kernel, count, values, base, rows.count, sums)
  }

  /// Turns a square of 64 x 64 bits over: bit c of word r becomes bit r of word c.
  @inline(__always)
  public static func transpose(_ words: UnsafeMutablePointer<UInt64>) { kernel_transpose(words) }
}

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

  @inline(__always)
  private static func half(_ word: UInt64, _ indicator: Int) -> Int {
    #if _endian(big)
      let shift: UInt64 = indicator & 1 == 0 ? 32 : 0
    #else
      let shift: UInt64 = indicator & 1 == 0 ? 0 : 32
    #endif
    return Int(UInt32(truncatingIfNeeded: word >> shift))
  }
}
