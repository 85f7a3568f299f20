import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// The previous results are whole or the new ones are, never a mixture, and the next run cleans up.
  @Suite("A run that is killed")
  struct KilledRunTests {
    @Test(arguments: [["--format", "all"], []])
    func atAnyMomentResultsAreWhole(_ options: [String]) throws {
      let scene = try FaultScene(copies: 200, options: options)
      var random = SeededGenerator(seed: 2026)
      var (killed, moved) = (0, 0)
      var present: FaultScene.Version? = nil
      let kills = FaultTests.places(10, long: 140)
      for number in 0..<kills {
        // Twice the time of a run is more than enough to end; the results are all written near its end.
        let version: FaultScene.Version = present?.other ?? .before
        // Other files stand in the one's results than in the other's.
        let command = try scene.command.start(scene.arguments(version, version == .before ? options : []))
        Thread.sleep(forTimeInterval: .random(in: 0..<scene.seconds / 2 * 1.1, using: &random))
        command.send(SIGKILL)
        let status = try #require(command.status(within: 10))
        #expect(status == -SIGKILL || status == 0)
        if status == -SIGKILL { killed += 1 }
        let found = try scene.wholeResults()
        #expect(found == present || found == version, "seed 2026, kill \(number)")
        if status == 0 { #expect(found == version) }
        if found != present { moved += 1 }
        present = found
        // Some killed runs follow each other, some are followed by one that succeeds.
        if number % 4 == 3 {
          present = present?.other ?? .after
          try scene.succeed(present ?? .after, present == .before ? options : [])
          try scene.expectNothingLeft()
        }
      }
      #expect(killed > kills / (FaultTests.isLong ? 2 : 8), "\(killed) of \(kills) runs were killed")
      print("killed at \(killed) random moments \(options); \(moved) had moved their results into place")
    }

    /// Every call that changes a file or a folder.
    static let changing = [
      "openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "link",
      "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "close",
    ]

    @Test(.enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted }) func atEveryWriteResultsAreWhole() throws {
      let options = ["--format", "all"]
      let scene = try FaultScene(options: options)
      try scene.succeed(.before, options)
      let tracer = try Tracer(Self.changing)
      var watched = scene.command
      watched.starter = tracer.starter
      #expect(try watched.run(scene.arguments(.after, options)).status == 0)
      // Where the run touches the output; a kill comes before the call.
      let places = try tracer.calls.filter { $0.text.contains("/Output/") }
      #expect(places.count > 100)
      var present = try scene.wholeResults()
      var reached: Set<String> = []
      var kills = 0
      let step = FaultTests.isLong ? 1 : max(1, places.count / 16)
      // The last calls move the results, and those are few.
      let chosen = places.enumerated().filter { $0.offset % step == 0 || $0.offset > places.count - 6 }.map(\.element)
      for place in chosen {
        let tracer = try Tracer(Self.changing, fault: (.kill, call: place.name, when: "\(place.number)"))
        var command = scene.command
        command.starter = tracer.starter
        let version = present?.other ?? .before
        let status = try command.run(scene.arguments(version, options)).status
        #expect(status == -SIGKILL || status == 0, "\(place)")
        let found = try scene.wholeResults()
        #expect(found == present || found == version, "\(place)")
        if status == 0 { #expect(found == version, "\(place)") }
        if status == -SIGKILL {
          kills += 1
          if try tracer.hit(place, on: "/Output/") { reached.insert("\(place.name) \(place.number)") }
        }
        present = found
      }
      try scene.succeed(.after, options)
      try scene.expectNothingLeft()
      #expect(kills > chosen.count * 3 / 4, "\(kills) kills at \(chosen.count) places")
      // Other threads make calls of these names, too, and may be first with a number.
      let missed = chosen.filter { !reached.contains("\($0.name) \($0.number)") }.map(\.name)
      #expect(Set(missed).isSubset(of: ["openat", "close", "write", "mkdir"]), "\(missed)")
      #expect(reached.count > chosen.count / 2, "\(reached.count) of \(chosen.count) places")
      print("killed at \(kills) calls, \(reached.count) different ones on the output, of \(places.count)")
    }
  }
}
