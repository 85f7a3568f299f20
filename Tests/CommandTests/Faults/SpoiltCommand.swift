import Foundation
import SurveyTestSupport

/// The command in surroundings that a test has spoilt.
struct SpoiltCommand {
  /// The working directory.
  var directory: String
  /// What differs in the environment; nil: not set at all.
  var environment: [String: String?] = [:]
  /// What starts the command, such as a tracer.
  var starter: [String] = []
  /// What a shell does before, such as `ulimit -n 16`.
  var before = ""
  /// Redirections of a shell, such as `>&-`.
  var redirections = ""

  struct Ended {
    /// Negative where a signal ended the command; nil where it had to be killed because it did not end.
    var status: Int32?
    var output: String
    var error: String
  }

  func start(_ arguments: [String]) throws -> StartedCommand {
    let unset = environment.filter { $0.value == nil }.keys.sorted().flatMap { ["-u", $0] }
    let set = environment.compactMap { name, value in value.map { "\(name)=\($0)" } }.sorted()
    var line = unset + set
    if !before.isEmpty || !redirections.isEmpty {
      line += ["/bin/sh", "-c", "\(before.isEmpty ? ":" : before); exec \"$0\" \"$@\" \(redirections)"]
    }
    return try StartedCommand("/usr/bin/env", line + starter + [CommandRun.binary] + arguments, in: directory)
  }

  func run(_ arguments: [String], within seconds: Double = 120) throws -> Ended {
    let command = try start(arguments)
    let status = command.status(within: seconds)
    return Ended(status: status, output: try command.output, error: try command.error)
  }
}
