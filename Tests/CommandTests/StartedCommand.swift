import Foundation
import SurveyTestSupport

/// A command under way, for tests that do something to it or around it before it ends.
final class StartedCommand {
  private let process = Process()
  private let files: TemporaryDirectory

  convenience init(_ arguments: [String], in directory: String) throws {
    try self.init(CommandRun.binary, arguments, in: directory)
  }

  init(_ executable: String, _ arguments: [String], in directory: String) throws {
    files = try TemporaryDirectory()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = CommandRun.environment(cache: files)
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    try process.run(writingTo: files)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until a file is there, as long as the command runs.
  ///
  /// - Returns: Whether it came.
  func waitForFile(_ path: String, seconds: Double = 20) -> Bool {
    wait(seconds: seconds) { FileManager.default.fileExists(atPath: path) }
  }

  /// Waits until the command has opened a file, as long as it runs; where there is no `/proc`, as long as it takes.
  ///
  /// - Returns: Whether it did.
  func waitForOpening(_ path: String, seconds: Double = 20) -> Bool {
    let descriptors = "/proc/\(process.processIdentifier)/fd"
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return wait(seconds: seconds) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
      return names.contains { name in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\(name)")) == target
      }
    }
  }

  /// The most memory that the command has had at once, in KB; nil where it has ended or the system does not tell.
  var memory: Int? {
    // Until it has become the command, the child is a copy of this process, and as large.
    let (own, child) = ("/proc/self/exe", "/proc/\(process.processIdentifier)/exe")
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: child),
      program != (try? FileManager.default.destinationOfSymbolicLink(atPath: own))
    else { return nil }
    guard let facts = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
      let line = facts.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return nil }
    return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  /// Seconds of processor time that the command has taken; nil where it has ended or the system does not tell.
  var processorTime: Double? {
    // Behind the name in brackets, the 12th and 13th field: ticks as itself and as the system.
    guard let facts = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
      let bracket = facts.lastIndex(of: ")")
    else { return nil }
    let fields = facts[bracket...].split(separator: " ").dropFirst(12).prefix(2).compactMap { Double($0) }
    return fields.count == 2 ? (fields[0] + fields[1]) / Double(sysconf(Int32(_SC_CLK_TCK))) : nil
  }

  /// - Returns: The exit status, negative where a signal ended the command; nil where it still runs.
  func status(within seconds: Double) -> Int32? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.002) }
    guard !process.isRunning else { return nil }
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  var output: String { get throws { try files.text(of: "output") } }
  var error: String { get throws { try files.text(of: "error") } }

  private func wait(seconds: Double, until isTrue: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds * Double(Sanitizer.patience))
    while process.isRunning, Date() < deadline {
      if isTrue() { return true }
      Thread.sleep(forTimeInterval: 0.002)
    }
    return isTrue()
  }
}
