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
      let kills = FaultTests.places(4, long: 100)
      var number = 0
      while killed < kills, number < kills * 5 {
        defer { number += 1 }
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
      #expect(killed == kills, "\(killed) of \(number) runs were killed")
      print("killed \(killed) of \(number) runs at random moments \(options); \(moved) had moved their results")
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
      var present = try scene.wholeResults()
      let places = FaultPlaces(
        calls: Self.changing, folder: "/Output/", count: FaultTests.places(12, long: .max), last: 6)
      let met = try places.each(.kill) { tracer in
        var command = scene.command
        command.starter = tracer.starter
        let version = present?.other ?? .before
        let run = try command.run(scene.arguments(version, options))
        #expect(run.status == -SIGKILL || run.status == 0, "\(run.error)")
        let found = try scene.wholeResults()
        #expect(found == present || found == version)
        if run.status == 0 { #expect(found == version) }
        present = found
      }
      try scene.succeed(.after, options)
      try scene.expectNothingLeft()
      #expect(met > FaultTests.places(12, long: 250))
      print("killed at \(met) different calls on the output")
    }

    /// A file system that cannot exchange two names: there is a moment without results, and whoever comes next finds them.
    @Test(.enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted }, arguments: ["KILL", "EIO"])
    func withoutAnExchangeTheyAreFoundAgain(_ fault: String) throws {
      let scene = try FaultScene()
      try scene.succeed(.before)
      var present = FaultScene.Version.before
      var missing = 0
      let places = FaultPlaces(
        calls: ["rename", "renameat", "renameat2"], folder: "/Output/survey", refused: ["renameat2"])
      let met = try places.each(
        fault == "KILL" ? .kill : .error(fault), where: { $0.name != "renameat2" }
      ) { tracer in
        var command = scene.command
        command.starter = tracer.starter
        let run = try command.run(scene.arguments(present.other))
        if run.status == 0 {
          #expect(try scene.wholeResults() == present.other)
          present = present.other
          return
        }
        if fault == "KILL" {
          #expect(run.status == -SIGKILL)
        } else {
          #expect(run.status == 73 && run.error.contains("cannot create"), "\(run.error)")
          #expect(try scene.wholeResults() == present)
        }
        if try scene.wholeResults() == nil { missing += 1 }
        // One that fails moves nothing of its own into place.
        let next = try scene.command.run(
          scene.arguments(present, ["--check-against", "known/\(present.other.rawValue)"]))
        #expect(next.status == 65, "\(next.error)")
        #expect(try scene.wholeResults() == present)
        try FileManager.default.removeItem(atPath: scene.place("Output/survey.differences.csv"))
        try scene.expectNothingLeft()
      }
      // The previous results aside, the new ones in.
      #expect(met == 2)
      #expect(missing == (fault == "KILL" ? 1 : 0))
    }

    /// A run that fails leaves a list beside the results: that one is whole, too, or not there, and what is left of it goes
    /// with the next run.
    @Test(.enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted }, arguments: [true, false])
    func atEveryWriteOfAListBesideThem(_ isRejected: Bool) throws {
      let scene = try FaultScene()
      try scene.succeed(.before)
      if isRejected {
        let text = try scene.text(of: "data/responses.csv") + "r9,AAA,x,north,p1,full,,yes,,,,\n"
        try scene.directory.write(text, to: "data/responses.csv")
      }
      let options = isRejected ? ["--strict"] : ["--check-against", "known/Before"]
      let list = "Output/survey.\(isRejected ? "rejected" : "differences").csv"
      var present: String?
      let places = FaultPlaces(
        calls: Self.changing, folder: "/Output/", count: FaultTests.places(6, long: .max), last: 4)
      let met = try places.each(.kill) { tracer in
        var command = scene.command
        command.starter = tracer.starter
        let run = try command.run(scene.arguments(.after, options))
        #expect([-SIGKILL, 65].contains(run.status), "\(run.error)")
        #expect(try scene.wholeResults() == .before)
        let found = try? scene.text(of: list)
        if present == nil { present = found }
        #expect(found == nil || found == present)
        try? FileManager.default.removeItem(atPath: scene.place(list))
      }
      #expect(present?.isEmpty == false)
      // Another version of the definitions has the same data: without the bad row it succeeds, and tidies up.
      try scene.succeed(.after)
      try scene.expectNothingLeft()
      #expect(met > 4)
      print("killed at \(met) different calls on the output, with \(options[0])")
    }
  }
}
