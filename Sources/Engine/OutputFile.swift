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
  /// bytes, as do standard output and standard error.
  ///
  /// - Throws: `EngineError.cannotWrite`.
  public static func write(_ bytes: [UInt8], to path: String) throws(EngineError) {
    do {
      let target = try target(of: path)
      let present = try status(target)
      if let present, let stream = stream(present) {
        try stream.writeAll(bytes)
        return
      }
      switch present?.type {
      case nil, .regular?: try replace(target, with: bytes, permissions: present?.permissions)
      case .directory?: throw Errno.isDirectory
      default:
        let file = try FileDescriptor.open(FilePath(target), .writeOnly)
        _ = try file.closeAfter { try file.writeAll(bytes) }
      }
    } catch {
      throw .cannotWrite(path: path, reason: FileProblem.words(for: error))
    }
  }

  /// What a path names in the end, also where nothing is there yet.
  private static func target(of path: String) throws -> String {
    var target = FilePath(path)
    for _ in 0..<40 {
      guard let status = try? target.stat(followTargetSymlink: false), status.type == .symbolicLink else {
        return target.string
      }
      // The system knows more of these than their text says: `pipe:[1234]`.
      if (try? target.stat()) != nil, target.removingLastComponent().starts(with: "/proc") { return target.string }
      let link = FilePath(try FileManager.default.destinationOfSymbolicLink(atPath: target.string))
      target = target.removingLastComponent().pushing(link)
    }
    throw Errno.tooManySymbolicLinkLevels
  }

  /// - Returns: nil where nothing is there.
  private static func status(_ path: String) throws -> Stat? {
    do {
      return try FilePath(path).stat()
    } catch Errno.noSuchFileOrDirectory {
      return nil
    }
  }

  /// Standard output or standard error, where it is this very file.
  private static func stream(_ status: Stat) -> FileDescriptor? {
    [FileDescriptor.standardOutput, .standardError].first { stream in
      guard let other = try? stream.stat() else { return false }
      return other.inode == status.inode && other.deviceID == status.deviceID
    }
  }

  /// Removes a file; a directory of its name stays.
  static func remove(_ path: String) { unlink(path) }

  /// Removes what killed processes left of a file that they were writing.
  static func removeAbandoned(of path: String) {
    let (parent, stem) = place(of: path)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    where PartialFile.isPartial(name, of: stem) {
      PartialFile.removeAbandoned("\(parent)/\(name)")
    }
  }

  /// - Parameter path: Of no link.
  private static func replace(_ path: String, with bytes: [UInt8], permissions: FilePermissions?) throws {
    removeAbandoned(of: path)
    let (parent, stem) = place(of: path)
    let partial = try PartialFile("\(parent)/\(stem)", permissions: [.ownerReadWrite, .groupRead, .otherRead])
    // Where a file system refuses, all of its files have the same permissions.
    if let permissions { _ = fchmod(partial.descriptor.rawValue, permissions.rawValue) }
    try partial.descriptor.writeAll(bytes)
    try Interrupted.retry { fsync(partial.descriptor.rawValue) }
    try partial.move(to: path)
  }

  /// The folder in which a file stands, and what the names of its halves begin with.
  private static func place(of path: String) -> (parent: String, stem: String) {
    let file = URL(fileURLWithPath: path)
    // With a number behind it, a name must not be too long for the file system.
    let name = String(String.UnicodeScalarView(file.lastPathComponent.unicodeScalars.prefix(50)))
    return (file.deletingLastPathComponent().path, ".\(name)")
  }
}
