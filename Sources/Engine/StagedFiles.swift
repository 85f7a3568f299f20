import Export
import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that a library wrote by their path: hashed, and on the disk before they are moved into place.
enum StagedFiles {
  /// - Parameters:
  ///   - path: A file, or a folder with files.
  ///   - name: What the record calls it.
  /// - Returns: The records of the file, or of all files in the folder by their names.
  static func records(at path: String, name: String) throws -> [RunRecord.FileRecord] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      return [try record(at: path, name: name)]
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let found = try files.flatMap { try records(at: "\(path)/\($0)", name: "\(name)/\($0)") }
    try withFile(path) { try flush($0) }
    return found
  }

  private static func record(at path: String, name: String) throws -> RunRecord.FileRecord {
    try withFile(path) { file in
      var hash = FileHash()
      try FileBytes.forEachPiece(of: file) { hash.update($0) }
      try flush(file)
      return RunRecord.FileRecord(path: name, bytes: hash.byteCount, hash: hash.finish())
    }
  }

  private static func withFile<Result>(_ path: String, _ body: (FileDescriptor) throws -> Result) throws -> Result {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter { try body(file) }
  }

  private static func flush(_ file: FileDescriptor) throws {
    try Interrupted.retry { fsync(file.rawValue) }
  }
}
