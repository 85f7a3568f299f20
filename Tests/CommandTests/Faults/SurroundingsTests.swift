import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// Clocks, locales, homes and terminals that are not what a program may be used to.
  @Suite("Odd surroundings")
  struct SurroundingsTests {
    private func expectSameResults(
      _ environment: [String: String?] = [:], starter: [String] = [], redirections: String = "",
      options: [String] = ["--format", "all"], status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let scene = try FaultScene()
      try scene.succeed(.before)
      var command = scene.command
      command.environment.merge(environment) { $1 }
      command.starter = starter
      command.redirections = redirections
      let arguments = scene.arguments(.after).filter { $0 != "--quiet" } + options
      let run = try command.run(arguments)
      #expect(run.status == status, "\(run.error)", sourceLocation: sourceLocation)
      #expect(!run.error.contains("rror"), "\(run.error)", sourceLocation: sourceLocation)
      #expect(try scene.wholeResults() == .after, sourceLocation: sourceLocation)
      try scene.expectNothingLeft(sourceLocation: sourceLocation)
    }

    @Test(arguments: ["C", "xx_YY.nonsense", "tr_TR.UTF-8", ""])
    func theLocaleChangesNoByte(_ locale: String) throws {
      try expectSameResults(["LC_ALL": locale, "LANG": locale])
    }

    @Test func noLocaleAtAll() throws { try expectSameResults(["LC_ALL": nil, "LANG": nil, "LC_CTYPE": nil]) }

    @Test func noHomeAndNoCache() throws { try expectSameResults(["HOME": nil, "XDG_CACHE_HOME": nil]) }

    @Test(arguments: ["", "relative/folder", "/nonexistent/home", "/dev/null"])
    func aHomeThatIsNone(_ home: String) throws {
      try expectSameResults(["HOME": home, "XDG_CACHE_HOME": nil])
      try expectSameResults(["HOME": home, "XDG_CACHE_HOME": home])
    }

    @Test(arguments: ["/nonexistent/tmp", "/dev/null", ""])
    func temporaryFilesThatHaveNoPlace(_ folder: String) throws { try expectSameResults(["TMPDIR": folder]) }

    @Test func noTerminal() throws {
      try expectSameResults(["TERM": nil, "COLUMNS": nil])
      try expectSameResults(["TERM": "nonsense", "COLUMNS": "-3"])
      // A process without any terminal to control it.
      try expectSameResults(starter: ["setsid", "--wait"])
    }

    @Test func anEmptyEnvironment() throws { try expectSameResults(starter: ["env", "-i"]) }

    /// A file that the command opens must not become its standard output.
    @Test(arguments: ["<&-", "2>&-", "<&- 2>&-"]) func closedStreams(_ redirections: String) throws {
      try expectSameResults(redirections: redirections)
      try expectSameResults(redirections: redirections, options: ["--format", "all", "--quiet"])
    }

    /// The summary has no place to go: the results are in place, and the status says that it was not shown.
    @Test(arguments: [">&-", "<&- >&-"]) func aClosedStandardOutput(_ redirections: String) throws {
      try expectSameResults(redirections: redirections, options: ["--quiet", "--format", "all"])
      let scene = try FaultScene()
      try scene.succeed(.before)
      var command = scene.command
      command.redirections = redirections
      let run = try command.run(scene.arguments(.after).filter { $0 != "--quiet" })
      #expect([0, 74].contains(run.status), "\(run.error)")
      if run.status == 74 { expectMessage(run.error, saying: ["standard output"]) }
      #expect(try scene.wholeResults() == .after)
      try scene.expectNothingLeft()
    }

    /// With all of them closed, a failure still has its status, and nothing is written over.
    @Test func aFailureWithoutAnyStream() throws {
      let scene = try FaultScene()
      try scene.succeed(.before)
      try scene.directory.write("", to: "data/offices.csv")
      var command = scene.command
      command.redirections = "<&- >&- 2>&-"
      #expect(try command.run(scene.arguments(.after)).status == 66)
      #expect(try scene.wholeResults() == .before)
      try scene.expectNothingLeft()
    }

    // MARK: - Clocks

    // Address Sanitizer and faketime both want to be loaded first.
    private static let hasFakeClock = !Sanitizer.isOn && FaultTests.succeeds("faketime", "2000-01-01", "true")
    private static let clockReason: Comment = "faketime is missing, or a sanitizer is on"

    /// Before every file was written, and long after.
    @Test(.enabled(clockReason) { hasFakeClock }, arguments: ["1970-01-02 00:00:00", "2037-12-31 23:59:59"])
    func aClockThatIsWrong(_ time: String) throws {
      // The clock that measures time spans is another one and stays right.
      try expectSameResults(["DONT_FAKE_MONOTONIC": "1"], starter: ["faketime", time])
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      var command = scene.command
      command.environment["DONT_FAKE_MONOTONIC"] = "1"
      command.starter = ["faketime", time]
      for version in [FaultScene.Version.before, .after, .before] {
        let run = try command.run(scene.arguments(version))
        #expect(run.status == 0 && run.error.withoutNotes.isEmpty, "\(run.error)")
        #expect(try scene.wholeResults() == version)
      }
    }

    /// An hour back, in the middle of a run.
    @Test(.enabled(clockReason) { hasFakeClock }) func aClockThatGoesBackwards() throws {
      let scene = try FaultScene(copies: FaultTests.places(24_000, long: 240_000))
      try scene.succeed(.before)
      try scene.directory.write("+0\n", to: "clock")
      var command = scene.command
      // The clock is what the file says, again and again.
      command.starter = [
        "faketime", "2000-01-01", "env", "-u", "FAKETIME", "FAKETIME_TIMESTAMP_FILE=\(scene.place("clock"))",
        "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1",
      ]
      let run = try command.start(scene.arguments(.after, ["--no-cache", "--threads", "1"]))
      #expect(run.waitForFile(scene.place("Output/.survey.lock")))
      try scene.directory.write("-3600\n", to: "clock")
      #expect(run.isRunning)
      #expect(run.status(within: 60) == 0)
      #expect(try run.error == "")
      #expect(try scene.wholeResults() == .after)
      try scene.expectNothingLeft()
      // A run cannot end before it began.
      let record = try scene.text(of: "Output/survey/run.json")
      let times = try ["started", "finished"].map { name in
        let pattern = try Regex("\"\(name)\" *: *\"([^\"]*)\"")
        return String(try #require(record.firstMatch(of: pattern)?.output[1].substring))
      }
      #expect(times[0] <= times[1], "\(times)")
    }
  }
}
