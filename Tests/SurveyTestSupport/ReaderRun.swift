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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let files = try TemporaryDirectory()
    let outputPath = try files.write("", to: "output")
    let errorPath = try files.write("", to: "error")
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: errorPath)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try files.text(of: "output")
    error = try files.text(of: "error")
  }
}

/// What a test needs is not installed.
public struct MissingReader: Error, CustomStringConvertible {
  public var path: String

  public var description: String { "\(path) is missing: run `make test`, which installs what the tests read with" }
}
