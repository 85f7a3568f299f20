import Foundation

@testable import Ingest

/// A reader of a few lines, for what stands above the data and for encodings: it decodes a whole file, takes lines from
/// its beginning, and knows records by their quotes.
struct PlainFile {
  enum Outcome: Equatable {
    case read(header: [String], rows: [[String]], lines: [Int])
    case refused
  }

  let format: CSVFormat

  func read(_ text: String) -> Outcome {
    var scalars = Array(text.unicodeScalars)[...]
    if scalars.first == "\u{FEFF}" { scalars = scalars.dropFirst() }
    var line = 1
    var delimiter = Unicode.Scalar(format.delimiter)
    func takeLine() -> String? {
      guard !scalars.isEmpty else { return nil }
      var result = String.UnicodeScalarView()
      while let scalar = scalars.popFirst() {
        if scalar == "\n" || scalar == "\r" {
          if scalar == "\r", scalars.first == "\n" { scalars = scalars.dropFirst() }
          line += 1
          break
        }
        result.append(scalar)
      }
      return String(result)
    }
    func separator(_ line: String) -> Unicode.Scalar? {
      var bare = line.lowercased()
      if bare.count == 7, bare.hasPrefix("\""), bare.hasSuffix("\"") { bare = String(bare.dropFirst().dropLast()) }
      guard bare.unicodeScalars.count == 5, bare.hasPrefix("sep="), let last = bare.unicodeScalars.last else {
        return nil
      }
      return last.properties.isAlphabetic || ("0"..."9").contains(last) ? nil : last
    }
    var found: Unicode.Scalar?
    for number in 0..<format.skippedRows {
      guard let line = takeLine() else { return .refused }
      if number == 0 { found = separator(line) }
    }
    if found == nil {
      let before = (scalars, line)
      found = takeLine().flatMap(separator)
      if found == nil { (scalars, line) = before }
    }
    if let found {
      if format.isDelimiterDeclared, found != delimiter { return .refused }
      delimiter = found
    }
    let (records, isWhole) = Self.records(scalars, from: line, delimiter: delimiter)
    guard isWhole, records.count >= format.headerRows else { return .refused }
    let heading = records[..<(format.joinsHeaderRows ? format.headerRows : 1)].map(\.fields)
    let header = heading.count > 1 ? Self.joined(heading) : heading[0]
    let rows = records[format.headerRows...].filter { $0.fields.count == header.count }
    return .read(header: header, rows: rows.map(\.fields), lines: rows.map(\.line))
  }

  /// Column by column, looking to the left for each blank cell.
  private static func joined(_ rows: [[String]]) -> [String] {
    func cell(_ row: Int, _ column: Int) -> String { column < rows[row].count ? rows[row][column] : "" }
    return (0..<(rows.map(\.count).max() ?? 0)).map { column in
      var parts: [String] = []
      for row in rows.indices {
        var (place, text) = (column, cell(row, column))
        while row < rows.count - 1, text.isEmpty, place > 0, (0..<row).allSatisfy({ cell($0, place).isEmpty }) {
          place -= 1
          text = cell(row, place)
        }
        if !text.isEmpty, parts.last != text { parts.append(text) }
      }
      return parts.joined(separator: " / ")
    }
  }

  private typealias Record = (fields: [String], line: Int)

  /// Records of well formed text; blank lines are none.
  private static func records(
    _ text: ArraySlice<Unicode.Scalar>, from first: Int, delimiter: Unicode.Scalar
  ) -> ([Record], isWhole: Bool) {
    var records: [Record] = []
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var (line, start) = (first, first)
    var (isQuoted, wasQuoted, hasText) = (false, false, false)
    var last: Unicode.Scalar?
    for scalar in text {
      let isBreak = scalar == "\r" || (scalar == "\n" && last != "\r")
      if scalar == "\"" {
        if !isQuoted {
          // The second of two within a field is one of its characters; others only begin a field.
          if wasQuoted, last == "\"" { field.append(scalar) } else if wasQuoted || !field.isEmpty { return ([], false) }
        }
        isQuoted.toggle()
        (wasQuoted, hasText) = (true, true)
      } else if isQuoted {
        field.append(scalar)
      } else if scalar == delimiter {
        fields.append(String(field))
        (field, wasQuoted, hasText) = (String.UnicodeScalarView(), false, true)
        last = scalar
        continue
      } else if scalar == "\n" || scalar == "\r" {
        if !fields.isEmpty || hasText {
          records.append((fields + [String(field)], start))
        }
        (fields, field, wasQuoted, hasText) = ([], String.UnicodeScalarView(), false, false)
        start = line + (isBreak ? 1 : 0)
      } else {
        if wasQuoted { return ([], false) }
        field.append(scalar)
        hasText = true
      }
      if isBreak { line += 1 }
      last = scalar
    }
    if !fields.isEmpty || hasText { records.append((fields + [String(field)], start)) }
    return (records, !isQuoted)
  }
}
