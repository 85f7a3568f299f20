import SystemPackage

/// An open file that is closed exactly once and notices when somebody writes to it meanwhile.
struct InputFile: ~Copyable {
  let path: String
  private let descriptor: FileDescriptor
  private let before: Fingerprint
  /// Bytes; 0 where the file has no size, such as a pipe.
  var size: Int64 { before.size }

  /// What changes when somebody writes to a file. A pipe is written to while it is read, so it has none.
  private struct Fingerprint: Equatable {
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

  init(path: String) throws(IngestError) {
    do {
      let status = try FilePath(path).stat()
      if status.type == .directory { throw IngestError.directory(path: path) }
      descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
      before = Fingerprint(status)
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
