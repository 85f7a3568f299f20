import Foundation
import Locks
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What keeps a second run out of a directory of results.
///
/// The lock belongs to the open file, so that it ends with the process, however that ends. Its file goes with the run:
/// a process that then holds a lock on a file that is no longer there takes a new one.
final class ResultsLock: Sendable {
  private let path: String
  private let file: Mutex<FileDescriptor?>

  /// - Parameters:
  ///   - path: The lock's own file.
  ///   - given: The directory of the results, as the analyst wrote it.
  /// - Throws: `EngineError.outputInUse`, `.cannotCreate`.
  init(at path: String, given: String) throws(EngineError) {
    self.path = path
    while true {
      let lock: FileDescriptor
      do {
        lock = try FileDescriptor.open(
          FilePath(path), .readWrite, options: [.create, .noFollow, .closeOnExec],
          permissions: [.ownerReadWrite, .groupRead, .otherRead])
      } catch {
        throw .cannotCreate(path: given, reason: FileProblem.words(for: error))
      }
      do {
        try Interrupted.retry { flock(lock.rawValue, LOCK_EX | LOCK_NB) }
      } catch {
        try? lock.close()
        throw error == .wouldBlock
          ? .outputInUse(directory: given) : .cannotCreate(path: given, reason: "it cannot be locked: \(error)")
      }
      if Self.isThere(lock, at: path) {
        file = Mutex(lock)
        return
      }
      try? lock.close()
    }
  }

  deinit { release() }

  private static func isThere(_ file: FileDescriptor, at path: String) -> Bool {
    guard let held = try? file.stat(), let present = try? FilePath(path).stat() else { return false }
    return held.inode == present.inode && held.deviceID == present.deviceID
  }

  /// Lets others in.
  ///
  /// Once and no more, however many ask: the next file at the path belongs to another run.
  func release() {
    file.withLock { file in
      guard let lock = file else { return }
      file = nil
      if Self.isThere(lock, at: path) { unlink(path) }
      try? lock.close()
    }
  }
}
