import SurveyModel

/// Why a header lacks a column: what an analyst most likely has to write.
extension Header {
  private static let delimiters: [Character] = [";", "\t", "|", ","]

  func problem(missing name: String) -> IngestError {
    let place = SourceLocation(file: path, line: line)
    if let suspicion { return .otherKind(path: path, kind: suspicion) }
    if isThereInUTF8(name), let declared = format.encoding {
      return .otherEncoding(place, name: name, table: table, declared: declared)
    }
    let likely = Self.delimiters.first { has(name, between: $0) }
    if names.count == 1, let delimiter = likely ?? Self.delimiters.first(where: { names[0].contains($0) }) {
      return .otherDelimiter(place, name: name, table: table, delimiter: delimiter)
    }
    if let likely { return .delimiterBetweenNames(place, name: name, table: table, delimiter: likely) }
    let nearest = NearestName.suggestion(for: name, among: names)
    if nearest == nil, let below = line(below: name) {
      return .headerBelow(place, name: name, table: table, line: below.line, separatorLine: below.hasSeparator)
    }
    return .missingColumn(place, name: name, table: table, nearest: nearest)
  }

  /// Whether the header has the name where the file is taken for UTF-8 and not for what is declared.
  private func isThereInUTF8(_ name: String) -> Bool {
    guard format.encoding != nil, !name.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
    var format = format
    format.encoding = nil
    return (try? RecordReader(path: path, table: table, format: format).header()?.contains(name)) == true
  }

  /// Whether the header has the name between other delimiters, perhaps in quotes.
  private func has(_ name: String, between delimiter: Character) -> Bool {
    guard names.contains(where: { $0.contains(delimiter) }) else { return false }
    let whole = names.joined(separator: String(UnicodeScalar(format.delimiter)))
    let quotes = format.quote.map { Character(UnicodeScalar($0)) }
    return whole.split(separator: delimiter, omittingEmptySubsequences: false).contains { piece in
      piece == name
        || (piece.count > 1 && piece.first == quotes && piece.last == quotes && piece.dropFirst().dropLast() == name)
    }
  }

  // MARK: - Lines below

  /// The first of the next lines that has the name as a field, as a title above the header leaves it.
  private func line(below name: String) -> (line: Int, hasSeparator: Bool)? {
    guard format.headerRows < Self.linesBelow, InputFile.isLasting(path) else { return nil }
    var lines = LineSearch(format: format, name: name)
    guard var input = try? TextBytes(path: path, format: format) else { return nil }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LibCSVParser.bytesPerCall, alignment: 64)
    defer { buffer.deallocate() }
    guard let count = try? input.read(into: buffer, observer: nil) else { return nil }
    return lines.search(UnsafeRawBufferPointer(rebasing: buffer[..<count]), below: line, most: Self.linesBelow)
  }

  /// Titles are short.
  private static let linesBelow = 50
}

/// Looks at lines as they stand, without the grammar: what is found is a hint and no reading.
private struct LineSearch {
  let format: CSVFormat
  let name: String

  mutating func search(
    _ bytes: UnsafeRawBufferPointer, below header: Int, most: Int
  ) -> (line: Int, hasSeparator: Bool)? {
    let text = String(decoding: bytes, as: UTF8.self)
    // A character of Swift is the pair of CR and LF, too.
    let lines = text.split(maxSplits: header + most, omittingEmptySubsequences: false) { "\n\r\r\n".contains($0) }
    guard header < lines.count else { return nil }
    let delimiter = Character(UnicodeScalar(format.delimiter))
    let quote = format.quote.map { Character(UnicodeScalar($0)) }
    for place in header..<min(lines.count, header + most) {
      let fields = lines[place].split(separator: delimiter, omittingEmptySubsequences: false)
      guard fields.count > 1 else { continue }
      let isThere = fields.contains { field in
        field == name || (field.first == quote && field.last == quote && field.dropFirst().dropLast() == name)
      }
      if isThere {
        let hasSeparator = Preamble.separator(in: lines[0].utf8.map { $0 }, quote: format.quote) != nil
        return (place + 1, hasSeparator)
      }
    }
    return nil
  }
}
