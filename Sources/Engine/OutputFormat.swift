import Database
import Export
import Foundation
import Report
import SDMX
import Workbook

/// The forms that results can take, one after the other. What a format is made of stands in `writing` and nowhere
/// else.
public enum OutputFormat: String, Sendable, CaseIterable {
  case csv, json, markdown, xlsx, sdmx, html, sqlite

  /// How a format is written.
  private enum Writing {
    /// As bytes.
    case bytes((Results) throws -> [UInt8])
    /// To the path of a file that a library writes.
    case file((Results, String) throws -> Void)
    /// As a folder with files of these names.
    case folder((Results) throws -> [(name: String, bytes: [UInt8])])
  }

  private func writing(isWide: Bool = false) -> Writing {
    switch self {
    case .csv where isWide: .bytes { WideTable($0).bytes }
    case .csv: .bytes { ResultsTable($0.estimates, dimensions: $0.dimensionNames).bytes }
    case .json: .bytes { try ResultsJSON($0).bytes() }
    case .markdown: .bytes { ResultsMarkdown($0).bytes }
    case .html: .bytes { try HTMLReport($0, library: Self.chartLibrary).bytes() }
    case .xlsx: .file(Self.writeWorkbook)
    case .sdmx:
      .folder { results in
        let files = try SDMXFiles(results)
        return [(SDMXFiles.dataName, files.data), (SDMXFiles.structureName, files.structure)]
      }
    case .sqlite: .file(Self.writeDatabase)
    }
  }

  /// - Throws: `EngineError.cannotWrite`, which the caller may name by another path, or a `WorkbookError` that is not
  ///   of the file.
  private static func writeWorkbook(_ results: Results, to path: String) throws {
    do {
      try ResultsWorkbook.write(results, to: path)
    } catch WorkbookError.cannotCreate(_, let reason), WorkbookError.writeFailed(_, let reason) {
      throw EngineError.cannotWrite(path: path, reason: reason)
    }
  }

  private static func writeDatabase(_ results: Results, to path: String) throws(EngineError) {
    do {
      try ResultsDatabase.write(results, to: path)
    } catch {
      throw .cannotWrite(path: path, reason: error.reason)
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

  /// The message where something that the format uses is missing; nil: all is there.
  public var warning: String? {
    self == .html && Self.chartLibrary == nil
      ? "report.html has tables but no charts. \(ChartLibrary.installation)" : nil
  }

  private static var chartLibrary: ChartLibrary? { .installed(binary: executablePath) }

  private static var executablePath: String? {
    #if os(Linux)
      // `Bundle.main` ends the process where it cannot look at the folder.
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #else
      Bundle.main.executablePath
    #endif
  }

  /// Those that `pipeline export` offers.
  public static var forExport: [OutputFormat] { allCases.filter { $0 != .sqlite } }

  /// Those that `pipeline run` writes beside its CSV files.
  public static var forRuns: [OutputFormat] { allCases.filter { $0.resultsName != nil } }

  /// What goes to standard output.
  ///
  /// - Parameter isWide: A column a cell instead of a row, where the format can.
  /// - Throws: `EngineError.isFolder`, `.noTemporaryFile`, or what the format throws.
  public func bytes(of results: Results, isWide: Bool = false) throws -> [UInt8] {
    switch writing(isWide: isWide) {
    case .bytes(let make): return try make(results)
    case .file(let write):
      let path = FileManager.default.temporaryDirectory.appending(path: "pipeline-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      do {
        try write(results, path)
      } catch EngineError.cannotWrite(_, let reason) {
        throw EngineError.noTemporaryFile(directory: FileManager.default.temporaryDirectory.path, reason: reason)
      }
      return try Data(contentsOf: URL(fileURLWithPath: path)).map(\.self)
    case .folder: throw EngineError.isFolder(format: rawValue)
    }
  }

  /// Writes the file that an analyst named, as `OutputFile` does, or the files of a folder.
  ///
  /// - Throws: As `write`.
  public func replace(_ path: String, by results: Results, isWide: Bool = false) throws {
    guard case .file = writing(isWide: isWide) else { return try write(results, isWide: isWide, to: path) }
    try OutputFile.write(try bytes(of: results, isWide: isWide), to: path)
  }

  /// Writes a file at a place where none is, or the files of a folder.
  ///
  /// - Parameter isWide: A column a cell instead of a row, where the format can.
  /// - Throws: `EngineError.cannotWrite`, or what the format throws.
  public func write(_ results: Results, isWide: Bool = false, to path: String) throws {
    switch writing(isWide: isWide) {
    case .bytes(let make): try OutputFile.write(try make(results), to: path)
    case .file(let write): try write(results, path)
    case .folder(let make):
      let files = try make(results)
      do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      } catch {
        throw EngineError.cannotWrite(path: path, reason: FileProblem.words(for: error))
      }
      for file in files { try OutputFile.write(file.bytes, to: "\(path)/\(file.name)") }
    }
  }
}
