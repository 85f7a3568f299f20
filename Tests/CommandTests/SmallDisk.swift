import Foundation
import SurveyTestSupport

/// A file system of a few pages, mounted for one test; Linux and root only.
final class SmallDisk {
  let directory: TemporaryDirectory
  var path: String { directory.path(of: "disk") }

  struct NotMounted: Error {}

  init(kilobytes: Int) throws {
    directory = try TemporaryDirectory()
    let path = directory.path(of: "disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard Self.succeeds("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path) else { throw NotMounted() }
  }

  deinit {
    _ = Self.succeeds("umount", path)
  }

  /// Tried once.
  static let isPermitted: Bool = (try? SmallDisk(kilobytes: 8)) != nil

  private static func succeeds(_ arguments: String...) -> Bool {
    guard let command = try? StartedCommand("/usr/bin/env", arguments, in: "/") else { return false }
    return command.status(within: 10) == 0
  }
}
