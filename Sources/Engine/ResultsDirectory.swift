import Export
import Foundation
import SurveyModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory of results that is built beside its place and moved there whole.
///
/// A run that fails, is interrupted or killed leaves the previous results untouched; what a killed run left beside
/// them is removed by the next. Two runs into the same directory do not mix: the second is told.
public struct ResultsDirectory: ~Copyable {
  /// What marks a directory as results that may be replaced.
  public static let recordName = "run.json"

  public let path: String
  private let staging: String
  private let retired: String
  private let lock: FileDescriptor
  private let lockPath: String

  /// Creates missing parents, takes the lock and an empty staging directory.
  ///
  /// - Throws: `EngineError.outputInUse`, `.cannotCreate`, `.badOutputName`.
  public init(path given: String) throws(EngineError) {
    let url = URL(fileURLWithPath: given).standardizedFileURL
    let name = url.lastPathComponent
    guard !name.isEmpty, name != "/", name != ".", name != ".." else { throw .badOutputName(given) }
    let parent = url.deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: given, reason: FileProblem.words(for: error))
    }
    let lockPath = "\(parent)/.\(name).lock"
    let lock = try Self.lock(at: lockPath, given: given)
    let places = (path: url.path, staging: "\(parent)/.\(name).partial", retired: "\(parent)/.\(name).previous")
    do {
      try Self.prepare(path: places.path, staging: places.staging, retired: places.retired, given: given)
    } catch {
      try? Self.remove(lockPath)
      try? lock.close()
      throw error
    }
    path = places.path
    staging = places.staging
    retired = places.retired
    self.lock = lock
    self.lockPath = lockPath
  }

  /// The lock belongs to the open file, so that it ends with the process, however that ends. Its file goes with the
  /// run: whoever then holds a lock on a file that is no longer there takes a new one.
  private static func lock(at path: String, given: String) throws(EngineError) -> FileDescriptor {
    while true {
      let lock: FileDescriptor
      do {
        lock = try FileDescriptor.open(
          FilePath(path), .readWrite, options: [.create], permissions: [.ownerReadWrite, .groupRead, .otherRead])
      } catch {
        throw .cannotCreate(path: given, reason: FileProblem.words(for: error))
      }
      guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
        try? lock.close()
        throw .outputInUse(directory: given)
      }
      if let held = try? lock.stat(), let present = try? FilePath(path).stat(), held.inode == present.inode {
        return lock
      }
      try? lock.close()
    }
  }

  private static func prepare(
    path: String, staging: String, retired: String, given: String
  ) throws(EngineError) {
    let files = FileManager.default
    do {
      // A killed run may have left the previous results aside, and its own half.
      if !files.fileExists(atPath: path), files.fileExists(atPath: retired) {
        try files.moveItem(atPath: retired, toPath: path)
      }
      try remove(retired)
      try remove(staging)
      var isDirectory: ObjCBool = false
      if files.fileExists(atPath: path, isDirectory: &isDirectory) {
        guard isDirectory.boolValue else { throw EngineError.cannotCreate(path: given, reason: "it is a file") }
        let contents = try files.contentsOfDirectory(atPath: path)
        guard contents.isEmpty || contents.contains(recordName) else {
          throw EngineError.cannotCreate(path: given, reason: "it exists and holds something other than results")
        }
      }
      try files.createDirectory(atPath: staging, withIntermediateDirectories: false)
    } catch let error as EngineError {
      throw error
    } catch {
      throw .cannotCreate(path: given, reason: FileProblem.words(for: error))
    }
  }

  deinit {
    try? Self.remove(staging)
    try? Self.remove(lockPath)
    _ = flock(lock.rawValue, LOCK_UN)
    try? lock.close()
  }

  /// Writes one file of the results, to be seen when all are there.
  ///
  /// - Throws: `EngineError.writeFailed`.
  public func write(_ bytes: [UInt8], to name: String) throws(EngineError) {
    let target = "\(staging)/\(name)"
    do {
      let file = try FileDescriptor.open(
        FilePath(target), .writeOnly, options: [.create, .exclusiveCreate],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter {
        try file.writeAll(bytes)
        if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
    } catch {
      throw .writeFailed(path: "\(path)/\(name)", reason: FileProblem.words(for: error))
    }
  }

  /// Lets somebody write one file of the results, or a folder of files, by its path.
  ///
  /// - Parameter write: Given a path at which nothing is.
  /// - Returns: The hashes of what was written.
  /// - Throws: `EngineError.writeFailed`, or the `Failure` that `write` throws.
  public func write(_ name: String, by write: (String) throws -> Void) throws -> [RunRecord.FileRecord] {
    let target = "\(staging)/\(name)"
    do {
      try write(target)
      return try StagedFiles.records(at: target, name: name)
    } catch EngineError.cannotWrite(_, let reason) {
      throw EngineError.writeFailed(path: "\(path)/\(name)", reason: reason)
    } catch let failure as any Failure {
      throw failure
    } catch {
      throw EngineError.writeFailed(path: "\(path)/\(name)", reason: FileProblem.words(for: error))
    }
  }

  /// Moves the finished results to their place.
  ///
  /// - Throws: `EngineError.cannotCreate`; the previous results are back in place then.
  public consuming func commit() throws(EngineError) {
    let files = FileManager.default
    do {
      if files.fileExists(atPath: path) { try files.moveItem(atPath: path, toPath: retired) }
      do {
        try files.moveItem(atPath: staging, toPath: path)
      } catch {
        if files.fileExists(atPath: retired) { try? files.moveItem(atPath: retired, toPath: path) }
        throw error
      }
      try Self.remove(retired)
    } catch {
      throw .cannotCreate(path: path, reason: FileProblem.words(for: error))
    }
  }

  private static func remove(_ path: String) throws {
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
  }
}
