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
