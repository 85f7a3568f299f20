import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// As a user without privileges, because root reads and writes everything.
  @Suite("No permission")
  struct PermissionFaultTests {
    private static let asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    /// Whether this process may become somebody else who may run the command.
    private static let isPermitted: Bool = {
      guard
        let command = try? StartedCommand(
          "/usr/bin/env", asNobody + [CommandRun.binary, "--version"], in: "/")
      else { return false }
      return command.status(within: 20) == 0
    }()

    private func expect(
      status: Int32, saying words: [String], spoil: [(path: String, mode: Int)], keeping version: FaultScene.Version?,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let scene = try FaultScene()
      try scene.succeed(.before)
      let give = try ProgramRun("/usr/bin/env", ["chown", "-R", "65534:65534", "."], in: scene.directory.path)
      #expect(give.status == 0)
      for (path, mode) in spoil {
        try FileManager.default.createDirectory(
          atPath: (scene.place(path) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scene.place(path))
      }
      var command = scene.command
      command.starter = Self.asNobody
      let run = try command.run(scene.arguments(.after))
      #expect(run.status == status, "\(run.error)", sourceLocation: sourceLocation)
      if status != 0 { expectMessage(run.error, saying: words, sourceLocation: sourceLocation) }
      #expect(try scene.wholeResults() == version, sourceLocation: sourceLocation)
      try scene.expectNothingLeft(sourceLocation: sourceLocation)
    }

    private static let reason: Comment = "this process may not become another user who may run the command"

    @Test(.enabled(reason) { isPermitted }) func withAllPermissionsItRuns() throws {
      try expect(status: 0, saying: [], spoil: [], keeping: .after)
    }

    @Test(.enabled(reason) { isPermitted }, arguments: ["data/responses.csv", "data/offices.csv"])
    func dataThatMayNotBeReadIs66(_ path: String) throws {
      try expect(status: 66, saying: [path, "ermission"], spoil: [(path, 0o000)], keeping: .before)
    }

    @Test(
      .enabled(reason) { isPermitted },
      arguments: ["After/survey.yaml", "After/indicators.yaml", "After/codebook.yaml"])
    func aDefinitionThatMayNotBeReadIs66(_ path: String) throws {
      try expect(status: 66, saying: [path, "ermission"], spoil: [(path, 0o000)], keeping: .before)
    }

    @Test(.enabled(reason) { isPermitted }) func aFolderThatMayNotBeEnteredIs66() throws {
      try expect(status: 66, saying: ["data/", "ermission"], spoil: [("data", 0o000)], keeping: .before)
    }

    @Test(.enabled(reason) { isPermitted }) func anOutputThatMayNotBeWrittenIs73() throws {
      try expect(
        status: 73, saying: ["cannot create Output/survey", "ermission"], spoil: [("Output", 0o555)], keeping: .before)
    }

    /// Its charts would lie beside its folder; without them, the report has its tables.
    @Test(.enabled(reason) { isPermitted }) func aCommandInAFolderThatMayNotBeEnteredRuns() throws {
      let scene = try FaultScene()
      let give = try ProgramRun("/usr/bin/env", ["chown", "-R", "65534:65534", "."], in: scene.directory.path)
      #expect(give.status == 0)
      try FileManager.default.createDirectory(
        atPath: scene.place("closed/bin"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try FileManager.default.copyItem(atPath: CommandRun.binary, toPath: scene.place("closed/bin/pipeline"))
      var command = scene.command
      // Opened by root, executed by nobody.
      command.starter =
        ["/bin/sh", "-c", "exec 3< closed/bin/pipeline; exec \"$@\"", "sh"] + Self.asNobody
        + ["/bin/sh", "-c", "exec /proc/self/fd/3 \"$@\""]
      let run = try command.run(scene.arguments(.after, ["--format", "html"]))
      #expect(run.status == 0, "\(String(describing: run.status)) \(run.error)")
      #expect(try scene.wholeResults() == .after)
    }

    @Test(.enabled(reason) { isPermitted }) func aCacheThatMayNotBeWrittenIsDoneWithout() throws {
      try expect(status: 0, saying: [], spoil: [("cache/pipeline", 0o500)], keeping: .after)
      try expect(status: 0, saying: [], spoil: [("cache/pipeline/seeds", 0o000)], keeping: .after)
    }
  }
}
