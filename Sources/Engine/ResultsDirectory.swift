import CExchange
import Export
import Foundation
import PartialFiles
import SurveyModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory of results that is built beside its place and changes places with the previous one in one step.
///
/// A run that fails, is interrupted or killed leaves the previous results untouched; what a killed run left beside
/// them is removed by the next. Two runs into the same directory do not mix: the second is told.
public struct ResultsDirectory: ~Copyable {
  /// What marks a directory as results that may be replaced.
  public static let recordName = "run.json"

  public let path: String
  private let parent: String
  private let staging: String
  private let retired: String
  private let lock: ResultsLock

  /// Creates missing parents, takes the lock and an empty staging directory.
  ///
  /// - Parameter given: Where the results are to stand; a symbolic link stands for what it names.
  /// - Throws: `EngineError.outputInUse`, `.cannotCreate`, `.badOutputName`.
  public init(path given: String) throws(EngineError) {
    let url = URL(fileURLWithPath: given).standardizedFileURL.resolvingSymlinksInPath()
    let name = url.lastPathComponent
    guard !given.isEmpty, !name.isEmpty, name != "/", name != ".", name != ".." else { throw .badOutputName(given) }
    let parent = url.deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: given, reason: FileProblem.words(for: error))
    }
    let lock = try ResultsLock(at: "\(parent)/.\(name).lock", given: given)
    // A name of its own for each run: one that was stopped without being waited for cannot write among another's files.
    let staging = PartialFile.newPath("\(parent)/.\(name)")
    let retired = "\(parent)/.\(name).previous"
    do {
      try Self.prepare(
        path: url.path, staging: staging, retired: retired, leftovers: try Self.leftovers(of: name, in: parent),
        given: given)
    } catch {
      throw error as? EngineError ?? .cannotCreate(path: given, reason: FileProblem.words(for: error))
    }
    path = url.path
    self.parent = parent
    self.staging = staging
    self.retired = retired
    self.lock = lock
  }

  /// What a process that does not wait for the run has to do.
  var cleanUp: @Sendable () -> Void {
    { [staging, lock] in
      RunStop.remove(staging)
      lock.release()
    }
  }

  /// What killed runs into this place left: no run is alive while the lock is held.
  private static func leftovers(of name: String, in parent: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: parent).filter { PartialFile.isPartial($0, of: ".\(name)") }
      .map { "\(parent)/\($0)" }
  }

  private static func prepare(
    path: String, staging: String, retired: String, leftovers: [String], given: String
  ) throws {
    let files = FileManager.default
    // A killed run may have left the previous results aside, and its own half.
    if !files.fileExists(atPath: path), files.fileExists(atPath: retired) {
      try files.moveItem(atPath: retired, toPath: path)
    }
    var isDirectory: ObjCBool = false
    for left in [retired] + leftovers where files.fileExists(atPath: left, isDirectory: &isDirectory) {
      // Another process may be writing a file whose name begins alike.
      if isDirectory.boolValue { try remove(left) } else { PartialFile.removeAbandoned(left) }
    }
    isDirectory = false
    if files.fileExists(atPath: path, isDirectory: &isDirectory) {
      guard isDirectory.boolValue else { throw EngineError.cannotCreate(path: given, reason: "it is a file") }
      let contents = try files.contentsOfDirectory(atPath: path)
      guard contents.isEmpty || contents.contains(recordName) else {
        throw EngineError.cannotCreate(path: given, reason: "it exists and holds something other than results")
      }
    }
    try files.createDirectory(atPath: staging, withIntermediateDirectories: false)
    // Whom the analyst keeps out of the results stays out.
    if isDirectory.boolValue, let earlier = try? FilePath(path).stat().permissions {
      // Where a file system refuses, all of its directories have the same permissions.
      _ = chmod(staging, earlier.union(.ownerReadWriteExecute).rawValue)
    }
  }

  deinit {
    try? Self.remove(staging)
    lock.release()
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
        try Interrupted.retry { fsync(file.rawValue) }
      }
    } catch {
      throw .writeFailed(path: "\(path)/\(name)", reason: FileProblem.words(for: error))
    }
  }

  /// Lets a writer make one file of the results, or a folder of files, by its path.
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

  /// Moves the finished results to their place, in one step that a loss of power does not undo or halve.
  ///
  /// - Parameter names: The files of the results, as `run.json` names them: what a library left among them stays behind.
  /// - Throws: `EngineError.cannotCreate`; the previous results are in their place then.
  public consuming func commit(_ names: [String]) throws(EngineError) {
    do {
      try removeStrangers(names)
      try Self.flush(staging)
      if FileManager.default.fileExists(atPath: path) {
        try replacePrevious()
      } else {
        try Self.move(staging, to: path)
      }
    } catch {
      throw .cannotCreate(path: path, reason: FileProblem.words(for: error))
    }
    // The results are in place, and a disk that cannot tell when its names are safe is no reason to say otherwise.
    try? Self.flush(parent)
  }

  private func removeStrangers(_ names: [String]) throws {
    let known = Set(names.map { String($0.prefix { $0 != "/" }) } + [Self.recordName])
    for name in try FileManager.default.contentsOfDirectory(atPath: staging) where !known.contains(name) {
      try FileManager.default.removeItem(atPath: "\(staging)/\(name)")
    }
  }

  /// The previous results go with the staging directory, whose name they have then.
  private func replacePrevious() throws {
    if try Self.exchange(staging, path) { return }
    // A file system that cannot: a run that is killed between the two steps leaves nothing in place, but the next finds
    // the previous results.
    try Self.move(path, to: retired)
    do {
      try Self.move(staging, to: path)
    } catch {
      try? Self.move(retired, to: path)
      throw error
    }
    try? Self.flush(parent)
    try? Self.remove(retired)
  }

  /// - Returns: False where the file system cannot.
  private static func exchange(_ one: String, _ other: String) throws(Errno) -> Bool {
    do {
      try Interrupted.retry { exchange_names(one, other) }
      return true
    } catch {
      guard [.invalidArgument, .noFunction, .notSupported].contains(error) else { throw error }
      return false
    }
  }

  private static func move(_ path: String, to target: String) throws {
    try Interrupted.retry { rename(path, target) }
  }

  /// Sees to it that the names in a directory are on the disk.
  private static func flush(_ directory: String) throws {
    let file = try FileDescriptor.open(FilePath(directory), .readOnly, options: [.directory])
    try file.closeAfter {
      do {
        try Interrupted.retry { fsync(file.rawValue) }
      } catch .invalidArgument {
        // Some file systems do not flush directories; they have nothing to flush.
      }
    }
  }

  private static func remove(_ path: String) throws {
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
  }
}
