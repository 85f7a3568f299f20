import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// `ulimit -n`
  @Suite("Too many open files")
  struct OpenFilesTests {
    @Test(arguments: [["--format", "all"], ["--threads", "8"]])
    func fromAFewUpwardsItSaysSoOrRuns(_ options: [String]) throws {
      let scene = try FaultScene(copies: 200, options: options)
      try scene.succeed(.before, options)
      var present = FaultScene.Version.before
      var statuses: [Int32] = []
      for limit in FaultTests.isLong ? Array(3...40) : [4, 6, 8, 9, 10, 11, 12, 14, 16, 24] {
        var command = scene.command
        command.before = "ulimit -n \(limit)"
        let version = present.other
        let run = try command.run(scene.arguments(version, options))
        let status = try #require(run.status)
        // With three files the system cannot even load the command's libraries, and says so itself.
        if status == 127 || status == 126 { continue }
        statuses.append(status)
        if status == 0 {
          #expect(try scene.wholeResults() == version, "\(limit) files")
          present = version
        } else {
          #expect([66, 73, 74].contains(status), "\(limit) files: \(status) \(run.error)")
          expectMessage(run.error, saying: ["open files"])
          #expect(try scene.wholeResults() == present, "\(limit) files")
        }
        try scene.expectNothingLeft()
      }
      #expect(statuses.first != 0 && statuses.last == 0, "\(statuses)")
      print("ulimit -n \(options): \(statuses)")
    }

    /// Files of a table are read one after the other.
    @Test func manyFilesNeedNoMoreThanOne() throws {
      let scene = try FaultScene()
      let lines = try scene.text(of: "data/responses.csv").split(separator: "\n").map(String.init)
      let count = FaultTests.places(200, long: 2000)
      for number in 0..<count {
        let row = lines[1 + number % 8].replacingOccurrences(of: "r\(1 + number % 8),", with: "r\(number),")
        try scene.directory.write("\(lines[0])\n\(row)\n", to: "data/parts/\(10_000 + number).csv")
      }
      for version in FaultScene.Version.allCases {
        let definition = try scene.text(of: "\(version.rawValue)/survey.yaml")
          .replacingOccurrences(of: "../data/responses.csv", with: "\"../data/parts/*.csv\"")
        try scene.directory.write(definition, to: "\(version.rawValue)/survey.yaml")
      }
      var command = scene.command
      command.before = "ulimit -n 64"
      for threads in ["1", "8"] {
        let run = try command.run(scene.arguments(.before, ["--threads", threads, "--no-cache"]))
        #expect(run.status == 0, "\(run.error)")
        let record = try RunJSON(scene.text(of: "Output/survey/run.json"))
        let table = try #require(record.cycles.first?.tables.first { $0.table == "responses" })
        #expect(table.files.count == count && table.rowsUsed == count && table.isBalanced)
      }
    }
  }
}
