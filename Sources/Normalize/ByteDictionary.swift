/// Numbers distinct byte strings 0, 1, 2, ... in the order in which they come.
///
/// Open addressing over one byte buffer: no allocation and no `String` for a key that is already known. Look-up costs
/// one hash and, nearly always, one comparison.
public struct ByteDictionary: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  /// Key number + 1, or 0 where the slot is free; the count is a power of two.
  private var slots: [Int32] = Array(repeating: 0, count: 16)

  public init() {}

  public init(_ keys: some Sequence<String>) {
    for key in keys { _ = insert(Array(key.utf8).span) }
  }

  public var count: Int { ends.count }

  /// The number of a key; nil where it is unknown.
  public func number(of key: Span<UInt8>) -> Int32? {
    let hash = KeyHash.first(key)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash, isEqual(number, key) { return Int32(number) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  public func number(of key: String) -> Int32? {
    number(of: Array(key.utf8).span)
  }

  /// The number of a key, which is numbered now if it is new.
  public mutating func insert(_ key: Span<UInt8>) -> Int32 {
    if let number = number(of: key) { return number }
    if (ends.count + 1) * 2 > slots.count { grow() }
    for index in key.indices { bytes.append(key[index]) }
    ends.append(bytes.count)
    hashes.append(KeyHash.first(key))
    place(ends.count - 1)
    return Int32(ends.count - 1)
  }

  public mutating func insert(_ key: String) -> Int32 {
    insert(Array(key.utf8).span)
  }

  public func key(_ number: Int32) -> String {
    let end = ends[Int(number)]
    let start = number == 0 ? 0 : ends[Int(number) - 1]
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  public var keys: [String] { (0..<Int32(count)).map(key) }

  private func isEqual(_ number: Int, _ key: Span<UInt8>) -> Bool {
    let start = number == 0 ? 0 : ends[number - 1]
    guard ends[number] - start == key.count else { return false }
    for index in key.indices where bytes[start + index] != key[index] { return false }
    return true
  }

  private mutating func place(_ number: Int) {
    var slot = Int(truncatingIfNeeded: hashes[number]) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(number + 1)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for number in ends.indices { place(number) }
  }
}
