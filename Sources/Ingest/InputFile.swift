import SystemPackage

/// An open file that is closed exactly once and notices a change to it meanwhile.
struct InputFile: ~Copyable, Sendable {
  let path: String
  private let descriptor: FileDescriptor
  private let before: Fingerprint
  /// Bytes; 0 where the file has no size, such as a pipe.
  var size: Int64 { before.size }

  /// Whether it can be read from any place.
  private(set) var isRegular: Bool

  /// What differs after a write to a file. A pipe is written to while it is read, so it has none.
  private struct Fingerprint: Equatable, Sendable {
    var size: Int64
    var seconds: Int
    var nanoseconds: Int

    init(_ status: Stat) {
      let isFile = status.type == .regular
      size = isFile ? status.size : 0
      seconds = isFile ? status.st_mtim.tv_sec : 0
      nanoseconds = isFile ? status.st_mtim.tv_nsec : 0
    }
  }

  /// Whether what a path leads to can be opened, closed and opened again. A pipe cannot: its writer goes away with the
  /// first reader.
  static func isLasting(_ path: String) -> Bool {
    guard let type = try? FilePath(path).stat().type else { return true }
    return type == .regular || type == .directory
  }

  init(path: String) throws(IngestError) {
    do {
      let status = try FilePath(path).stat()
      if status.type == .directory { throw IngestError.directory(path: path) }
      descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
      before = Fingerprint(status)
      isRegular = status.type == .regular
    } catch let error as IngestError {
      throw error
    } catch let error as Errno {
      throw error == .noSuchFileOrDirectory
        ? .noSuchFile(path: path) : .unreadable(path: path, reason: error.description)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    self.path = path
  }

  deinit {
    try? descriptor.close()
  }

  /// Reads the next bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    do {
      return try descriptor.read(into: buffer)
    } catch let error as Errno {
      throw .readFailed(path: path, reason: error.description)
    } catch {
      throw .readFailed(path: path, reason: "\(error)")
    }
  }

  /// Reads from a place in the file until the buffer is full or the file ends.
  ///
  /// - Returns: How many bytes were read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(IngestError) -> Int {
    var filled = 0
    do {
      while filled < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = try descriptor.read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
        if count == 0 { break }
        filled += count
      }
    } catch let error as Errno {
      throw .readFailed(path: path, reason: error.description)
    } catch {
      throw .readFailed(path: path, reason: "\(error)")
    }
    return filled
  }

  /// - Throws: `IngestError.changedWhileRead` where size or modification time differ from those at the opening.
  func requireUnchanged(bytesRead: Int64) throws(IngestError) {
    let after: Fingerprint
    do {
      after = Fingerprint(try FilePath(path).stat())
    } catch {
      throw .changedWhileRead(path: path)
    }
    guard after == before, before.size == 0 || bytesRead == before.size else {
      throw .changedWhileRead(path: path)
    }
  }
}
