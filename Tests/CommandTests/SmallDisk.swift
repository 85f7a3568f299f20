import Foundation
import SurveyTestSupport

/// A file system of a few pages, mounted for one test; Linux and root only.
final class SmallDisk {
  let directory: TemporaryDirectory
  var path: String { directory.path(of: "disk") }

  struct NotMounted: Error {
    /// nil: it did not end.
    let status: Int32?
    let error: String
  }

  init(kilobytes: Int) throws {
    directory = try TemporaryDirectory()
    let path = directory.path(of: "disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path)
  }

  deinit {
    try? Self.run("umount", path)
  }

  /// Tried once.
  static let isPermitted: Bool = (try? SmallDisk(kilobytes: 8)) != nil

  private static func run(_ arguments: String...) throws {
    let command = try StartedCommand("/usr/bin/env", arguments, in: "/")
    // Where others keep the processors busy, it takes its time.
    let status = command.status(within: 60)
    guard status == 0 else { throw NotMounted(status: status, error: try command.error) }
  }
}
