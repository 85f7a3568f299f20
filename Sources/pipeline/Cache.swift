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
          "\(cache.folder): \(counted(entries.count)), \(megabytes(entries.reduce(0) { $0 + $1.bytes })) of at most "
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
    static let configuration = CommandConfiguration(
      commandName: "clear", abstract: "Remove the snapshots of the data in this directory.",
      discussion: "The next run reads the data again and leaves new ones. Snapshots of other projects stay.")

    @Argument(
      help: ArgumentHelp(
        "Remove the snapshots of the data in these directories, or of these files. (default: the working directory)",
        valueName: "path"))
    var paths: [String] = []

    @Flag(help: "Remove the snapshots of all projects, and damaged ones.")
    var all = false

    @Flag(name: .customLong("dry-run"), help: "Show what would go, and remove nothing.")
    var isDryRun = false

    func validate() throws {
      if all && !paths.isEmpty { throw ValidationError("--all and a path exclude each other") }
    }

    func run() throws {
      try reportingFailures {
        guard let cache = SnapshotCache() else { return }
        let entries = cache.entries()
        let chosen = all ? entries : cache.entries(within: paths.isEmpty ? ["."] : paths)
        for entry in chosen { try Terminal.print("\(megabytes(entry.bytes))  \(entry.data ?? "damaged")") }
        var words = isDryRun ? "would be removed" : "removed"
        if !isDryRun {
          for entry in chosen { cache.remove(entry) }
          // What killed runs left; and, with all of them, what is no snapshot.
          if all { _ = cache.clear() } else { cache.trim() }
        }
        words = "\(counted(chosen.count)) \(words), \(megabytes(chosen.reduce(0) { $0 + $1.bytes }))"
        let others = entries.count - chosen.count
        if others > 0 { words += "; \(counted(others)) of other data \(others == 1 ? "stays" : "stay") (--all)" }
        try Terminal.print(words)
      }
    }
  }

  private static func counted(_ count: Int) -> String { "\(count) snapshot\(count == 1 ? "" : "s")" }

  private static func megabytes(_ bytes: Int64) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
}
