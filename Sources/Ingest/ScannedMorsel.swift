/// A morsel after it was read: the records that start in its range of bytes.
public struct ScannedMorsel: Sendable {
  public var index: Int
  /// Where its first record starts in the file, as far as the morsel itself can tell, and where the record after its
  /// last one starts. nil: no record was found to start in it.
  public var start: Int64?
  public var end: Int64
  /// LF, CRLF and lone CR between the two.
  public var lineBreaks: Int
  /// Lines and misshapen records count from 0, the line of the morsel's first record.
  public var records: RecordBatch
  /// Something beyond plain RFC 4180 stands in it: libcsv has the word.
  public var needsParser: Bool
  /// Where the bytes of the morsel's range stand in `records.bytes`.
  public var ownBytes: Range<Int>
  /// The physical line on which its first record starts, once `MorselSequence` has placed it.
  var firstLine = 0
  /// Which byte of the file the first of `records.bytes` is.
  var firstByte: Int64
  /// How many of `records.bytes` were read from the file.
  var byteCount: Int
  /// XXH3-128 of its bytes, high word first, if asked for.
  public var digest: [UInt8]?
}
