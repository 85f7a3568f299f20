/// Numbers by key, hashed to 128 bits: which entry a unit has. Open addressing, half full at most.
package struct KeyTable: Sendable {
  private var keys: [UInt128]
  private var values: [Int32]
  package private(set) var count = 0

  package init(capacity: Int = 0) {
    var size = 64
    while size < capacity * 2 { size *= 2 }
    keys = Array(repeating: 0, count: size)
    values = Array(repeating: -1, count: size)
  }

  /// The value of a key; nil where it has none.
  package func value(of key: UInt128) -> Int32? {
    let value = values[slot(of: key)]
    return value < 0 ? nil : value
  }

  /// Gives a key a value.
  ///
  /// - Parameter value: Not negative.
  /// - Returns: The value that it had before.
  @discardableResult
  package mutating func set(_ key: UInt128, to value: Int32) -> Int32? {
    if (count + 1) * 2 > keys.count { grow() }
    let slot = slot(of: key)
    let before = values[slot]
    keys[slot] = key
    values[slot] = value
    if before < 0 { count += 1 }
    return before < 0 ? nil : before
  }

  @inline(__always)
  private func slot(of key: UInt128) -> Int {
    let mask = keys.count - 1
    let keys = keys.span
    let values = values.span
    // There are free slots, and slot numbers are below the power of two.
    var slot = Int(truncatingIfNeeded: key) & mask
    while values[unchecked: slot] >= 0, keys[unchecked: slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    var larger = KeyTable(capacity: keys.count)
    for (key, value) in zip(keys, values) where value >= 0 { larger.set(key, to: value) }
    self = larger
  }
}
