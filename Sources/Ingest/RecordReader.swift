import SurveyModel

/// Streams a file through libcsv from its first byte to its last, batch by batch, in bounded memory.
public struct RecordReader: Sendable {
  /// Records are handed on when this many are complete, or after each piece of the file that completed any.
  static let bytesPerRead = 1 << 20

  public let path: String
  public let table: String
  public let format: CSVFormat

  public init(path: String, table: String, format: CSVFormat = CSVFormat()) {
    self.path = path
    self.table = table
    self.format = format
  }

  /// What was read in all.
  public struct Extent: Sendable, Equatable {
    /// Bytes of the file itself, compressed or not.
    public var bytes: Int64
    /// The encoding in which the file was read, where it looks like UTF-8.
    public var doubtfulEncoding: String?
  }

  /// The header alone.
  ///
  /// - Returns: nil where the file cannot be read a second time (a pipe).
  /// - Throws: `IngestError` where there is no header that could be read.
  public func header() throws -> Header? { try start()?.header }

  /// What heads the file.
  ///
  /// - Returns: nil where the file cannot be read a second time (a pipe).
  /// - Throws: `IngestError` where there is no header that could be read.
  public func start() throws -> FileStart? {
    guard InputFile.isLasting(path) else { return nil }
    var header: Header?
    return try readLines(
      choose: {
        header = $0
        return []
      }, body: { _ in }, until: { $0.isPastHeader }
    ) { feed, encoding in
      guard let header else { throw IngestError.empty(path: path) }
      return FileStart(
        header: header, delimiter: feed.delimiter, linesAbove: feed.above.lines, holdsQuoteAbove: feed.above.holdsQuote,
        rowsAbove: feed.assembler.pointee.headerRowsSeen + feed.assembler.pointee.blankLinesAbove,
        convertedEncoding: encoding)
    }
  }

  /// Feeds the file line by line, as far as it is needed.
  ///
  /// - Parameters:
  ///   - isEnough: Asked before each line.
  ///   - result: Given the feed, and the name of an encoding that was converted.
  private func readLines<Result>(
    choose: (Header) throws -> [Int], body: (borrowing RecordBatch) throws -> Void,
    until isEnough: (borrowing RecordFeed) -> Bool, result: (borrowing RecordFeed, String?) throws -> Result
  ) throws -> Result {
    var input = try TextBytes(path: path, format: format)
    var feed = try RecordFeed(
      RecordAssembler(path: path, format: format), table: table, format: format)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LibCSVParser.bytesPerCall, alignment: 64)
    defer { buffer.deallocate() }
    while !isEnough(feed) {
      let count = try Self.read(&input, into: buffer, observer: nil, feed: &feed)
      if count == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      var start = 0
      while start < count, !isEnough(feed) {
        let end = feed.endOfLine(in: bytes, from: start)
        try feed.take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), choose: choose, body: body)
        start = end
      }
    }
    if !isEnough(feed) { try feed.finish(choose: choose, body: body) }
    return try result(feed, input.encoding?.name)
  }

  /// The header as it is written: the first line that is not empty, without its end and a byte order mark.
  ///
  /// - Returns: nil where the file cannot be read a second time (a pipe).
  /// - Throws: As `header()`, for a file without a header.
  public func headerLine() throws -> String? {
    guard try header() != nil else { return nil }
    var input = try TextBytes(path: path, format: format)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytesPerRead, alignment: 64)
    defer { buffer.deallocate() }
    func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    var line: [UInt8] = []
    var isFirst = true
    while case let count = try input.read(into: buffer, observer: nil), count > 0 {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      let hasMark = isFirst && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      let text = hasMark ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
      let rest = line.isEmpty ? text.drop(while: isEnd) : text[...]
      line += rest.prefix { !isEnd($0) }
      if rest.contains(where: isEnd) { break }
      isFirst = false
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// The first records below the header, as texts with their lines: for a look at a file.
  ///
  /// - Returns: nil where the file cannot be read a second time.
  /// - Throws: `IngestError`.
  public func firstRows(_ count: Int) throws -> (header: Header, rows: [(fields: [String], line: Int)])? {
    guard InputFile.isLasting(path) else { return nil }
    var header: Header?
    var rows: [(fields: [String], line: Int)] = []
    return try readLines(
      choose: {
        header = $0
        return Array($0.names.indices)
      },
      body: { batch in
        for row in 0..<batch.rowCount where rows.count < count {
          rows.append(((0..<batch.columnCount).map { batch.text(row: row, column: $0) }, batch.lines[row]))
        }
      }, until: { _ in rows.count >= count }
    ) { _, _ in header.map { ($0, rows) } }
  }

  /// Reads the whole file.
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
    var input = try TextBytes(path: path, format: format)
    var feed = try RecordFeed(
      RecordAssembler(path: path, format: format), table: table, format: format)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytesPerRead, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = try Self.read(&input, into: buffer, observer: observer, feed: &feed)
      if count == 0 { break }
      try feed.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), choose: choose, body: body)
    }
    try feed.finish(choose: choose, body: body)
    try input.requireUnchanged()
    return Extent(
      bytes: input.bytesRead, doubtfulEncoding: input.looksLikeUTF8 ? format.encoding ?? input.encoding?.name : nil)
  }

  /// Reads the next text; what its encoding refuses stands where the feed has come to.
  private static func read(
    _ input: inout TextBytes, into buffer: UnsafeMutableRawBufferPointer,
    observer: ((UnsafeRawBufferPointer) -> Void)?, feed: inout RecordFeed
  ) throws(IngestError) -> Int {
    defer { feed.suspicion = input.suspicion }
    do {
      return try input.read(into: buffer, observer: observer)
    } catch .undecodable(_, let encoding, let isCut, let looksLikeUTF8) {
      throw feed.judged(
        .undecodable(feed.location, encoding: encoding, isCut: isCut, looksLikeUTF8: looksLikeUTF8))
    }
  }
}
