import ArgumentParser
import Engine
import Foundation
import PipelineDefinition
import SurveyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct DirectoryOption: ParsableArguments {
  @Option(help: "The directory with the pipeline definitions.")
  var pipelines = "Pipelines"
}

struct PastResultsOption: ParsableArguments {
  @Option(help: ArgumentHelp("The directory of the results. (default: Output/NAME)", valueName: "dir"))
  var results: String?

  func directory(of name: String) -> String { results ?? PastRun.directory(of: name) }
}

extension ParsableCommand {
  /// Runs a command's work; a failure becomes its one or two lines on standard error and its exit status.
  func reportingFailures<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw Terminal.exitCode(for: error) }
  }
}

enum Terminal {
  static func writeError(_ text: String) { writeRawError(text + "\n") }

  /// A closed standard error is ignored.
  static func writeRawError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// The name that stands for standard output where a file is asked for.
  static let standardOutput = "-"

  /// Writes a line to standard output.
  ///
  /// - Throws: `EngineError.cannotPrint` where standard output takes no more, such as a full disk.
  static func print(_ text: String) throws(EngineError) { try write(Array((text + "\n").utf8)) }

  /// Writes to standard output.
  ///
  /// - Throws: `EngineError.cannotPrint`.
  static func write(_ bytes: [UInt8]) throws(EngineError) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      throw .cannotPrint(reason: FileProblem.words(for: error))
    }
  }

  /// Prints what a failure says and answers with its exit status. Anything else is the argument parser's.
  static func exitCode(for error: any Error) -> any Error {
    if let failure = error as? any Failure {
      writeError(failure.report)
      return ExitCode(failure.exitStatus.rawValue)
    }
    if error is ExitCode || error is ValidationError { return error }
    writeError("error: \(error)")
    return ExitCode(ExitStatus.inputOutput.rawValue)
  }

  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) != 0 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) != 0 }

  /// NO_COLOR wins (no-color.org).
  static var usesColor: Bool {
    outputIsTerminal && getenv("NO_COLOR").map { String(cString: $0).isEmpty } ?? true
      && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
  }

  /// Columns of the terminal, at most 100; 100 where the output goes elsewhere. COLUMNS wins.
  static var width: Int {
    let widest = 100
    guard let columns = columns(of: STDOUT_FILENO) else { return widest }
    return min(widest, max(60, columns))
  }

  /// Columns for a line on standard error that is redrawn: the last stays free, where some terminals would wrap.
  static var errorWidth: Int { max(1, (columns(of: STDERR_FILENO) ?? 80) - 1) }

  /// - Returns: nil where the output is no terminal, or one that does not tell.
  private static func columns(of file: CInt) -> Int? {
    if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 { return columns }
    var size = winsize()
    guard isatty(file) != 0, ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
