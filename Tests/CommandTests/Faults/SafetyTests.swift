import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// No network, nothing executed, nothing that others may write to.
  @Suite("Safety at run time")
  struct SafetyTests {
    private static let hasEmptyNetwork = FaultTests.succeeds("unshare", "-n", "true")

    @Test(.enabled("no network namespace of one's own is permitted here") { hasEmptyNetwork })
    func withoutANetworkTheBytesAreTheSame() throws {
      let options = ["--format", "all"]
      let scene = try FaultScene(options: options)
      var command = scene.command
      command.starter = ["unshare", "-n"]
      #expect(try command.run(scene.arguments(.after, options)).status == 0)
      #expect(try scene.wholeResults() == .after)
      let (found, known) = (try scene.hashes("Output/survey"), try scene.hashes("known/After"))
      #expect(Set(found.keys) == Set(known.keys))
      for name in found.keys where name.hasSuffix(".csv") || name.hasSuffix(".xml") && !name.contains("structure") {
        #expect(found[name] == known[name], "\(name)")
      }
    }

    @Test(
      .enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted },
      arguments: [
        ["run", "survey", "--format", "all"], ["check", "survey"], ["show", "survey", "--indicator", "P1"],
        ["units", "survey", "--indicator", "P1"], ["list"], ["export", "survey", "--by", "region", "--format", "html"],
        ["export", "survey", "--by", "region", "--format", "xlsx", "-o", "table.xlsx"],
        ["verify", "Output/survey"], ["compare", "survey", "other"], ["cache", "list"], ["cache", "clear"],
        ["sql", "survey"], ["run", "survey", "--database", "runs.sqlite"],
        ["run", "survey", "--check-against", "Output/survey"],
        ["generate", "reference-job", "--responses", "1000", "-o", "generated"],
      ])
    func noNetworkAndNoOtherProgram(_ arguments: [String]) throws {
      let scene = try FaultScene()
      let definition = try scene.text(of: "After/survey.yaml") + "\ntrend: {overlap: psu}\n"
      try scene.directory.write(definition, to: "After/survey.yaml")
      try scene.directory.write(
        definition.replacingOccurrences(of: "pipeline: survey", with: "pipeline: other"), to: "After/other.yaml")
      let definitions = ["--pipelines", "After"]
      #expect(try scene.command.run(["run", "survey", "--quiet", "--format", "all"] + definitions).status == 0)
      let tracer = try Tracer(["%network", "execve", "execveat", "fork", "vfork"])
      var command = scene.command
      command.starter = tracer.starter
      let takesNone = ["verify", "cache", "generate"].contains(arguments[0])
      let run = try command.run(arguments + (takesNone ? [] : definitions))
      #expect(run.status == 0, "\(run.error)")
      let calls = try tracer.calls
      // The command itself is started by one call.
      #expect(calls.filter { $0.name.hasPrefix("exec") }.count == 1, "\(calls)")
      #expect(calls.filter { !$0.name.hasPrefix("exec") }.isEmpty, "\(calls)")
    }

    // MARK: - Permissions

    private func modes(_ scene: FaultScene, umask: String) throws -> [String: Int] {
      var command = scene.command
      command.before = "umask \(umask)"
      let options = ["--format", "all", "--database", "kept/runs.sqlite"]
      try FileManager.default.createDirectory(
        atPath: scene.place("kept"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      #expect(try command.run(scene.arguments(.after, options, to: "new/parent/survey")).status == 0)
      #expect(
        try command.run(
          [
            "export", "survey", "--pipelines", "After", "--by", "region", "--results", "new/parent/survey",
            "-o", "new/table.csv",
          ]
        ).status == 0)
      #expect(
        try command.run(
          ["compare", "survey", "other", "--pipelines", "After", "-o", "new/changes.csv"]).status != 0)
      // Refused data leaves its list beside the place of the results.
      #expect(try command.run(scene.arguments(.after, ["--strict"], to: "new/refused")).status == 65)
      var modes: [String: Int] = [:]
      for root in ["new", "kept/runs.sqlite", "cache"] {
        let run = try ProgramRun("/usr/bin/env", ["find", root, "-printf", "%m %p\\n"], in: scene.directory.path)
        for line in run.output.split(separator: "\n") {
          let parts = line.split(separator: " ", maxSplits: 1)
          modes[String(parts[1])] = Int(parts[0], radix: 8)
        }
      }
      #expect(modes.count > 14, "\(modes)")
      #expect(modes["new/refused.rejected.csv"] != nil)
      return modes
    }

    private func sceneWithARejectedRow() throws -> FaultScene {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      let text = try scene.text(of: "data/responses.csv") + "r9,AAA,x,north,p1,full,,yes,,,,\n"
      try scene.directory.write(text, to: "data/responses.csv")
      Thread.sleep(forTimeInterval: 0.1)
      return scene
    }

    /// Whatever the user's mask allows.
    @Test func nothingMayBeWrittenByOthers() throws {
      let scene = try sceneWithARejectedRow()
      for (path, mode) in try modes(scene, umask: "000") {
        #expect(mode & 0o022 == 0, "\(path) \(String(mode, radix: 8))")
        // Answers of respondents.
        if path.hasPrefix("cache/pipeline") { #expect(mode & 0o077 == 0, "\(path) \(String(mode, radix: 8))") }
      }
    }

    /// A mask that keeps everybody out does so.
    @Test func nothingIsReadableWhereTheMaskForbidsIt() throws {
      let scene = try sceneWithARejectedRow()
      for (path, mode) in try modes(scene, umask: "077") {
        #expect(mode & 0o077 == 0, "\(path) \(String(mode, radix: 8))")
      }
    }
  }
}
