/// A set of small whole numbers (strata, identities of PSUs) that is walked in ascending order.
///
/// Sums over strata or PSUs are in that order whatever order they were found in. A walk looks only at words that hold
/// something, so that a small cell of a large sample costs what the cell costs.
public struct PlaceSet: Sendable {
  @usableFromInline var words: [UInt64]
  /// One bit for each word that holds something.
  @usableFromInline var summary: [UInt64]

  /// - Parameter capacity: The numbers are below this.
  public init(capacity: Int) {
    words = Array(repeating: 0, count: (capacity + 63) >> 6)
    summary = Array(repeating: 0, count: (words.count + 63) >> 6)
  }

  @inlinable
  public mutating func insert(_ place: Int) {
    words[place >> 6] |= 1 &<< UInt64(truncatingIfNeeded: place)
    summary[place >> 12] |= 1 &<< UInt64(truncatingIfNeeded: place >> 6)
  }

  /// The same for many, over unchecked memory: the PSUs of every cell pass here, and all are below the capacity.
  @inlinable
  public mutating func formUnion(_ places: some Sequence<Int>) {
    words.withUnsafeMutableBufferPointer { words in
      summary.withUnsafeMutableBufferPointer { summary in
        for place in places {
          words[place >> 6] |= 1 &<< UInt64(truncatingIfNeeded: place)
          summary[place >> 12] |= 1 &<< UInt64(truncatingIfNeeded: place >> 6)
        }
      }
    }
  }

  /// Counted by a walk.
  public var count: Int {
    var result = 0
    forEachWord { result += words[$0].nonzeroBitCount }
    return result
  }

  /// Every number, ascending.
  @inlinable
  public func forEach(_ body: (Int) -> Void) {
    forEachWord { word in
      var bits = words[word]
      while bits != 0 {
        body(word << 6 | bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
  }

  public mutating func removeAll() {
    for block in summary.indices where summary[block] != 0 {
      var held = summary[block]
      while held != 0 {
        words[block << 6 | held.trailingZeroBitCount] = 0
        held &= held - 1
      }
      summary[block] = 0
    }
  }

  @inlinable
  func forEachWord(_ body: (Int) -> Void) {
    for block in summary.indices {
      var held = summary[block]
      while held != 0 {
        body(block << 6 | held.trailingZeroBitCount)
        held &= held - 1
      }
    }
  }
}
