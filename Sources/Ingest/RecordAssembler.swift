import SurveyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Puts the fields that libcsv reports together into records, keeps count of physical lines, and remembers the first
/// thing that is wrong.
///
/// The first record is the header; the columns to keep are chosen when it is known. Other records that head the file
/// are skipped, or give the names together with it.
struct RecordAssembler {
  static let longestRecord = 16 << 20

  let path: String
  private(set) var header: [String]?
  /// The physical line on which the header starts.
  private(set) var headerLine = 1
  /// Records that head the file and are still to come, after the names.
  private var headerRowsLeft = 0
  private(set) var headerRowsSeen = 0
  /// How many records give the names.
  private var nameRows = 1
  private var names = JoinedNames()
  private(set) var blankLinesAbove = 0
  /// By column of the file: whether it is kept.
  private var isKept: [Bool] = []
  private(set) var batch = RecordBatch(columnCount: 0)
  private(set) var error: IngestError?

  /// The physical line on which the record under way starts.
  private(set) var line = 1
  private var fieldCount = 0
  /// Some field of the record under way is not empty.
  private var holdsText = false
  private var lineBreaks = 0
  private var lastEndWasCR = false
  /// The fields of the first record.
  private var headerFields: [String] = []
  /// How far `batch` holds complete records.
  private var committedBytes = 0
  private var committedEnds = 0

  init(path: String, format: CSVFormat = CSVFormat()) {
    self.path = path
    nameRows = format.joinsHeaderRows ? format.headerRows : 1
    headerRowsLeft = format.headerRows - nameRows
  }

  /// Goes on in the middle of a file.
  ///
  /// - Parameters:
  ///   - columns: The columns to keep, by their ascending positions in the header.
  ///   - line: The physical line on which the first record starts.
  init(path: String, header: [String], columns: [Int], line: Int) {
    self.path = path
    self.header = header
    self.line = line
    keep(columns: columns)
  }

  /// Whether all that heads the file is read.
  var isPastHeader: Bool { header != nil && headerRowsLeft == 0 }

  /// Begins below lines that are no records.
  ///
  /// - Parameter afterReturn: The last of them ended with a CR, whose LF may follow.
  mutating func begin(line: Int, afterReturn: Bool) {
    self.line = line
    lastEndWasCR = afterReturn
  }

  /// The place where the field under way starts, or a line break inside it.
  func location(extraLineBreaks: Int = 0) -> SourceLocation {
    SourceLocation(file: path, line: line + lineBreaks + extraLineBreaks, column: fieldCount + 1)
  }

  /// Chooses the columns, by their ascending positions in the header.
  mutating func keep(columns: [Int]) {
    isKept = Array(repeating: false, count: header?.count ?? 0)
    for column in columns { isKept[column] = true }
    batch = RecordBatch(columnCount: columns.count, files: [path])
  }

  mutating func append(field: UnsafeRawBufferPointer) {
    defer {
      lineBreaks += Self.lineBreaks(in: field)
      fieldCount += 1
      if !field.isEmpty { holdsText = true }
    }
    guard error == nil else { return }
    if header == nil {
      if let problem = Self.problem(in: field) {
        error = problem == .nul ? .nulByte(location()) : .invalidUTF8(location())
      }
      headerFields.append(String(decoding: field, as: UTF8.self))
    } else if headerRowsLeft == 0, fieldCount < isKept.count, isKept[fieldCount] {
      if let problem = Self.problem(in: field) {
        error = problem == .nul ? .nulByte(location()) : .invalidUTF8(location())
      }
      batch.bytes.append(contentsOf: field)
      batch.ends.append(batch.bytes.count)
    }
  }

  /// A record callback without fields is a blank line, or the LF of a CRLF.
  mutating func endRecord(terminator: CInt) {
    let isSecondHalf = terminator == CInt(UInt8(ascii: "\n")) && lastEndWasCR && fieldCount == 0
    lastEndWasCR = terminator == CInt(UInt8(ascii: "\r"))
    if isSecondHalf { return }
    defer {
      line += lineBreaks + 1
      fieldCount = 0
      lineBreaks = 0
      holdsText = false
    }
    guard fieldCount > 0, error == nil else {
      if !isPastHeader { blankLinesAbove += 1 }
      return
    }
    guard let header else {
      if headerRowsSeen == 0 { headerLine = line }
      headerRowsSeen += 1
      names.add(headerFields)
      headerFields = []
      if headerRowsSeen == nameRows { self.header = names.joined }
      return
    }
    guard headerRowsLeft == 0 else {
      headerRowsLeft -= 1
      headerRowsSeen += 1
      return
    }
    if fieldCount == header.count {
      if fieldCount > 1, !holdsText { batch.blank.add(line: line, file: path) }
      batch.lines.append(line)
      batch.rowCount += 1
      committedBytes = batch.bytes.count
      committedEnds = batch.ends.count
    } else {
      batch.misshapen.append(RecordBatch.MisshapenRecord(line: line, fields: fieldCount))
      forgetRecord()
    }
  }

  private mutating func forgetRecord() {
    batch.bytes.removeLast(batch.bytes.count - committedBytes)
    batch.ends.removeLast(batch.ends.count - committedEnds)
  }

  /// Forgets the complete records; what is there of the next one stays.
  mutating func removeCompleteRecords() {
    batch.bytes.removeFirst(committedBytes)
    batch.ends.removeFirst(committedEnds)
    for place in batch.ends.indices { batch.ends[place] -= committedBytes }
    batch.lines.removeAll(keepingCapacity: true)
    batch.misshapen.removeAll(keepingCapacity: true)
    batch.blank = BlankRecords()
    batch.rowCount = 0
    committedBytes = 0
    committedEnds = 0
  }

  /// LF, CRLF and a lone CR each end a line.
  static func lineBreaks(in field: UnsafeRawBufferPointer) -> Int {
    guard let start = field.baseAddress,
      memchr(start, 0x0A, field.count) != nil || memchr(start, 0x0D, field.count) != nil
    else { return 0 }
    var count = 0
    var previous: UInt8 = 0
    for byte in field {
      if byte == 0x0D || (byte == 0x0A && previous != 0x0D) { count += 1 }
      previous = byte
    }
    return count
  }

  private enum Problem { case nul, utf8 }

  private static func problem(in field: UnsafeRawBufferPointer) -> Problem? {
    var union: UInt8 = 0
    var hasNUL = false
    for byte in field {
      union |= byte
      if byte == 0 { hasNUL = true }
    }
    if hasNUL { return .nul }
    if union < 0x80 { return nil }
    return String(validating: field, as: UTF8.self) == nil ? .utf8 : nil
  }
}
