import Kernels

/// Goes from the ends of all fields to the places of the needed ones, record by record.
struct FieldWalk {
  /// Where the first record starts in the buffer; the ends are counted from there.
  let from: Int
  let fieldCount: Int
  /// Every line break ends a record, so that lines need not be counted.
  let linesAreRecords: Bool
  let hasReturns: Bool
  let quote: UInt8?

  var lines: [Int] = []
  private(set) var misshapen: [RecordBatch.MisshapenRecord] = []
  private(set) var blank = BlankRecords()
  private(set) var rowCount = 0
  /// A record with too few or too many fields holds something that may be no text, which no other check covers.
  private(set) var hasDoubt = false
  /// Fields with doubled quotes, by their place in the columns.
  private(set) var escaped: [Int] = []

  init(from: Int, fieldCount: Int, linesAreRecords: Bool, hasReturns: Bool, quote: UInt8?) {
    self.from = from
    self.fieldCount = fieldCount
    self.linesAreRecords = linesAreRecords
    self.hasReturns = hasReturns
    self.quote = quote
  }

  /// - Parameter places: Has room for as many rows as there are records.
  mutating func collect(_ scan: FieldScan, columns: [Int], bytes: [UInt8], into places: inout FieldPlaces) {
    let bytes = bytes.span
    let ends = scan.ends.span
    let recordCounts = scan.records.span
    let kept = columns.span
    let capacity = places.rowCapacity
    var (startList, stopList) = places.take()
    defer { places.put(startList, stopList) }
    var starts = startList.mutableSpan
    var stops = stopList.mutableSpan
    let base = UInt32(truncatingIfNeeded: from)
    let quoteByte = quote ?? 0
    let hasQuote = quote != nil
    lines.reserveCapacity(scan.recordCount)
    var row = 0
    var line = 0
    var first = 0
    for record in 0..<scan.recordCount {
      // Unchecked from here on, 12 to 30 % of the scan otherwise: the scan wrote as many ends as it says, all of them
      // positions in the bytes, and the places have room for every record.
      let next = Int(recordCounts[unchecked: record])
      var start = first == 0 ? base : base &+ ends[unchecked: first - 1] &+ 1
      if hasReturns, first > 0, bytes[unchecked: Int(start) - 1] == 0x0D, bytes[unchecked: Int(start)] == 0x0A {
        start += 1
      }
      let last = base &+ ends[unchecked: next - 1]
      let recordLine = line
      line += 1
      if !linesAreRecords { line += lineBreaks(bytes, Int(start), Int(last)) }
      defer { first = next }
      let count = next - first
      guard count == fieldCount else {
        // A blank line is no record.
        if count > 1 || last != start {
          misshapen.append(.init(line: recordLine, fields: count))
          if !isPlain(bytes, Int(start), Int(last)) { hasDoubt = true }
        }
        continue
      }
      if count == 1, last == start { continue }
      if isBlank(bytes, ends, first..<next, Int(start), Int(last)) { blank.add(line: recordLine, file: "") }
      for column in 0..<kept.count {
        let position = kept[unchecked: column]
        var low = position == 0 ? start : base &+ ends[unchecked: first + position - 1] &+ 1
        var high = base &+ ends[unchecked: first + position]
        if hasQuote, bytes[unchecked: Int(low)] == quoteByte, low < high {
          low += 1
          high -= 1
          if holds(bytes, quoteByte, Int(low), Int(high)) { escaped.append(column * capacity + row) }
        }
        starts[unchecked: column * capacity + row] = low
        stops[unchecked: column * capacity + row] = high
      }
      lines.append(recordLine)
      row += 1
    }
    rowCount = row
  }

  /// Whether all of several fields are empty.
  @inline(__always)
  private func isBlank(
    _ bytes: Span<UInt8>, _ ends: Span<UInt32>, _ fields: Range<Int>, _ start: Int, _ last: Int
  ) -> Bool {
    let count = fields.count
    // A delimiter a field, and two quotes: most records are longer, and most others differ in their first byte.
    guard count > 1, last - start < 3 * count else { return false }
    let byte = bytes[unchecked: start]
    let isFirstEmpty = start == from + Int(ends[unchecked: fields.lowerBound])
    guard isFirstEmpty || (quote != nil && byte == quote) else { return false }
    var low = start
    for field in fields {
      let high = from + Int(ends[unchecked: field])
      let isEmpty =
        low == high
        || (quote != nil && high - low == 2 && bytes[unchecked: low] == quote && bytes[unchecked: low + 1] == quote)
      guard isEmpty else { return false }
      low = high + 1
    }
    return true
  }

  @inline(__always)
  private func holds(_ bytes: Span<UInt8>, _ byte: UInt8, _ low: Int, _ high: Int) -> Bool {
    for index in low..<high where bytes[unchecked: index] == byte { return true }
    return false
  }

  /// ASCII without NUL.
  private func isPlain(_ bytes: Span<UInt8>, _ low: Int, _ high: Int) -> Bool {
    for index in low..<high where bytes[index] == 0 || bytes[index] >= 0x80 { return false }
    return true
  }

  private func lineBreaks(_ bytes: Span<UInt8>, _ low: Int, _ high: Int) -> Int {
    bytes.extracting(low..<high).withUnsafeBufferPointer {
      RecordAssembler.lineBreaks(in: UnsafeRawBufferPointer($0))
    }
  }

  /// Writes the fields with doubled quotes anew, with single ones, behind the bytes of the file: those are still wanted
  /// as they are.
  func unescape(_ bytes: inout [UInt8], places: inout FieldPlaces) {
    guard let quote else { return }
    // Later reads go over what is appended here; only the padding behind it must be readable.
    for place in escaped {
      let range = Int(places.starts[place])..<Int(places.ends[place])
      let start = bytes.count
      bytes.reserveCapacity(start + range.count + FieldScan.padding)
      var index = range.lowerBound
      while index < range.upperBound {
        let byte = bytes[index]
        bytes.append(byte)
        index += byte == quote ? 2 : 1
      }
      places.starts[place] = UInt32(truncatingIfNeeded: start)
      places.ends[place] = UInt32(truncatingIfNeeded: bytes.count)
    }
    bytes.append(contentsOf: repeatElement(0, count: FieldScan.padding))
  }
}
