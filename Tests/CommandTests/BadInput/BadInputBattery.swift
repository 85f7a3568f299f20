import Foundation
import SurveyTestSupport
import Testing

/// Every case of the table through the real binary: the status and the message that it states, in time, in bounded
/// memory, and the earlier results as they were.
@Suite("A battery of bad input", .serialized)
struct BadInputBattery {
  /// Seconds of processor time that a case may take, whatever the size of its files.
  static let timeLimit = 10.0 * Double(Sanitizer.patience)
  /// Seconds after which a case counts as hanging, also on a machine that is busy with other things.
  static let patience = 60.0 * Double(Sanitizer.patience)
  /// Kilobytes that the command may have to itself. The kernel enforces it: more is refused, and the command would
  /// crash.
  static let memoryLimit = 1 << 20

  static let cases: [BadInputCase] =
    BadInputCase.files + BadInputCase.headers + BadInputCase.grammar + BadInputCase.encodings + BadInputCase.archives
    + BadInputCase.sizes + BadInputCase.rows + BadInputCase.answers + BadInputCase.designs + BadInputCase.outputs
    + BadInputCase.paths + BadInputCase.pipelines + BadInputCase.codebooks + BadInputCase.yaml

  @Test func theTableIsLargeAndCoversEveryRowOfTheDocumentation() {
    #expect(Self.cases.count >= 120)
    #expect(Self.cases.count(where: \.isFailure) >= 2 * Self.cases.count / 3)
    #expect(Set(Self.cases.map(\.testDescription)).count == Self.cases.count)
    for row in BadInputRow.allCases {
      let count = Self.cases.count { $0.row == row }
      #expect(count >= 3, "\(row): \(count) cases")
    }
  }

  @Test(arguments: cases) func endsAsTheTableSays(_ bad: BadInputCase) throws {
    var fixture = SurveyFixture()
    for change in bad.changes { change.fixture(&fixture) }
    let directory = try fixture.write()
    for change in bad.changes { try change.files(directory) }
    try EarlierResults.write(to: directory, "Output/survey")
    let before = try DirectoryContents(directory)

    let run = try MeasuredRun(
      bad.command + bad.options, in: directory, meanwhile: bad.changes.compactMap(\.meanwhile))
    let status = try #require(run.status, "still running after \(run.seconds) s")
    #expect(run.processorTime < Self.timeLimit, "\(run.processorTime) s")
    #expect(Sanitizer.isOn || run.peak < Self.memoryLimit, "\(run.peak) KB")
    switch bad.outcome {
    case .fails(let expected, let place, let words):
      #expect(status == expected, "\(run.error)")
      #expect(run.output.isEmpty)
      expectMessage(run.error, at: place, saying: words)
      #expect(run.error.utf8.count < 2_000, "\(run.error.utf8.count) bytes")
      // The list of what was rejected until then is all that data that is refused leaves.
      let list = status == 65 ? ["Output/survey.rejected.csv"] : []
      let changed = try DirectoryContents(directory).differences(from: before)
      #expect(bad.changes.contains { $0.meanwhile != nil } || changed == list, "\(changed)")
      try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
    case .goesOn(let accounting):
      #expect(status == 0)
      #expect(run.error.withoutNotes.isEmpty, "\(run.error)")
      try expect(accounting, of: FixtureResults(directory: directory))
      let changed = try DirectoryContents(directory).differences(from: before)
      #expect(changed.allSatisfy { $0.hasPrefix("Output/survey/") }, "\(changed)")
    }
  }

  private func expect(_ expected: BadInputCase.Accounting, of results: FixtureResults) throws {
    #expect(try results.rejected == expected.lines)
    let rows = try results.rows()
    #expect(rows.isBalanced)
    #expect(rows.rowsRead == expected.used + expected.rejected + expected.outside)
    #expect(rows.rowsUsed == expected.used)
    #expect(rows.rowsRejected == expected.rejected)
    #expect(rows.rowsOutsidePopulation == expected.outside)
    #expect(rows.answersRejected == expected.answersRejected)
    let total = try results.estimate("P1")
    for (column, value) in expected.total { #expect(total[column] == value, "\(column)") }
  }
}

/// The command with a limit on its memory and on its time.
private struct MeasuredRun {
  /// Negative where a signal ended the command, nil where it had to be stopped.
  let status: Int32?
  let output: String
  let error: String
  /// The most memory that it had at once, in KB, as far as this system tells.
  let peak: Int
  /// Seconds of processor time, and by the clock.
  let processorTime: Double
  let seconds: Double

  init(
    _ arguments: [String], in directory: TemporaryDirectory,
    meanwhile: [@Sendable (TemporaryDirectory) throws -> Void]
  ) throws {
    let start = ContinuousClock.now
    let limit = Sanitizer.isOn ? "unlimited" : "\(BadInputBattery.memoryLimit)"
    let command = try StartedCommand(
      "/bin/sh", ["-c", "ulimit -d \(limit); exec \"$0\" \"$@\"", CommandRun.binary] + arguments,
      in: directory.path)
    var (peak, processorTime, elapsed) = (0, 0.0, 0.0)
    while command.isRunning, elapsed < BadInputBattery.patience, processorTime < BadInputBattery.timeLimit {
      peak = max(peak, command.memory ?? 0)
      processorTime = max(processorTime, command.processorTime ?? 0)
      for action in meanwhile { try action(directory) }
      Thread.sleep(forTimeInterval: 0.002)
      elapsed = (ContinuousClock.now - start) / .seconds(1)
    }
    status = command.status(within: 0)
    output = try command.output
    error = try command.error
    self.peak = peak
    self.processorTime = processorTime
    seconds = elapsed
  }
}

/// Everything in a directory: kinds, sizes and times, and for files that are not large their bytes.
private struct DirectoryContents {
  private var entries: [String: String] = [:]

  init(_ directory: TemporaryDirectory) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: directory.path) {
      let path = directory.path(of: name)
      let facts = try FileManager.default.attributesOfItem(atPath: path)
      let type = facts[.type] as? FileAttributeType
      let size = facts[.size] as? Int ?? 0
      let isSmall = type == .typeRegular && size < 1 << 20
      let content = isSmall ? try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString() : ""
      // A directory has the time of its last new file, which may have been one that is gone.
      let time = type == .typeDirectory ? "" : "\(facts[.modificationDate] ?? "")"
      entries[name] = "\(type?.rawValue ?? "") \(type == .typeDirectory ? 0 : size) \(time) \(content)"
    }
  }

  /// What was added, removed or changed.
  func differences(from before: DirectoryContents) -> [String] {
    Set(entries.keys).union(before.entries.keys).filter { entries[$0] != before.entries[$0] }.sorted()
  }
}
