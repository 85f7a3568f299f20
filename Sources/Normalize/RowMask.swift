/// A set of the rows of a batch, 64 rows a word.
public struct RowMask: Sendable, Equatable {
  public private(set) var words: [UInt64]
  public let rowCount: Int

  public init(rowCount: Int, all: Bool = false) {
    self.rowCount = rowCount
    words = Array(repeating: all ? .max : 0, count: (rowCount + 63) / 64)
    if all { clearTail() }
  }

  /// - Returns: nil where the words are not those of so many rows.
  package init?(rowCount: Int, words: [UInt64]) {
    guard words.count == (rowCount + 63) / 64 else { return nil }
    self.rowCount = rowCount
    self.words = words
    clearTail()
  }

  /// The rows for which `holds` is true.
  @inline(__always)
  public init(rowCount: Int, where holds: (Int) -> Bool) {
    self.init(
      rowCount: rowCount,
      filling: { words in
        for word in words.indices {
          var bits: UInt64 = 0
          let first = word << 6
          for row in first..<min(first + 64, rowCount) {
            bits |= (holds(row) ? 1 : 0) &<< UInt64(truncatingIfNeeded: row - first)
          }
          words[word] = bits
        }
      })
  }

  /// The rows whose bits `fill` sets, 64 rows a word; bits past the last row must be 0.
  @inline(__always)
  init(rowCount: Int, filling fill: (UnsafeMutableBufferPointer<UInt64>) -> Void) {
    self.rowCount = rowCount
    let count = (rowCount + 63) / 64
    words = [UInt64](unsafeUninitializedCapacity: count) { buffer, filled in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      filled = count
    }
  }

  @inline(__always)
  public subscript(row: Int) -> Bool {
    get { words[row >> 6] >> UInt64(row & 63) & 1 != 0 }
    set {
      if newValue {
        words[row >> 6] |= 1 << UInt64(row & 63)
      } else {
        words[row >> 6] &= ~(1 << UInt64(row & 63))
      }
    }
  }

  public mutating func formIntersection(_ other: RowMask) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  public mutating func formUnion(_ other: RowMask) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// Removes the rows of the other set.
  public mutating func subtract(_ other: RowMask) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  public mutating func invert() {
    for index in words.indices { words[index] = ~words[index] }
    clearTail()
  }

  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  private mutating func clearTail() {
    guard rowCount & 63 != 0, let last = words.indices.last else { return }
    words[last] &= (1 << UInt64(rowCount & 63)) - 1
  }
}
