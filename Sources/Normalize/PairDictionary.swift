/// Numbers pairs of numbers 0, 1, 2, ... in the order in which they come.
package struct PairDictionary: Sendable {
  package private(set) var pairs: [(first: Int32, second: Int32)] = []
  private let seed = UInt64.random(in: 1 ... .max)
  private var keys: [UInt64]
  private var numbers: [Int32]

  package init() {
    keys = Array(repeating: 0, count: 64)
    numbers = Array(repeating: -1, count: 64)
  }

  /// The numbers of the pairs of two columns, in place of the second.
  package mutating func number(_ first: [Int32], _ second: inout [Int32], rows: Int) {
    var row = 0
    while row < rows {
      row = find(first, &second, from: row, rows: rows)
      guard row < rows else { return }
      second[row] = insert(first[row], second[row])
      row += 1
    }
  }

  private func find(_ first: [Int32], _ second: inout [Int32], from start: Int, rows: Int) -> Int {
    let first = first.span
    var second = second.mutableSpan
    let keys = keys.span
    let numbers = numbers.span
    let mask = keys.count - 1
    for row in start..<rows {
      let key = Self.key(first[unchecked: row], second[unchecked: row])
      var slot = Int(truncatingIfNeeded: KeyHash.short(key, 0, seed: seed)) & mask
      while true {
        let number = numbers[unchecked: slot]
        if number < 0 { return row }
        if keys[unchecked: slot] == key {
          second[unchecked: row] = number
          break
        }
        slot = (slot + 1) & mask
      }
    }
    return rows
  }

  package mutating func insert(_ first: Int32, _ second: Int32) -> Int32 {
    let key = Self.key(first, second)
    var slot = place(key)
    if numbers[slot] >= 0 { return numbers[slot] }
    pairs.append((first, second))
    if pairs.count * 2 > keys.count {
      let old = zip(keys, numbers).filter { $0.1 >= 0 }
      keys = Array(repeating: 0, count: keys.count * 2)
      numbers = Array(repeating: -1, count: keys.count)
      for (key, number) in old {
        let slot = place(key)
        keys[slot] = key
        numbers[slot] = number
      }
      slot = place(key)
    }
    keys[slot] = key
    numbers[slot] = Int32(pairs.count - 1)
    return numbers[slot]
  }

  private func place(_ key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: KeyHash.short(key, 0, seed: seed)) & (keys.count - 1)
    while numbers[slot] >= 0, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  @inline(__always)
  private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }
}
