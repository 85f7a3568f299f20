import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest

/// A tiny writer of CSV, and nothing in common with the reader but the grammar.
struct RandomFile {
  var header: [String]
  var rows: [[String]] = []
  var bytes: [UInt8] = []
  /// Where each row starts.
  var starts: [Int] = []
  var format: CSVFormat

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let delimiters: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]
    format = CSVFormat(delimiter: delimiters.randomElement(using: &generator) ?? UInt8(ascii: ","))
    let columns = Int.random(in: 1...5, using: &generator)
    header = (0..<columns).map { "c\($0)" }
    let ends: [[UInt8]] = [[0x0A], [0x0D, 0x0A], [0x0D]]
    let mainEnd = ends.randomElement(using: &generator)
    let rowCount = Int.random(in: 0...40, using: &generator)
    if Bool.random(using: &generator) { bytes += [0xEF, 0xBB, 0xBF] }
    for index in 0...rowCount {
      let fields = index == 0 ? header : (0..<columns).map { _ in Self.field(&generator) }
      while Int.random(in: 0..<6, using: &generator) == 0 { bytes += ends.randomElement(using: &generator) ?? [] }
      if index > 0 {
        rows.append(fields)
        starts.append(bytes.count)
      }
      for (place, field) in fields.enumerated() {
        if place > 0 { bytes.append(format.delimiter) }
        append(field, isOnly: columns == 1, &generator)
      }
      if index == rowCount, Bool.random(using: &generator) { break }
      bytes += (Int.random(in: 0..<10, using: &generator) == 0 ? ends.randomElement(using: &generator) : mainEnd) ?? []
    }
  }

  private static func field(_ generator: inout SeededGenerator) -> String {
    let pieces = ["a", "Bc", " ", "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", "é", "🎉", "'", "\u{FEFF}"]
    let count = Int.random(in: 0...5, using: &generator)
    return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }

  private mutating func append(_ field: String, isOnly: Bool, _ generator: inout SeededGenerator) {
    let contents = Array(field.utf8)
    // In a single column an empty field would be a blank line.
    let needsQuotes =
      (isOnly && field.isEmpty) || contents.contains { [0x22, 0x0A, 0x0D, format.delimiter].contains($0) }
    guard needsQuotes || Int.random(in: 0..<4, using: &generator) == 0 else {
      bytes += contents
      return
    }
    bytes.append(0x22)
    for byte in contents { bytes += byte == 0x22 ? [0x22, 0x22] : [byte] }
    bytes.append(0x22)
  }
}

@Suite("What a writer wrote is read back")
struct RandomFileTests {
  @Test("Records and lines of random files are theirs", arguments: UInt64(1)...200)
  func readBack(seed: UInt64) throws {
    let file = RandomFile(seed: seed)
    let reading = try Reading(of: file.bytes, format: file.format)
    #expect(reading.header == file.header)
    #expect(reading.rows == file.rows)
    #expect(reading.misshapen == [])
    let lines = physicalLines(in: file.bytes)
    #expect(reading.lines == file.starts.map { lines[$0] })

    var generator = SeededGenerator(seed: seed &+ 1_000_000)
    let kept = file.header.indices.filter { _ in Bool.random(using: &generator) }
    let part = try Reading(of: file.bytes, format: file.format, columns: kept.map { file.header[$0] })
    #expect(part.rows == file.rows.map { row in kept.map { row[$0] } })
    #expect(part.lines == reading.lines)
  }
}
