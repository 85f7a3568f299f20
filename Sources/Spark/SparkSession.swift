import Foundation
import Ingest
import Query
import Subprocess
import SurveyModel

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Spark's own SQL client, to which statements are handed one after the other, and which prints their answers.
///
/// A statement goes into a file that the client is told to read: so it never passes through the client's line editor.
/// There it stands as one literal, in which nothing but letters, digits and a few harmless characters is written as it
/// is (`Dialect.literal`), because the client looks for semicolons, comments and variables in what it reads. Each value
/// of an answer is printed as JSON behind a word that only this session knows.
public actor SparkSession {
  private let folder: URL
  private let writer: StandardInputWriter
  private let messages: SparkMessages
  private let lines: Lines
  private let word = String(UInt64.random(in: .min ... .max), radix: 36)
  private var count = 0

  /// Starts Spark, and ends it when the body is done, fails or is cancelled.
  ///
  /// - Parameter willMake: Told of the folder that a process which ends without waiting for Spark has to remove.
  /// - Throws: `SparkError`, and what the body throws.
  public static func with<Result: Sendable>(
    _ options: SparkOptions, progress: SparkProgress = SparkProgress(), willMake: (String) -> Void = { _ in },
    _ body: (SparkSession) async throws -> Result
  ) async throws -> Result {
    let installation = try SparkInstallation(options)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pipeline-spark-\(UUID().uuidString)")
    willMake(folder.path)
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw SparkError.cannotStart(reason: error.localizedDescription)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = try arguments(options, folder: folder.path, port: progress.port)
    var platform = PlatformOptions()
    // A Ctrl-C at the terminal reaches this process, which ends Spark in order.
    platform.createSession = true
    platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))]
    let messages = SparkMessages()
    // Where the client has ended, the next statement is an error, and not the end of this process.
    let atBrokenPipes = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, atBrokenPipes) }
    do {
      let outcome = try await Subprocess.run(
        .path(FilePath(installation.client)), arguments: Arguments(arguments),
        environment: .inherit.updating(["SPARK_HOME": installation.home, "SPARK_LOCAL_HOSTNAME": nil]),
        workingDirectory: FilePath(folder.path), platformOptions: platform, input: .inputWriter, output: .sequence,
        error: .sequence
      ) { execution in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            let lines = Lines(execution.standardError)
            while let line = try await lines.next() { messages.add(line) }
          }
          group.addTask { await progress.watch() }
          let session = SparkSession(
            folder: folder, writer: execution.standardInputWriter, messages: messages,
            lines: Lines(execution.standardOutput))
          defer { group.cancelAll() }
          let result = try await body(session)
          try await execution.standardInputWriter.finish()
          return result
        }
      }
      return outcome.closureResult
    } catch let error as SubprocessError {
      throw SparkError.cannotStart(reason: "\(error)")
    }
  }

  private init(
    folder: URL, writer: StandardInputWriter, messages: SparkMessages,
    lines: sending Lines
  ) {
    self.folder = folder
    self.writer = writer
    self.messages = messages
    self.lines = lines
  }

  /// What queries rely on stands last, so that no other setting undoes it.
  private static func arguments(
    _ options: SparkOptions, folder: String, port: Int
  ) throws(SparkError) -> [String] {
    var arguments = ["-S"]
    if let master = options.master { arguments += ["--master", master] }
    arguments += ["--name", "pipeline", "--conf", "spark.ui.port=\(port)", "--conf", "spark.log.level=WARN"]
    for setting in options.settings {
      guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else { throw .badSetting(setting) }
      arguments += ["--conf", setting]
    }
    let fixed = [
      "spark.sql.caseSensitive=true", "spark.sql.variable.substitute=false", "spark.sql.session.timeZone=UTC",
      "spark.sql.parser.escapedStringLiterals=false", "spark.sql.ansi.enabled=true",
      "spark.sql.catalogImplementation=in-memory", "spark.sql.warehouse.dir=\(folder)/warehouse",
      "spark.sql.legacy.setopsPrecedence.enabled=false", "spark.sql.orderByOrdinal=true",
      "spark.sql.groupByOrdinal=true",
      // A file that cannot be read to its end is an error.
      "spark.sql.files.ignoreCorruptFiles=false", "spark.sql.files.ignoreMissingFiles=false",
      "spark.sql.cli.print.header=false",
      // The time that it takes grows without bounds with conditions that build on conditions.
      "spark.sql.constraintPropagation.enabled=false",
    ]
    for setting in fixed { arguments += ["--conf", setting] }
    return arguments
  }

  // MARK: - Statements

  /// Runs a statement, and hands over what it prints line by line.
  ///
  /// - Throws: `SparkError.failed`, `.ended`, `CancellationError`, and what `line` throws.
  private func answer(_ statement: String, each line: (Substring) throws -> Void) async throws {
    try Task.checkCancellation()
    count += 1
    let file = folder.appendingPathComponent("\(count).sql")
    // The client stops reading a file at the first statement that fails: `done` is printed after a success only. A
    // setting that is set is printed, too, and takes no job as a query would.
    let text = """
      EXECUTE IMMEDIATE \(Dialect.spark.literal(statement));
      SET \(word).done=\(count);

      """
    do {
      try Data(text.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      messages.begin()
      _ = try await writer.write("source \(file.path);\nSET \(word).over=\(count);\n")
      try await printed(line)
    } catch let error as SubprocessError {
      throw SparkError.ended(reason: try await reason() + " (\(error))")
    }
  }

  private func printed(_ row: (Substring) throws -> Void) async throws {
    var isDone = false
    while let line = try await lines.next() {
      guard let rest = rest(of: line) else { continue }
      if rest == ".done\t\(count)" {
        isDone = true
      } else if rest == ".over\t\(count)" {
        guard isDone else {
          throw SparkError.failed(reason: try await reason())
        }
        return
      } else {
        try row(rest)
      }
    }
    throw SparkError.ended(reason: try await reason())
  }

  /// What stands behind the word; nil where the line is not an answer, but the client's echo of the setting that it was
  /// told. The first line of an answer has the client's prompt in front of it; most begin with the word, and need no
  /// search.
  private func rest(of line: String) -> Substring? {
    if line.hasPrefix(word) { return line.dropFirst(word.count) }
    guard let start = line.range(of: word), !line[..<start.lowerBound].hasSuffix("SET ") else { return nil }
    return line[start.upperBound...]
  }

  /// What went wrong comes by another way, and may come later.
  private func reason() async throws -> String {
    try await Task.sleep(for: .milliseconds(300))
    return messages.reason ?? "it gave no reason"
  }
}

extension SparkSession: QueryEngine {
  public func run(_ statement: String) async throws { try await answer(statement) { _ in } }

  public func rows(of query: String, columns: Int) async throws -> [[String?]] {
    let names = (0..<columns).map { "c\($0)" }.joined(separator: ", ")
    let texts = (0..<columns).map { "CAST(c\($0) AS STRING)" }.joined(separator: ", ")
    let statement = """
      SELECT concat('\(word)', to_json(array(\(texts)))) FROM (
      \(query)
      ) AS answer(\(names))
      """
    let decoder = JSONDecoder()
    var rows: [[String?]] = []
    try await answer(statement) { line in
      guard let row = try? decoder.decode([String?].self, from: Data(line.utf8)), row.count == columns else {
        throw SparkError.ended(reason: "its answer is incomplete")
      }
      rows.append(row)
    }
    return rows
  }
}

/// The lines that a process prints, one after the other. They end at a line feed, and nowhere else: JSON holds other
/// characters that end lines in some texts.
private final class Lines {
  private var buffers: SubprocessOutputSequence.AsyncIterator
  /// What was read; what stands before `start` was handed out.
  private var bytes: [UInt8] = []
  private var start = 0

  init(_ output: SubprocessOutputSequence) { buffers = output.makeAsyncIterator() }

  func next(isolation: isolated (any Actor)? = #isolation) async throws -> String? {
    var searched = start
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
      }
      bytes.removeSubrange(..<start)
      (start, searched) = (0, bytes.count)
      guard let buffer = try await buffers.next(isolation: isolation) else {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
      }
      buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }
}
