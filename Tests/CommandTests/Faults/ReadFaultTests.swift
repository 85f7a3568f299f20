import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// Data that cannot be read to its end, or is not the same at the end as at the start.
  @Suite("Data that fails while it is read")
  struct ReadFaultTests {
    private static let reads = ["read", "pread64"]

    /// Every read of every file of the run, one after the other.
    @Test(
      .enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted },
      arguments: ["data/responses.csv", "data/offices.csv", "After/survey.yaml", "After/codebook.yaml"])
    func aReadErrorIs74AndNamesTheFile(_ path: String) throws {
      let scene = try FaultScene(copies: path.contains("responses") ? FaultTests.places(12_000, long: 200_000) : 1)
      try scene.succeed(.before)
      for call in Self.reads {
        for number in 1...FaultTests.places(3, long: 20) {
          let tracer = try Tracer(
            Self.reads, paths: [scene.place(path)], fault: (.error("EIO"), call: call, when: "\(number)"))
          var command = scene.command
          command.starter = tracer.starter
          let run = try command.run(scene.arguments(.after, ["--no-cache", "--threads", "1"]))
          guard try tracer.calls.contains(where: { $0.text.contains("(INJECTED)") }) else {
            #expect(run.status == 0, "\(run.error)")
            #expect(number > 1 || call != "pread64" || !path.contains("responses"), "the data was not read by \(call)")
            try scene.succeed(.before)
            break
          }
          #expect(run.status == 74, "\(call) \(number): \(run.error)")
          expectMessage(run.error, saying: ["reading ", path, "failed: Input/output error"])
          #expect(try scene.wholeResults() == .before)
          try scene.expectNothingLeft()
        }
      }
    }

    /// A signal that interrupts a call is no error: strace answers with EINTR what was not done yet. The workbook, the
    /// page and SDMX are written by libraries that give up then, as does SQLite where it flushes; no system interrupts a
    /// call on a file of a disk. `ShortCallsTests` does the same to reading.
    @Test(
      .enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted },
      arguments: ["write", "pwrite64", "fsync", "flock"])
    func anInterruptedCallIsRepeated(_ call: String) throws {
      let options = ["--no-cache", "--format", "sqlite"]
      let scene = try FaultScene(options: options)
      // Every third call of each thread, so that the one after it succeeds.
      let tracer = try Tracer([call], fault: (.error("EINTR"), call: call, when: call == "flock" ? "1" : "2+3"))
      var command = scene.command
      command.starter = tracer.starter
      let run = try command.run(scene.arguments(.after, options))
      #expect(run.status == 0, "\(run.error)")
      #expect(try scene.wholeResults() == .after)
      let count = try tracer.calls.filter { $0.text.contains("(INJECTED)") }.count
      #expect(count > 0)
      print("\(count) calls of \(call) interrupted")
    }

    /// Its writer goes away in the middle of a record.
    @Test(arguments: [(200, 0), (7, 65)]) func aPipeThatEndsEarlyIsReadToItsEnd(bytes: Int, status: Int32) throws {
      let scene = try FaultScene()
      try scene.succeed(.before)
      let text = try scene.text(of: "data/responses.csv")
      try FileManager.default.removeItem(atPath: scene.place("data/responses.csv"))
      let header = text.split(separator: "\n")[0].utf8.count
      // A part of the header lacks columns; a part of a row is a row with too few fields.
      let part = status == 0 ? header + 1 + bytes : bytes
      try scene.directory.write(Array(text.utf8.prefix(part)), to: "part")
      var command = scene.command
      command.before = "mkfifo data/responses.csv; { cat part > data/responses.csv & }"
      let run = try command.run(scene.arguments(.after), within: 30)
      if status == 0 {
        // The last row is misshapen, one of four: within the 50 % of the definition.
        #expect(run.status == 0, "\(run.error)")
        let rejected = try scene.text(of: "Output/survey/rejected.csv").split(separator: "\n")
        #expect(rejected.count == 2 && rejected[1].contains("data/responses.csv,6,"), "\(rejected)")
      } else {
        #expect(run.status == status)
        expectMessage(run.error, saying: ["data/responses.csv"])
        #expect(try scene.wholeResults() == .before)
      }
      try? FileManager.default.removeItem(atPath: scene.place("Output/survey.rejected.csv"))
      try scene.expectNothingLeft()
    }

    enum Change: String, CaseIterable { case shortened, grown, replacedInPlace, removed }

    /// While the command stands still in the middle of the file.
    @Test(arguments: Change.allCases) func aFileThatChangesWhileItIsReadIs74(_ change: Change) throws {
      let scene = try FaultScene(copies: FaultTests.places(24_000, long: 240_000))
      try scene.succeed(.before)
      let command = try scene.command.start(scene.arguments(.after, ["--no-cache", "--threads", "1"]))
      #expect(command.waitForOpening(scene.place("data/responses.csv")))
      command.send(SIGSTOP)
      let path = scene.place("data/responses.csv")
      switch change {
      case .removed: try FileManager.default.removeItem(atPath: path)
      case .shortened, .grown, .replacedInPlace:
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        switch change {
        case .shortened: try file.truncate(atOffset: 4_000_000)
        case .grown:
          try file.seekToEnd()
          try file.write(contentsOf: Data("r9,AAA,1,north,p1,full,,yes,,,,\n".utf8))
        default:
          try file.seek(toOffset: try file.seekToEnd() - 100)
          try file.write(contentsOf: Data("x".utf8))
        }
        try file.close()
      }
      #expect(command.isRunning)
      command.send(SIGCONT)
      #expect(command.status(within: 60) == 74)
      try expectMessage(command.error, saying: ["data/responses.csv", "changed"])
      #expect(try scene.wholeResults() == .before)
      try scene.expectNothingLeft()
    }
  }
}
