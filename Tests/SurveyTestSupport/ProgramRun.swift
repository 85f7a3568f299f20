import Foundation

/// One run of a program: exit status, standard output and standard error.
public struct ProgramRun: Sendable {
  public let status: Int32
  public let output: String
  public let error: String

  /// - Parameters:
  ///   - directory: The working directory; nil: that of the tests.
  ///   - environment: What differs from that of the tests.
  public init(
    _ executable: String, _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:]
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, not pipes: a full pipe would stop the program.
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
