import Engine
import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("The directory of the results")
struct ResultsDirectoryTests {
  private let place: TemporaryDirectory

  init() throws { place = try TemporaryDirectory() }

  private var names: [String] {
    get throws { try files(in: "") }
  }

  private func files(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place.path(of: directory)).sorted()
  }

  private func commit(_ text: String, to name: String = "out") throws {
    let directory = try ResultsDirectory(path: place.path(of: name))
    try directory.write(Array(text.utf8), to: "run.json")
    try directory.commit([])
  }

  private func error(at path: String) -> EngineError? {
    do {
      _ = try ResultsDirectory(path: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func resultsAppearWhole() throws {
    let directory = try ResultsDirectory(path: place.path(of: "a/b/out"))
    try directory.write([1, 2], to: "one")
    try directory.write([3], to: "run.json")
    #expect(!FileManager.default.fileExists(atPath: place.path(of: "a/b/out")))
    try directory.commit(["one"])
    #expect(try files(in: "a/b/out") == ["one", "run.json"])
    #expect(try files(in: "a/b") == ["out"])
  }

  @Test func resultsAreReplacedWhole() throws {
    let first = try ResultsDirectory(path: place.path(of: "out"))
    try first.write([1], to: "only-then")
    try first.write([1], to: "run.json")
    try first.commit(["only-then"])
    try commit("second")
    #expect(try files(in: "out") == ["run.json"])
    #expect(try place.text(of: "out/run.json") == "second")
  }

  /// As formats do that are no bytes in memory.
  @Test func filesAndFoldersThatAreWrittenByPathAreHashed() throws {
    let directory = try ResultsDirectory(path: place.path(of: "out"))
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let file = try directory.write("results.xlsx") { try OutputFile.write(bytes, to: $0) }
    #expect(file.map(\.path) == ["results.xlsx"])
    #expect(file.map(\.bytes) == [3_000_000])
    #expect(file.map(\.hash) == [FileHash.hash(of: bytes)])
    let folder = try directory.write("sdmx") { path in
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      for name in ["structure.xml", "data.csv"] { try OutputFile.write(Array(name.utf8), to: "\(path)/\(name)") }
    }
    #expect(folder.map(\.path) == ["sdmx/data.csv", "sdmx/structure.xml"])
    #expect(folder.map(\.hash) == ["data.csv", "structure.xml"].map { FileHash.hash(of: Array($0.utf8)) })
    try directory.write([3], to: "run.json")
    try directory.commit(["results.xlsx", "sdmx/data.csv", "sdmx/structure.xml"])
    #expect(try files(in: "out") == ["results.xlsx", "run.json", "sdmx"])
    #expect(try files(in: "out/sdmx") == ["data.csv", "structure.xml"])
  }

  /// The message names the place that an analyst knows, not the one beside it.
  @Test func whatCannotBeWrittenByPathIsAFailedWrite() throws {
    let directory = try ResultsDirectory(path: place.path(of: "out"))
    for write in [
      { _ in }, { try OutputFile.write([1], to: $0 + "/missing/file") },
      { _ in throw CocoaError(.fileWriteOutOfSpace) },
    ] as [(String) throws -> Void] {
      do {
        _ = try directory.write("report.html", by: write)
        Issue.record("nothing was thrown")
      } catch let EngineError.writeFailed(path, _) {
        #expect(path == place.path(of: "out/report.html"))
      }
    }
    _ = consume directory
    #expect(try names == [])
  }

  /// A library that cannot remove its temporary file.
  @Test func whatNobodyNamesStaysBehind() throws {
    let directory = try ResultsDirectory(path: place.path(of: "out"))
    _ = try directory.write("results.xlsx") { path in
      try OutputFile.write([1], to: path)
      try OutputFile.write([2], to: URL(fileURLWithPath: path).deletingLastPathComponent().path + "/tmp.1234")
    }
    try directory.write([3], to: "run.json")
    try directory.commit(["results.xlsx"])
    #expect(try files(in: "out") == ["results.xlsx", "run.json"])
  }

  @Test func withoutACommitNothingChanges() throws {
    try commit("first")
    do {
      let directory = try ResultsDirectory(path: place.path(of: "out"))
      try directory.write([9], to: "run.json")
    }
    #expect(try place.text(of: "out/run.json") == "first")
    #expect(try names == ["out"])
  }

  @Test func theHalvesOfKilledRunsAreRemoved() throws {
    try commit("first")
    try place.write("half", to: ".out.0123456789abcdef.partial/estimates.csv")
    try place.write("half", to: ".out.fedcba9876543210.partial/sdmx/data.csv")
    try commit("second")
    #expect(try place.text(of: "out/run.json") == "second")
    #expect(try names == ["out"])
  }

  /// Some names of other directories begin alike, and files may have any name.
  @Test func nothingElseIsTakenForAHalf() throws {
    let others = [
      ".out.0123456789abcdef.0123456789abcdef.partial", ".out.2.0123456789abcdef.partial", ".out.partial",
      ".out.0123456789abcdeg.partial", ".out.0123456789abcdef.partial.csv", ".outer.0123456789abcdef.partial",
    ]
    for name in others { try place.write("other", to: "\(name)/run.json") }
    try commit("first")
    #expect(try names == (others + ["out"]).sorted())
  }

  /// Killed between the two moves, where a file system cannot exchange names: the previous results stand aside.
  @Test func resultsThatStandAsideComeBack() throws {
    try place.write("first", to: ".out.previous/run.json")
    try place.write("half", to: ".out.0123456789abcdef.partial/run.json")
    do { _ = try ResultsDirectory(path: place.path(of: "out")) }
    #expect(try place.text(of: "out/run.json") == "first")
    #expect(try names == ["out"])
  }

  /// Killed after the second move: the new results are in place.
  @Test func resultsThatWereReplacedDoNotComeBack() throws {
    try commit("second")
    try place.write("first", to: ".out.previous/run.json")
    do { _ = try ResultsDirectory(path: place.path(of: "out")) }
    #expect(try place.text(of: "out/run.json") == "second")
    #expect(try names == ["out"])
  }

  /// The link stays, the results are where it points; both names are one place.
  @Test func aLinkStandsForWhatItNames() throws {
    try commit("first", to: "disk/results")
    try FileManager.default.createSymbolicLink(atPath: place.path(of: "out"), withDestinationPath: "disk/results")
    let directory = try ResultsDirectory(path: place.path(of: "out"))
    #expect(error(at: place.path(of: "disk/results"))?.exitStatus == .outputInUse)
    try directory.write(Array("second".utf8), to: "run.json")
    try directory.commit([])
    #expect(try place.text(of: "disk/results/run.json") == "second")
    #expect(try files(in: "disk") == ["results"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: place.path(of: "out")) == "disk/results")
    #expect(try names == ["disk", "out"])
  }

  @Test func twoAtOnceDoNotMix() throws {
    let path = place.path(of: "out")
    let first = try ResultsDirectory(path: path)
    #expect(try names.contains(".out.lock"))
    try first.write([1], to: "run.json")
    #expect(error(at: path) == .outputInUse(directory: path))
    #expect(error(at: path)?.exitStatus == .outputInUse)
    // Nor does the second spoil what the first has written.
    try first.write([2], to: "more")
    try first.commit(["more"])
    #expect(try files(in: "out") == ["more", "run.json"])
    #expect(error(at: path) == nil)
  }

  /// A lock belongs to a process: the file that a killed run leaves locks nobody out.
  @Test func theLockFileOfAKilledRunIsNoLock() throws {
    try place.write("", to: ".out.lock")
    try commit("first")
    #expect(try place.text(of: "out/run.json") == "first")
    #expect(try names == ["out"])
  }

  @Test func neighboursDoNotDisturbEachOther() throws {
    let first = try ResultsDirectory(path: place.path(of: "one"))
    let second = try ResultsDirectory(path: place.path(of: "two"))
    try first.write([1], to: "run.json")
    try second.write([2], to: "run.json")
    try first.commit([])
    try second.commit([])
    #expect(try names == ["one", "two"])
  }

  @Test func aDirectoryOfSomethingElseIsRefusedAndKept() throws {
    try place.write("my thesis", to: "out/thesis.txt")
    let error = error(at: place.path(of: "out"))
    #expect(error?.exitStatus == .cannotCreateOutput)
    #expect(error?.summary.contains("something other than results") == true)
    #expect(try place.text(of: "out/thesis.txt") == "my thesis")
    #expect(try names == ["out"])
    // The refused one holds no lock.
    #expect(self.error(at: place.path(of: "out"))?.exitStatus == .cannotCreateOutput)
  }

  @Test func anEmptyDirectoryMayBeFilled() throws {
    try FileManager.default.createDirectory(atPath: place.path(of: "out"), withIntermediateDirectories: true)
    try commit("first")
    #expect(try place.text(of: "out/run.json") == "first")
  }

  @Test func aFileInItsPlaceIsRefusedAndKept() throws {
    try place.write("a file", to: "out")
    #expect(error(at: place.path(of: "out"))?.exitStatus == .cannotCreateOutput)
    #expect(try place.text(of: "out") == "a file")
  }

  @Test func aFileInPlaceOfAParentIsRefused() throws {
    try place.write("a file", to: "parent")
    #expect(error(at: place.path(of: "parent/out"))?.exitStatus == .cannotCreateOutput)
  }

  @Test(arguments: ["/", ""]) func aNameThatIsNoneIsRefused(_ name: String) {
    #expect(error(at: name) == .badOutputName(name))
  }

  @Test func aFileThatCannotBeWrittenIsNamed() throws {
    let directory = try ResultsDirectory(path: place.path(of: "out"))
    try directory.write([1], to: "run.json")
    var failure: EngineError?
    do { try directory.write([2], to: "run.json") } catch { failure = error }
    #expect(failure?.exitStatus == .inputOutput)
    #expect(failure?.summary.contains("out/run.json") == true)
  }
}
