import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// SIGINT and SIGTERM at any moment: the run ends at once with their status and leaves nothing, or has ended.
  @Suite("A run that is stopped at any moment")
  struct StoppedRunTests {
    /// Data that takes a while to read, to compute and to write, from itself and from its snapshot.
    @Test(arguments: [["--no-cache", "--format", "all"], ["--format", "all"], ["--no-cache", "--threads", "1"]])
    func itEndsAtOnceAndLeavesNothing(_ options: [String]) throws {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot, options: options)
      try scene.succeed(.before, options)
      try scene.succeed(.after, options)
      let start = Date()
      try scene.succeed(.before, options)
      let seconds = Date().timeIntervalSince(start)
      var present = FaultScene.Version.before
      var random = SeededGenerator(seed: 7)
      var (stopped, slowest) = (0, 0.0)
      let count = FaultTests.places(4, long: 60)
      for number in 0..<count {
        let (signal, expected) = number % 2 == 0 ? (SIGINT, Int32(130)) : (SIGTERM, 143)
        let version = present.other
        let command = try scene.command.start(scene.arguments(version, options))
        // A process that does not wait for signals yet dies of them, as any does; a run that has taken its lock waits.
        let moment = (Double(number) + .random(in: 0..<1, using: &random)) / Double(count) * seconds
        Thread.sleep(forTimeInterval: 0.02 + moment)
        let isUnderWay = FileManager.default.fileExists(atPath: scene.place("Output/.survey.lock"))
        let sent = Date()
        command.send(signal)
        let status = command.status(within: FaultTests.secondsToStop)
        let took = Date().timeIntervalSince(sent)
        #expect([expected, 0, -signal].contains(status), "\(String(describing: status)) after \(moment) s")
        if status == expected {
          stopped += 1
          slowest = max(slowest, took)
          #expect(try command.error == "stopped; the previous results are untouched\n")
          #expect(try scene.wholeResults() == present)
        } else if status == -signal {
          #expect(!isUnderWay, "the signal ended a run that should have waited for it")
          #expect(try scene.wholeResults() == present)
        } else {
          #expect(try scene.wholeResults() == version)
          present = version
        }
        try scene.expectNothingLeft()
        #expect(!scene.cached.contains { $0.hasSuffix(".partial") })
      }
      #expect(stopped > count / 5, "\(stopped) of \(count) runs were stopped")
      print("stopped \(stopped) of \(count) runs \(options), the slowest within \(slowest) s")
    }

    /// Files take a second to remove, so that the run is not waited for, and a second more passes until it has ended.
    @Test(.enabled(if: Tracer.isPermitted, Comment(rawValue: Tracer.reason)))
    func aRunThatEndsWhenItIsNoLongerWaitedForSaysSoOnce() throws {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      try scene.succeed(.before)
      let slow = ["unlink", "unlinkat", "rmdir", "exit_group"].map { "?\($0)" }.joined(separator: ",")
      var command = scene.command
      // The process that is started is the command's own, which signals are for.
      command.starter = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(slow)"]
      command.starter += ["-e", "inject=\(slow):delay_enter=1000000"]
      var status: Int32?
      var present = FaultScene.Version.before
      for _ in 0..<20 where status != 130 {
        let version = present.other
        let run = try command.start(scene.arguments(version) + ["--no-cache"])
        try #require(run.waitForFile(scene.place("Output/.survey.lock")))
        run.send(SIGINT)
        status = run.status(within: 60)
        if status == 0 {
          // It was too late: the results were being moved.
          present = version
        } else {
          #expect(status == 130)
          // The tracer may have something to say of its own.
          let said = try run.error.split(separator: "\n").filter { !$0.hasPrefix("strace:") }
          #expect(said == ["stopped; the previous results are untouched"])
          #expect(try scene.wholeResults() == present)
        }
        try scene.expectNothingLeft()
      }
      #expect(status == 130)
    }
  }
}
