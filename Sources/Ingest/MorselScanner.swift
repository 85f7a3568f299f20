import Kernels

/// Reads and scans morsels, one after the other, in buffers that it is given back: what one worker holds.
public struct MorselScanner: Sendable {
  /// What is read beyond a morsel at first, so that its last record ends in the buffer. Less than usual makes windows
  /// grow that a small file would never fill.
  var overlap = 64 << 10

  /// The kept columns, by their ascending positions in the file.
  private let columns: [Int]
  private let fieldCount: Int
  private let format: CSVFormat
  private let hashes: Bool
  private var scan: FieldScan

  /// - Parameters:
  ///   - columns: The columns to keep, by their ascending positions in the header.
  ///   - fieldCount: How many columns the header has.
  ///   - hashes: Whether digests of the morsels are wanted.
  public init(
    columns: [Int], fieldCount: Int, format: CSVFormat = CSVFormat(), hashes: Bool = false,
    instructions: InstructionSet = .current
  ) {
    self.columns = columns
    self.fieldCount = fieldCount
    self.format = format
    self.hashes = hashes
    scan = FieldScan(instructions: instructions)
  }

  /// Reads a morsel.
  ///
  /// - Parameters:
  ///   - start: Where its first record is known to start; nil: to be found.
  ///   - batch: A batch whose memory may be used again.
  /// - Throws: `IngestError.readFailed`, `.changedWhileRead` where the file is shorter than it was.
  public mutating func read(
    _ index: Int, of file: MorselFile, from start: Int64? = nil, reusing batch: consuming RecordBatch? = nil
  ) throws(IngestError) -> ScannedMorsel {
    let range = file.range(of: index)
    // One byte before the range, to see whether a record ends there.
    let firstByte = index == 0 ? 0 : range.lowerBound - 1
    var records = batch ?? RecordBatch(columnCount: columns.count, files: [file.path])
    records.files = [file.path]
    var overlap = overlap
    var result = ScannedMorsel(
      index: index, start: nil, end: range.upperBound, lineBreaks: 0, records: RecordBatch(columnCount: 0),
      needsParser: false, ownBytes: 0..<0, firstByte: firstByte, byteCount: 0)
    let known = start ?? (range.contains(file.dataStart) ? file.dataStart : nil)
    var window = Window(file: file, range: range, firstByte: firstByte, known: known.map { Int($0 - firstByte) })
    while true {
      window.count = try fill(&records.bytes, of: file, from: firstByte, through: range.upperBound + Int64(overlap))
      window.isWhole = firstByte + Int64(window.count) >= file.size
      if hashes, result.digest == nil {
        result.digest = records.bytes.withUnsafeBytes {
          PieceHash.digest(of: UnsafeRawBufferPointer(rebasing: $0[window.ownBytes]))
        }
      }
      if find(in: records.bytes, window: &window) || overlap > RecordAssembler.longestRecord { break }
      overlap *= 8
    }
    result.byteCount = window.count
    result.ownBytes = window.ownBytes
    result.needsParser = window.needsParser
    result.start = window.from.map { firstByte + Int64($0) }
    result.end = firstByte + Int64(window.next)
    result.lineBreaks = scan.lineBreaks
    if let from = window.from, !window.needsParser {
      result.needsParser = !collect(&records, from: from)
    } else {
      records.clear()
    }
    result.records = records
    return result
  }

  /// The bytes around a morsel, and what is known of them.
  private struct Window {
    /// Bytes that were read, and whether the file ends with them.
    var count = 0
    var isWhole = false
    /// Where the range of the morsel lies among the bytes.
    let ownStart: Int
    let ownEnd: Int
    let isLast: Bool
    let format: CSVFormat
    /// Where the data of the file starts.
    let dataStart: Int
    /// Where the first record starts, if that is known for sure.
    let known: Int?
    /// Where the first record starts; nil: in no place of the morsel.
    var from: Int?
    /// Where the record after the last one starts.
    var next = 0
    var needsParser = false

    init(file: MorselFile, range: Range<Int64>, firstByte: Int64, known: Int?) {
      ownStart = Int(range.lowerBound - firstByte)
      ownEnd = Int(range.upperBound - firstByte)
      isLast = range.upperBound >= file.size
      format = file.format
      dataStart = Int(file.dataStart - firstByte)
      self.known = known
    }

    var ownBytes: Range<Int> { min(ownStart, count)..<min(ownEnd, count) }
  }

  private func fill(
    _ bytes: inout [UInt8], of file: MorselFile, from first: Int64, through end: Int64
  ) throws(IngestError) -> Int {
    let wanted = Int(min(end, file.size) - first)
    let room = wanted + FieldScan.padding
    // As much as the first window of any morsel takes, so that the buffer is not made anew for every one.
    let size = max(room, file.bytesPerMorsel + overlap + 1 + FieldScan.padding)
    if bytes.count < size {
      bytes = Array(repeating: 0, count: size)
    } else if bytes.count > size {
      // What was unescaped behind the bytes of the morsel before.
      bytes.removeLast(bytes.count - size)
    }
    var count = 0
    var failure: IngestError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(IngestError) {
        count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: first)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    // The file has been cut since it was opened: no place in it is where it was.
    guard count == wanted else { throw .changedWhileRead(path: file.path) }
    return count
  }

  // MARK: - Where records end

  /// Scans the window.
  ///
  /// - Returns: False where the morsel's last record does not end in the window.
  private mutating func find(in bytes: [UInt8], window: inout Window) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      let bytes = UnsafeBufferPointer(rebasing: buffer[..<window.count])
      if let known = window.known { return find(bytes, from: known, window: &window) }
      guard window.dataStart < window.ownEnd else {
        // Only the header stands here.
        window.from = nil
        window.next = window.dataStart
        return true
      }
      guard let outside = firstRecord(bytes, window: window, startsInside: false) else {
        return tryInside(bytes, window: &window)
      }
      let isWhole = find(bytes, from: outside, window: &window)
      // What looks wrong from here may look right from within a quoted field.
      guard window.needsParser else { return isWhole }
      let first = window
      if tryInside(bytes, window: &window), !window.needsParser { return true }
      window = first
      return find(bytes, from: outside, window: &window)
    }
  }

  private mutating func tryInside(_ bytes: UnsafeBufferPointer<UInt8>, window: inout Window) -> Bool {
    guard let inside = firstRecord(bytes, window: window, startsInside: true) else {
      window.from = nil
      window.next = window.ownEnd
      window.needsParser = false
      return true
    }
    return find(bytes, from: inside, window: &window)
  }

  /// Where the first record starts that starts in the morsel's range, if the byte before the range stands outside (or
  /// inside) a quoted field; nil where none does.
  private mutating func firstRecord(
    _ bytes: UnsafeBufferPointer<UInt8>, window: Window, startsInside: Bool
  ) -> Int? {
    scan.scan(
      bytes, limit: 1, delimiter: window.format.delimiter, quote: window.format.quote, startsInside: startsInside)
    return scan.recordCount > 0 && scan.next < window.ownEnd ? scan.next : nil
  }

  private mutating func find(_ bytes: UnsafeBufferPointer<UInt8>, from: Int, window: inout Window) -> Bool {
    let rest = UnsafeBufferPointer(rebasing: bytes[min(from, bytes.count)...])
    let limit = window.isLast ? Int.max : window.ownEnd - from
    scan.scan(rest, limit: limit, delimiter: window.format.delimiter, quote: window.format.quote)
    window.from = from
    window.needsParser = scan.isIrregular
    if window.isLast {
      if scan.endsInside { window.needsParser = true }
      scan.closeLastRecord(of: rest)
      window.next = from + rest.count
      return true
    }
    window.next = from + scan.next
    if scan.hasStopped {
      // Whether an LF follows a CR at the end of the window is seen in a larger one.
      return window.isWhole || window.next < bytes.count || bytes[window.next - 1] != 0x0D
    }
    guard window.isWhole else {
      // Too long for a record, or longer than the window.
      window.needsParser = true
      return false
    }
    if scan.endsInside { window.needsParser = true }
    scan.closeLastRecord(of: rest)
    return true
  }

  // MARK: - Records

  /// Writes down where the needed fields stand; `scan` has found the ends, counted from `from`.
  ///
  /// - Returns: False where libcsv must have a look.
  private func collect(_ records: inout RecordBatch, from: Int) -> Bool {
    var places = records.places ?? FieldPlaces(columnCount: columns.count, rowCapacity: 0)
    // Or the places would be copied before they are written to.
    records.places = nil
    places.reserve(rows: scan.recordCount)
    records.clear()
    var walk = FieldWalk(
      from: from, fieldCount: fieldCount,
      linesAreRecords: scan.lineBreaks == scan.recordCount - (scan.hasOpenEnd ? 1 : 0), hasReturns: scan.hasReturns,
      quote: format.quote)
    walk.lines = records.takeLines()
    walk.collect(scan, columns: columns, bytes: records.bytes, into: &places)
    records.lines = walk.lines
    records.misshapen = walk.misshapen
    records.blank = walk.blank
    records.blank.file = walk.blank.count > 0 ? records.files.first ?? "" : ""
    records.rowCount = walk.rowCount
    if !walk.escaped.isEmpty { walk.unescape(&records.bytes, places: &places) }
    records.places = places
    return !walk.hasDoubt
  }
}
