import Export
import Foundation
import SurveyModel

/// Compares what a run has computed with the results of an earlier one, before anything is moved into place.
struct ResultsCheck {
  private let past: PastRun
  private let expected: Results

  /// Reads the earlier results, whatever became of the definitions since.
  ///
  /// - Throws: What `PastRun.results` throws.
  init(against directory: String, name: String, pipelines: String) throws {
    past = try PastRun(directory: directory)
    expected = try past.results(of: name, pipelines: pipelines, isForced: true)
  }

  /// - Returns: What was compared, where all of it agrees.
  /// - Throws: `ResultsDiffer`.
  func compare(_ results: Results) throws(ResultsDiffer) -> ResultsComparison {
    let comparison = ResultsComparison(from: expected, to: results)
    guard comparison.differences.isEmpty else {
      throw ResultsDiffer(
        directory: past.directory, comparison: comparison,
        changes: DefinitionFiles.changes(from: Self.inputs(past.record), to: Self.inputs(results.record)))
    }
    return comparison
  }

  private static func inputs(_ record: RunRecord) -> [RunRecord.FileRecord] {
    record.definitions + record.cycles.flatMap(\.tables).flatMap(\.files)
  }
}

/// A run has other results than an earlier one.
public struct ResultsDiffer: Failure {
  /// Of the earlier results.
  public var directory: String
  public var comparison: ResultsComparison
  /// Definitions and data files that are not what they were.
  public var changes: [String]
  /// Where all differences are listed; empty until they are written.
  public var list = ""

  public var location: SourceLocation? { nil }
  public var exitStatus: ExitStatus { .unacceptableData }

  public var summary: String {
    let differences = comparison.differences
    let first = differences.first.map { "; the first: \(Self.words(for: $0))" } ?? ""
    return "\(differences.count) of \(comparison.count) values are not those in \(directory)\(first)"
  }

  public var advice: String? {
    let why =
      changes.isEmpty ? "definitions and data are the same" : "changed since: \(changes.joined(separator: ", "))"
    return "\(why); all differences are in \(list), and the results in place are untouched"
  }

  private static func words(for difference: ResultsComparison.Difference) -> String {
    let place = "\(difference.row) in \(difference.table)"
    return switch (difference.then, difference.now) {
    case (nil, _): "there is no \(place) there"
    case (_, nil): "there is no \(place) now"
    case (let then?, let now?): "\(difference.column) of \(place) was \"\(then)\" and is \"\(now)\""
    }
  }

  /// A row a difference.
  var csv: [UInt8] {
    var document = CSVDocument(header: ["table", "row", "column", "then", "now"])
    for difference in comparison.differences {
      document.append(
        [difference.table, difference.row, difference.column, difference.then ?? "", difference.now ?? ""].map {
          CSVDocument.text($0)
        })
    }
    return document.bytes
  }
}
