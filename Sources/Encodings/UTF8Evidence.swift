/// Whether bytes that are read in another encoding look like UTF-8, looked at piece by piece: what stands beyond ASCII in
/// text of a single-byte encoding hardly ever forms valid UTF-8, and a single stray byte ends the look.
public struct UTF8Evidence: Sendable {
  private var isRefuted = false
  /// Whole characters beyond ASCII.
  private var characters = 0
  /// Bytes that are still to come of the character under way, and what the next of them may be.
  private var expected = 0
  private var range: ClosedRange<UInt8> = 0x80...0xBF

  public init() {}

  /// One such character may be there by accident.
  public var isConvincing: Bool { !isRefuted && expected == 0 && characters > 1 }

  public mutating func look(at bytes: UnsafeRawBufferPointer) {
    guard !isRefuted else { return }
    for byte in bytes where byte >= 0x80 || expected > 0 {
      take(byte)
      if isRefuted { return }
    }
  }

  private mutating func take(_ byte: UInt8) {
    if expected > 0 {
      isRefuted = !range.contains(byte)
      range = 0x80...0xBF
      expected -= 1
      if expected == 0 { characters += 1 }
      return
    }
    // The shortest form of a character, and no half of a pair of UTF-16.
    switch byte {
    case 0xC2...0xDF: expected = 1
    case 0xE0: (expected, range) = (2, 0xA0...0xBF)
    case 0xED: (expected, range) = (2, 0x80...0x9F)
    case 0xE1...0xEF: expected = 2
    case 0xF0: (expected, range) = (3, 0x90...0xBF)
    case 0xF4: (expected, range) = (3, 0x80...0x8F)
    case 0xF1...0xF3: expected = 3
    default: isRefuted = true
    }
  }
}
