#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The keys of respondents, hashed to 128 bits: whether one came before.
///
/// Open addressing over one table, three quarters full at most; the all-zero hash stands apart. A look-up is one cache
/// miss, and those of a batch are asked for together. A key takes 21 to 43 bytes, and half as much again while the table
/// grows.
struct KeySet: Sendable {
  /// What other work of the process needs beside a table of keys: it ends where it finds no memory.
  private static let headroom = 64 << 20

  private var slots: Slots?
  private var count = 0
  private var hasZero = false

  /// There is no memory for more keys.
  struct Full: Error {
    /// Those that are there.
    var count: Int
  }

  /// Zeroed memory for keys. Unlike an array it can say that there is none.
  private final class Slots: @unchecked Sendable {
    let base: UnsafeMutablePointer<UInt128>
    let count: Int

    /// - Returns: nil where there is no memory, or nothing beside it.
    init?(count: Int) {
      guard let memory = calloc(count, MemoryLayout<UInt128>.stride) else { return nil }
      guard let beside = malloc(KeySet.headroom) else {
        free(memory)
        return nil
      }
      free(beside)
      base = memory.bindMemory(to: UInt128.self, capacity: count)
      self.count = count
    }

    deinit { free(base) }

    /// Puts the key into its slot unless it is there.
    ///
    /// - Returns: Whether it was there. The table has free slots, and slot numbers are below its power of two.
    @inline(__always)
    func insert(_ key: UInt128) -> Bool {
      let mask = count - 1
      var slot = Int(truncatingIfNeeded: key) & mask
      while base[slot] != 0, base[slot] != key { slot = (slot + 1) & mask }
      if base[slot] == key { return true }
      base[slot] = key
      return false
    }
  }

  /// Adds the keys of the rows that count.
  ///
  /// - Returns: The rows whose key came before, ascending.
  /// - Throws: `Full`; no key was added then.
  mutating func insert(_ keys: [UInt128], where used: RowMask) throws(Full) -> [Int] {
    let slots = try room(for: keys.count)
    var repeated: [Int] = []
    let isWhole = used.count == keys.count
    for row in keys.indices where isWhole || used[row] {
      let key = keys[row]
      guard key != 0 else {
        if hasZero { repeated.append(row) }
        hasZero = true
        continue
      }
      if slots.insert(key) { repeated.append(row) } else { count += 1 }
    }
    return repeated
  }

  /// The table, grown until so many more keys leave a quarter of it free; nobody else has it.
  private mutating func room(for more: Int) throws(Full) -> Slots {
    let isOwn = isKnownUniquelyReferenced(&slots)
    var needed = slots?.count ?? 1 << 10
    while (count + more) * 4 > needed * 3 { needed *= 2 }
    if isOwn, let slots, slots.count == needed { return slots }
    guard let larger = Slots(count: needed) else { throw Full(count: count) }
    if let slots {
      for slot in 0..<slots.count where slots.base[slot] != 0 { _ = larger.insert(slots.base[slot]) }
    }
    slots = larger
    return larger
  }
}
