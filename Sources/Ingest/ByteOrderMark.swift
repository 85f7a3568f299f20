/// The three bytes with which some programs begin a UTF-8 file; they are no part of its first field.
enum ByteOrderMark {
  static let count = 3

  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= count && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
  }

  static func removed(from bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    begins(bytes) ? UnsafeRawBufferPointer(rebasing: bytes[count...]) : bytes
  }
}
