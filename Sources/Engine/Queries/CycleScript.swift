import Ingest
import Normalize
import Query
import SurveyModel

/// The query of a cycle as a script that people run in their own warehouse: the views, then what its indicators add up
/// to.
public struct CycleScript: Sendable {
  public let lines: [String]

  /// - Throws: A `Failure` of the definition, or where a header cannot be read.
  public init(name: String, pipelines: String, dialect: Dialect) throws {
    let cycle = try CycleReading(options: RunOptions(pipelines: pipelines)).mainCycle(name)
    var sources: [String: TableSource] = [:]
    for name in ConditionUse(cycle: cycle).tables {
      guard let table = cycle.tables[name] else { continue }
      let paths = try InputPaths.expanded(table.paths, table: name)
      guard let path = paths.first else { continue }
      let reader = RecordReader(path: path, table: name, format: CSVFormat(table))
      guard let header = try reader.header(), let line = try reader.headerLine() else {
        throw IngestError.unreadable(path: path, reason: "it can be read once only")
      }
      var source = TableSource(paths: paths, header: header.names, headerRecord: line, dialect: dialect)
      source.starts = try CycleScript.starts(of: table, paths)
      sources[name] = source
    }
    let query = try CycleQuery(cycle: cycle, sources: sources, dialect: dialect, linksUnits: false)
    lines = query.script
  }

  /// What heads each file of a table.
  ///
  /// - Throws: `IngestError`, also where a file has other columns than the first: engines that are told the names of
  ///   columns do not look.
  public static func starts(of table: TableDefinition, _ paths: [String]) throws -> [FileStart] {
    var first: Header?
    return try paths.map { path in
      guard let start = try RecordReader(path: path, table: table.name, format: CSVFormat(table)).start() else {
        throw IngestError.unreadable(path: path, reason: "it can be read once only")
      }
      if let first { try start.header.requireSameNames(as: first) } else { first = start.header }
      return start
    }
  }
}
