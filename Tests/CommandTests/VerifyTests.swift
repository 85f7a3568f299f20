import Engine
import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// What run.json says of files can be checked by anyone, at any time.
@Suite("pipeline verify")
struct VerifyTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try SurveyFixture().write()
    let run = try CommandRun(["run", "survey", "--format", "sdmx,sqlite"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
  }

  private func verify(_ arguments: [String] = [], in folder: String? = nil) throws -> CommandRun {
    try CommandRun(["verify", "Output/survey"] + arguments, in: folder ?? directory.path)
  }

  /// - Parameter lines: What is printed before the three lines that count.
  private func expect(
    status: Int32, lines: [String], saying words: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try verify()
    #expect(run.status == status, "\(run.error)", sourceLocation: sourceLocation)
    let printed = run.output.split(separator: "\n").map(String.init)
    #expect(Array(printed.dropLast(3)) == lines, sourceLocation: sourceLocation)
    if status == 0 {
      #expect(run.error.withoutNotes.isEmpty, sourceLocation: sourceLocation)
    } else {
      expectMessage(run.error, saying: words, sourceLocation: sourceLocation)
    }
  }

  private func append(_ text: String, to name: String) throws {
    try directory.write(directory.text(of: name) + text, to: name)
  }

  @Test func whatARunWroteIsWhatItWas() throws {
    let run = try verify()
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    #expect(
      run.output == """
        definitions: 3 of 3 as they were (SHA-256)
        data files: 2 of 2 as they were (SHA-256)
        results: 7 of 7 as they were (SHA-256)

        """)
    #expect(try verify(["--quiet"]).output.isEmpty)
  }

  @Test func changedFilesAreNamedWithTheirSizes() throws {
    try append("# a comment\n", to: "Pipelines/codebook.yaml")
    try directory.write(
      directory.text(of: "data/offices.csv").replacingOccurrences(of: "asia", with: "ASIA"), to: "data/offices.csv")
    try append("x", to: "Output/survey/sdmx/data.csv")
    let sizes = try ["Pipelines/codebook.yaml", "Output/survey/sdmx/data.csv"].map {
      try directory.text(of: $0).utf8.count
    }
    let offices = try directory.text(of: "data/offices.csv").utf8.count
    try expect(
      status: 65,
      lines: [
        "changed: definition Pipelines/codebook.yaml (\(sizes[0]) bytes, \(sizes[0] - 12) then)",
        "changed: data data/offices.csv (\(offices) bytes as before, but others)",
        "changed: output Output/survey/sdmx/data.csv (\(sizes[1]) bytes, \(sizes[1] - 1) then)",
      ], saying: ["3 of 12 files are not what they were", "do not rely on Output/survey"])
  }

  /// The results themselves are in order.
  @Test func changedInputsAloneAreNoReasonToDistrust() throws {
    try append("r9,AAA,1,north,p1,full,,yes,,,,\n", to: "data/responses.csv")
    #expect(try verify().status == 65)
    let error = try verify(["--quiet"]).error
    expectMessage(error, saying: ["1 of 12", "as they were written", "--check-against Output/survey"])
  }

  @Test func missingFilesAre66AndMissingAndChangedFilesAre65() throws {
    try FileManager.default.removeItem(atPath: directory.path(of: "data/offices.csv"))
    try expect(status: 66, lines: ["missing: data data/offices.csv"], saying: ["1 of 12"])
    try append("x", to: "Output/survey/rejected.csv")
    #expect(try verify().status == 65)
  }

  @Test func whatTheRunDidNotWriteIsNamed() throws {
    try directory.write("1", to: "Output/survey/sdmx/more.csv")
    try directory.write("1", to: "Output/survey/notes.txt")
    try expect(
      status: 65,
      lines: [
        "not written by the run: Output/survey/notes.txt", "not written by the run: Output/survey/sdmx/more.csv",
      ],
      saying: ["2 in Output/survey were not written by the run"])
  }

  @Test func aFolderOrAPipeInPlaceOfAFileIsNotRead() throws {
    try FileManager.default.removeItem(atPath: directory.path(of: "data/offices.csv"))
    try FileManager.default.createDirectory(
      atPath: directory.path(of: "data/offices.csv"), withIntermediateDirectories: false)
    try expect(status: 65, lines: ["cannot be read (it is not a file): data data/offices.csv"], saying: ["1 of 12"])
    try FileManager.default.removeItem(atPath: directory.path(of: "data/offices.csv"))
    #expect(mkfifo(directory.path(of: "data/offices.csv"), 0o600) == 0)
    try expect(status: 65, lines: ["cannot be read (it is not a file): data data/offices.csv"], saying: ["1 of 12"])
  }

  /// From anywhere, if one says where the run was started.
  @Test func theStartOfTheRunCanBeNamed() throws {
    let away = try TemporaryDirectory()
    let output = directory.path(of: "Output/survey")
    let lost = try CommandRun(["verify", output], in: away.path)
    #expect(lost.status == 66)
    #expect(lost.output.contains("missing: definition Pipelines/survey.yaml"))
    let found = try CommandRun(["verify", output, "--from", directory.path], in: away.path)
    #expect(found.status == 0, "\(found.output)")
  }

  /// Whatever the size of the file: the record says how it was hashed. A file that SHA-256 cannot tell from XXH3 by its
  /// size is damaged in its last piece.
  @Test func hashesByPiecesAreComputedByPieces() throws {
    let bytes = (0..<(5 << 20) + 17).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    try directory.write(bytes, to: "data/large.csv")
    var pieces = PieceHash()
    for start in stride(from: 0, to: bytes.count, by: MorselFile.bytesPerMorsel) {
      let piece = bytes[start..<min(bytes.count, start + MorselFile.bytesPerMorsel)]
      pieces.append(piece.withUnsafeBytes { PieceHash.digest(of: $0) })
    }
    let record = try directory.text(of: "Output/survey/run.json")
    let old = try #require(record.firstMatch(of: /"hash" : "([0-9a-f]{64})",\s*"path" : "data\/offices.csv"/))
    let text = record.replacingOccurrences(of: String(old.1), with: pieces.finish())
      .replacingOccurrences(of: "\"path\" : \"data/offices.csv\"", with: "\"path\" : \"data/large.csv\"")
    func rename(_ algorithm: String) throws {
      // The register is the second table: the last algorithm before its hash is its own.
      let head = text.components(separatedBy: pieces.finish())
      let place = try #require(head[0].range(of: "\"SHA-256\"", options: .backwards))
      let size = try #require(head[0].range(of: "\"bytes\" : ", options: .backwards))
      var first = head[0].replacingCharacters(
        in: size.upperBound..<head[0].endIndex, with: "\(bytes.count),\n\"hash\" : \"")
      first.replaceSubrange(place, with: "\"\(algorithm)\"")
      try directory.write(first + pieces.finish() + head[1], to: "Output/survey/run.json")
    }
    try rename(PieceHash.algorithm)
    try expect(status: 0, lines: [])
    try directory.write(bytes.dropLast() + [bytes[bytes.count - 1] ^ 1], to: "data/large.csv")
    try expect(
      status: 65, lines: ["changed: data data/large.csv (\(bytes.count) bytes as before, but others)"], saying: ["1 of"]
    )
    try rename("CRC-32")
    try expect(
      status: 65,
      lines: ["hashed by an algorithm that this version does not know (CRC-32): data data/large.csv"], saying: ["1 of"])
  }

  @Test(arguments: [("Output/none", 66, "no results in Output/none"), ("data", 66, "no results in data")])
  func whatIsNoResultsIsRefused(_ path: String, status: Int32, words: String) throws {
    let run = try CommandRun(["verify", path], in: directory.path)
    #expect(run.status == status)
    expectMessage(run.error, saying: [words])
  }

  @Test func aBrokenRecordIsRefused() throws {
    try directory.write("{\"pipeline\": 3}", to: "Output/survey/run.json")
    let run = try verify()
    #expect(run.status == 65)
    expectMessage(run.error, saying: ["Output/survey/run.json is not the record of a run"])
  }
}
