import SurveyModel

/// An open file that is read in morsels: its header is known, and its bytes can be read from any place.
///
/// A morsel is a fixed range of bytes; to it belong the records that start in the range. They are read
/// side by side. No pass counts quotes from the first byte on: each morsel finds its first record by itself, and
/// `MorselSequence` makes sure that each begins where the one before it ended.
public final class MorselFile: Sendable {
  /// Bytes of the file that a morsel stands for.
  public static let bytesPerMorsel = 1 << 20

  public let path: String
  public let header: Header
  /// With the delimiter that the file itself may name.
  public let format: CSVFormat
  /// Where the first record after the header starts, and on which line.
  let dataStart: Int64
  public let firstLine: Int
  public let size: Int64
  let bytesPerMorsel: Int
  private let file: InputFile

  /// Opens a file and reads its header.
  ///
  /// - Returns: nil where the file cannot be read from any place (a pipe), is compressed, or is not in UTF-8.
  /// - Throws: `IngestError` where it cannot be opened, or has no header that could be read.
  public init?(
    path: String, table: String, format: CSVFormat = CSVFormat(), bytesPerMorsel: Int = MorselFile.bytesPerMorsel
  ) throws {
    guard !path.hasSuffix(InputBytes.compressedSuffix), InputFile.isLasting(path) else { return nil }
    file = try InputFile(path: path)
    guard file.isRegular else { return nil }
    guard let start = try HeaderReader(path: path, table: table, format: format).read(file) else { return nil }
    self.path = path
    self.bytesPerMorsel = max(1, bytesPerMorsel)
    size = file.size
    header = start.header
    self.format = start.header.format
    dataStart = start.end
    firstLine = start.line
  }

  /// How many morsels the file has.
  public var morselCount: Int { Int((size + Int64(bytesPerMorsel) - 1) / Int64(bytesPerMorsel)) }

  /// The bytes that a morsel stands for.
  public func range(of morsel: Int) -> Range<Int64> {
    let start = Int64(morsel) * Int64(bytesPerMorsel)
    return start..<max(start, min(start + Int64(bytesPerMorsel), size))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(IngestError) -> Int {
    try file.read(into: buffer, at: offset)
  }

  /// - Throws: `IngestError.changedWhileRead` where the file has changed since it was opened.
  public func requireUnchanged() throws(IngestError) { try file.requireUnchanged(bytesRead: size) }
}

/// Reads what heads a file, and where it ends.
private struct HeaderReader {
  let path: String
  let table: String
  let format: CSVFormat

  /// - Returns: nil where the file must be converted from its beginning on.
  func read(_ file: borrowing InputFile) throws -> (header: Header, end: Int64, line: Int)? {
    var feed = try RecordFeed(
      RecordAssembler(path: path, format: format), table: table, format: format)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LibCSVParser.bytesPerCall, alignment: 64)
    defer { buffer.deallocate() }
    var header: Header?
    func take(_ found: Header) -> [Int] {
      header = found
      return []
    }
    var offset: Int64 = 0
    while !feed.isPastHeader {
      let count = try file.read(into: buffer, at: offset)
      guard count > 0 else { break }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      if offset == 0 {
        let first = UnsafeRawBufferPointer(rebasing: bytes.prefix(TextStart.byteCount))
        let start = try TextStart(first, path: path, declared: format.encoding)
        guard start.encoding == nil else { return nil }
        feed.suspicion = start.suspicion
      }
      var start = 0
      while start < count, !feed.isPastHeader {
        let end = feed.endOfLine(in: bytes, from: start)
        try feed.take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), choose: take, body: { _ in })
        start = end
      }
      offset += Int64(start)
    }
    if !feed.isPastHeader { try feed.finish(choose: take, body: { _ in }) }
    guard let header else { throw IngestError.empty(path: path) }
    let line = feed.assembler.pointee.line
    // The LF of a CRLF.
    let around = UnsafeMutableRawBufferPointer(rebasing: buffer[..<2])
    if offset > 0, try file.read(into: around, at: offset - 1) == 2, around[0] == 0x0D, around[1] == 0x0A {
      offset += 1
    }
    return (header, offset, line)
  }
}
