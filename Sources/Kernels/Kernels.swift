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

  /// Whether some byte of UTF-8 may begin a character that another joins or reorders in normalization form C.
  public static func mayCompose(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.baseAddress.map { kernel_may_compose($0, bytes.count) != 0 } ?? false
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
