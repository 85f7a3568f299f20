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
    let files = try TemporaryDirectory()
    try process.run(writingTo: files)
    process.waitUntilExit()
    status = process.terminationStatus
    output = try files.text(of: "output")
    error = try files.text(of: "error")
  }
}

extension Process {
  /// Runs with nothing to read, and with the files `output` and `error` to write to: a full pipe would stop the program.
  ///
  /// This process closes them at once. Foundation keeps them open as long as it keeps a process, and beyond some 1,300
  /// open files that of Swift 6.3 can crash when it starts the next one (swift-corelibs-foundation, pull request 5472).
  public func run(writingTo files: TemporaryDirectory) throws {
    let handles = try ["output", "error"].map { name in
      try FileHandle(forWritingTo: URL(fileURLWithPath: try files.write("", to: name)))
    }
    defer { for handle in handles { try? handle.close() } }
    standardInput = FileHandle.nullDevice
    standardOutput = handles[0]
    standardError = handles[1]
    try run()
  }
}
