import Foundation
import PartialFiles
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that the analyst named for one result.
public enum OutputFile {
  /// Writes it whole, in place of what stood there; a link stands for what it names, and a pipe or a device gets the
  /// bytes.
  ///
  /// - Throws: `EngineError.cannotWrite`.
  public static func write(_ bytes: [UInt8], to path: String) throws(EngineError) {
    do {
      let present = try? FilePath(path).stat()
      switch present?.type {
      case nil, .regular?: try replace(path, with: bytes, permissions: present?.permissions)
      case .directory?: throw Errno.isDirectory
      default:
        let file = try FileDescriptor.open(FilePath(path), .writeOnly)
        _ = try file.closeAfter { try file.writeAll(bytes) }
      }
    } catch {
      throw .cannotWrite(path: path, reason: FileProblem.words(for: error))
    }
  }

  /// Removes a file; a directory of its name is somebody else's.
  static func remove(_ path: String) { unlink(path) }

  /// Removes what killed processes left of a file that they were writing.
  static func removeAbandoned(of path: String) {
    let (parent, stem) = place(of: path)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    where PartialFile.isPartial(name, of: stem) {
      PartialFile.removeAbandoned("\(parent)/\(name)")
    }
  }

  private static func replace(_ path: String, with bytes: [UInt8], permissions: FilePermissions?) throws {
    removeAbandoned(of: path)
    let (parent, stem) = place(of: path)
    let partial = try PartialFile(
      "\(parent)/\(stem)", permissions: [.ownerReadWrite, .groupRead, .otherRead])
    if let permissions { try Interrupted.retry { fchmod(partial.descriptor.rawValue, permissions.rawValue) } }
    try partial.descriptor.writeAll(bytes)
    try Interrupted.retry { fsync(partial.descriptor.rawValue) }
    try partial.move(to: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
  }

  /// The folder in which a file stands, and what the names of its halves begin with.
  private static func place(of path: String) -> (parent: String, stem: String) {
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    return (file.deletingLastPathComponent().path, ".\(file.lastPathComponent)")
  }
}
