import Export
import Foundation
import Ingest
import PipelineDefinition
import SurveyModel

/// What an earlier run left in its directory, read back: every form that results can take is made of it without
/// running again.
public struct PastRun: Sendable {
  /// Where a run of NAME writes unless it is told otherwise.
  public static func directory(of name: String) -> String { "Output/\(name)" }

  public let directory: String
  public let record: RunRecord

  /// Reads `run.json`.
  ///
  /// - Throws: `PastRunError.noRun` or `.badRecord`.
  public init(directory: String) throws(PastRunError) {
    let path = "\(directory)/\(ResultsDirectory.recordName)"
    // A pipe in the directory would be waited for.
    guard !FileBytes.isNoFile(path), let data = FileManager.default.contents(atPath: path) else {
      throw .noRun(directory: directory)
    }
    guard let record = try? RunRecord(json: Array(data)) else { throw .badRecord(file: path) }
    self.directory = directory
    self.record = record
  }

  /// Everything that the run had to say.
  ///
  /// - Parameters:
  ///   - name: The NAME whose results are expected.
  ///   - pipelines: The directory with the definitions.
  ///   - isForced: Whether to go on with definitions that changed since the run.
  /// - Throws: `PastRunError`, `ResultsFileError`, `DefinitionError`, or `IngestError` where a file is no CSV.
  public func results(of name: String, pipelines: String, isForced: Bool = false) throws -> Results {
    guard record.version == PipelineRun.version else {
      throw PastRunError.otherVersion(directory: directory, version: record.version)
    }
    guard record.pipeline == name else {
      throw PastRunError.otherPipeline(directory: directory, pipeline: record.pipeline, expected: name)
    }
    let reader = DefinitionReader(directory: pipelines)
    let definitions = try record.cycles.map { try reader.cycle(named: $0.name) }
    let changed = DefinitionFiles.changes(
      from: record.definitions, to: DefinitionFiles.records(of: definitions))
    guard isForced || changed.isEmpty else { throw PastRunError.definitionsChanged(files: changed) }
    let dimensions = definitions.first.map { Array($0.dimensions.keys) } ?? []
    return Results(
      definitions: definitions, filter: ResultsFilter(indicators: Set(record.options.indicators)), record: record,
      estimates: try rows("estimates.csv", dimensions), trends: try rows("trends.csv", dimensions),
      slopes: try rows("slopes.csv", dimensions))
  }

  private func rows<Row: ResultRow>(_ name: String, _ dimensions: [String]) throws -> [Row] {
    let path = "\(directory)/\(name)"
    guard !FileBytes.isNoFile(path) else { throw PastRunError.changedFile(path) }
    var hash = FileHash()
    var reader: ResultRowReader<Row>?
    var rows: [Row] = []
    do {
      _ = try RecordReader(path: path, table: name).read(
        observer: { hash.update($0) },
        choose: { header in
          reader = try ResultRowReader(header: header.names, dimensions: dimensions, file: path)
          return Array(header.names.indices)
        },
        body: { batch in
          if let record = batch.misshapen.first {
            throw ResultsFileError.fieldCount(
              SourceLocation(file: path, line: record.line), found: record.fields, expected: batch.columnCount)
          }
          for row in 0..<batch.rowCount {
            let fields = (0..<batch.columnCount).map { batch.text(row: row, column: $0) }
            if let row = try reader?.row(fields, line: batch.lines[row]) { rows.append(row) }
          }
        })
    } catch IngestError.noSuchFile {
      throw PastRunError.missingFile(path)
    }
    guard record.outputs.contains(where: { $0.path == name && $0.hash == hash.finish() }) else {
      throw PastRunError.changedFile(path)
    }
    return rows
  }
}
