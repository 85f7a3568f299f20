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
      let scene = try FaultScene(copies: 200)
      try scene.succeed(.before)
      var present = FaultScene.Version.before
      var told = 0
      for round in 0..<FaultTests.places(3, long: 30) {
        let versions = (0..<10).map { FaultScene.Version.allCases[($0 + round) % 2] }
        let runs = try versions.map {
          try scene.command.start(scene.arguments($0, round % 2 == 0 ? [] : ["--no-cache"]))
        }
        // Whoever looks on sees one run's results or the other's, whole, at any moment.
        let all = try endings(of: runs)
        let done = zip(all, versions).filter { $0.0.status == 0 }.map(\.1)
        #expect(!done.isEmpty)
        for ending in all where ending.status != 0 {
          told += 1
          #expect(ending.status == 75, "\(ending.error)")
          expectMessage(ending.error, saying: ["another run is writing to Output/survey", "wait for it"])
        }
        let found = try scene.wholeResults()
        #expect(found.map(done.contains) == true)
        present = found ?? present
        try scene.expectNothingLeft()
      }
      #expect(told > 0)
      print("\(told) runs were told that another one writes to their directory")
    }

    @Test func withOneColdCacheTheyAllAreRight() throws {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      for _ in 0..<FaultTests.places(1, long: 5) {
        try? FileManager.default.removeItem(atPath: scene.place("cache"))
        let outputs = (0..<10).map { "Output/\($0)/survey" }
        let versions = (0..<10).map { FaultScene.Version.allCases[$0 % 2] }
        let runs = try zip(outputs, versions).map { try scene.command.start(scene.arguments($1, to: $0)) }
        for ending in try endings(of: runs) { #expect(ending.status == 0 && ending.error.isEmpty, "\(ending.error)") }
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
