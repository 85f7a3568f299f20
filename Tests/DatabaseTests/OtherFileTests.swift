import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Database

@Suite("Files that are no database of results stay as they are")
struct OtherFileTests {
  let directory: TemporaryDirectory
  let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path(of: "file.sqlite")
  }

  private func expectRefusal(
    _ expected: ResultsDatabaseError, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(throws: expected, sourceLocation: sourceLocation) {
      try ResultsDatabase.write(SampleResults().results, to: path)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, sourceLocation: sourceLocation)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["file.sqlite"],
      sourceLocation: sourceLocation)
    #expect(expected.exitStatus == .cannotCreateOutput, sourceLocation: sourceLocation)
    #expect(expected.report.contains("file.sqlite"), sourceLocation: sourceLocation)
    #expect(expected.advice != nil, sourceLocation: sourceLocation)
  }

  @Test func aTextIsNoDatabase() throws {
    for text in ["a", "estimates\n", "SQLite format 3\u{0}", String(repeating: "text\n", count: 2000)] {
      try directory.write(text, to: "file.sqlite")
      try expectRefusal(.notADatabase(path: path))
    }
  }

  @Test(arguments: [
    "CREATE TABLE runs (run)", "CREATE TABLE estimates (a); PRAGMA application_id = 7", "PRAGMA user_version = 3",
  ])
  func aDatabaseOfSomethingElseIsRefused(made: String) throws {
    _ = try Shell(path).rows(made)
    try expectRefusal(.otherDatabase(path: path))
  }

  @Test func aForeignJournalIsLeftWhereItIs() throws {
    _ = try Shell(path).rows("CREATE TABLE runs (run)")
    try directory.write("not finished", to: "file.sqlite-journal")
    #expect(throws: ResultsDatabaseError.otherDatabase(path: path)) {
      try ResultsDatabase.write(SampleResults().results, to: path)
    }
    #expect(try directory.text(of: "file.sqlite-journal") == "not finished")
  }

  @Test func aDatabaseOfANewerVersionIsRefused() throws {
    try ResultsDatabase.write(SampleResults().results, to: path)
    _ = try Shell(path).rows("INSERT INTO grdb_migrations VALUES ('of the future')")
    try expectRefusal(.newer(path: path))
  }

  @Test func anEmptyFileIsRoomForADatabase() throws {
    try directory.write("", to: "file.sqlite")
    try ResultsDatabase.write(SampleResults().results, to: path)
    try Shell(path).expectSound()
  }

  @Test func whereNoFileCanBeMadeIsSaid() throws {
    for place in ["no/such/file.sqlite", "."] {
      #expect {
        try ResultsDatabase.write(SampleResults().results, to: directory.path(of: place))
      } throws: {
        guard case .cannotOpen = $0 as? ResultsDatabaseError else { return false }
        return true
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
  }

  @Test func aNameThatMeansSomethingToSQLiteIsAFile() throws {
    let script = "results.sqlite?mode=memory"
    try ResultsDatabase.write(SampleResults().results, to: directory.path(of: script))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [script])
    #expect(FileMark.absolute(":memory:").hasSuffix("/:memory:"))
  }

  @Test func aDamagedDatabaseIsAnErrorAndNoCrash() throws {
    try ResultsDatabase.write(SampleResults().results, to: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for position in stride(from: 100, to: bytes.count, by: 7) { bytes[position] = 0xA5 }
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: ResultsDatabaseError.self) { try ResultsDatabase.write(SampleResults().results, to: path) }
  }
}
