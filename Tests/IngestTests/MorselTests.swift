import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest

@Suite("Morsels against libcsv")
struct MorselTests {
  private static let alphabet: [UInt8] = [0x61, 0x2C, 0x22, 0x0A, 0x0D]

  /// What reading came to: records, or the message of the error with its place.
  private enum Outcome: Equatable {
    case read(rows: [[String]], lines: [Int], misshapen: [RecordBatch.MisshapenRecord])
    case failed(String)

    init(_ read: () throws -> Reading) {
      do {
        let reading = try read()
        self = .read(rows: reading.rows, lines: reading.lines, misshapen: reading.misshapen)
      } catch {
        self = .failed((error as? any Failure)?.report ?? "\(error)")
      }
    }
  }

  private func expectSame(_ path: String, sizes: [Int], format: CSVFormat = CSVFormat(), _ note: String) {
    let expected = Outcome { try Reading(contentsOf: path, format: format) }
    for size in sizes {
      let found = Outcome { try Reading(morselsOf: path, bytesPerMorsel: size, format: format) }
      if found != expected { Issue.record("\(note), morsels of \(size): \(found), libcsv: \(expected)") }
    }
  }

  /// Every text of up to five bytes after a header of one or two columns, in morsels of one byte and more.
  @Test(arguments: ["h\n", "h,i\n"]) func everySmallFile(header: String) throws {
    let directory = try TemporaryDirectory()
    for length in 0...5 {
      for number in 0..<Self.power(Self.alphabet.count, length) {
        var rest = number
        var bytes = Array(header.utf8)
        for _ in 0..<length {
          bytes.append(Self.alphabet[rest % Self.alphabet.count])
          rest /= Self.alphabet.count
        }
        let path = try directory.write(bytes, to: "t.csv")
        expectSame(path, sizes: length < 5 ? [1, 2, 3, 5, 100] : [1, 3], "\(bytes)")
      }
    }
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  /// Files of random fields, quoted or not, with line breaks and quotes inside, and some with a mistake.
  @Test(arguments: 1...120) func randomFiles(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let ends = [["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]].randomElement(using: &generator) ?? ["\n"]
    func field() -> String {
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: return ""
      case 1: return "\"\""
      case 2: return "\"a,b\""
      case 3: return "\"line\n\r\nbreak\r\""
      case 4: return "\"say \"\"yes\"\"\""
      case 5: return String(repeating: "long ", count: Int.random(in: 1...40, using: &generator))
      default: return "plain é"
      }
    }
    var text = "a,b,c\(ends[0])"
    for _ in 0..<60 {
      let count = Int.random(in: 0..<25, using: &generator) == 0 ? Int.random(in: 0...5, using: &generator) : 3
      text += (0..<count).map { _ in field() }.joined(separator: ",") + (ends.randomElement(using: &generator) ?? "\n")
    }
    var bytes = Array(text.utf8)
    if seed % 3 == 0 {
      let mistakes: [[UInt8]] = [[0x22], [0x00], [0xC3], [0x61, 0x22, 0x61], [0x22, 0x61]]
      let place = Int.random(in: 6..<bytes.count, using: &generator)
      bytes.insert(contentsOf: mistakes.randomElement(using: &generator) ?? [], at: place)
    }
    if Bool.random(using: &generator) { bytes = [0xEF, 0xBB, 0xBF] + bytes }
    if Bool.random(using: &generator) { bytes.removeLast() }
    let directory = try TemporaryDirectory()
    let path = try directory.write(bytes, to: "t.csv")
    expectSame(path, sizes: [1, 2, 7, 64, 100, 333, 1 << 20], "seed \(seed)")
  }

  @Test func aMorselInsideAQuotedFieldFindsItsPlace() throws {
    // Most morsels begin inside the quoted field, where line breaks and commas look like records. It begins and ends
    // with a comma, so that its quotes look right from both sides.
    let inside = String(repeating: ",x\ny,", count: 300)
    let text = "a,b\n1,\"\(inside)\"\n2,3\n4,\"\(inside)\"\n5,6\n"
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "t.csv")
    var moved = 0
    let reading = try Reading(morselsOf: path, bytesPerMorsel: 100) { elsewhere, _ in moved = elsewhere }
    let expected = try Reading(contentsOf: path)
    #expect(reading.rows == expected.rows)
    #expect(reading.lines == expected.lines)
    #expect(moved > 0, "no morsel had to be read again, so that nothing was shown")
  }

  @Test func aRecordOverManyMorsels() throws {
    let long = String(repeating: "0123456789", count: 30_000)
    let directory = try TemporaryDirectory()
    let path = try directory.write("a,b\n1,\(long)\n2,\"\(long)\"\n3,x", to: "t.csv")
    expectSame(path, sizes: [1000, 65_536, 1 << 20], "a record of 300 KB")
  }

  /// Windows that end between a CR and its LF, in a field, between quotes.
  @Test(arguments: 1...12) func windowsEndAnywhere(overlap: Int) throws {
    let text = "a,b\r\n1,2\r\n\r\n\"3\r\n\",\"\"\"4\"\r\n5\r\n6,7\r\r8,9\n\n10,11\r\n"
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "t.csv")
    let expected = try Reading(contentsOf: path)
    for size in 1...12 {
      let reading = try Reading(morselsOf: path, bytesPerMorsel: size, overlap: overlap)
      #expect(reading.rows == expected.rows)
      #expect(reading.lines == expected.lines)
      #expect(reading.misshapen == expected.misshapen)
    }
  }

  @Test func aRecordThatNeverEnds() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      Array("a,b\n1,2\n3,\"".utf8) + Array(repeating: UInt8(0x61), count: 17 << 20), to: "t.csv")
    expectSame(path, sizes: [1 << 20], "an open quote")
  }

  @Test func otherFormats() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("a;b\n\"1;2\";3\n4;\"5\n", to: "t.csv")
    for format in [CSVFormat(delimiter: 0x3B), CSVFormat(delimiter: 0x3B, quote: nil), CSVFormat(quote: 0x27)] {
      expectSame(path, sizes: [1, 3, 100], format: format, "\(format)")
    }
  }

  @Test func fewColumnsAreKept() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("a,b,c\n1,\"2,\"\"x\"\"\",3\n4,5,6\n", to: "t.csv")
    for names in [["b"], ["a", "c"], ["b", "c"]] {
      let expected = try Reading(contentsOf: path, columns: names)
      #expect(try Reading(morselsOf: path, bytesPerMorsel: 4, columns: names).rows == expected.rows)
    }
  }

  @Test func aPipeAndACompressedFileAreNotCut() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("not gzip", to: "t.csv.gz")
    #expect(try MorselFile(path: path, table: "responses") == nil)
  }

  @Test func aFileThatChangesIsNoticed() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("a\n1\n", to: "t.csv")
    let file = try #require(try MorselFile(path: path, table: "responses"))
    try file.requireUnchanged()
    _ = try directory.write("a\n1\n2\n", to: "t.csv")
    #expect(throws: IngestError.changedWhileRead(path: path)) { try file.requireUnchanged() }
  }

  @Test func digestsAreThoseOfThePieces() throws {
    let directory = try TemporaryDirectory()
    let bytes = Array("a,b\n".utf8) + Array(String(repeating: "1,\"x\"\"y\"\n", count: 50).utf8)
    let path = try directory.write(bytes, to: "t.csv")
    let file = try #require(try MorselFile(path: path, table: "responses", bytesPerMorsel: 37))
    var scanner = MorselScanner(columns: [0, 1], fieldCount: 2, hashes: true)
    var hash = PieceHash()
    for index in 0..<file.morselCount {
      let morsel = try scanner.read(index, of: file)
      // Unescaping leaves the bytes of the file as they are.
      let own = bytes[index * 37..<min(bytes.count, (index + 1) * 37)]
      #expect(Array(morsel.records.bytes[morsel.ownBytes]) == Array(own))
      hash.append(try #require(morsel.digest))
    }
    var expected = PieceHash()
    for start in stride(from: 0, to: bytes.count, by: 37) {
      expected.append(bytes[start..<min(bytes.count, start + 37)].withUnsafeBytes { PieceHash.digest(of: $0) })
    }
    #expect(hash.finish() == expected.finish())
  }
}
