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
  }

  private struct HeaderIsKnown: Error {}

  /// The header alone.
  ///
  /// - Returns: nil where the file cannot be read a second time (a pipe).
  /// - Throws: `IngestError` where there is no header that could be read.
  public func header() throws -> Header? {
    guard InputFile.isLasting(path) else { return nil }
    var header: Header?
    do {
      _ = try read(
        choose: {
          header = $0
          throw HeaderIsKnown()
        }, body: { _ in })
    } catch is HeaderIsKnown {}
    return header
  }

  /// The header as it is written: the first line that is not empty, without its end and a byte order mark.
  ///
  /// - Returns: nil where the file cannot be read a second time (a pipe).
  /// - Throws: As `header()`, for a file without a header.
  public func headerLine() throws -> String? {
    guard try header() != nil else { return nil }
    var input = try InputBytes(path: path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytesPerRead, alignment: 64)
    defer { buffer.deallocate() }
    func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    var line: [UInt8] = []
    var isFirst = true
    while case let count = try input.read(into: buffer, observer: nil), count > 0 {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      let text = isFirst ? ByteOrderMark.removed(from: bytes) : bytes
      let rest = line.isEmpty ? text.drop(while: isEnd) : text[...]
      line += rest.prefix { !isEnd($0) }
      if rest.contains(where: isEnd) { break }
      isFirst = false
    }
    return String(decoding: line, as: UTF8.self)
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
    var input = try InputBytes(path: path)
    var feed = try RecordFeed(RecordAssembler(path: path), table: table, format: format)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytesPerRead, alignment: 64)
    defer { buffer.deallocate() }
    var isFirst = true
    while true {
      let count = try input.read(into: buffer, observer: observer)
      if count == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      try feed.take(isFirst ? ByteOrderMark.removed(from: bytes) : bytes, choose: choose, body: body)
      isFirst = false
    }
    try feed.finish(choose: choose, body: body)
    try input.requireUnchanged()
    return Extent(bytes: input.bytesRead)
  }
}
