import Foundation

/// The directory of one benchmark process: each benchmark runs in a process of its own.
enum Scratch {
  private static let url = FileManager.default.temporaryDirectory.appendingPathComponent(
    "pipeline-benchmarks-\(ProcessInfo.processInfo.processIdentifier)")

  /// The path of a file or directory in it, whose parent exists.
  static func path(_ name: String) throws -> String {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.appendingPathComponent(name).path
  }

  static func remove() { try? FileManager.default.removeItem(at: url) }
}

/// Why a benchmark cannot begin.
struct Unprepared: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}
