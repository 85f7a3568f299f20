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
    ProcessInfo.processInfo.environment.merging(Self.cache(in: cache)) { $1 }
  }

  private static func cache(in directory: TemporaryDirectory) -> [String: String] {
    ["XDG_CACHE_HOME": directory.path(of: "cache")]
  }

  /// - Parameter directory: The working directory.
  public init(
    _ arguments: [String], in directory: String = projectDirectory, environment: [String: String] = [:]
  ) throws {
    // Snapshots go into a folder that ends with the command.
    let cache = try TemporaryDirectory()
    let run = try withExtendedLifetime(cache) {
      try ProgramRun(
        Self.binary, arguments, in: directory, environment: Self.cache(in: cache).merging(environment) { $1 })
    }
    status = run.status
    output = run.output
    error = run.error
  }
}

extension String {
  /// What a command says on standard error beside the lines that tell what it assumed.
  public var withoutNotes: String {
    split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("note: ") }.joined(separator: "\n")
  }
}
