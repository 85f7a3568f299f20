import SystemPackage

/// The bytes of a file from its beginning to its end, in pieces that fit in memory.
enum FileBytes {
  private static let bytesPerRead = 1 << 20

  /// Whether a pipe or something else stands there whose bytes come once, if at all.
  static func isNoFile(_ path: String) -> Bool {
    guard let status = try? FilePath(path).stat() else { return false }
    return status.type != .regular
  }

  /// - Parameter take: Given each piece; it is gone afterwards.
  static func forEachPiece(of file: FileDescriptor, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytesPerRead, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return }
      try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
