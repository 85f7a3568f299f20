import ArgumentParser
import Engine
import Foundation
import Snapshot

/// The column snapshots of the user who runs the command.
enum Snapshots {
  /// Where they are kept, without what killed runs left there.
  ///
  /// - Returns: nil where the system names no place for caches, or none that can be written to.
  static func cache() -> SnapshotCache? {
    guard let cache = SnapshotCache(), cache.shareSeeds() else { return nil }
    cache.trim()
    return cache
  }
}

/// `pipeline cache`
struct Cache: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The snapshots of columns that let a run begin without reading its data again.",
    subcommands: [ListSnapshots.self, ClearSnapshots.self])

  /// `pipeline cache list`
  struct ListSnapshots: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Show the snapshots, the newest first.")

    func run() throws {
      try reportingFailures {
        guard let cache = SnapshotCache() else { return }
        let entries = cache.entries()
        try Terminal.print(
          "\(cache.folder): \(entries.count) snapshots, \(megabytes(entries.reduce(0) { $0 + $1.bytes })) of at most "
            + megabytes(SnapshotCache.largestTotal))
        for entry in entries {
          let time = Date(timeIntervalSince1970: entry.written).formatted(.iso8601)
          try Terminal.print("\(time)  \(megabytes(entry.bytes))  \(entry.data ?? "damaged")")
        }
      }
    }
  }

  /// `pipeline cache clear`
  struct ClearSnapshots: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "clear", abstract: "Remove all snapshots.")

    func run() throws {
      try reportingFailures {
        guard let cache = SnapshotCache() else { return }
        let (count, bytes) = cache.clear()
        try Terminal.print("\(count) snapshots removed, \(megabytes(bytes))")
      }
    }
  }

  private static func megabytes(_ bytes: Int64) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
}
