#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The keys of respondents, hashed to 128 bits: whether one came before.
///
/// Open addressing over one array, three quarters full at most; the all-zero hash stands apart. A look-up is one cache
/// miss, and those of a batch are asked for together. A key takes 21 to 43 bytes, and half as much again while the array
/// grows.
struct KeySet: Sendable {
  private var slots: [UInt128] = Array(repeating: 0, count: 1 << 10)
  private var count = 0
  private var hasZero = false

  /// There is no memory for more keys.
  struct Full: Error {
    /// Those that are there.
    var count: Int
  }

  /// Adds the keys of the rows that count.
  ///
  /// - Returns: The rows whose key came before, ascending.
  /// - Throws: `Full`; no key was added then.
  mutating func insert(_ keys: [UInt128], where used: RowMask) throws(Full) -> [Int] {
    var repeated: [Int] = []
    while (count + keys.count) * 4 > slots.count * 3 { try grow() }
    let mask = slots.count - 1
    var table: [UInt128] = []
    swap(&table, &self.slots)
    defer { swap(&table, &self.slots) }
    var slots = table.mutableSpan
    let isWhole = used.count == keys.count
    for row in keys.indices where isWhole || used[row] {
      let key = keys[row]
      guard key != 0 else {
        if hasZero { repeated.append(row) }
        hasZero = true
        continue
      }
      var slot = Int(truncatingIfNeeded: key) & mask
      // The table has free slots, and slot numbers are below its power of two.
      while slots[unchecked: slot] != 0, slots[unchecked: slot] != key { slot = (slot + 1) & mask }
      if slots[unchecked: slot] == key {
        repeated.append(row)
      } else {
        slots[unchecked: slot] = key
        count += 1
      }
    }
    return repeated
  }

  private mutating func grow() throws(Full) {
    // An array that finds no memory ends the process.
    guard let probe = malloc(slots.count * 2 * MemoryLayout<UInt128>.stride + 64) else { throw Full(count: count) }
    free(probe)
    var larger = Array(repeating: UInt128(0), count: slots.count * 2)
    let mask = larger.count - 1
    for key in slots where key != 0 {
      var slot = Int(truncatingIfNeeded: key) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = key
    }
    slots = larger
  }
}
