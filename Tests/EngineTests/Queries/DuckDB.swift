import Engine
import Export
import Foundation
import Ingest
import Query
import SurveyModel
import SurveyTestSupport

/// DuckDB as the engine of a run: somebody else's arithmetic, over the same files.
struct DuckDB: SumsEngine {
  let record = RunRecord.EngineRecord(name: "duckdb")

  func withSession<Result: Sendable>(
    _ options: RunOptions, _ body: (any SourcedQueryEngine) async throws -> Result
  ) async throws -> Result {
    try await body(try DuckDBSession())
  }
}

/// A process of Python that runs statement after statement.
actor DuckDBSession: SourcedQueryEngine {
  nonisolated let dialect = Dialect.duckdb
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var read: [UInt8] = []

  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  private struct Answer: Decodable {
    var rows: [[String?]]?
    var error: String?
  }

  init() throws {
    guard FileManager.default.isExecutableFile(atPath: ReaderRun.python) else {
      throw MissingReader(path: ReaderRun.python)
    }
    process.executableURL = URL(fileURLWithPath: ReaderRun.python)
    process.arguments = ["\(projectDirectory)/Tests/Readers/duckdb-queries.py"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit { try? input.fileHandleForWriting.close() }

  func run(_ statement: String) async throws { _ = try answer(statement) }

  func rows(of query: String, columns: Int) async throws -> [[String?]] {
    let rows = try answer(query)
    guard rows.allSatisfy({ $0.count == columns }) else {
      throw Failed(description: "not \(columns) columns: \(query)")
    }
    return rows
  }

  func answer(_ statement: String) throws -> [[String?]] {
    try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(statement) + Data("\n".utf8))
    while read.last != UInt8(ascii: "\n") {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw Failed(description: "DuckDB has ended") }
      read += piece
    }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(read))
    read = []
    guard let rows = answer.rows else { throw Failed(description: "\(answer.error ?? "")\n\(statement)") }
    return rows
  }

  nonisolated func source(of table: TableDefinition) async throws -> EngineFiles {
    let paths = try InputPaths.expanded(table.paths, table: table.name)
    let reader = RecordReader(path: paths[0], table: table.name, format: CSVFormat(table))
    var source = TableSource(paths: paths, header: try reader.header()?.names ?? [], dialect: .duckdb)
    source.starts = try CycleScript.starts(of: table, paths)
    return EngineFiles(files: paths.map { EngineFiles.File(name: $0, bytes: 0) }, source: source)
  }

  nonisolated func willRead(_ bytes: Int64) {}

  nonisolated func name(of file: String) -> String { file }
}
