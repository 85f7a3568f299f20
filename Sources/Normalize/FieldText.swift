/// Whether bytes are text that a field may hold.
enum FieldText {
  /// Printable ASCII, for sure; false says nothing. Eight bytes at a time.
  @inline(__always)
  static func isPlain(_ field: Span<UInt8>) -> Bool {
    let bytes = field.bytes
    var index = 0
    var high: UInt64 = 0
    var low: UInt64 = .max
    while index + 8 <= field.count {
      let word = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      high |= word
      // A byte of 0x20 or more has one of the bits 5 and 6.
      low &= (word | word << 1) & 0x4040_4040_4040_4040 | 0xBFBF_BFBF_BFBF_BFBF
      index += 8
    }
    while index < field.count {
      let byte = field[unchecked: index]
      if byte < 0x20 || byte >= 0x80 { return false }
      index += 1
    }
    return high & 0x8080_8080_8080_8080 == 0 && low == .max
  }

  static func text(_ field: Span<UInt8>) -> String {
    field.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// No NUL, and valid UTF-8.
  static func isValid(_ field: Span<UInt8>) -> Bool {
    var union: UInt8 = 0
    var hasNUL = false
    for index in field.indices {
      let byte = field[unchecked: index]
      union |= byte
      if byte == 0 { hasNUL = true }
    }
    if hasNUL { return false }
    if union < 0x80 { return true }
    return field.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) } != nil
  }
}
