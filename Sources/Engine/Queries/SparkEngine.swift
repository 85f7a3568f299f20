import Foundation
import Ingest
import Logging
import Query
import Spark
import SurveyModel

/// Apache Spark as the engine of a run.
public struct SparkEngine: SumsEngine {
  public let options: SparkOptions

  public init(_ options: SparkOptions) { self.options = options }

  public func withSession<Result: Sendable>(
    _ run: RunOptions, _ body: (any SourcedQueryEngine) async throws -> Result
  ) async throws -> Result {
    let progress = run.progress
    let watched = SparkProgress { bytes, rows in progress?.set(Self.progressName, bytes: bytes, rows: rows) }
    return try await SparkSession.with(options, progress: watched) { session in
      try await body(SparkFiles(session: session, progress: progress))
    }
  }

  /// What the progress of its stages is called: they serve all cycles.
  fileprivate static let progressName = "Spark"
}

/// A session of Spark, and the files of tables as it sees them.
private struct SparkFiles: SourcedQueryEngine {
  let session: SparkSession
  let progress: ReadProgress?
  private let log = Logger(label: "pipeline.spark")

  init(session: SparkSession, progress: ReadProgress?) {
    self.session = session
    self.progress = progress
  }

  var dialect: Dialect { .spark }

  func run(_ statement: String) async throws {
    try await timed(statement) { try await session.run(statement) }
  }

  func rows(of query: String, columns: Int) async throws -> [[String?]] {
    try await timed(query) { try await session.rows(of: query, columns: columns) }
  }

  private func timed<Result>(_ statement: String, _ body: () async throws -> Result) async throws -> Result {
    let start = ContinuousClock.now
    let result = try await body()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    log.debug(
      "\(statement.prefix { $0 != "\n" }.prefix(80))",
      metadata: ["seconds": "\(seconds)", "characters": "\(statement.utf8.count)"])
    return result
  }

  func willRead(_ bytes: Int64) { progress?.expect(bytes, of: SparkEngine.progressName) }

  func source(of table: TableDefinition) async throws -> EngineFiles {
    let paths = table.paths.map(Self.absolute)
    var files: [EngineFiles.File] = []
    var header: String?
    var joinsLines = false
    for (path, written) in zip(paths, table.paths) {
      let listed = try await list(path, as: written, table: table.name)
      files += listed
      if header == nil { header = try await firstRecord(of: path) }
      if !joinsLines { joinsLines = try await hasOpenQuotes(path, quote: table.quote) }
    }
    if let empty = files.first(where: { $0.bytes == 0 }) { throw SparkError.emptyFile(path: name(of: empty.name)) }
    guard let first = files.first, let header,
      let names = try Header.parsed(header, path: name(of: first.name), table: table.name, format: CSVFormat(table))
    else { throw SparkError.noSuchFile(path: table.paths.joined(separator: ", "), table: table.name) }
    let record = header.hasPrefix("\u{FEFF}") ? String(header.unicodeScalars.dropFirst()) : header
    var source = TableSource(
      paths: paths, header: names.names, headerRecord: record, files: files.map(\.name), dialect: .spark)
    source.joinsLines = joinsLines
    return EngineFiles(files: files, source: source)
  }

  private func list(_ path: String, as written: String, table: String) async throws -> [EngineFiles.File] {
    do {
      let rows = try await rows(
        of: "SELECT _metadata.file_path, length, date_format(modificationTime, 'yyyy-MM-dd HH:mm:ss.SSS') "
          + "FROM binaryFile.\(dialect.identifier(path))", columns: 3)
      return rows.map {
        EngineFiles.File(name: $0[0] ?? "", bytes: $0[1].flatMap { Int64($0) } ?? 0, modified: $0[2] ?? "")
      }.sorted { $0.name < $1.name }
    } catch SparkError.failed(let reason) where reason.contains("PATH_NOT_FOUND") {
      throw SparkError.noSuchFile(path: written, table: table)
    }
  }

  /// Whether a line ends inside of quotes. Few files have such lines, and the others can be read in pieces.
  private func hasOpenQuotes(_ path: String, quote: UInt8?) async throws -> Bool {
    guard let quote else { return false }
    let mark = dialect.literal(String(UnicodeScalar(quote)))
    return try await !rows(
      of: "SELECT 1 FROM text.\(dialect.identifier(path)) "
        + "WHERE (length(value) - length(replace(value, \(mark), ''))) % 2 = 1 LIMIT 1", columns: 1
    ).isEmpty
  }

  /// Blank lines are no records.
  private func firstRecord(of path: String) async throws -> String? {
    try await rows(
      of: "SELECT value FROM text.\(dialect.identifier(path)) "
        + "WHERE value <> '' AND _metadata.file_block_start = 0 LIMIT 1", columns: 1
    ).first?.first ?? nil
  }

  /// Spark works in another directory; what has a scheme is left as it is.
  private static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") || path.contains("://") { return path }
    return FileManager.default.currentDirectoryPath + "/" + path
  }

  /// As the definition has it: without the scheme of local files, and from the working directory where it lies below.
  func name(of file: String) -> String {
    guard file.hasPrefix("file:") else { return file }
    let rest = file.dropFirst("file:".count)
    let path = "/" + rest.drop { $0 == "/" }
    let decoded = path.removingPercentEncoding ?? path
    let here = FileManager.default.currentDirectoryPath + "/"
    return decoded.hasPrefix(here) ? String(decoded.dropFirst(here.count)) : decoded
  }
}
