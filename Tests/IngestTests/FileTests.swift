import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest

@Suite("A header has each column that is asked for exactly once")
struct HeaderTests {
  @Test("A missing column is told with the nearest name")
  func missing() throws {
    let file = try TemporaryFile("respondent,wieght,Q1\n1,2,3\n")
    #expect(
      throws: IngestError.missingColumn(
        .init(file: file.path, line: 1), name: "weight", table: "responses", nearest: "wieght")
    ) { try Reading(contentsOf: file.path, columns: ["weight"]) }
    #expect(
      throws: IngestError.missingColumn(
        .init(file: file.path, line: 1), name: "stratum", table: "responses", nearest: nil)
    ) { try Reading(contentsOf: file.path, columns: ["stratum"]) }
  }

  @Test("A header of one field that holds another delimiter is told so", arguments: [";", "\t", "|"])
  func otherDelimiter(delimiter: Character) throws {
    let file = try TemporaryFile("a\(delimiter)b\n1\(delimiter)2\n")
    #expect(
      throws: IngestError.otherDelimiter(
        .init(file: file.path, line: 1), name: "b", table: "responses", delimiter: delimiter)
    ) { try Reading(contentsOf: file.path, columns: ["b"]) }
  }

  @Test("Names are exact: spaces and case make another column", arguments: ["q1", "Q1 ", " Q1", "Q１"])
  func exact(name: String) throws {
    let file = try TemporaryFile("\(name),b\n1,2\n")
    #expect(
      throws: IngestError.missingColumn(.init(file: file.path, line: 1), name: "Q1", table: "responses", nearest: name)
    ) { try Reading(contentsOf: file.path, columns: ["Q1"]) }
  }

  @Test("A column that stands twice is an error where it is used, with the place of the second")
  func repeated() throws {
    let file = try TemporaryFile("a,b,c,b\n1,2,3,4\n")
    #expect(throws: IngestError.repeatedColumn(.init(file: file.path, line: 1, column: 4), name: "b")) {
      try Reading(contentsOf: file.path, columns: ["b"])
    }
    #expect(try Reading(contentsOf: file.path, columns: ["a", "c"]).rows == [["1", "3"]])
  }

  @Test("The line of the header is told as it is written", arguments: ["\n", "\r\n", "\r"], ["", "\u{FEFF}"])
  func line(end: String, mark: String) throws {
    let file = try TemporaryFile(mark + end + end + #""a ""b""",c d"# + end + "1,2" + end)
    #expect(try RecordReader(path: file.path, table: "responses").headerLine() == #""a ""b""",c d"#)
    let alone = try TemporaryFile(mark + "a,b")
    #expect(try RecordReader(path: alone.path, table: "responses").headerLine() == "a,b")
  }
}

@Suite("Files that cannot be read")
struct FileTests {
  @Test("There must be a file, and a record in it")
  func noFile() throws {
    let directory = try TemporaryDirectory()
    let missing = directory.path(of: "none.csv")
    #expect(throws: IngestError.noSuchFile(path: missing)) { try Reading(contentsOf: missing) }
    #expect(throws: IngestError.directory(path: directory.path)) { try Reading(contentsOf: directory.path) }
    let file = try directory.write("a", to: "a.csv")
    let below = file + "/b.csv"
    let error = #expect(throws: IngestError.self) { try Reading(contentsOf: below) }
    guard case .unreadable(below, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.exitStatus == .missingInput)
  }

  @Test(
    "Nothing, a byte order mark and blank lines are no table",
    arguments: ["", "\u{FEFF}", "\n\n", "\r\n\r\n", "\u{FEFF}\r"])
  func empty(text: String) throws {
    let file = try TemporaryFile(text)
    let error = IngestError.empty(path: file.path)
    #expect(throws: error) { try Reading(contentsOf: file.path) }
    #expect(error.exitStatus == .missingInput)
  }

  enum Change: String, CaseIterable, Sendable { case grows, shrinks, touched, replaced, removed }

  @Test("A file that changes while it is read is noticed", arguments: Change.allCases)
  func changes(change: Change) throws {
    let file = try TemporaryFile("a,b\n" + String(repeating: "1,2\n", count: 500_000))
    var hasChanged = false
    #expect(throws: IngestError.changedWhileRead(path: file.path)) {
      try RecordReader(path: file.path, table: "t").read(
        choose: { _ in [0] },
        body: { _ in
          guard !hasChanged else { return }
          hasChanged = true
          try apply(change, to: file.path)
        })
    }
    #expect(hasChanged)
    #expect(IngestError.changedWhileRead(path: file.path).exitStatus == .inputOutput)
  }

  private func apply(_ change: Change, to path: String) throws {
    switch change {
    case .grows, .shrinks:
      let handle = try #require(FileHandle(forWritingAtPath: path))
      if change == .grows {
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("3,4\n".utf8))
      } else {
        try handle.truncate(atOffset: 1_200_000)
      }
      try handle.close()
    case .touched:
      let later = Date(timeIntervalSinceNow: 60)
      try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: path)
    case .replaced:
      try Data("a,b\n".utf8).write(to: URL(fileURLWithPath: path))
    case .removed:
      try FileManager.default.removeItem(atPath: path)
    }
  }

  @Test("Reading stops when its task is cancelled")
  func cancelledBetweenBatches() async throws {
    let file = try TemporaryFile("a,b\n" + String(repeating: "1,2\n", count: 500_000))
    let path = file.path
    let result = await Task {
      var batches = 0
      do {
        _ = try RecordReader(path: path, table: "t").read(
          choose: { _ in [0] },
          body: { _ in
            batches += 1
            if batches == 2 { withUnsafeCurrentTask { $0?.cancel() } }
          })
        return (batches, false)
      } catch {
        return (batches, error is CancellationError)
      }
    }.value
    #expect(result == (2, true))
  }

  @Test("A task that is cancelled already reads nothing")
  func cancelledBefore() async throws {
    let file = try TemporaryFile("a,b\n1,2\n")
    let path = file.path
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try Reading(contentsOf: path)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
