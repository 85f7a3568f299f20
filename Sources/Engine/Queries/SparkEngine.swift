import Export
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

  public var record: RunRecord.EngineRecord {
    RunRecord.EngineRecord(name: "spark", version: options.installedVersion, master: options.master)
  }

  public func withSession<Result: Sendable>(
    _ run: RunOptions, _ body: (any SourcedQueryEngine) async throws -> Result
  ) async throws -> Result {
    let progress = run.progress
    let watched = SparkProgress { bytes, rows in progress?.set(Self.progressName, bytes: bytes, rows: rows) }
    return try await SparkSession.with(
      options, progress: watched, willMake: { folder in run.stop?.leaves { RunStop.remove(folder) } }
    ) { session in
      try await body(SparkFiles(session: session, progress: progress))
    }
  }

  /// What the progress of its stages is called: they serve all cycles.
  fileprivate static let progressName = "Spark"
}

/// A session of Spark, and the files of tables as it sees them.
private actor SparkFiles: SourcedQueryEngine {
  private struct Place: Hashable {
    var path: String
    var quote: UInt8?
  }

  private struct Seen {
    var files: [EngineFiles.File] = []
    var header: String?
    var hasOpenQuotes = false
  }

  private let session: SparkSession
  private let progress: ReadProgress?
  private let log = Logger(label: "pipeline.spark")
  private var seen: [Place: Seen] = [:]

  init(session: SparkSession, progress: ReadProgress?) {
    self.session = session
    self.progress = progress
  }

  nonisolated var dialect: Dialect { .spark }

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

  nonisolated func willRead(_ bytes: Int64) { progress?.expect(bytes, of: SparkEngine.progressName) }

  func source(of table: TableDefinition) async throws -> EngineFiles {
    try QueryError.checkKeys(of: table, dialect: .spark)
    let paths = table.paths.map(Self.absolute)
    var seen: [Seen] = []
    for (path, written) in zip(paths, table.paths) {
      do {
        seen.append(try await look(at: path, quote: table.quote))
      } catch SparkError.failed(let reason) where reason.contains("PATH_NOT_FOUND") {
        throw SparkError.noSuchFile(path: written, table: table.name)
      }
    }
    let files = seen.flatMap(\.files)
    try check(files, against: table)
    if let empty = files.first(where: { $0.bytes == 0 }) { throw SparkError.emptyFile(path: name(of: empty.name)) }
    guard let first = files.first, let header = seen.lazy.compactMap(\.header).first
    else { throw SparkError.noSuchFile(path: table.paths.joined(separator: ", "), table: table.name) }
    let record = header.hasPrefix("\u{FEFF}") ? String(header.unicodeScalars.dropFirst()) : header
    if FileStart.separator(in: record, quote: table.quote) != nil {
      throw QueryError.otherStart(
        file: name(of: first.name), table: table.name, what: "begins with a line `sep=`", dialect: "Spark")
    }
    guard
      let names = try Header.parsed(record, path: name(of: first.name), table: table.name, format: CSVFormat(table))
    else { throw SparkError.emptyFile(path: name(of: first.name)) }
    var source = TableSource(
      paths: paths, header: names.names, headerRecord: record, files: files.map(\.name), dialect: .spark)
    source.joinsLines = seen.contains { $0.hasOpenQuotes }
    return EngineFiles(files: files, source: source)
  }

  /// Where this machine has the files, too, a path has to lead to the same ones.
  private func check(_ files: [EngineFiles.File], against table: TableDefinition) throws {
    guard !table.paths.contains(where: { $0.contains("://") }),
      let expected = try? InputPaths.expanded(table.paths, table: table.name), let first = expected.first,
      FileManager.default.fileExists(atPath: first)
    else { return }
    func standard(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    let here = Dictionary(expected.map { (standard($0), $0) }) { first, _ in first }
    let there = Dictionary(files.map { (standard(name(of: $0.name)), name(of: $0.name)) }) { first, _ in first }
    if let other = (here.filter { there[$0.key] == nil } + there.filter { here[$0.key] == nil }).map(\.value).min() {
      throw SparkError.otherFiles(path: other, table: table.name)
    }
  }

  /// The files behind a path, sorted; the first line that is not blank, which is the header of the first file; and
  /// whether a line ends inside of quotes. Few files have such lines, and the others can be read in pieces.
  ///
  /// Looked at once: the cycles of a trend share their registers, and a statement has its price.
  private func look(at path: String, quote: UInt8?) async throws -> Seen {
    let place = Place(path: path, quote: quote)
    if let seen = seen[place] { return seen }
    let mark = quote.map { dialect.literal(String(UnicodeScalar($0))) }
    let isOpen = mark.map { "(octet_length(value) - octet_length(replace(value, \($0), ''))) % 2 = 1" } ?? "FALSE"
    let rows = try await rows(
      of: """
        SELECT 'file', _metadata.file_path, length, date_format(modificationTime, 'yyyy-MM-dd HH:mm:ss.SSS')
        FROM binaryFile.\(dialect.identifier(path))
        UNION ALL
        SELECT 'text', min_by(value, place) FILTER (WHERE is_in_first_piece AND value <> ''), 0,
          CASE WHEN bool_or(\(isOpen)) THEN 'open' END
        FROM (
          SELECT value, struct(_metadata.file_path, monotonically_increasing_id()) AS place,
            _metadata.file_block_start = 0 AS is_in_first_piece
          FROM text.\(dialect.identifier(path))
        ) AS lines
        """, columns: 4)
    var result = Seen()
    for row in rows {
      if row[0] == "text" {
        (result.header, result.hasOpenQuotes) = (row[1], row[3] != nil)
      } else {
        result.files.append(
          EngineFiles.File(name: row[1] ?? "", bytes: row[2].flatMap { Int64($0) } ?? 0, modified: row[3] ?? ""))
      }
    }
    result.files.sort { $0.name < $1.name }
    seen[place] = result
    return result
  }

  /// Spark works in another directory; what has a scheme is left as it is. A path that exists as it is written is a name,
  /// whatever its characters mean in patterns.
  private static func absolute(_ path: String) -> String {
    if path.contains("://") { return path }
    let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    guard FileManager.default.fileExists(atPath: absolute) else { return absolute }
    return String(absolute.flatMap { "*?[]{}\\".contains($0) ? ["\\", $0] : [$0] })
  }

  /// As the definition has it: without the scheme of local files, and from the working directory where it lies below.
  nonisolated func name(of file: String) -> String {
    guard file.hasPrefix("file:") else { return file }
    let rest = file.dropFirst("file:".count)
    let path = "/" + rest.drop { $0 == "/" }
    let decoded = path.removingPercentEncoding ?? path
    let here = FileManager.default.currentDirectoryPath + "/"
    return decoded.hasPrefix(here) ? String(decoded.dropFirst(here.count)) : decoded
  }
}
