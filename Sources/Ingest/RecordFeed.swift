import SurveyModel

/// The loop around libcsv: small pieces in, complete records out, and a look at errors, memory and cancellation
/// between any two calls.
struct RecordFeed: ~Copyable {
  private let parser: LibCSVParser
  let assembler: UnsafeMutablePointer<RecordAssembler>
  private let path: String
  private let table: String
  /// Quotes are ordinary characters.
  private let hasNoQuote: Bool
  private var hasChosen: Bool
  /// Bytes fed since a record last ended, to the nearest call.
  private var openRecordBytes = 0

  /// - Parameter assembler: Where records are put together; with a header if the feed goes on in the middle of a file.
  /// - Throws: `IngestError.outOfMemory`.
  init(_ assembler: RecordAssembler, table: String, format: CSVFormat) throws(IngestError) {
    path = assembler.path
    self.table = table
    hasNoQuote = format.quote == nil
    hasChosen = assembler.header != nil
    do { parser = try LibCSVParser(format: format) } catch { throw .outOfMemory(path: assembler.path) }
    self.assembler = .allocate(capacity: 1)
    self.assembler.initialize(to: assembler)
  }

  deinit {
    assembler.deinitialize(count: 1)
    assembler.deallocate()
  }

  mutating func take(
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
      try checkParser(hasTakenAll: taken == piece.count)
      if culprit != nil { throw IngestError.invalidUTF8(assembler.pointee.location()) }
      try deliver(choose: choose, body: body)
      openRecordBytes = assembler.pointee.line == lineBefore ? openRecordBytes + piece.count : 0
      if max(openRecordBytes, parser.bufferSize) > RecordAssembler.longestRecord {
        throw IngestError.recordTooLong(assembler.pointee.location(), limit: RecordAssembler.longestRecord)
      }
      start = end
    }
  }

  mutating func finish(choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void) throws {
    guard parser.finish(into: assembler) else {
      if parser.status == .noMemory || parser.status == .tooBig { throw IngestError.outOfMemory(path: path) }
      throw IngestError.unterminatedQuote(assembler.pointee.location())
    }
    if let error = assembler.pointee.error { throw error }
    try deliver(choose: choose, body: body)
    if assembler.pointee.header == nil { throw IngestError.empty(path: path) }
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

  private func checkParser(hasTakenAll: Bool) throws(IngestError) {
    if let error = assembler.pointee.error { throw error }
    guard !hasTakenAll else { return }
    switch parser.status {
    case .parse:
      let place = assembler.pointee.location(extraLineBreaks: parser.lineBreaksInOpenField)
      throw parser.isInQuotedField ? .textAfterClosingQuote(place) : .quoteInsideField(place)
    default:
      throw .outOfMemory(path: path)
    }
  }

  private mutating func deliver(
    choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    if !hasChosen, let names = assembler.pointee.header {
      assembler.pointee.keep(columns: try choose(Header(names: names, path: path, table: table)))
      hasChosen = true
    }
    guard assembler.pointee.batch.rowCount > 0 || !assembler.pointee.batch.misshapen.isEmpty else { return }
    try body(assembler.pointee.batch)
    assembler.pointee.removeCompleteRecords()
  }
}
