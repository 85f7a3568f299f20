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
  /// - Throws: `SparkError`, and what the body throws.
  public static func with<Result: Sendable>(
    _ options: SparkOptions, progress: SparkProgress = SparkProgress(),
    _ body: (SparkSession) async throws -> Result
  ) async throws -> Result {
    let installation = try SparkInstallation(options)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pipeline-spark-\(UUID().uuidString)")
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
    do {
      let outcome = try await Subprocess.run(
        .path(FilePath(installation.client)), arguments: Arguments(arguments),
        environment: .inherit.updating(["SPARK_HOME": installation.home, "SPARK_LOCAL_HOSTNAME": nil]),
        workingDirectory: FilePath(folder.path), platformOptions: platform, input: .inputWriter, output: .sequence,
        error: .sequence
      ) { execution in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for try await line in Lines.strings(of: execution.standardError) { messages.add(line) }
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

  /// What queries rely on stands last, so that no setting of somebody else's undoes it.
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
      // The time that it takes grows without bounds with conditions that build on conditions.
      "spark.sql.constraintPropagation.enabled=false",
    ]
    for setting in fixed { arguments += ["--conf", setting] }
    return arguments
  }

  // MARK: - Statements

  /// Runs a statement and collects the lines that it prints.
  ///
  /// - Throws: `SparkError.failed`, `.ended`, `CancellationError`.
  private func answer(_ statement: String) async throws -> [String] {
    try Task.checkCancellation()
    count += 1
    let file = folder.appendingPathComponent("\(count).sql")
    // The client stops reading a file at the first statement that fails: `done` is printed after a success only.
    let text = """
      EXECUTE IMMEDIATE \(Dialect.spark.literal(statement));
      SELECT '\(word) done \(count)';

      """
    do {
      try Data(text.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      messages.begin()
      _ = try await writer.write("source \(file.path);\nSELECT '\(word) over \(count)';\n")
      return try await printed()
    } catch let error as SubprocessError {
      throw SparkError.ended(reason: try await reason() + " (\(error))")
    }
  }

  private func printed() async throws -> [String] {
    var rows: [String] = []
    var isDone = false
    while let line = try await lines.next() {
      guard let start = line.range(of: word), !line.contains("source "), !line.contains("SELECT '") else { continue }
      let rest = line[start.upperBound...]
      if rest.hasPrefix(" done \(count)") {
        isDone = true
      } else if rest.hasPrefix(" over \(count)") {
        guard isDone else {
          throw SparkError.failed(reason: try await reason())
        }
        return rows
      } else {
        rows.append(String(rest))
      }
    }
    throw SparkError.ended(reason: try await reason())
  }

  /// What went wrong comes by another way, and may come later.
  private func reason() async throws -> String {
    try await Task.sleep(for: .milliseconds(300))
    return messages.reason ?? "it gave no reason"
  }
}

extension SparkSession: QueryEngine {
  public func run(_ statement: String) async throws { _ = try await answer(statement) }

  public func rows(of query: String, columns: Int) async throws -> [[String?]] {
    let names = (0..<columns).map { "c\($0)" }.joined(separator: ", ")
    let texts = (0..<columns).map { "CAST(c\($0) AS STRING)" }.joined(separator: ", ")
    let statement = """
      SELECT concat('\(word)', to_json(array(\(texts)))) FROM (
      \(query)
      ) AS answer(\(names))
      """
    let decoder = JSONDecoder()
    return try await answer(statement).map { line in
      guard let row = try? decoder.decode([String?].self, from: Data(line.utf8)), row.count == columns else {
        throw SparkError.ended(reason: "its answer is incomplete")
      }
      return row
    }
  }
}

/// The lines that a process prints, one after the other.
private final class Lines {
  private var iterator: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator

  init(_ output: SubprocessOutputSequence) { iterator = Self.strings(of: output).makeAsyncIterator() }

  /// Lines end at a line feed, and nowhere else: JSON holds other characters that end lines in some texts.
  static func strings(of output: SubprocessOutputSequence) -> SubprocessOutputSequence.StringSequence<UTF8> {
    output.strings(separatedBy: .unicodeScalarSequence(["\n"]), bufferingPolicy: .unbounded)
  }

  func next(isolation: isolated (any Actor)? = #isolation) async throws -> String? {
    try await iterator.next(isolation: isolation)
  }
}
