import Foundation
import SurveyTestSupport
import Testing

/// What a run does when its surroundings fail: it is killed, stopped, or refused a disk, a file or memory.
///
/// One after the other, because most of these tests look at times and at what others leave behind. `make test` runs
/// the short form, `make test-faults` the long one, with the release binary.
@Suite("Faults", .serialized)
struct FaultTests {
  /// Whether every fault is tried instead of some of them.
  static let isLong = ProcessInfo.processInfo.environment["PIPELINE_FAULTS"] == "long"

  /// Seconds within which a run must stop: a debug build beside other tests is given more.
  static let secondsToStop = (isLong ? 1.0 : 3.0) * Double(Sanitizer.patience)

  static func places(_ short: Int, long: Int) -> Int { isLong ? long : short }

  /// Whether a program does what a test needs of it; each is tried once.
  static func succeeds(_ executable: String, _ arguments: String...) -> Bool {
    guard let command = try? StartedCommand("/usr/bin/env", [executable] + arguments, in: "/") else { return false }
    return command.status(within: 20) == 0
  }
}
