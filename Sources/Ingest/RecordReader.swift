import SurveyModel

/// Streams a piece of input through libcsv, batch by batch, in bounded memory.
public struct RecordReader: Sendable {
  /// Records are handed on when this many are complete, or after each piece of the file that completed any.
  static let bytesPerRead = 1 << 20

  public let morsel: Morsel
  public let table: String
  public let format: CSVFormat
  private var path: String { morsel.path }

  public init(_ morsel: Morsel, table: String, format: CSVFormat = CSVFormat()) {
    self.morsel = morsel
    self.table = table
    self.format = format
  }

  /// A whole file as one morsel.
  public init(path: String, table: String, format: CSVFormat = CSVFormat()) {
    self.init(Morsel(index: 0, path: path), table: table, format: format)
  }

  /// What was read in all.
  public struct Extent: Sendable, Equatable {
    /// Bytes of the file itself, compressed or not.
    public var bytes: Int64
  }

  /// Reads the whole morsel.
  ///
  /// - Parameters:
  ///   - observer: Sees every byte of the file itself once, in order, before it is unpacked and parsed (for hashing and
  ///     progress).
  ///   - choose: Told the header, answers with the ascending positions of the columns to keep.
  ///   - body: Given each batch; it may be empty of rows and hold misshapen records only.
  /// - Throws: `IngestError`, `CancellationError` when the task is cancelled, and what `choose` and `body` throw.
  public func read(
    observer: ((UnsafeRawBufferPointer) -> Void)? = nil,
    choose: (Header) throws -> [Int],
    body: (borrowing RecordBatch) throws -> Void
  ) throws -> Extent {
    var input = try InputBytes(path: path)
    let parser: LibCSVParser
    do { parser = try LibCSVParser(format: format) } catch { throw IngestError.outOfMemory(path: path) }
    let assembler = UnsafeMutablePointer<RecordAssembler>.allocate(capacity: 1)
    assembler.initialize(to: RecordAssembler(path: path))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytesPerRead, alignment: 64)
    defer {
      assembler.deinitialize(count: 1)
      assembler.deallocate()
      buffer.deallocate()
    }
    var feed = Feed(parser: parser, assembler: assembler, path: path, table: table, hasNoQuote: format.quote == nil)
    var isFirst = true
    while true {
      let count = try input.read(into: buffer, observer: observer)
      if count == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      try feed.take(withoutByteOrderMark(bytes, isFirst: isFirst), choose: choose, body: body)
      isFirst = false
    }
    try feed.finish(choose: choose, body: body)
    try input.requireUnchanged()
    return Extent(bytes: input.bytesRead)
  }

  private func withoutByteOrderMark(_ bytes: UnsafeRawBufferPointer, isFirst: Bool) -> UnsafeRawBufferPointer {
    guard isFirst, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF else { return bytes }
    return UnsafeRawBufferPointer(rebasing: bytes[3...])
  }
}

/// The loop around libcsv: small pieces in, complete records out, and a look at errors, memory and cancellation
/// between any two calls.
private struct Feed: ~Copyable {
  private let parser: LibCSVParser
  private let assembler: UnsafeMutablePointer<RecordAssembler>
  private let path: String
  private let table: String
  /// Quotes are ordinary characters.
  private let hasNoQuote: Bool
  private var hasChosen = false
  /// Bytes fed since a record last ended, to the nearest call.
  private var openRecordBytes = 0

  init(
    parser: consuming LibCSVParser, assembler: UnsafeMutablePointer<RecordAssembler>, path: String, table: String,
    hasNoQuote: Bool
  ) {
    self.hasNoQuote = hasNoQuote
    self.parser = parser
    self.assembler = assembler
    self.path = path
    self.table = table
  }

  mutating func take(
    _ bytes: UnsafeRawBufferPointer, choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    var start = 0
    while start < bytes.count {
      try Task.checkCancellation()
      // Until the columns are chosen, the header must not share a call with the rows after it.
      let end = hasChosen ? min(start + LibCSVParser.bytesPerCall, bytes.count) : endOfLine(in: bytes, from: start)
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      let lineBefore = assembler.pointee.line
      let taken = parser.parse(piece, into: assembler)
      try checkParser(hasTakenAll: taken == piece.count)
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
      if hasNoQuote { throw IngestError.invalidUTF8(assembler.pointee.location()) }
      if parser.status == .noMemory || parser.status == .tooBig { throw IngestError.outOfMemory(path: path) }
      throw IngestError.unterminatedQuote(assembler.pointee.location())
    }
    if let error = assembler.pointee.error { throw error }
    try deliver(choose: choose, body: body)
    if assembler.pointee.header == nil { throw IngestError.empty(path: path) }
  }

  private func endOfLine(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
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
      if hasNoQuote { throw .invalidUTF8(place) }
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
