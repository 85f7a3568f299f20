import Export
import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// Ten runs at once.
  @Suite("Many runs at once")
  struct LoadTests {
    private func endings(
      of runs: [StartedCommand], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [(status: Int32, error: String)] {
      try runs.map { run in
        let status = try #require(run.status(within: 120), sourceLocation: sourceLocation)
        return (status, try run.error)
      }
    }

    @Test func intoTenDirectoriesAllAreEqual() throws {
      let options = ["--format", "all"]
      let scene = try FaultScene(copies: 200, options: options)
      let outputs = (0..<10).map { "Output/\($0)/survey" }
      let runs = try outputs.map { try scene.command.start(scene.arguments(.after, options, to: $0)) }
      for ending in try endings(of: runs) { #expect(ending.status == 0, "\(ending.error)") }
      for output in outputs { #expect(try scene.wholeResults(at: output) == .after) }
      let tables = try outputs.map { output in
        try scene.hashes(output).filter { $0.key.hasSuffix(".csv") }
      }
      #expect(tables.allSatisfy { $0 == tables[0] && $0.count == 5 })
      try scene.expectNothingLeft(in: "Output/0")
    }

    @Test func intoOneDirectoryTheyTakeTurnsOrAreTold() throws {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      try scene.succeed(.before)
      // Snapshots make runs too short to meet.
      let options = ["--no-cache"]
      let start = Date()
      try scene.succeed(.before, options)
      let seconds = Date().timeIntervalSince(start)
      var (told, followed, looks) = (0, 0, 0)
      let rounds = FaultTests.places(3, long: 30)
      for round in 0..<rounds {
        let versions = (0..<10).map { FaultScene.Version.allCases[($0 + round) % 2] }
        var runs: [StartedCommand] = []
        for version in versions {
          // However slow the machine is, the last two follow the others.
          if runs.count == versions.count - 2 { looks += try look(at: scene, while: runs) }
          runs.append(try scene.command.start(scene.arguments(version, options)))
          // Two start at once; some pairs start while another run is at work, some when it has ended.
          guard runs.count.isMultiple(of: 2) else { continue }
          let next = Date(timeIntervalSinceNow: seconds / 2)
          while Date() < next { looks += try look(at: scene) }
        }
        looks += try look(at: scene, while: runs)
        let all = try endings(of: runs)
        let done = zip(all, versions).filter { $0.0.status == 0 }.map(\.1)
        #expect(!done.isEmpty)
        followed += done.count - 1
        for ending in all where ending.status != 0 {
          told += 1
          #expect(ending.status == 75, "\(ending.error)")
          expectMessage(ending.error, saying: ["another run is writing to Output/survey", "wait for it"])
        }
        #expect(try scene.wholeResults().map(done.contains) == true)
        try scene.expectNothingLeft()
      }
      #expect(told > rounds && followed >= rounds && looks > rounds * 10, "\(told) \(followed) \(looks)")
      print("of \(rounds * 10) runs \(told) were told that another one writes; \(looks) looks at the results meanwhile")
    }

    /// - Returns: How many looks it had at the results until all runs had ended.
    private func look(at scene: FaultScene, while runs: [StartedCommand]) throws -> Int {
      var looks = 0
      while runs.contains(where: \.isRunning) { looks += try look(at: scene) }
      return looks
    }

    /// Whoever looks on sees one run's results or the other's, whole, at any moment.
    ///
    /// - Returns: 1, or 0 where the results were replaced during the look.
    private func look(at scene: FaultScene) throws -> Int {
      let place = scene.place("Output/survey")
      let directory = open(place, O_RDONLY | O_DIRECTORY)
      #expect(directory >= 0, "there are no results")
      guard directory >= 0 else { return 0 }
      defer { close(directory) }
      let seen = "/proc/self/fd/\(directory)"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: seen)) ?? []
      let record = FileManager.default.contents(atPath: "\(seen)/run.json")
      let hashes = names.reduce(into: [String: String]()) { hashes, name in
        hashes[name] = FileManager.default.contents(atPath: "\(seen)/\(name)").map { FileHash.hash(of: Array($0)) }
      }
      var (held, present) = (stat(), stat())
      guard fstat(directory, &held) == 0, stat(place, &present) == 0, held.st_ino == present.st_ino else { return 0 }
      let run = try RunJSON(String(decoding: record ?? Data(), as: UTF8.self))
      #expect(Set(names) == Set(run.outputs.map(\.path) + ["run.json"]))
      for file in run.outputs { #expect(hashes[file.path] == file.hash, "\(file.path)") }
      return 1
    }

    @Test func withOneColdCacheTheyAllAreRight() throws {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      for _ in 0..<FaultTests.places(1, long: 5) {
        try? FileManager.default.removeItem(atPath: scene.place("cache"))
        let outputs = (0..<10).map { "Output/\($0)/survey" }
        let versions = (0..<10).map { FaultScene.Version.allCases[$0 % 2] }
        let runs = try zip(outputs, versions).map { try scene.command.start(scene.arguments($1, to: $0)) }
        for ending in try endings(of: runs) {
          #expect(ending.status == 0 && ending.error.withoutNotes.isEmpty, "\(ending.error)")
        }
        for (output, version) in zip(outputs, versions) {
          #expect(try scene.wholeResults(at: output) == version)
        }
        #expect(scene.cached.filter { !$0.hasSuffix(".columns") } == ["seeds"])
        // What they left serves the next.
        try scene.succeed(.before)
        try FileManager.default.removeItem(atPath: scene.place("Output/survey"))
      }
    }
  }
}
