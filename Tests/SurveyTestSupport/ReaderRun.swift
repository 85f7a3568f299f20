import Foundation

/// A run of a program that people read our files with: a Python script of `Tests/Readers`, or another command.
public struct ReaderRun: Sendable {
  public let status: Int32
  public let output: String
  public let error: String

  /// Python with the packages of `Tests/Readers/requirements.txt`, which `make test` installs.
  public static let python: String =
    ProcessInfo.processInfo.environment["PIPELINE_PYTHON"]
    ?? "\(projectDirectory)/.build/exports-venv/bin/python"

  /// Runs a script of `Tests/Readers`.
  ///
  /// - Throws: `MissingReader` where Python or its packages are not there: a test that cannot look proves nothing.
  public init(script: String, _ arguments: [String]) throws {
    guard FileManager.default.isExecutableFile(atPath: Self.python) else { throw MissingReader(path: Self.python) }
    try self.init(
      command: Self.python, ["\(projectDirectory)/Tests/Readers/\(script)"] + arguments)
  }

  /// Runs any command.
  ///
  /// - Parameter directory: The working directory.
  public init(
    command: String, _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:]
  ) throws {
    guard FileManager.default.isExecutableFile(atPath: command) else { throw MissingReader(path: command) }
    let run = try ProgramRun(command, arguments, in: directory, environment: environment)
    status = run.status
    output = run.output
    error = run.error
  }
}

/// What a test needs is not installed.
public struct MissingReader: Error, CustomStringConvertible {
  public var path: String

  public init(path: String) { self.path = path }

  public var description: String { "\(path) is missing: run `make test`, which installs what the tests read with" }
}
