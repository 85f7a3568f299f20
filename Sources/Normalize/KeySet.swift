#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The keys of respondents, hashed to 128 bits: whether one came before.
///
/// Open addressing over one table, three quarters full at most; the all-zero hash stands apart. A look-up is one cache
/// miss, and those of a batch are asked for together. A key takes 21 to 43 bytes, also while the table grows.
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

  /// Memory for keys. Unlike an array it can say that there is none, and grows where it stands.
  private final class Slots: @unchecked Sendable {
    private(set) var base: UnsafeMutablePointer<UInt128>
    private(set) var count: Int

    /// - Returns: nil where there is no memory.
    init?(count: Int) {
      guard let memory = calloc(count, MemoryLayout<UInt128>.stride) else { return nil }
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

    /// Doubles the table.
    ///
    /// - Returns: Whether there was memory, and some beside it.
    func double() -> Bool {
      let old = count
      guard let memory = realloc(base, 2 * old * MemoryLayout<UInt128>.stride) else { return false }
      base = memory.bindMemory(to: UInt128.self, capacity: 2 * old)
      (base + old).initialize(repeating: 0, count: old)
      count = 2 * old
      // A key moves to a place that is no further from the start of its run, or into the new half: a pass from
      // a free slot on, and once around, finds every key where it was.
      var slot = 0
      while slot < old, base[slot] != 0 { slot += 1 }
      for step in 1...old {
        let place = (slot + step) & (old - 1)
        let key = base[place]
        guard key != 0 else { continue }
        base[place] = 0
        _ = insert(key)
      }
      guard let beside = malloc(KeySet.headroom) else { return false }
      free(beside)
      return true
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

  /// The table, grown until so many more keys leave a quarter of it free; not shared.
  private mutating func room(for more: Int) throws(Full) -> Slots {
    if !isKnownUniquelyReferenced(&slots) {
      guard let own = Slots(count: slots?.count ?? 1 << 10) else { throw Full(count: count) }
      if let slots {
        for slot in 0..<slots.count where slots.base[slot] != 0 { _ = own.insert(slots.base[slot]) }
      }
      slots = own
    }
    guard let slots else { throw Full(count: count) }
    while (count + more) * 4 > slots.count * 3 {
      guard slots.double() else { throw Full(count: count) }
    }
    return slots
  }
}
