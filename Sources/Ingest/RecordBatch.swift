/// Some records of a file, one after the other: a byte buffer and where each needed field ends in it.
///
/// Only the columns that somebody asked for are here, in the order of the file. No `String` is made.
public struct RecordBatch: Sendable {
  /// How many columns each record has here.
  public let columnCount: Int
  /// The contents of the fields without quotes, record by record.
  public internal(set) var bytes: [UInt8] = []
  /// Where each field ends in `bytes`; `columnCount` entries a record.
  public internal(set) var ends: [Int] = []
  /// The physical line on which each record starts.
  public internal(set) var lines: [Int] = []
  /// Records with too few or too many fields; they are not among the rows.
  public internal(set) var misshapen: [MisshapenRecord] = []
  public internal(set) var rowCount = 0

  init(columnCount: Int) {
    self.columnCount = columnCount
  }

  public struct MisshapenRecord: Sendable, Equatable {
    public var line: Int
    public var fields: Int
  }

  /// Where a field stands in `bytes`.
  @inline(__always)
  public func range(row: Int, column: Int) -> Range<Int> {
    let place = row * columnCount + column
    return (place == 0 ? 0 : ends[place - 1])..<ends[place]
  }

  /// The text of a field, for messages.
  public func text(row: Int, column: Int) -> String {
    String(decoding: bytes[range(row: row, column: column)], as: UTF8.self)
  }
}
