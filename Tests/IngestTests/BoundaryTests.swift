import SurveyTestSupport
import Testing

@testable import Ingest

/// Where the file is cut into reads and calls must not be seen in the records.
@Suite("No boundary inside the reader shows")
struct BoundaryTests {
  /// Every kind of byte that means something, alone and next to others.
  static let fixture =
    "p,1,2\n,\"a,b\",\"say \"\"x\"\"\"\r\n,\"l\r\nm\",\"\"\"\"\r,é🎉,\"\"\n\n,\"\r\",\"\n\"\r\n\r\n,\"\",last"
  static let records = [
    ["p", "1", "2"], ["", "a,b", "say \"x\""], ["", "l\r\nm", "\""], ["", "é🎉", ""], ["", "\r", "\n"],
    ["", "", "last"],
  ]

  @Test(
    "A file reads the same wherever its bytes lie about the end of a call (64 KB) or of a read (1 MB)",
    arguments: [65_535, 65_536, 65_537, 131_072, 1_048_575, 1_048_576, 1_048_577])
  func padded(position: Int) throws {
    let fixture = Array(Self.fixture.utf8)
    let small = try Reading(of: Array("pad,b,c\n".utf8) + fixture)
    #expect(small.rows == Self.records)
    let directory = try TemporaryDirectory()
    for offset in fixture.indices {
      // One row whose unused first field fills up to where the byte at `offset` lands on `position`.
      let fixed = "pad,b,c\n,y,z\n".utf8.count
      let padding = position - offset - fixed
      let start = Array("pad,b,c\n".utf8) + Array(repeating: UInt8(ascii: "x"), count: padding) + Array(",y,z\n".utf8)
      #expect(start.count + offset == position)
      let path = try directory.write(start + fixture, to: "t.csv")
      let reading = try Reading(contentsOf: path, columns: ["b", "c"])
      #expect(reading.rows == [["y", "z"]] + Self.records.map { Array($0[1...]) }, "byte \(offset)")
      #expect(reading.lines == [2] + small.lines.map { $0 + 1 }, "byte \(offset)")
    }
  }

  @Test("A file reads the same wherever it is cut in two, and in three")
  func cuts() throws {
    let header = Array("pad,b,c\n".utf8)
    let rest = Array(Self.fixture.utf8)
    let whole = try reading(header: header, pieces: [rest[...]])
    #expect(whole.rows == Self.records)
    #expect(whole.lines == [2, 3, 4, 6, 8, 12])
    for first in 0...rest.count {
      for second in first...rest.count {
        let pieces = [rest[..<first], rest[first..<second], rest[second...]]
        let cut = try reading(header: header, pieces: pieces)
        #expect(cut.rows == whole.rows && cut.lines == whole.lines, "cut at \(first) and \(second)")
      }
    }
  }

  @Test(
    "A field longer than a call is whole",
    arguments: [65_534, 65_535, 65_536, 65_537, 131_072, 200_000, 1_048_576, 3_000_000])
  func longFields(count: Int) throws {
    let plain = String(repeating: "x", count: count)
    let quotes = String(repeating: "\"", count: count / 2)
    let breaks = String(repeating: "\r\n", count: count / 2)
    let text = "a,b,c\n1,\(plain),2\n3,\"\(quotes + quotes)\",4\n5,\"\(breaks)\",6\n7,8,9\n"
    let reading = try Reading(of: text, columns: ["a", "b", "c"])
    #expect(reading.rows.map { [$0[0], $0[2]] } == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "9"]])
    let fields = reading.rows.map { $0[1] }
    #expect(fields[0] == plain)
    #expect(fields[1] == quotes)
    #expect(fields[2] == breaks)
    #expect(reading.lines == [2, 3, 4, 5 + count / 2])
  }

  @Test("A header longer than a call is whole", arguments: [65_535, 65_536, 65_537, 1_048_577])
  func longHeader(count: Int) throws {
    let name = String(repeating: "n", count: count)
    let reading = try Reading(of: "\(name),\"\(name)\n\",c\n1,2,3\n")
    #expect(reading.header == [name, name + "\n", "c"])
    #expect(reading.rows == [["1", "2", "3"]])
    #expect(reading.lines == [3])
  }

  @Test("The end of the file may fall on the end of a call or a read", arguments: [65_535, 65_536, 65_537, 1_048_576])
  func endOfFile(count: Int) throws {
    for ending in ["", "\n", "\r", "\r\n", ",\"\"", "\"x\""] {
      let start = "a\n1,2\n"
      let isQuoted = ending == "\"x\""
      let filler = String(repeating: isQuoted ? "\n" : "x", count: count - start.utf8.count - ending.utf8.count)
      let reading = try Reading(of: start + filler + ending)
      #expect(reading.misshapen.first == RecordBatch.MisshapenRecord(line: 2, fields: 2))
      switch ending {
      case ",\"\"": #expect(reading.misshapen.last == RecordBatch.MisshapenRecord(line: 3, fields: 2))
      case "\"x\"":
        #expect(reading.rows == [["x"]])
        #expect(reading.lines == [3 + filler.utf8.count])
      default:
        #expect(reading.rows == [[filler]])
        #expect(reading.lines == [3])
      }
    }
  }

  /// The parser and the assembler without the file around them.
  private func reading(header: [UInt8], pieces: [ArraySlice<UInt8>]) throws -> Reading {
    let parser = try LibCSVParser(format: CSVFormat())
    let assembler = UnsafeMutablePointer<RecordAssembler>.allocate(capacity: 1)
    assembler.initialize(to: RecordAssembler(path: "t.csv"))
    defer {
      assembler.deinitialize(count: 1)
      assembler.deallocate()
    }
    var reading = Reading()
    for (index, piece) in ([header[...]] + pieces).enumerated() {
      let taken = piece.withUnsafeBytes { parser.parse($0, into: assembler) }
      #expect(taken == piece.count)
      if index == 0 {
        reading.header = try #require(assembler.pointee.header)
        assembler.pointee.keep(columns: Array(reading.header.indices))
      }
      reading.add(assembler.pointee.batch)
      assembler.pointee.removeCompleteRecords()
    }
    let isFinished = parser.finish(into: assembler)
    #expect(isFinished)
    reading.add(assembler.pointee.batch)
    #expect(assembler.pointee.error == nil)
    return reading
  }
}
