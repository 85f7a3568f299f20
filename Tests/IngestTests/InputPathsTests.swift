import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest

@Suite("The files that a path stands for")
struct InputPathsTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    for name in ["b.csv", "B.csv", "a.csv", "a10.csv", "é.csv", ".hidden.csv", "c.txt", "sub/a.csv", "sub/x.csv"] {
      try directory.write("a\n1\n", to: name)
    }
  }

  private func expanded(_ names: String...) throws(IngestError) -> [String] {
    let prefix = directory.path + "/"
    return try InputPaths.expanded(names.map { prefix + $0 }, table: "t").map { String($0.dropFirst(prefix.count)) }
  }

  @Test("Names stay in their order, whether they are there or not")
  func names() throws {
    #expect(try expanded("b.csv", "a.csv", "none.csv") == ["b.csv", "a.csv", "none.csv"])
    #expect(try InputPaths.expanded([], table: "t") == [])
  }

  @Test("What a pattern matches comes in the order of bytes")
  func patterns() throws {
    #expect(try expanded("*.csv") == ["B.csv", "a.csv", "a10.csv", "b.csv", "é.csv"])
    #expect(try expanded("?.csv", "c.txt") == ["B.csv", "a.csv", "b.csv", "é.csv", "c.txt"].filter { $0 != "é.csv" })
    #expect(try expanded("[ab].csv") == ["a.csv", "b.csv"])
    #expect(try expanded("[!a]*.csv", "a*.csv") == ["B.csv", "b.csv", "é.csv", "a.csv", "a10.csv"])
    #expect(try expanded("s*/*.csv") == ["sub/a.csv", "sub/x.csv"])
    #expect(try expanded("sub/../b*") == ["sub/../b.csv"])
  }

  @Test("A path that is there as it is written is a name")
  func literal() throws {
    try directory.write("a\n", to: "[ab].csv")
    try directory.write("a\n", to: "a*.csv")
    #expect(try expanded("[ab].csv", "a*.csv") == ["[ab].csv", "a*.csv"])
    #expect(try expanded("a1*.csv") == ["a10.csv"])
  }

  @Test("A pattern must match", arguments: ["*.tsv", "none/*.csv", "x?.csv", "a.csv/*", "[b-"])
  func noMatch(pattern: String) throws {
    let path = directory.path(of: pattern)
    let error = IngestError.noMatch(pattern: path, table: "t")
    #expect(throws: error) { try InputPaths.expanded([path], table: "t") }
    #expect(error.exitStatus == .missingInput)
  }

  @Test("A file is read once")
  func twice() throws {
    let files = FileManager.default
    try files.createSymbolicLink(atPath: directory.path(of: "link.csv"), withDestinationPath: "a.csv")
    try files.linkItem(atPath: directory.path(of: "a.csv"), toPath: directory.path(of: "hard.csv"))
    for (first, second) in [
      ("a.csv", "a.csv"), ("a.csv", "sub/../a.csv"), ("a.csv", "link.csv"), ("hard.csv", "a.csv"), ("b.csv", "?.csv"),
      ("[b].csv", "b*"), ("none.csv", "none.csv"),
    ] {
      let error = #expect(throws: IngestError.self) { try expanded(first, second) }
      guard case .namedTwice(_, "t")? = error else {
        Issue.record("\(first), \(second): \(String(describing: error))")
        continue
      }
      #expect(error?.exitStatus == .badDefinition)
    }
  }

  @Test(
    "A folder that cannot be read is told",
    .enabled(if: geteuid() != 0, "root reads every folder"))
  func closedFolder() throws {
    let sub = directory.path(of: "sub")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: sub)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sub) }
    let error = #expect(throws: IngestError.self) { try expanded("sub/*.csv") }
    guard case .unreadable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

@Suite("The files of a table have the same header")
struct SameHeaderTests {
  private func error(_ names: [String], first: [String]) -> IngestError? {
    do {
      try Header(names: names, path: "b.csv", table: "t").requireSameNames(
        as: Header(names: first, path: "a.csv", table: "t"))
      return nil
    } catch {
      return error
    }
  }

  private func different(_ column: Int, _ name: String?, _ expected: String?) -> IngestError {
    .differentHeader(
      .init(file: "b.csv", line: 1, column: column), name: name, expected: expected, first: "a.csv")
  }

  @Test("The first difference is named with its place")
  func differences() {
    #expect(error(["a", "b"], first: ["a", "b"]) == nil)
    #expect(error(["b", "a"], first: ["a", "b"]) == different(1, "b", "a"))
    #expect(error(["a", "B"], first: ["a", "b"]) == different(2, "B", "b"))
    #expect(error(["a", "b", "c"], first: ["a", "b"]) == different(3, "c", nil))
    #expect(error(["a"], first: ["a", "b"]) == different(2, nil, "b"))
    #expect(error(["a", ""], first: ["a"]) == different(2, "", nil))
    #expect(different(1, "b", "a").exitStatus == .unacceptableData)
  }
}
