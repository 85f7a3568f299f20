/// The exit status of the command, after BSD's `sysexits.h`. docs/results.md lists when each is used.
public enum ExitStatus: Int32, Sendable {
  case done = 0
  case usage = 64
  case unacceptableData = 65
  case missingInput = 66
  case engineUnavailable = 69
  case cannotCreateOutput = 73
  case inputOutput = 74
  case outputInUse = 75
  case badDefinition = 78
  case interrupted = 130
  case terminated = 143
}

/// What every typed error of the project can tell: what happened, where, what to do, and the exit status.
///
/// Each stage has its own error type with its causes as cases; this protocol is what the terminal prints.
public protocol Failure: Error, Sendable {
  /// What happened, as one sentence without a trailing period.
  var summary: String { get }
  /// Where, if the cause stands in a file.
  var location: SourceLocation? { get }
  /// What to do about it, or nil where the summary already says so.
  var advice: String? { get }
  var exitStatus: ExitStatus { get }
}

extension Failure {
  /// The one or two lines that a terminal shows, in some thousand characters: a value of a file may have millions.
  public var report: String {
    let place = location.map { "\($0): " } ?? ""
    let hint = advice.map { "\n  \($0.shortened.withVisibleSpaces)" } ?? ""
    return "error: \((place + summary).shortened.withVisibleSpaces)\(hint)"
  }
}
