import Foundation
import SurveyTestSupport
import Testing

@Suite("Runs in SQLite: --format sqlite and --database")
struct RunDatabaseTests {
  /// What the `sqlite3` shell answers.
  private func answer(_ database: String, _ query: String) throws -> String {
    let run = try ReaderRun(command: "/usr/bin/sqlite3", ["-batch", database, query])
    #expect(run.status == 0 && run.error.withoutNotes.isEmpty, "\(run.error)")
    return run.output
  }

  @Test func aRunIsWrittenBesideItsFilesAndAddedToADatabase() throws {
    let directory = try SurveyFixture().write()
    for _ in 0..<2 {
      let run = try CommandRun(
        ["run", "survey", "--format", "sqlite", "--database", "history.sqlite"], in: directory.path)
      #expect(run.status == 0)
      #expect(run.error.withoutNotes.isEmpty)
    }
    let results = directory.path(of: "Output/survey")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: results).sorted()
        == ["estimates.csv", "rejected.csv", "results.sqlite", "run.json", "slopes.csv", "trends.csv"])
    let record = try RunJSON(directory.text(of: "Output/survey/run.json"))
    #expect(record.outputs.map(\.path).last == "results.sqlite")
    let rows = try directory.text(of: "Output/survey/estimates.csv").split(separator: "\n").count - 1
    let counts = "SELECT count(*), (SELECT count(*) FROM runs), (SELECT count(*) FROM history) FROM latest"
    #expect(try answer("\(results)/results.sqlite", counts) == "\(rows)|1|\(rows)\n")
    let history = directory.path(of: "history.sqlite")
    #expect(try answer(history, counts) == "\(rows)|2|\(2 * rows)\n")
    #expect(try answer(history, "PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok\n")
    #expect(
      try answer(history, "SELECT region, n, estimate FROM by_region WHERE indicator = 'P2' ORDER BY 1")
        == "africa|3|40.0\nasia|2|100.0\n")
    let beside = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(beside.filter { $0.hasPrefix("history") } == ["history.sqlite"])
  }

  @Test func manyRunsAtOnceAreAllAdded() throws {
    let directory = try SurveyFixture().write()
    let commands = try (0..<6).map {
      try StartedCommand(
        ["run", "survey", "--output", "out\($0)", "--database", "history.sqlite"], in: directory.path)
    }
    for command in commands { #expect(command.status(within: 60) == 0) }
    let history = directory.path(of: "history.sqlite")
    #expect(try answer(history, "SELECT count(*) FROM runs; PRAGMA integrity_check") == "6\nok\n")
  }

  @Test func aFileThatCannotTakeTheRunIsToldBeforeTheRun() throws {
    let cases: [(file: String, status: Int32, words: [String])] = [
      ("data/offices.csv", 73, ["data/offices.csv exists and is not a database", "choose another file"]),
      ("data", 73, ["cannot create data: it is a directory"]),
      ("no/such/file.sqlite", 73, ["cannot create no/such/file.sqlite: its directory does not exist"]),
      (
        "Output/survey/all.sqlite", 64,
        ["Output/survey/all.sqlite lies in Output/survey", "name a file outside of it"]
      ),
    ]
    for (file, status, words) in cases {
      try SurveyFixture().expectFailure(status: status, saying: words, options: ["--database", file])
    }
  }

  @Test func whereAddingFailsTheResultsAreInPlace() throws {
    let directory = try SurveyFixture().write()
    #expect(try CommandRun(["run", "survey", "--database", "all.sqlite"], in: directory.path).status == 0)
    _ = try answer(directory.path(of: "all.sqlite"), "INSERT INTO grdb_migrations VALUES ('of the future')")
    let run = try CommandRun(
      ["run", "survey", "--output", "out", "--database", "all.sqlite"], in: directory.path)
    #expect(run.status == 73)
    expectMessage(
      run.error,
      saying: [
        "all.sqlite was written by a newer version of this command; the results themselves are in out", "install",
      ])
    #expect(try directory.text(of: "out/estimates.csv") == (try directory.text(of: "Output/survey/estimates.csv")))
  }

  @Test func whoStopsWaitingForTheDatabaseKeepsTheResults() throws {
    let directory = try SurveyFixture().write()
    let database = directory.path(of: "all.sqlite")
    #expect(try CommandRun(["run", "survey", "--database", "all.sqlite"], in: directory.path).status == 0)
    let other = try StartedCommand(
      "/usr/bin/sqlite3", ["all.sqlite", "BEGIN IMMEDIATE", ".shell touch held; sleep 60"],
      in: directory.path)
    #expect(other.waitForFile(directory.path(of: "held")))
    let run = try StartedCommand(
      ["run", "survey", "--output", "out", "--database", "all.sqlite"], in: directory.path)
    #expect(run.waitForFile(directory.path(of: "out/run.json")))
    #expect(run.status(within: 0.5) == nil)
    run.send(SIGINT)
    #expect(run.status(within: 10 * Double(Sanitizer.patience)) == 75)
    expectMessage(try run.error, saying: ["all.sqlite is in use by others; the results themselves are in out"])
    #expect(try answer(database, "SELECT count(*) FROM runs") == "1\n")
  }

  @Test(.enabled("mounting a file system of 80 KB is not permitted here") { SmallDisk.isPermitted })
  func aFullDiskIs74AndKeepsTheResults() throws {
    let directory = try SurveyFixture().write()
    let disk = try SmallDisk(kilobytes: 80)
    let run = try CommandRun(["run", "survey", "--database", "\(disk.path)/all.sqlite"], in: directory.path)
    #expect(run.status == 74)
    expectMessage(
      run.error,
      saying: ["writing \(disk.path)/all.sqlite failed: ", "full", "the results themselves are in Output/survey"])
    #expect(try RunJSON(directory.text(of: "Output/survey/run.json")).pipeline == "survey")
  }

  @Test func theQueriesOfTheDocumentGiveRows() throws {
    let directory = try TemporaryDirectory()
    let database = directory.path(of: "all.sqlite")
    for output in ["first", "second"] {
      let run = try CommandRun(["run", "cycle-4", "--output", directory.path(of: output), "--database", database])
      #expect(run.status == 0, "\(run.error)")
    }
    let text = try String(contentsOfFile: "\(projectDirectory)/docs/results.md", encoding: .utf8)
    let queries = text.components(separatedBy: "```").filter { $0.hasPrefix("sql\n") }.map { String($0.dropFirst(4)) }
    #expect(queries.count == 2)
    let counts = try queries.map { try answer(database, $0).split(separator: "\n").count }
    #expect(counts == [5, 2])
  }
}
