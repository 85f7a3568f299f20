import Kernels

/// Some records of a table: a byte buffer and where each needed field stands in it.
///
/// Only the requested columns are here, in the order of the file. No `String` is made. libcsv and the
/// scanner both fill this form: libcsv copies the contents of the fields one after the other (`ends`), the scanner
/// leaves them where they were read (`places`).
///
/// A batch that was read holds records of one file. One that was put together from rows of a long table may hold
/// records of several files, and fields from other lines than their record's.
public struct RecordBatch: Sendable {
  /// How many columns each record has here.
  public let columnCount: Int
  /// The contents of the fields without quotes, record by record; or the bytes of the file.
  public package(set) var bytes: [UInt8] = []
  /// Where each field ends in `bytes`; `columnCount` entries a record. Unused where `places` has them.
  public package(set) var ends: [Int] = []
  /// Where each field stands in `bytes`, if they are not one after the other.
  package var places: FieldPlaces?
  /// The physical line on which each record starts.
  public package(set) var lines: [Int] = []
  /// By how much the lines were moved since the batch was filled: what was said of them before lies so much lower.
  package private(set) var lineShift = 0
  /// Records with too few or too many fields; they are not among the rows.
  public package(set) var misshapen: [MisshapenRecord] = []
  public package(set) var blank = BlankRecords()
  public package(set) var rowCount = 0
  /// The files that the records come from.
  public package(set) var files: [String]
  /// By record, the position of its file in `files`; empty: all come from the first.
  public package(set) var fileNumbers: [Int32] = []
  /// The line of each field, `columnCount` entries a record; empty: each stands where its record does.
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
    if let places { return places.range(row: row, column: column) }
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

  /// The same records with their places by column, and with bytes behind the last field that may be read with it.
  package consuming func padded() -> RecordBatch {
    var result = self
    guard result.places == nil else { return result }
    result.places = FieldPlaces(result)
    result.bytes.append(contentsOf: repeatElement(0, count: FieldScan.padding))
    return result
  }

  /// Forgets the records and keeps the memory.
  package mutating func clear() {
    lines.removeAll(keepingCapacity: true)
    misshapen.removeAll(keepingCapacity: true)
    blank = BlankRecords()
    rowCount = 0
    lineShift = 0
  }

  /// The memory of the lines, to be filled anew and given back.
  mutating func takeLines() -> [Int] {
    var taken: [Int] = []
    swap(&taken, &lines)
    return taken
  }

  /// Lines were counted from the start of a piece of the file: makes them those of the file.
  ///
  /// - Parameter offset: Lines before the piece.
  package mutating func shiftLines(by offset: Int) {
    lineShift = offset
    guard offset != 0 else { return }
    lines.withUnsafeMutableBufferPointer { lines in for row in lines.indices { lines[row] += offset } }
    for record in misshapen.indices { misshapen[record].line += offset }
    if blank.count > 0 { blank.line += offset }
  }
}
