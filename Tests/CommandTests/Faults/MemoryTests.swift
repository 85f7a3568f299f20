import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// Memory does not grow with the data: 5 GB are read in 512 MB of memory, or of address space.
  @Suite("Little memory", .withoutSanitizer)
  struct MemoryTests {
    /// Of data.
    private static let bytes = FaultTests.places(40 << 20, long: 5 << 30)
    private static let limit = FaultTests.places(32 << 20, long: 512 << 20)

    /// A control group of its own for one run.
    private final class ControlGroup {
      private let path = "/sys/fs/cgroup/memory/pipeline-test-\(UUID().uuidString)"

      init(bytes: Int) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try write("\(bytes)", to: "memory.limit_in_bytes")
      }

      deinit { rmdir(path) }

      /// Does not replace the file, as Foundation would.
      private func write(_ text: String, to name: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)"))
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
      }

      /// What a shell does to belong to it.
      var entering: String { "echo $$ > \(path)/cgroup.procs" }

      var mostBytes: Int {
        (try? String(contentsOfFile: "\(path)/memory.max_usage_in_bytes", encoding: .utf8))
          .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? -1
      }

      /// Tried once.
      static let isPermitted = (try? ControlGroup(bytes: 1 << 30)) != nil
    }

    /// One file for all limits: it takes a while to write.
    private func withData(_ body: (FaultScene, Int) throws -> Void) throws {
      let scene = try FaultScene()
      let lines = try scene.text(of: "data/responses.csv").split(separator: "\n")
      let block = Data(lines.dropFirst().map { $0 + "\n" }.joined().utf8)
      let blocks = Data(Array(repeating: block, count: 20_000).joined())
      let copies = Self.bytes / blocks.count + 1
      let file = try #require(FileHandle(forWritingAtPath: scene.place("data/responses.csv")))
      try file.seekToEnd()
      for _ in 0..<copies { try file.write(contentsOf: blocks) }
      try file.close()
      // The rows that were there, and the copies; a respondent may come more than once.
      let definition = try scene.text(of: "Before/survey.yaml").replacingOccurrences(of: "respondent: id, ", with: "")
      try scene.directory.write(definition, to: "Before/survey.yaml")
      try body(scene, 8 * (1 + 20_000 * copies))
    }

    private func expectRight(
      _ scene: FaultScene, rows: Int, before: String, threads: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      var command = scene.command
      command.before = before
      let run = try command.run(
        scene.arguments(.before, ["--no-cache", "--threads", threads]), within: FaultTests.isLong ? 900 : 120)
      #expect(run.status == 0, "\(threads) threads: \(run.error)", sourceLocation: sourceLocation)
      guard run.status == 0 else { return }
      // The same rows many times over: the same percentages.
      let row = try scene.text(of: "Output/survey/estimates.csv").split(separator: "\n")[1]
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      #expect(
        fields[1] == "P1" && fields.contains("\(rows)") && fields.contains("70"), "\(row)",
        sourceLocation: sourceLocation)
    }

    @Test(
      .enabled("no control group for memory is permitted here, or they are of version 2") { ControlGroup.isPermitted })
    func inAControlGroupItFinishes() throws {
      try withData { scene, rows in
        for threads in FaultTests.isLong ? ["1", "2", "8"] : ["2"] {
          let group = try ControlGroup(bytes: Self.limit)
          let start = Date()
          try expectRight(scene, rows: rows, before: group.entering, threads: threads)
          print(
            "\(Self.bytes >> 20) MB in a control group of \(Self.limit >> 20) MB, \(threads) threads: "
              + "\(group.mostBytes >> 20) MB with the pages of files, \(Date().timeIntervalSince(start)) s")
        }
      }
    }

    /// Every respondent is remembered, so that none counts twice: that takes memory, and says so where there is none.
    @Test(.enabled(if: FaultTests.isLong, "writes a file of 700 MB")) func moreRespondentsThanMemoryIs74() throws {
      let scene = try FaultScene()
      try scene.succeed(.before)
      let lines = try scene.text(of: "data/responses.csv").split(separator: "\n")
      let ends = lines.dropFirst().map { $0.drop { $0 != "," } }
      let file = try #require(FileHandle(forWritingAtPath: scene.place("data/responses.csv")))
      try file.seekToEnd()
      for block in 0..<130 {
        let rows = (0..<100_000).map { "m\(block * 100_000 + $0)\(ends[$0 % 8])\n" }
        try file.write(contentsOf: Data(rows.joined().utf8))
      }
      try file.close()
      var command = scene.command
      command.before = "ulimit -v 524288"
      let run = try command.run(scene.arguments(.after, ["--no-cache"]))
      #expect(run.status == 74)
      expectMessage(
        run.error, saying: ["not enough memory to remember more than ", "respondents of table responses"])
      #expect(try scene.wholeResults() == .before)
      try scene.expectNothingLeft()
      command.before = "ulimit -v 1048576"
      let enough = try command.run(scene.arguments(.after, ["--no-cache"]))
      #expect(enough.status == 0, "\(enough.error)")
    }

    @Test func inAnAddressSpaceOf512MBItFinishes() throws {
      try withData { scene, rows in
        for threads in FaultTests.isLong ? ["1", "2", "8"] : ["8"] {
          try expectRight(scene, rows: rows, before: "ulimit -v 524288", threads: threads)
        }
      }
    }
  }
}
