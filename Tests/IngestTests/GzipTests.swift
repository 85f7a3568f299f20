import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest

@Suite("A file that ends in .gz is read as what it unpacks to")
struct GzipTests {
  private static func text(rows: Int, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    var text = "a,b\n"
    for row in 0..<rows { text += "\(row),\"\(UInt64.random(in: 0...9_999_999_999, using: &generator))\n\"\n" }
    return text
  }

  private func reading(of bytes: [UInt8]) throws -> Reading {
    let directory = try TemporaryDirectory()
    return try Reading(contentsOf: directory.write(bytes, to: "t.csv.gz"))
  }

  private func error(of bytes: [UInt8]) throws -> (any Error)? {
    do {
      _ = try reading(of: bytes)
      return nil
    } catch {
      return error
    }
  }

  /// Sizes about those of the buffers: 256 KB of compressed bytes, 1 MB of text.
  @Test("Whatever the size and the compression", arguments: [0, 1, 100, 12_000, 90_000, 150_000])
  func sameAsUnpacked(rows: Int) throws {
    let text = Self.text(rows: rows, seed: UInt64(rows) + 1)
    let expected = try Reading(of: text)
    for level: Int32 in [0, 1, 9] {
      let unpacked = try reading(of: gzipped(Array(text.utf8), level: level))
      #expect(unpacked.rows == expected.rows)
      #expect(unpacked.lines == expected.lines)
      #expect(unpacked.header == expected.header)
    }
  }

  @Test("What unpacks to much is read piece by piece")
  func strongCompression() throws {
    let reading = try reading(of: gzipped(Array(("a\n" + String(repeating: "1\n", count: 1_500_000)).utf8), level: 9))
    #expect(reading.rows.count == 1_500_000)
    #expect(reading.batches > 3)
    let error = try error(of: gzipped("a\n\"" + String(repeating: "x", count: 40 << 20)))
    guard case .recordTooLong? = error as? IngestError else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("Members may end anywhere, also inside a record")
  func members() throws {
    let bytes = Array("\u{FEFF}a,b\r\n1,\"x\ny\"\n3,é\n".utf8)
    let expected = try Reading(of: bytes)
    for first in 0...bytes.count {
      for second in [first, (first + bytes.count) / 2, bytes.count] {
        let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
        #expect(try reading(of: parts.flatMap { gzipped(Array($0)) }).rows == expected.rows, "\(first), \(second)")
      }
    }
  }

  @Test("A file that ends too early, at every byte")
  func truncated() throws {
    let whole = gzipped(Self.text(rows: 20, seed: 1))
    for count in 1..<whole.count {
      guard case .truncatedGzip? = try error(of: Array(whole[..<count])) as? IngestError else {
        Issue.record("\(count) of \(whole.count) bytes")
        continue
      }
      // The second member is cut.
      guard case .truncatedGzip? = try error(of: whole + whole[..<count]) as? IngestError else {
        Issue.record("\(count) of \(whole.count) bytes of the second member")
        continue
      }
    }
    guard case .empty? = try error(of: []) as? IngestError else {
      Issue.record("an empty file")
      return
    }
  }

  @Test("A wrong bit is found or does no harm")
  func damaged() throws {
    let text = Self.text(rows: 20, seed: 2)
    let expected = try Reading(of: text).rows
    let whole = gzipped(text)
    var found = 0
    for place in whole.indices {
      for bit in 0..<8 {
        var bytes = whole
        bytes[place] ^= 1 << UInt8(bit)
        do {
          #expect(try reading(of: bytes).rows == expected, "byte \(place), bit \(bit)")
        } catch let error as IngestError {
          found += 1
          #expect(error.exitStatus == .unacceptableData, "byte \(place), bit \(bit)")
        }
      }
    }
    // Only the time and the system in the header say nothing about the contents.
    #expect(found > (whole.count - 8) * 8)
  }

  @Test("A wrong checksum is named")
  func checksum() throws {
    var bytes = gzipped("a\n1\n")
    bytes[bytes.count - 8] ^= 1
    guard case .corruptGzip(_, "incorrect data check")? = try error(of: bytes) as? IngestError else {
      Issue.record("\(String(describing: try error(of: bytes)))")
      return
    }
  }

  @Test("What is no gzip, and what follows it", arguments: ["a,b\n1,2\n", "\n", "\u{1F}x", "\0\0\0\0"])
  func notGzip(text: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "t.csv.gz")
    #expect(throws: IngestError.notGzip(path: path)) { try Reading(contentsOf: path) }
    try directory.write(gzipped("a,b\n1,2\n") + Array(text.utf8), to: "t.csv.gz")
    #expect(throws: IngestError.trailingGarbage(path: path)) { try Reading(contentsOf: path) }
  }

  @Test("The name decides")
  func name() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(gzipped("a\n1\n"), to: "t.csv")
    #expect(throws: IngestError.self) { try Reading(contentsOf: path) }
    #expect(try Reading(contentsOf: directory.write(gzipped("a\n1\n"), to: "t.gz")).rows == [["1"]])
  }

  @Test("The observer sees the bytes of the file itself")
  func observer() throws {
    let directory = try TemporaryDirectory()
    let bytes = gzipped(Array(Self.text(rows: 40_000, seed: 3).utf8), level: 1) + gzipped("x,y\n")
    let path = try directory.write(bytes, to: "t.csv.gz")
    var seen: [UInt8] = []
    let extent = try RecordReader(path: path, table: "t").read(
      observer: { seen += $0 }, choose: { _ in [] }, body: { _ in })
    #expect(seen == bytes)
    #expect(extent.bytes == Int64(bytes.count))
  }

  @Test("A file that changes while it is read is noticed")
  func changes() throws {
    let directory = try TemporaryDirectory()
    let bytes = gzipped(Array(Self.text(rows: 40_000, seed: 4).utf8), level: 1)
    let path = try directory.write(bytes, to: "t.csv.gz")
    var hasChanged = false
    #expect(throws: IngestError.changedWhileRead(path: path)) {
      try RecordReader(path: path, table: "t").read(
        choose: { _ in [0] },
        body: { _ in
          if !hasChanged { try directory.write(bytes + gzipped("x,y\n"), to: "t.csv.gz") }
          hasChanged = true
        })
    }
  }
}
