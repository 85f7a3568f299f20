import SurveyModel

/// Puts the morsels of a file in their order and makes sure that nothing lies between them: each must begin where the
/// one before it ended. Whatever a morsel supposed about the quotes before it, the records are those of a reader that
/// began with the first byte.
public struct MorselSequence: Sendable {
  public enum Place: Sendable, Equatable {
    /// It continues where the morsel before it ended.
    case follows
    /// No record starts in it.
    case empty
    /// It took another place for the start of its first record: it must be read again from here.
    case startsElsewhere(Int64)
  }

  private let file: MorselFile
  /// Where the next record starts, and on which line.
  private var next: Int64
  private var line: Int

  public init(_ file: MorselFile) {
    self.file = file
    next = file.dataStart
    line = file.firstLine
  }

  /// Looks where the next morsel belongs, and makes its lines those of the file.
  public mutating func place(_ morsel: inout ScannedMorsel) -> Place {
    guard next < file.range(of: morsel.index).upperBound else { return .empty }
    guard morsel.start == next else { return .startsElsewhere(next) }
    morsel.records.shiftLines(by: line)
    morsel.firstLine = line
    next = morsel.end
    line += morsel.lineBreaks
    return .follows
  }
}

extension ScannedMorsel {
  /// Lets libcsv read the records of a morsel that has its place; its answer stands, an error or not.
  ///
  /// - Parameters:
  ///   - columns: The kept columns, by their ascending positions in the header.
  ///   - body: Given the records, some at a time.
  /// - Throws: `IngestError` with the first thing that is wrong, and what `body` throws.
  public func parse(
    of file: MorselFile, columns: [Int], body: (borrowing RecordBatch) throws -> Void
  ) throws {
    guard let start else { return }
    var feed = try RecordFeed(
      RecordAssembler(path: file.path, header: file.header.names, columns: columns, line: firstLine),
      table: file.header.table, format: file.format)
    try records.bytes.withUnsafeBytes { bytes in
      let range = Int(start - firstByte)..<min(Int(end - firstByte), byteCount)
      try feed.take(UnsafeRawBufferPointer(rebasing: bytes[range]), choose: { _ in columns }, body: body)
      try feed.finish(choose: { _ in columns }, body: body)
    }
  }
}
