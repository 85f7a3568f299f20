import Database
import Export
import Foundation
import SurveyTestSupport
import Testing

/// A database of results, asked by the `sqlite3` shell, which knows nothing of this project.
struct Shell {
  let path: String

  static let missing = "<null>"

  init(_ path: String) {
    self.path = path
  }

  /// The rows of one query; NULL is `missing`.
  func rows(_ query: String) throws -> [[String]] {
    let run = try ReaderRun(
      command: "/usr/bin/sqlite3",
      ["-batch", "-list", "-separator", "\u{1F}", "-newline", "\u{1E}", "-nullvalue", Self.missing, path, query])
    try #require(run.status == 0 && run.error.isEmpty, "\(run.error)")
    return run.output.split(separator: "\u{1E}").map {
      $0.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The values of the first column.
  func column(_ query: String) throws -> [String] { try rows(query).map { $0[0] } }

  func count(_ table: String) throws -> Int {
    try #require(Int(try column("SELECT count(*) FROM \(Self.quoted(table))")[0]))
  }

  static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

  /// What every database must pass.
  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try rows("PRAGMA integrity_check") == [["ok"]], sourceLocation: sourceLocation)
    #expect(try rows("PRAGMA foreign_key_check") == [], sourceLocation: sourceLocation)
    #expect(try rows("PRAGMA journal_mode") == [["delete"]], sourceLocation: sourceLocation)
    let file = URL(fileURLWithPath: path)
    let beside = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
    #expect(beside.filter { $0.hasPrefix(file.lastPathComponent) } == [file.lastPathComponent])
    for view in try column("SELECT name FROM sqlite_master WHERE type = 'view'") { _ = try count(view) }
  }
}

extension SampleResults {
  /// Results of another pipeline, whose dimensions have other names.
  static func other(dimensions: [String]) -> Results {
    var results = SampleResults().results
    results.record.pipeline = "other"
    for (position, name) in dimensions.enumerated() { results.dimensions[position].name = name }
    return results
  }
}
