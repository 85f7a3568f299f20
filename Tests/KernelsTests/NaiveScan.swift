import Kernels

/// What a scan must find, byte by byte, without a look at its source.
struct NaiveScan: Equatable {
  var ends: [Int] = []
  var records: [Int] = []
  var lineBreaks = 0
  var next = 0
  var endsInside = false
  var isIrregular = false

  init(_ bytes: [UInt8], limit: Int, delimiter: UInt8 = 0x2C, quote: UInt8? = 0x22, startsInside: Bool = false) {
    var inside = startsInside
    /// Whether a quote may open a field here, and whether only a delimiter, a line end or a quote may follow.
    var mayOpen = true
    var hasClosed = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let isBreak = byte == 0x0A || byte == 0x0D
      let isSecondHalf = byte == 0x0A && index > 0 && bytes[index - 1] == 0x0D
      if isBreak, !isSecondHalf { lineBreaks += 1 }
      if byte == (quote ?? 0xFF) {
        if quote == nil { isIrregular = true }
        if inside {
          inside = false
          (mayOpen, hasClosed) = (true, true)
        } else {
          if !mayOpen { isIrregular = true }
          inside = true
          (mayOpen, hasClosed) = (false, false)
        }
      } else if inside {
        (mayOpen, hasClosed) = (false, false)
      } else if isSecondHalf {
        (mayOpen, hasClosed) = (true, false)
      } else if byte == delimiter || isBreak {
        ends.append(index)
        (mayOpen, hasClosed) = (true, false)
        if isBreak {
          records.append(ends.count)
          next = index + 1
          if byte == 0x0D, next < bytes.count, bytes[next] == 0x0A { next += 1 }
          if next >= limit { return }
        }
      } else {
        if hasClosed { isIrregular = true }
        (mayOpen, hasClosed) = (false, false)
      }
      index += 1
    }
    next = bytes.count
    endsInside = inside
  }

  /// The same, found by a kernel.
  init(
    kernel instructions: InstructionSet, _ bytes: [UInt8], limit: Int, delimiter: UInt8 = 0x2C, quote: UInt8? = 0x22,
    startsInside: Bool = false
  ) {
    var scan = FieldScan(instructions: instructions)
    // What lies behind the bytes must not matter.
    let padded = bytes + Array(repeating: 0x22, count: FieldScan.padding)
    padded.withUnsafeBufferPointer {
      scan.scan(
        UnsafeBufferPointer(rebasing: $0[..<bytes.count]), limit: limit, delimiter: delimiter, quote: quote,
        startsInside: startsInside)
    }
    ends = scan.ends[..<scan.endCount].map(Int.init)
    records = scan.records[..<scan.recordCount].map(Int.init)
    lineBreaks = scan.lineBreaks
    next = scan.next
    endsInside = scan.endsInside
    isIrregular = scan.isIrregular
  }
}
