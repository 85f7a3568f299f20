@testable import Ingest

/// The grammar of docs/definitions.md once more, byte by byte and with nothing in common with libcsv or the scan.
enum PlainGrammar {
  enum Outcome: Equatable {
    case read(CSVReading)
    /// Line and field; empty where the file has no record.
    case refused([Int])
  }

  private struct Refused: Error {
    var place: [Int]
  }

  static func read(_ bytes: [UInt8], _ path: String, _ choices: CSVChoices) -> Outcome {
    var reader = Reader(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], choices: choices)
    guard reader.skipLines() else { return .refused([]) }
    do throws(Refused) {
      while let record = try reader.record() { try reader.take(record) }
    } catch {
      return .refused(error.place)
    }
    return reader.isPastHeader ? .read(reader.reading) : .refused([])
  }

  private struct Reader {
    var bytes: ArraySlice<UInt8>
    let choices: CSVChoices
    var reading = CSVReading()
    var hasHeader = false
    var isPastHeader: Bool { hasHeader && headerRowsLeft == 0 }
    var line = 1
    private var delimiter: UInt8
    private var headerRowsLeft: Int
    private var columns: [Int] = []

    init(bytes: ArraySlice<UInt8>, choices: CSVChoices) {
      self.bytes = bytes
      self.choices = choices
      delimiter = choices.format.delimiter
      headerRowsLeft = choices.format.headerRows - 1
    }

    /// - Returns: False where the file ends above the header.
    mutating func skipLines() -> Bool {
      var found: UInt8?
      for number in 0..<choices.format.skippedRows {
        guard !bytes.isEmpty else { return false }
        let line = takeLine()
        guard line.hasEnd else { return false }
        if number == 0 { found = separator(line.text) }
      }
      if found == nil {
        let (before, lineBefore) = (bytes, line)
        found = separator(takeLine().text)
        if found == nil { (bytes, line) = (before, lineBefore) }
      }
      delimiter = found ?? delimiter
      return true
    }

    private mutating func takeLine() -> (text: [UInt8], hasEnd: Bool) {
      var text: [UInt8] = []
      while let byte = bytes.first {
        if takeLineEnd() { return (text, true) }
        text.append(byte)
        bytes.removeFirst()
      }
      return (text, false)
    }

    private func separator(_ line: [UInt8]) -> UInt8? {
      let isQuoted = line.count == 7 && line.first == 0x22 && line.last == 0x22
      let bare = isQuoted ? Array(line[1..<6]) : line
      guard bare.count == 5, String(decoding: bare[..<4], as: UTF8.self).lowercased() == "sep=",
        bare[4] != choices.format.quote
      else { return nil }
      switch bare[4] {
      case 0x09, 0x20...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return bare[4]
      default: return nil
      }
    }

    /// A field with the line on which it starts.
    typealias Field = (value: [UInt8], line: Int)

    /// The fields of the next record that is no blank line; nil at the end.
    mutating func record() throws(Refused) -> [Field]? {
      while takeLineEnd() {}
      guard !bytes.isEmpty else { return nil }
      var fields: [Field] = []
      repeat {
        let start = line
        fields.append((try field(number: fields.count + 1), start))
        // A field is complete when what ends it is seen: what is wrong with it comes before what follows.
        try check(fields.count - 1, fields[fields.count - 1])
      } while take(delimiter)
      let recordLine = fields[0].line
      lineOfRecord = recordLine
      _ = takeLineEnd()
      return fields
    }

    private var lineOfRecord = 1

    mutating func take(_ record: [Field]) throws(Refused) {
      guard hasHeader else {
        hasHeader = true
        reading.header = record.map { String(decoding: $0.value, as: UTF8.self) }
        columns = choices.columns(of: reading.header)
        return
      }
      guard headerRowsLeft == 0 else {
        headerRowsLeft -= 1
        return
      }
      if record.count == reading.header.count {
        reading.rows.append(columns.map { record[$0].value })
        reading.lines.append(lineOfRecord)
      } else {
        reading.misshapen.append(.init(line: lineOfRecord, fields: record.count))
      }
    }

    /// Fields that somebody wants must be text.
    private func check(_ index: Int, _ field: Field) throws(Refused) {
      guard !hasHeader || (headerRowsLeft == 0 && columns.contains(index)) else { return }
      if field.value.contains(0) || String(validating: field.value, as: UTF8.self) == nil {
        throw Refused(place: [field.line, index + 1])
      }
    }

    private mutating func field(number: Int) throws(Refused) -> [UInt8] {
      var value: [UInt8] = []
      let start = line
      guard let quote = choices.format.quote, take(quote) else {
        while let byte = bytes.first, byte != delimiter, byte != 0x0A, byte != 0x0D {
          // Without quotes a byte that is no UTF-8 stands for them.
          if byte == choices.format.quote ?? 0xFF { throw Refused(place: [line, number]) }
          value.append(byte)
          bytes.removeFirst()
        }
        return value
      }
      while true {
        guard let byte = bytes.first else { throw Refused(place: [start, number]) }
        if takeLineEnd(into: &value) { continue }
        bytes.removeFirst()
        guard byte == quote else {
          value.append(byte)
          continue
        }
        guard take(quote) else { break }
        value.append(quote)
      }
      guard let next = bytes.first, next != delimiter, next != 0x0A, next != 0x0D else { return value }
      throw Refused(place: [line, number])
    }

    private mutating func take(_ byte: UInt8) -> Bool {
      guard bytes.first == byte else { return false }
      bytes.removeFirst()
      return true
    }

    private mutating func takeLineEnd() -> Bool {
      var ignored: [UInt8] = []
      return takeLineEnd(into: &ignored)
    }

    /// LF, CRLF or CR.
    private mutating func takeLineEnd(into value: inout [UInt8]) -> Bool {
      guard let byte = bytes.first, byte == 0x0A || byte == 0x0D else { return false }
      value.append(byte)
      bytes.removeFirst()
      if byte == 0x0D, take(0x0A) { value.append(0x0A) }
      line += 1
      return true
    }
  }
}
