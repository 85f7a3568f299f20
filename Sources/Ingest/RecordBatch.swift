/// Some records of a table, one after the other: a byte buffer and where each needed field ends in it.
///
/// Only the columns that somebody asked for are here, in the order of the file. No `String` is made.
///
/// A batch that was read holds records of one file. One that was put together from rows of a long table may hold
/// records of several files, and fields from other lines than their record's.
public struct RecordBatch: Sendable {
  /// How many columns each record has here.
  public let columnCount: Int
  /// The contents of the fields without quotes, record by record.
  public package(set) var bytes: [UInt8] = []
  /// Where each field ends in `bytes`; `columnCount` entries a record.
  public package(set) var ends: [Int] = []
  /// The physical line on which each record starts.
  public package(set) var lines: [Int] = []
  /// Records with too few or too many fields; they are not among the rows.
  public package(set) var misshapen: [MisshapenRecord] = []
  public package(set) var rowCount = 0
  /// The files that the records come from.
  public package(set) var files: [String]
  /// By record, the position of its file in `files`; empty: all come from the first.
  public package(set) var fileNumbers: [Int32] = []
  /// The place of each field, `columnCount` entries a record; empty: each stands where its record does.
  public package(set) var fieldPlaces: [FieldPlace] = []

  package init(columnCount: Int, files: [String] = []) {
    self.columnCount = columnCount
    self.files = files
  }

  /// The line of a field that need not stand in the line of its record.
  public struct FieldPlace: Sendable, Equatable {
    /// Position of the file in `files`.
    public var file: Int32
    public var line: Int

    package init(file: Int32, line: Int) {
      self.file = file
      self.line = line
    }
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

  /// The file that a record comes from.
  public func file(row: Int) -> String { name(fileNumbers.isEmpty ? 0 : fileNumbers[row]) }

  /// The file and the line of a field, for messages.
  public func place(row: Int, column: Int) -> (file: String, line: Int) {
    guard !fieldPlaces.isEmpty else { return (file(row: row), lines[row]) }
    let place = fieldPlaces[row * columnCount + column]
    return (name(place.file), place.line)
  }

  private func name(_ file: Int32) -> String { file < files.count ? files[Int(file)] : "" }

  /// The text of a field, for messages.
  public func text(row: Int, column: Int) -> String {
    String(decoding: bytes[range(row: row, column: column)], as: UTF8.self)
  }
}
