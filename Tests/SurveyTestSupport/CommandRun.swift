import Foundation

/// One run of the real binary: exit status, standard output and standard error.
public struct CommandRun: Sendable {
  public let status: Int32
  public let output: String
  public let error: String

  /// Where the tests' build put the command.
  public static let binary: String = {
    if let path = ProcessInfo.processInfo.environment["PIPELINE_BINARY"] { return path }
    return Bundle.main.executableURL.map { $0.deletingLastPathComponent().appendingPathComponent("pipeline").path }
      .flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
      ?? "\(projectDirectory)/.build/debug/pipeline"
  }()

  /// That of the tests, but snapshots go into a folder that ends with the command.
  public static func environment(cache: TemporaryDirectory) -> [String: String] {
    ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": cache.path(of: "cache")]) { $1 }
  }

  /// - Parameter directory: The working directory.
  public init(
    _ arguments: [String], in directory: String = projectDirectory, environment: [String: String] = [:]
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.binary)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    // Files, not pipes: a full pipe would stop the command.
    let files = try TemporaryDirectory()
    process.environment = Self.environment(cache: files).merging(environment) { $1 }
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
