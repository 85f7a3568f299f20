import Export
import Query
import SurveyModel

/// An engine beside this process that runs the heavy pass as queries: a cluster, or a database.
public protocol SumsEngine: Sendable {
  /// What `run.json` says of it.
  var record: RunRecord.EngineRecord { get }
  /// Starts the engine, and ends it when the body has what it needs, fails or is cancelled.
  func withSession<Result: Sendable>(
    _ options: RunOptions, _ body: (any SourcedQueryEngine) async throws -> Result
  ) async throws -> Result
}

/// An engine that also knows the files of a table.
public protocol SourcedQueryEngine: QueryEngine {
  var dialect: Dialect { get }
  /// The files of a table and their header, as the engine sees them.
  func source(of table: TableDefinition) async throws -> EngineFiles
  /// Queries are going to read so many bytes.
  func willRead(_ bytes: Int64)
  /// What the engine calls a file, as the definition does.
  func name(of file: String) -> String
}

/// What an engine finds where a table's `path` leads.
public struct EngineFiles: Sendable {
  public struct File: Sendable {
    /// As the engine calls it.
    public var name: String
    public var bytes: Int64
    /// As the engine prints it; empty where it does not know.
    public var modified: String

    public init(name: String, bytes: Int64, modified: String = "") {
      self.name = name
      self.bytes = bytes
      self.modified = modified
    }
  }

  public var files: [File]
  public var source: TableSource

  public init(files: [File], source: TableSource) {
    self.files = files
    self.source = source
  }
}
