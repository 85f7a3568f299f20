import ArgumentParser
import Engine
import Export
import SurveyModel

/// `pipeline verify DIR`
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute the hashes that a past run's run.json names, and say what changed since.",
    discussion: """
      Status 0: definitions, data and results are what they were. 65: something changed. 66: something is missing and \
      nothing else changed.
      """)

  @Argument(help: "The directory of the results, such as Output/NAME.", completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp(
      "The directory in which the run was started: run.json names definitions and data from there. (default: this one)",
      valueName: "dir"))
  var from: String = ""

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  func run() throws {
    try reportingFailures {
      let verification = ResultsVerification(of: try PastRun(directory: directory), startedIn: from)
      if !quiet {
        for line in lines(verification) { try Terminal.print(line.withVisibleControls) }
      }
      if let failure = verification.failure { throw failure }
    }
  }

  private func lines(_ verification: ResultsVerification) -> [String] {
    verification.problems.map { "\($0.finding.words): \($0.role.rawValue) \($0.path)\(sizes($0))" }
      + verification.strangers.map { "not written by the run: \(directory)/\($0)" }
      + ResultsVerification.Role.allCases.map { role in
        let files = verification.files(role)
        let same = files.filter { $0.finding == .same }
        return "\(role.words): \(same.count) of \(files.count) as they were (\(algorithms(of: files)))"
      }
  }

  private func sizes(_ file: ResultsVerification.File) -> String {
    guard case .changed(let bytes) = file.finding else { return "" }
    return bytes == file.record.bytes
      ? " (\(bytes) bytes as before, but others)" : " (\(bytes) bytes, \(file.record.bytes) then)"
  }

  private func algorithms(of files: [ResultsVerification.File]) -> String {
    var names: [String] = []
    for name in files.map(\.record.algorithm) where !names.contains(name) { names.append(name) }
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }
}

extension ResultsVerification.Role {
  fileprivate var words: String {
    switch self {
    case .definition: "definitions"
    case .data: "data files"
    case .output: "results"
    }
  }
}

extension ResultsVerification.Finding {
  fileprivate var words: String {
    switch self {
    case .same: "as it was"
    case .changed: "changed"
    case .missing: "missing"
    case .unreadable(let reason): "cannot be read (\(reason))"
    case .unknownAlgorithm(let name): "hashed by an algorithm that this version does not know (\(name))"
    }
  }
}
