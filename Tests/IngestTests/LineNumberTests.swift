import SurveyTestSupport
import Testing

@testable import Ingest

@Suite("A row knows the physical line on which it starts")
struct LineNumberTests {
  @Test("The counter of these tests counts as an editor does")
  func counter() {
    let bytes = Array("a\nb\r\nc\rd\n\n\re".utf8)
    let offsets = "abcde".utf8.map { bytes.firstIndex(of: $0) ?? 0 }
    #expect(offsets.map { physicalLine(of: $0, in: bytes) } == [1, 2, 3, 4, 7])
    #expect(bytes.indices.map { physicalLine(of: $0, in: bytes) } == Array(physicalLines(in: bytes).dropLast()))
  }

  @Test(
    "Each kind of line end counts once, inside and outside quotes",
    arguments: ["\n", "\r\n", "\r"], ["\n", "\r\n", "\r", "\n\n", "\r\r", "\r\n\r\n", "\n\r", "\n\r\n", "\r\r\n"])
  func kinds(end: String, breaks: String) throws {
    // Each row carries a letter of its own, by which its line is found.
    let lines = ["x,y", "A,1", "\"B\(breaks)\",2", "C,\"\(breaks)3\(breaks)\"", "", "D,\"\"", "", "", "E,5"]
    let text = lines.joined(separator: end)
    let bytes = Array(text.utf8)
    let expected = "ABCDE".utf8.map { physicalLine(of: bytes.firstIndex(of: $0) ?? 0, in: bytes) }
    #expect(try Reading(of: text).lines == expected)
  }

  @Test("Misshapen rows have their line as well, and those after them theirs")
  func misshapen() throws {
    let reading = try Reading(of: "a,b\n1\n\"2\n2\",3\n4,5,\"6\r\n6\"\n\n7,8\n9")
    #expect(reading.rows == [["2\n2", "3"], ["7", "8"]])
    #expect(reading.lines == [3, 8])
    #expect(
      reading.misshapen == [
        RecordBatch.MisshapenRecord(line: 2, fields: 1), RecordBatch.MisshapenRecord(line: 5, fields: 3),
        RecordBatch.MisshapenRecord(line: 9, fields: 1),
      ])
  }
}

@Suite("A row with too few or too many fields is left out alone")
struct MisshapenTests {
  @Test(
    "Its neighbours are not disturbed",
    arguments: ["1", "1,2", "1,2,3,4", ",,,,,,,,", "\"\"", "\"x,\ny\",2", "1,2,3,"])
  func neighbours(row: String) throws {
    for columns in [["a", "b", "c"], ["b"], ["a", "c"], ["c"], []] {
      let reading = try Reading(of: "a,b,c\nu,v,w\n\(row)\nx,y,z\n", columns: columns)
      let kept = columns.map { ["a", "b", "c"].firstIndex(of: $0) ?? 0 }
      #expect(reading.rows == [["u", "v", "w"], ["x", "y", "z"]].map { row in kept.map { row[$0] } })
      #expect(reading.misshapen.count == 1)
      #expect(reading.misshapen.first?.line == 3)
    }
  }

  @Test("The number of its fields is told", arguments: [1, 2, 4, 5, 50])
  func fieldCount(count: Int) throws {
    let row = (0..<count).map { "\($0)" }.joined(separator: ",")
    for text in ["a,b,c\n\(row)\n1,2,3\n", "a,b,c\n1,2,3\n\(row)"] {
      #expect(try Reading(of: text).misshapen.map(\.fields) == [count])
      #expect(try Reading(of: text).rows == [["1", "2", "3"]])
    }
  }

  @Test("A file of misshapen rows only has no row, and all of them are told")
  func allMisshapen() throws {
    let reading = try Reading(of: "a,b\n" + String(repeating: "1\n", count: 70_000))
    #expect(reading.rows == [])
    #expect(reading.misshapen.map(\.line) == Array(2...70_001))
  }

  @Test("A small table has no use for one")
  func smallTable() throws {
    let file = try TemporaryFile("a,b\n1,2\n\"\n\"\n")
    #expect(throws: IngestError.misshapenRecord(.init(file: file.path, line: 3), fields: 1, expected: 2)) {
      try SmallTable(contentsOf: file.path)
    }
  }
}
