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
  }
}
