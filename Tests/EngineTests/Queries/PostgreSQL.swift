import Engine
import Export
import Foundation
import Ingest
import Query
import SurveyModel
import SurveyTestSupport
import Testing

/// PostgreSQL as the engine of a run: its own arithmetic, over tables into which the files were copied.
struct PostgreSQL: SumsEngine {
  let record = RunRecord.EngineRecord(name: "postgresql")

  func withSession<Result: Sendable>(
    _ options: RunOptions, _ body: (any SourcedQueryEngine) async throws -> Result
  ) async throws -> Result {
    try await body(try PostgreSQLSession())
  }
}

/// A server that lives as long as the process of the tests: `Tests/PostgreSQL/server`.
final class PostgreSQLServer: Sendable {
  /// Where its socket is.
  let directory: String
  private let process: Process
  private let input: Pipe

  /// Where it can be installed and is not, tests fail and say so.
  static let isToBeThere = ["/usr/bin/apt-get", "/usr/lib/postgresql"].contains {
    FileManager.default.fileExists(atPath: $0)
  }

  private static let started = Result { try PostgreSQLServer() }

  static func running() throws -> PostgreSQLServer { try started.get() }

  private init() throws {
    process = Process()
    input = Pipe()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "\(projectDirectory)/Tests/PostgreSQL/server")
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    var line = [UInt8]()
    while line.last != UInt8(ascii: "\n") {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else {
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        throw PostgreSQLSession.Failed(description: "PostgreSQL did not start: \(text)")
      }
      line += piece
    }
    directory = String(decoding: line.dropLast(), as: UTF8.self)
  }
}

/// A process of psql that runs statement after statement; all that it makes is temporary.
actor PostgreSQLSession: SourcedQueryEngine {
  nonisolated let dialect = Dialect.postgresql
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var read: [UInt8] = []
  private var tables = 0

  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  private static let end = "-- end of the answer --"

  init() throws {
    let server = try PostgreSQLServer.running()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      // What is echoed must not wait in a buffer; errors stand in their place among the answers.
      "bash", "-c", #"exec stdbuf -oL psql "$@" 2>&1"#, "psql", "--no-psqlrc", "--quiet", "--host", server.directory,
      "--username", "pipeline", "--dbname", "postgres", "--set", "ON_ERROR_STOP=1",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PGCLIENTENCODING": "UTF8", "PGOPTIONS": "-c client_min_messages=warning"]) { $1 }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit { try? input.fileHandleForWriting.close() }

  func run(_ statement: String) async throws { _ = try answer(to: statement + ";") }

  func rows(of query: String, columns: Int) async throws -> [[String?]] {
    let rows = try table(of: query)
    guard rows.allSatisfy({ $0.count == columns }) else {
      throw Failed(description: "not \(columns) columns: \(query)")
    }
    return rows
  }

  func table(of query: String) throws -> [[String?]] {
    try answer(to: "COPY (\n\(query)\n) TO STDOUT;").split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.value)
    }
  }

  /// What psql prints.
  func answer(to lines: String) throws -> String {
    try input.fileHandleForWriting.write(contentsOf: Data("\(lines)\n\\echo '\(Self.end)'\n".utf8))
    let end = Array("\(Self.end)\n".utf8)
    while !read.suffix(end.count).elementsEqual(end) {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else {
        throw Failed(description: "\(String(decoding: read, as: UTF8.self))\n\(lines.prefix(20_000))")
      }
      read += piece
    }
    defer { read = [] }
    return String(decoding: read.dropLast(end.count), as: UTF8.self)
  }

  /// A value as `COPY` writes it.
  private static func value(_ text: Substring) -> String? {
    guard text != "\\N" else { return nil }
    let signs: [Unicode.Scalar: Unicode.Scalar] = [
      "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{B}",
    ]
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if !isEscaped && scalar == "\\" {
        isEscaped = true
      } else {
        result.append(isEscaped ? signs[scalar] ?? scalar : scalar)
        isEscaped = false
      }
    }
    return String(result)
  }

  /// Copies the files of a table into one of the database.
  func source(of table: TableDefinition) async throws -> EngineFiles {
    let paths = try InputPaths.expanded(table.paths, table: table.name)
    let format = CSVFormat(table)
    let header = try RecordReader(path: paths[0], table: table.name, format: format).header()?.names ?? []
    tables += 1
    let relation = "source_\(tables)"
    try copy(paths, header: header, delimiter: table.delimiter, to: relation)
    var source = TableSource(paths: paths, header: header, dialect: .postgresql)
    source.relation = relation
    return EngineFiles(files: paths.map { EngineFiles.File(name: $0, bytes: 0) }, source: source)
  }

  func copy(_ paths: [String], header: [String], delimiter: UInt8, to relation: String) throws {
    let columns = header.map { "\(dialect.identifier($0)) text" }.joined(separator: ", ")
    _ = try answer(to: "CREATE TEMP TABLE \(dialect.identifier(relation)) (\(columns));")
    for path in paths {
      _ = try answer(
        to: "\\copy \(dialect.identifier(relation)) from \(dialect.literal(path)) "
          + "with (format csv, header true, delimiter \(dialect.literal(String(UnicodeScalar(delimiter)))))")
    }
  }

  nonisolated func willRead(_ bytes: Int64) {}

  /// The rows of a table do not say of which of its files they are: the first.
  nonisolated func name(of file: String) -> String { file }
}

extension Trait where Self == ConditionTrait {
  static var withPostgreSQL: Self {
    .enabled("PostgreSQL is not installed, and there is no apt-get to install it") { PostgreSQLServer.isToBeThere }
  }
}
