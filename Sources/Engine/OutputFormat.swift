import Export
import Foundation
import Report
import Workbook

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
  private func writing(isWide: Bool = false) -> Writing? {
    switch self {
    case .csv where isWide: .bytes { WideTable($0).bytes }
    case .csv: .bytes { ResultsTable($0.estimates, dimensions: $0.dimensionNames).bytes }
    case .json: .bytes { try ResultsJSON($0).bytes() }
    case .markdown: .bytes { ResultsMarkdown($0).bytes }
    case .html: .bytes { try HTMLReport($0, library: Self.chartLibrary).bytes() }
    case .xlsx: .path { try ResultsWorkbook($0).write(to: $1) }
    case .sdmx, .sqlite: nil
    }
  }

  /// Whether a table with a column a cell is one of its shapes.
  public var canBeWide: Bool { self == .csv }

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
  public static var forExport: [OutputFormat] { allCases.filter { $0.writing() != nil && $0 != .sqlite } }

  /// Those that `pipeline run` writes beside its CSV files.
  public static var forRuns: [OutputFormat] { allCases.filter { $0.writing() != nil && $0.resultsName != nil } }

  /// - Parameter isWide: A column a cell instead of a row, where the format can.
  /// - Returns: nil where the format is a folder, or a file that cannot be made in memory.
  /// - Throws: What the format throws.
  public func bytes(of results: Results, isWide: Bool = false) throws -> [UInt8]? {
    guard case .bytes(let make) = writing(isWide: isWide) else { return nil }
    return try make(results)
  }

  /// Writes a file, which replaces one of the same name, or the files of a folder.
  ///
  /// - Parameter isWide: A column a cell instead of a row, where the format can.
  /// - Throws: `EngineError.cannotWrite`, or what the format throws.
  public func write(_ results: Results, isWide: Bool = false, to path: String) throws {
    switch writing(isWide: isWide) {
    case .bytes(let make): try OutputFile.write(try make(results), to: path)
    case .path(let write): try write(results, path)
    case nil: break
    }
  }
}
