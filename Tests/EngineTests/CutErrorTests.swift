import Foundation
import Ingest
import Normalize
import Snapshot
import SurveyModel
import SurveyTestSupport
import Locks
import Testing

@testable import Engine

/// What is wrong with a file is told with the same words and the same place, whoever reads which part of it.
@Suite("Errors from morsels")
struct CutErrorTests {
  typealias SourceLocation = SurveyModel.SourceLocation

  /// Rows of 20 bytes: 100 or 50 of them are a morsel of 2,000 or 1,000 bytes.
  private static let header = "id,h,p,w,q,note,key\n"
  private static func row(_ number: Int) -> String {
    let id = String(1_000_000 + number).dropFirst()
    return "\(id),h\(number % 3),\(number % 4),1,\(number % 2),ab,c\n"
  }

  private static let definition = """
    pipeline: s
    tables:
      responses: {path: s.csv, respondent: id}
    design: {weight: w, strata: [h], psu: p}
    reliability: none
    max-rejected: 50%
    indicators: indicators.yaml

    """
  private static let indicators = """
    - {id: A, title: Share, numerator: {q: "1"}}

    """
  private static let related = """
    - id: B
      title: Where another row has the same key
      numerator: {q: "1"}
      denominator: {related: {table: responses, on: key, at-least: 2}}

    """

  private static func survey(_ bytes: [UInt8], indicators: String = indicators) throws -> CutSurvey {
    let directory = try TemporaryDirectory()
    try directory.write(definition, to: "pipelines/s.yaml")
    try directory.write(definition.replacingOccurrences(of: "s.csv", with: "s.csv.gz"), to: "compressed/s.yaml")
    for pipelines in ["pipelines", "compressed"] {
      try directory.write(indicators, to: "\(pipelines)/indicators.yaml")
      try directory.write(bytes, to: "\(pipelines)/s.csv")
    }
    try directory.write(gzipped(bytes), to: "compressed/s.csv.gz")
    return CutSurvey(directory: directory, main: "s", data: [])
  }

  /// A file of 300 rows, 6 morsels of 1,000 bytes, with the bytes of one row replaced.
  private static func bytes(row spoiled: Int, _ replace: (String) -> [UInt8]) -> [UInt8] {
    var bytes = Array(header.utf8)
    for number in 0..<300 { bytes += number == spoiled ? replace(row(number)) : Array(row(number).utf8) }
    return bytes
  }

  private func report(_ body: () async throws -> RunOutcome) async -> String {
    do {
      _ = try await body()
      return "no error"
    } catch {
      return (error as? any Failure)?.report ?? "\(error)"
    }
  }

  /// - Parameter place: Of the error, without the file.
  private func expectError(
    _ survey: CutSurvey, at place: String, saying words: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    let expected = await report { try await survey.run() }
    #expect(expected.contains("s.csv:\(place): "), "\(expected)", sourceLocation: sourceLocation)
    #expect(expected.contains(words), "\(expected)", sourceLocation: sourceLocation)
    for (threads, bytes) in CutSurvey.ways {
      let found = await report { try await survey.run(threads: threads, bytes: bytes) }
      #expect(found == expected, "\(threads) threads, \(bytes) bytes", sourceLocation: sourceLocation)
    }
    try await CutSurvey.rest()
    let cached = await report { try await survey.run(threads: 2, bytes: 1000, cache: survey.cache) }
    #expect(cached == expected, sourceLocation: sourceLocation)
    #expect(try survey.snapshots().isEmpty, sourceLocation: sourceLocation)
    // libcsv alone, record after record.
    let compressed = await report { try await survey.run(pipelines: "compressed") }
    #expect(
      compressed.replacingOccurrences(of: "compressed/s.csv.gz", with: "pipelines/s.csv") == expected,
      sourceLocation: sourceLocation)
    #expect(!FileManager.default.fileExists(atPath: survey.directory.path(of: "out")), sourceLocation: sourceLocation)
  }

  /// The columns that are read, by what for.
  @Test(arguments: [0, 1, 2, 3, 4]) func invalidUTF8InAUsedColumn(column: Int) async throws {
    for bad in [[0xC3] as [UInt8], [0x00], [0xED, 0xA0, 0x80]] {
      let bytes = Self.bytes(row: 120) { row in
        var fields = row.dropLast().split(separator: ",").map { Array($0.utf8) }
        fields[column] += bad
        return Array(fields.joined(separator: Array(",".utf8))) + [0x0A]
      }
      try await expectError(
        try Self.survey(bytes), at: "122:\(column + 1)", saying: bad == [0] ? "NUL" : "UTF-8")
    }
  }

  /// A key of other rows is read, too.
  @Test func invalidUTF8InAKey() async throws {
    let bytes = Self.bytes(row: 130) { Array($0.utf8.dropLast()) + [0xFF, 0x0A] }
    try await expectError(
      try Self.survey(bytes, indicators: Self.indicators + Self.related), at: "132:7", saying: "UTF-8")
    // Nobody looks at it otherwise.
    #expect(await report { try await Self.survey(bytes).run(threads: 2, bytes: 1000) } == "no error")
  }

  @Test func invalidUTF8InAnUnusedColumnIsNoMatter() async throws {
    let (spoiled, plain) = (
      try Self.survey(
        Self.bytes(row: 120) {
          Array($0.replacingOccurrences(of: "ab", with: "a").utf8.dropLast(3)) + [0xFF] + Array(",c\n".utf8)
        }),
      try Self.survey(Self.bytes(row: 120) { Array($0.utf8) })
    )
    _ = try await plain.run()
    for (threads, bytes) in CutSurvey.ways + [(1, 1 << 20)] {
      _ = try await spoiled.run(threads: threads, bytes: bytes)
      #expect(try spoiled.files() == plain.files())
    }
    _ = try await spoiled.run(pipelines: "compressed")
    #expect(try spoiled.files() == plain.files())
  }

  @Test func aStrayQuote() async throws {
    try await expectError(
      try Self.survey(Self.bytes(row: 120) { Array($0.replacingOccurrences(of: "ab", with: "a\"b").utf8) }),
      at: "122:6", saying: "quote")
    try await expectError(
      try Self.survey(Self.bytes(row: 120) { Array($0.replacingOccurrences(of: "ab", with: "\"a\"b").utf8) }),
      at: "122:6", saying: "quote")
  }

  @Test func aQuoteThatIsNeverClosed() async throws {
    try await expectError(
      try Self.survey(Self.bytes(row: 120) { Array($0.replacingOccurrences(of: "ab", with: "\"ab").utf8) }),
      at: "122:6", saying: "quote")
    try await expectError(
      try Self.survey(Self.bytes(row: 299) { Array($0.replacingOccurrences(of: "ab", with: "\"ab").utf8) }),
      at: "301:6", saying: "quote")
  }

  /// The first of several mistakes is told, though a later morsel is read at the same time.
  @Test func theFirstMistakeIsTold() async throws {
    var bytes = Array(Self.header.utf8)
    for number in 0..<300 {
      var row = Array(Self.row(number).utf8)
      if number % 40 == 39 { row[row.count - 5] = 0xFF }
      bytes += row
    }
    try await expectError(
      try Self.survey(bytes, indicators: Self.indicators.replacingOccurrences(of: "q:", with: "note:")), at: "41:6",
      saying: "UTF-8")
  }

  @Test func anotherHeaderInASecondFile() async throws {
    let survey = try Self.survey(Self.bytes(row: 0) { Array($0.utf8) })
    let text = try survey.directory.text(of: "pipelines/s.yaml")
    try survey.directory.write(text.replacingOccurrences(of: "s.csv", with: "[s.csv, t.csv]"), to: "pipelines/s.yaml")
    for (header, place, words) in [
      ("id,h,p,w,q,q,key\n", "t.csv:1:6: ", "header"), ("id,h,p,w,q,note\n", "t.csv:1:7: ", "header"),
      ("id,h,p,w,q,note,key,id\n", "t.csv:1:8: ", "header"),
    ] {
      try survey.directory.write(header + "x,h1,1,1,1,ab,c\n", to: "pipelines/t.csv")
      let expected = await report { try await survey.run() }
      #expect(expected.contains(place) && expected.lowercased().contains(words), "\(expected)")
      for (threads, bytes) in CutSurvey.ways {
        #expect(await report { try await survey.run(threads: threads, bytes: bytes) } == expected)
      }
    }
  }

  // MARK: - A file that changes

  /// Reads a file in morsels, and does something to it when the first of them is taken.
  private func read(_ path: String, threads: Int, change: @escaping @Sendable () throws -> Void) async throws {
    let table = TableDefinition(name: "responses", paths: [path], respondent: "id")
    var needs = ColumnNeeds(table: table)
    needs.add(.oneOf(column: "q", codes: ["1"]))
    var plan = TablePlan(table: table, needs: needs)
    let file = try #require(try MorselFile(path: path, table: "responses", bytesPerMorsel: 1000))
    let columns = try plan.resolve(file.header)
    var normalizer = Normalizer(plan: plan, fieldCount: file.header.names.count)
    let reading = try MorselReading(
      plan: plan, columns: columns, fieldCount: file.header.names.count, format: CSVFormat(table),
      tallies: [:], options: ReadingOptions(threads: threads), cycle: "survey")
    var isFirst = true
    try await reading.read(
      file, normalizer: &normalizer,
      observe: { _, _ in
        if isFirst { try? change() }
        isFirst = false
      }, body: { _, _ in })
  }

  /// At every place: between records, within one, within a quoted field, to nothing.
  @Test(arguments: [1, 2, 5]) func aFileThatIsCutWhileItIsRead(threads: Int) async throws {
    let rows = (0..<600).map {
      $0 % 9 == 4 ? Self.row($0).replacingOccurrences(of: "ab", with: "\"a,\nb\"") : Self.row($0)
    }
    let bytes = Array((Self.header + rows.joined()).utf8)
    let directory = try TemporaryDirectory()
    for length in [0, 1, 25, 999, 1000, 1001, 1500, 2000, 2017, 5003, 9000, 11_999] + Array(4000...4045) {
      let path = try directory.write(bytes, to: "s.csv")
      await #expect(throws: IngestError.changedWhileRead(path: path), "cut to \(length) bytes") {
        try await read(path, threads: threads) {
          try FileHandle(forWritingAtPath: path)?.truncate(atOffset: UInt64(length))
        }
      }
    }
  }

  @Test(arguments: [1, 3]) func aFileThatGrowsWhileItIsRead(threads: Int) async throws {
    let directory = try TemporaryDirectory()
    let bytes = Self.bytes(row: 0) { Array($0.utf8) }
    let path = try directory.write(bytes, to: "s.csv")
    await #expect(throws: IngestError.changedWhileRead(path: path)) {
      try await read(path, threads: threads) {
        let file = FileHandle(forWritingAtPath: path)
        try file?.seekToEnd()
        try file?.write(contentsOf: Data("more".utf8))
      }
    }
    // Without a change nothing is thrown.
    try directory.write(bytes, to: "s.csv")
    try await read(path, threads: threads) {}
  }

  // MARK: - Pipes

  /// A named pipe can be opened once.
  @Test(.limit(minutes: 10), arguments: [true, false]) func aNamedPipe(isCached: Bool) async throws {
    let survey = try Self.survey(Self.bytes(row: 0) { Array($0.utf8) })
    _ = try await survey.run()
    let expected = try survey.files()
    let path = survey.directory.path(of: "pipelines/s.csv")
    try FileManager.default.moveItem(atPath: path, toPath: path + ".data")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "mkfifo \"$1\" && cat \"$1.data\" > \"$1\"", "sh", path]
    try process.run()
    while !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(5)) }
    _ = try await survey.run(threads: 2, cache: isCached ? survey.cache : nil)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try survey.files() == expected)
    #expect(try survey.snapshots().isEmpty)
  }

  // MARK: - Cancellation

  @Test(.limit(minutes: 10), arguments: [1, 3]) func aCancelledRunLeavesNothing(threads: Int) async throws {
    let directory = try TemporaryDirectory()
    var rows = Self.header
    for number in 0..<20_000 { rows += Self.row(number) }
    var bytes = Array(rows.utf8)
    let block = bytes[Self.header.utf8.count...]
    for _ in 0..<60 { bytes += block }
    try directory.write(Self.definition.replacingOccurrences(of: ", respondent: id", with: ""), to: "pipelines/s.yaml")
    try directory.write(Self.indicators, to: "pipelines/indicators.yaml")
    try directory.write(bytes, to: "pipelines/s.csv")
    try await CutSurvey.rest()
    let survey = CutSurvey(directory: directory, main: "s", data: [])
    let progress = ReadProgress()
    let task = Task { try await survey.run(threads: threads, bytes: 64 << 10, cache: survey.cache, progress: progress) }
    // A thread of its own: tasks may have to wait for those of other tests.
    let seen = Mutex((bytes: Int64(0), hasPartial: false))
    Thread.detachNewThread {
      while (progress.current["s"]?.rows ?? 0) < 50_000 { Thread.sleep(forTimeInterval: 0.001) }
      let names = (try? survey.snapshots().keys.map { $0 }) ?? []
      seen.withLock { $0 = (progress.current["s"]?.bytes ?? 0, names.contains { $0.hasSuffix(".partial") }) }
      task.cancel()
    }
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    let (before, hasPartial) = seen.withLock { $0 }
    #expect(hasPartial)
    let after = progress.current["s"]?.bytes ?? 0
    #expect(before > 0 && after < Int64(bytes.count) && after - before < 4 << 20, "\(before), \(after)")
    #expect(try survey.snapshots().isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted().filter { $0 != "cache" } == [
        "pipelines"
      ])
  }
}
