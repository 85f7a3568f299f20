import Foundation
import SurveyTestSupport

/// strace, which looks on, kills the command at a call, or answers a call with an error.
///
/// Its counts are by thread and by call: `when: 3` is the third call of any one thread. What writes results does so on
/// one thread.
struct Tracer {
  /// Whether processes may be traced here; tried once.
  static let isPermitted = FaultTests.succeeds("strace", "-f", "-qq", "-o", "/dev/null", "true")
  static let reason: String = "strace is missing, or processes may not be traced here"

  enum Fault {
    case kill
    case error(String)
    /// Microseconds before the call.
    case delay(Int)

    fileprivate var words: String {
      switch self {
      case .kill: "signal=KILL"
      case .error(let name): "error=\(name)"
      case .delay(let microseconds): "delay_enter=\(microseconds)"
      }
    }
  }

  private let files: TemporaryDirectory
  /// What starts the command.
  let starter: [String]

  /// - Parameters:
  ///   - calls: Those that are written down, by strace's names.
  ///   - paths: Only calls on these files are looked at, and counted.
  init(_ calls: [String], paths: [String] = [], fault: (Fault, call: String, when: String)? = nil) throws {
    files = try TemporaryDirectory()
    var starter = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", files.path(of: "trace")]
    // A call that this processor does not have is no mistake.
    starter += ["-e", "trace=" + calls.map { $0.hasPrefix("%") ? $0 : "?\($0)" }.joined(separator: ",")]
    for path in paths { starter += ["-P", path] }
    if let (fault, call, when) = fault { starter += ["-e", "inject=?\(call):\(fault.words):when=\(when)"] }
    self.starter = starter
  }

  struct Call: Hashable {
    var name: String
    /// How many of this name its thread had made, with this one.
    var number: Int
    var text: String
  }

  /// The calls that were made, by thread in their order.
  var calls: [Call] {
    get throws {
      var result: [Call] = []
      var counts: [String: Int] = [:]
      var unfinished: [Substring: Int] = [:]
      for line in try files.text(of: "trace").split(separator: "\n") {
        // `1234  openat(AT_FDCWD..., ...) = 3`
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2 else { continue }
        let (thread, text) = (parts[0], parts[1].drop { $0 == " " })
        if text.hasPrefix("<... ") {
          // The end of a call that another thread's came between.
          if let place = unfinished.removeValue(forKey: thread) { result[place].text += text }
          continue
        }
        let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !name.isEmpty, text.dropFirst(name.count).hasPrefix("(") else { continue }
        counts["\(thread) \(name)", default: 0] += 1
        if text.hasSuffix("<unfinished ...>") { unfinished[thread] = result.count }
        result.append(
          Call(name: String(name), number: counts["\(thread) \(name)"] ?? 0, text: String(text)))
      }
      return result
    }
  }

  /// Whether the run came to the call that the fault was meant for, and not another thread of it to a call of the same
  /// name and number on something else.
  ///
  /// - Parameter folder: What the call was on.
  func hit(_ call: Call, on folder: String) throws -> Bool {
    try calls.contains { $0.name == call.name && $0.number == call.number && $0.text.contains(folder) }
  }
}
