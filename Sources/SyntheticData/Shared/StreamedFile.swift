import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written piece by piece through a buffer, and stands in its place only when it is whole.
///
/// Until `finish()` it has another name; a file that is given up before is removed.
final class StreamedFile {
  let path: String
  private(set) var bytesWritten = 0
  private let descriptor: FileDescriptor
  private var buffer: [UInt8] = []
  private var isOpen = true

  private static let bufferSize = 1 << 20
  private var partialPath: String { path + ".partial" }

  /// - Throws: `SyntheticDataError.cannotCreate`.
  init(path: String) throws(SyntheticDataError) {
    self.path = path
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path + ".partial"), .writeOnly, options: [.create, .truncate, .noFollow],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw .cannotCreate(path: path, reason: "\(error)")
    }
    buffer.reserveCapacity(Self.bufferSize + 4096)
  }

  deinit {
    guard isOpen else { return }
    try? descriptor.close()
    try? FileManager.default.removeItem(atPath: partialPath)
  }

  /// Hands the buffer to `body`, which appends a record or so to it, and writes it out when it is full.
  @inline(__always)
  func append(_ body: (inout [UInt8]) -> Void) throws(SyntheticDataError) {
    body(&buffer)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is left and moves the file to its place.
  func finish() throws(SyntheticDataError) {
    try flush()
    isOpen = false
    do {
      try descriptor.close()
      guard rename(partialPath, path) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      try? FileManager.default.removeItem(atPath: partialPath)
      throw .writeFailed(path: path, reason: "\(error)")
    }
  }

  private func flush() throws(SyntheticDataError) {
    do {
      bytesWritten += try descriptor.writeAll(buffer)
    } catch {
      throw .writeFailed(path: path, reason: "\(error)")
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
