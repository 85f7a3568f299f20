import Foundation
import SurveyTestSupport
import Testing

/// It ends at once, in order, and leaves the earlier results alone.
@Suite("A run that is stopped")
struct SignalTests {
  @Test func aRunIsStoppedWithinASecond() throws {
    let directory = try LargeSurvey.write(megabytes: 150)
    for (signal, status, hasEarlierResults) in [(SIGINT, Int32(130), false), (SIGTERM, 143, true)] {
      if hasEarlierResults { try EarlierResults.write(to: directory, "Output/survey") }
      let command = try StartedCommand(["run", "survey"], in: directory.path)
      #expect(command.waitForFile(directory.path(of: "Output/.survey.lock")))
      Thread.sleep(forTimeInterval: 0.3)
      #expect(command.isRunning)
      command.send(signal)
      #expect(command.status(within: 1) == status)
      #expect(try command.output.isEmpty)
      #expect(try command.error == "stopped; the previous results are untouched\n")
      try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: hasEarlierResults)
      #expect(!FileManager.default.fileExists(atPath: directory.path(of: "Output/survey.rejected.csv")))
    }
  }

  /// What a killed run leaves beside the results is removed by the next.
  @Test func aKilledRunLeavesTheEarlierResultsAndTheNextRunCleansUp() throws {
    let directory = try LargeSurvey.write(megabytes: 10)
    try EarlierResults.write(to: directory, "Output/survey")
    let killed = try StartedCommand(["run", "survey"], in: directory.path)
    #expect(killed.waitForFile(directory.path(of: "Output/.survey.lock")))
    killed.send(SIGKILL)
    #expect(killed.status(within: 10) == -SIGKILL)
    #expect(try directory.text(of: "Output/survey/estimates.csv") == "earlier\n")
    try directory.write(SurveyFixture().responsesText, to: "data/responses.csv")
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path(of: "Output")).sorted()
        == ["survey"])
  }
}

/// The fixture with its rows repeated up to a size.
enum LargeSurvey {
  static func write(megabytes: Int) throws -> TemporaryDirectory {
    var fixture = SurveyFixture().defining("respondent: id, ", "")
    let block = Data(String(repeating: fixture.rows.map { $0 + "\n" }.joined(), count: 2_000).utf8)
    fixture.rows = []
    let directory = try fixture.write()
    let file = try #require(FileHandle(forWritingAtPath: directory.path(of: "data/responses.csv")))
    defer { try? file.close() }
    try file.seekToEnd()
    for _ in 0..<(megabytes << 20) / block.count + 1 { try file.write(contentsOf: block) }
    return directory
  }
}
