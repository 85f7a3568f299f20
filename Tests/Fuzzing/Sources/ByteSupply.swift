/// The first bytes of an input choose how the rest of it is read.
struct ByteSupply {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The next byte; 0 where there is none.
  mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func number(below limit: Int) -> Int { Int(byte()) % limit }

  mutating func choice<Value>(of values: [Value]) -> Value { values[number(below: values.count)] }

  mutating func flag() -> Bool { byte() & 1 == 1 }

  /// What has not been taken.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[position...]) }

  /// Cuts the rest into pieces of lengths that a number decides, some of them of one byte.
  func pieces(seed: UInt8) -> [UnsafeRawBufferPointer] {
    var state = UInt32(seed) &* 2_654_435_761 | 1
    var pieces: [UnsafeRawBufferPointer] = []
    var start = 0
    let bytes = rest
    while start < bytes.count {
      // A xorshift generator (Marsaglia 2003).
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      let end = min(start + 1 + Int(state >> 8) % (1 + Int(seed) % 23), bytes.count)
      pieces.append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      start = end
    }
    return pieces
  }
}
