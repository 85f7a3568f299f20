import Export
import Foundation
import GRDB

/// A SQLite file of results, in which the runs of one pipeline or of several add up.
public enum ResultsDatabase {
  /// How long others that write to the same file are waited for, in seconds; how often one looks again meanwhile.
  private static let patience = 120.0
  private static let pause = 0.05

  /// Adds a run to the file, which is made where it is missing. All rows of the run appear at once, or none.
  ///
  /// Any number of processes may do this with the same file at the same time: they write one after the other. Where
  /// the task is cancelled, others are not waited for.
  ///
  /// - Throws: `ResultsDatabaseError`; a file that holds anything else stays as it is.
  public static func write(_ results: Results, to path: String) throws(ResultsDatabaseError) {
    try check(path)
    do {
      let file = try DatabaseQueue(path: FileMark.absolute(path), configuration: configuration)
      do {
        try Schema.prepare(file, path: path)
        try file.writeWithoutTransaction { db in
          try db.inTransaction(.immediate) {
            var rows = RunRows(results, in: db)
            try rows.insert()
            try Views.update(in: db)
            return .commit
          }
        }
      } catch {
        try? file.close()
        throw error
      }
      try file.close()
    } catch {
      throw ResultsDatabaseError(error, path: path)
    }
  }

  /// Looks at the place and at the first bytes of the file, so that a run that could not be added later need not start.
  ///
  /// - Throws: `ResultsDatabaseError.cannotOpen`, `.notADatabase` or `.otherDatabase`; nothing where there is no file
  ///   yet.
  public static func check(_ path: String) throws(ResultsDatabaseError) {
    let place = URL(fileURLWithPath: path)
    guard !isDirectory(place) else { throw .cannotOpen(path: path, reason: "it is a directory") }
    guard isDirectory(place.deletingLastPathComponent()) else {
      throw .cannotOpen(path: path, reason: "its directory does not exist")
    }
    switch FileMark(path: path) {
    case .noFile, .ours: return
    case .noDatabase: throw .notADatabase(path: path)
    case .otherDatabase: throw .otherDatabase(path: path)
    }
  }

  private static func isDirectory(_ place: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    // Cancellation ends the wait for a locked database.
    configuration.busyMode = .callback { tries in
      guard Double(tries) * pause < patience, !Task.isCancelled else { return false }
      Thread.sleep(forTimeInterval: pause)
      return true
    }
    configuration.label = "results"
    return configuration
  }
}
