import SurveyModel
import SurveyTestSupport

@testable import Ingest

/// Everything that the reader said about one file.
struct Reading: Equatable {
  var header: [String] = []
  var rows: [[String]] = []
  /// The physical line on which each row starts.
  var lines: [Int] = []
  var misshapen: [RecordBatch.MisshapenRecord] = []
  var batches = 0

  init() {}

  /// - Parameter columns: The names of the columns to keep; nil: all.
  init(contentsOf path: String, format: CSVFormat = CSVFormat(), columns: [String]? = nil) throws {
    var reading = Reading()
    _ = try RecordReader(path: path, table: "responses", format: format).read(
      choose: { header in
        reading.header = header.names
        guard let columns else { return Array(header.names.indices) }
        return try columns.map { try header.position(of: $0) }.sorted()
      },
      body: { batch in reading.add(batch) })
    self = reading
  }

  init(of text: String, format: CSVFormat = CSVFormat(), columns: [String]? = nil) throws {
    try self.init(of: Array(text.utf8), format: format, columns: columns)
  }

  init(of bytes: [UInt8], format: CSVFormat = CSVFormat(), columns: [String]? = nil) throws {
    let directory = try TemporaryDirectory()
    try self.init(contentsOf: try directory.write(bytes, to: "t.csv"), format: format, columns: columns)
  }

  mutating func add(_ batch: borrowing RecordBatch) {
    batches += 1
    for row in 0..<batch.rowCount {
      rows.append((0..<batch.columnCount).map { batch.text(row: row, column: $0) })
      lines.append(batch.lines[row])
    }
    misshapen += batch.misshapen
  }
}

/// The line that a byte stands on, counted by hand: LF, CRLF and a lone CR end a line.
func physicalLine(of offset: Int, in bytes: [UInt8]) -> Int {
  var line = 1
  for index in 0..<offset {
    let endsLine =
      bytes[index] == 0x0A || (bytes[index] == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A))
    if endsLine { line += 1 }
  }
  return line
}

/// Physical line numbers of all bytes, in one pass.
func physicalLines(in bytes: [UInt8]) -> [Int] {
  var lines: [Int] = []
  var line = 1
  for (index, byte) in bytes.enumerated() {
    lines.append(line)
    let isFollowedByLF = index + 1 < bytes.count && bytes[index + 1] == 0x0A
    if byte == 0x0A || (byte == 0x0D && !isFollowedByLF) { line += 1 }
  }
  lines.append(line)
  return lines
}
