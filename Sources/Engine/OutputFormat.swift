import Export
import Foundation
import Report

/// The forms that results can take, one after the other. What a format is made of stands in `writing` and nowhere
/// else.
public enum OutputFormat: String, Sendable, CaseIterable {
  case csv, json, markdown, xlsx, sdmx, html, sqlite

  /// How a format is written.
  private enum Writing {
    /// As bytes, which may go to standard output as well.
    case bytes((Results) throws -> [UInt8])
    /// To a path, where it makes a file, or a folder with several.
    case path((Results, String) throws -> Void)
  }

  /// nil: not built yet.
  private var writing: Writing? {
    switch self {
    case .csv: .bytes { ResultsTable($0.estimates, dimensions: $0.dimensionNames).bytes }
    case .html: .bytes { try HTMLReport($0, library: Self.chartLibrary).bytes() }
    case .json, .markdown, .xlsx, .sdmx, .sqlite: nil
    }
  }

  /// What the directory of a run calls it; nil for the formats that are made of past results only.
  public var resultsName: String? {
    switch self {
    case .csv, .json, .markdown: nil
    case .xlsx: "results.xlsx"
    case .html: "report.html"
    case .sdmx: "sdmx"
    case .sqlite: "results.sqlite"
    }
  }

  /// What to say to whoever asked for the format where something that it uses is missing; nil: all is there.
  public var warning: String? {
    self == .html && Self.chartLibrary == nil
      ? "report.html has tables but no charts. \(ChartLibrary.installation)" : nil
  }

  private static var chartLibrary: ChartLibrary? { .installed(binary: Bundle.main.executablePath) }

  /// Those that `pipeline export` offers.
  public static var forExport: [OutputFormat] { allCases.filter { $0.writing != nil && $0 != .sqlite } }

  /// Those that `pipeline run` writes beside its CSV files.
  public static var forRuns: [OutputFormat] { allCases.filter { $0.writing != nil && $0.resultsName != nil } }

  /// - Returns: nil where the format is a folder, or a file that cannot be made in memory.
  /// - Throws: What the format throws.
  public func bytes(of results: Results) throws -> [UInt8]? {
    guard case .bytes(let make) = writing else { return nil }
    return try make(results)
  }

  /// Writes a file, which replaces one of the same name, or the files of a folder.
  ///
  /// - Throws: `EngineError.cannotWrite`, or what the format throws.
  public func write(_ results: Results, to path: String) throws {
    switch writing {
    case .bytes(let make): try OutputFile.write(try make(results), to: path)
    case .path(let write): try write(results, path)
    case nil: break
    }
  }
}
