import SurveyModel

/// The loop around libcsv: small pieces in, complete records out, and a look at errors, memory and cancellation
/// between any two calls.
struct RecordFeed: ~Copyable {
  private let parser: LibCSVParser
  let assembler: UnsafeMutablePointer<RecordAssembler>
  private let path: String
  private let table: String
  private let format: CSVFormat
  /// Quotes are ordinary characters.
  private let hasNoQuote: Bool
  /// What stands above the header; nil once it is read.
  private var preamble: Preamble?
  /// Physical lines above the first record, and whether a quote stands in them.
  private(set) var above = (lines: 0, holdsQuote: false)
  /// What delimits the fields: a line `sep=` may say something else than the format.
  private(set) var delimiter: UInt8
  /// What the file seems to be, if it turns out that it cannot be read as CSV.
  var suspicion: FileKind?
  private var hasChosen: Bool
  /// Bytes fed since a record last ended, to the nearest call.
  private var openRecordBytes = 0

  /// - Parameter assembler: Where records are put together; with a header if the feed goes on in the middle of a file.
  /// - Throws: `IngestError.outOfMemory`.
  init(_ assembler: RecordAssembler, table: String, format: CSVFormat) throws(IngestError) {
    path = assembler.path
    self.table = table
    self.format = format
    delimiter = format.delimiter
    hasNoQuote = format.quote == nil
    preamble = assembler.header == nil ? Preamble(format) : nil
    hasChosen = assembler.header != nil
    do { parser = try LibCSVParser(format: format) } catch { throw .outOfMemory(path: assembler.path) }
    self.assembler = .allocate(capacity: 1)
    self.assembler.initialize(to: assembler)
  }

  deinit {
    assembler.deinitialize(count: 1)
    assembler.deallocate()
  }

  /// Whether all that heads the file is read.
  var isPastHeader: Bool { assembler.pointee.isPastHeader }

  /// Where the field under way stands, and the next byte in it.
  var location: SourceLocation {
    if let preamble {
      return SourceLocation(
        file: path, line: preamble.line, column: preamble.line > format.skippedRows ? 1 : nil)
    }
    return assembler.pointee.location(extraLineBreaks: parser.lineBreaksInOpenField)
  }

  mutating func take(
    _ bytes: UnsafeRawBufferPointer, choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    do {
      try parse(try withoutPreamble(bytes, choose: choose, body: body), choose: choose, body: body)
    } catch let error as IngestError {
      throw judged(error)
    }
  }

  // MARK: - Above the records

  /// - Returns: What is left of the bytes.
  private mutating func withoutPreamble(
    _ bytes: UnsafeRawBufferPointer, choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws -> UnsafeRawBufferPointer {
    guard var preamble else { return bytes }
    let taken = preamble.take(bytes)
    self.preamble = preamble
    if preamble.isComplete { try begin(preamble, choose: choose, body: body) }
    return UnsafeRawBufferPointer(rebasing: bytes[taken...])
  }

  private mutating func begin(
    _ preamble: Preamble, choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    self.preamble = nil
    above = (preamble.line - 1, preamble.holdsQuote)
    if let separator = preamble.separator {
      if format.isDelimiterDeclared, separator.byte != format.delimiter {
        throw IngestError.otherSeparator(
          SourceLocation(file: path, line: separator.line), found: Character(UnicodeScalar(separator.byte)),
          declared: Character(UnicodeScalar(format.delimiter)), table: table)
      }
      delimiter = separator.byte
      parser.setDelimiter(delimiter)
    }
    assembler.pointee.begin(line: preamble.line, afterReturn: preamble.endsWithReturn)
    try preamble.rest.withUnsafeBytes { try parse($0, choose: choose, body: body) }
  }

  /// What is wrong with a file that seems to be none of text is not its quotes.
  func judged(_ error: IngestError) -> IngestError {
    guard let suspicion, !hasChosen, error.exitStatus == .unacceptableData else { return error }
    if case .otherSeparator = error { return error }
    return .otherKind(path: path, kind: suspicion)
  }

  // MARK: - Records

  private mutating func parse(
    _ bytes: UnsafeRawBufferPointer, choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    var start = 0
    while start < bytes.count {
      try Task.checkCancellation()
      // Until the columns are chosen, the header must not share a call with the rows after it.
      let end = hasChosen ? min(start + LibCSVParser.bytesPerCall, bytes.count) : endOfLine(in: bytes, from: start)
      var piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      // Two such bytes would be a quoted field to libcsv.
      let culprit = hasNoQuote ? piece.firstIndex(of: LibCSVParser.neverInUTF8) : nil
      if let culprit { piece = UnsafeRawBufferPointer(rebasing: piece[..<culprit]) }
      let lineBefore = assembler.pointee.line
      let taken = parser.parse(piece, into: assembler)
      if taken < piece.count || assembler.pointee.error != nil { try refuse(piece, at: taken) }
      if culprit != nil { throw IngestError.invalidUTF8(assembler.pointee.location()) }
      try deliver(choose: choose, body: body)
      openRecordBytes = assembler.pointee.line == lineBefore ? openRecordBytes + piece.count : 0
      if max(openRecordBytes, parser.bufferSize) > RecordAssembler.longestRecord {
        throw IngestError.recordTooLong(assembler.pointee.location(), limit: RecordAssembler.longestRecord)
      }
      start = end
    }
  }

  /// The end of the file.
  mutating func finish(choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void) throws {
    do {
      if var preamble {
        preamble.finish()
        self.preamble = preamble
        if preamble.isComplete { try begin(preamble, choose: choose, body: body) }
      }
      try finishRecords(choose: choose, body: body)
    } catch let error as IngestError {
      throw judged(error)
    }
  }

  private mutating func finishRecords(
    choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    guard parser.finish(into: assembler) else {
      if parser.status == .noMemory || parser.status == .tooBig { throw IngestError.outOfMemory(path: path) }
      throw IngestError.unterminatedQuote(assembler.pointee.location())
    }
    if let error = assembler.pointee.error { throw error }
    try deliver(choose: choose, body: body)
    guard assembler.pointee.header != nil || assembler.pointee.headerRowsSeen > 0 else {
      guard format.skippedRows > 0, preamble?.isEmpty != true else { throw IngestError.empty(path: path) }
      throw IngestError.nothingBelow(path: path, skippedRows: format.skippedRows)
    }
    guard isPastHeader else {
      throw IngestError.tooFewHeaderRows(
        path: path, found: assembler.pointee.headerRowsSeen, expected: format.headerRows)
    }
  }

  /// The end of the line that a byte stands in, or of what libcsv takes at once.
  func endOfLine(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let limit = min(start + LibCSVParser.bytesPerCall, bytes.count)
    var end = start
    while end < limit {
      end += 1
      if bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { break }
    }
    return end
  }

  /// - Parameter place: Of the first byte that libcsv did not take.
  private func refuse(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(IngestError) {
    if let error = assembler.pointee.error { throw error }
    guard place < bytes.count else { return }
    switch parser.status {
    case .parse:
      let location = assembler.pointee.location(extraLineBreaks: parser.lineBreaksInOpenField)
      guard parser.isInQuotedField else { throw .quoteInsideField(location) }
      throw .textAfterClosingQuote(location, delimiter: Self.otherDelimiter(in: bytes, at: place, than: delimiter))
    default:
      throw .outOfMemory(path: path)
    }
  }

  /// What stands behind a closing quote, if files have it between fields.
  private static func otherDelimiter(
    in bytes: UnsafeRawBufferPointer, at place: Int, than delimiter: UInt8
  ) -> Character? {
    let byte = bytes[place]
    guard byte != delimiter, ";\t|,".utf8.contains(byte) else { return nil }
    return Character(UnicodeScalar(byte))
  }

  private mutating func deliver(
    choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    if !hasChosen, let names = assembler.pointee.header {
      var header = Header(names: names, path: path, table: table)
      header.line = assembler.pointee.headerLine
      header.format = format
      header.format.delimiter = delimiter
      header.suspicion = suspicion
      hasChosen = true
      assembler.pointee.keep(columns: try choose(header))
    }
    guard
      assembler.pointee.batch.rowCount > 0 || !assembler.pointee.batch.misshapen.isEmpty
        || assembler.pointee.batch.blank.count > 0
    else { return }
    try body(assembler.pointee.batch)
    assembler.pointee.removeCompleteRecords()
  }
}
