import CKernels

/// Finds where fields and records end in a piece of a CSV file, 64 bytes at a time.
///
/// It knows plain RFC 4180 and nothing else; where a quote stands anywhere else it says `isIrregular`, and libcsv has
/// the word.
public struct FieldScan: Sendable {
  /// Bytes that must be readable after the bytes of a scan and after every field.
  public static let padding = Int(kernel_padding)

  /// The position of the byte that ends each field, ascending; only the first `endCount` count.
  public private(set) var ends: [UInt32]
  /// For each record, how many of `ends` belong to it and those before it; only the first `recordCount` count.
  public private(set) var records: [UInt32]
  public private(set) var endCount = 0
  public private(set) var recordCount = 0
  /// LF, CRLF and lone CR, inside quoted fields or not.
  public private(set) var lineBreaks = 0
  /// The position after the last record that was taken.
  public private(set) var next = 0
  /// The scan ended at a record end because of its limit, not because of the end of the bytes.
  public private(set) var hasStopped = false
  public private(set) var endsInside = false
  public private(set) var isIrregular = false
  /// A CR stands outside quotes.
  public private(set) var hasReturns = false

  /// The last record had no line end and was closed by the end of the file.
  public private(set) var hasOpenEnd = false

  private let instructions: InstructionSet

  public init(instructions: InstructionSet = .current) {
    self.instructions = instructions
    ends = Array(repeating: 0, count: 1 << 12)
    records = Array(repeating: 0, count: 1 << 10)
  }

  /// Scans from the first byte up to the first record end after which the next record starts at `limit` or later, or
  /// to the end of the bytes.
  ///
  /// - Parameters:
  ///   - bytes: Must have `padding` readable bytes behind its end, with any contents.
  ///   - quote: nil: quotes are ordinary characters; a byte that UTF-8 never holds is irregular then, as libcsv takes
  ///     it for the quote.
  ///   - startsInside: The first byte stands inside a quoted field.
  public mutating func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, limit: Int, delimiter: UInt8, quote: UInt8?, startsInside: Bool = false
  ) {
    hasOpenEnd = false
    guard let base = bytes.baseAddress else {
      hasStopped = false
      (endCount, recordCount, lineBreaks, next) = (0, 0, 0, 0)
      (endsInside, isIrregular, hasReturns) = (startsInside, false, false)
      return
    }
    var state = kernel_scan_state()
    state.delimiter = delimiter
    state.quote = quote ?? 0xFF
    state.refuses_quotes = quote == nil ? 1 : 0
    state.starts_inside = startsInside ? 1 : 0
    repeat {
      if state.is_full != 0 {
        ends = Array(repeating: 0, count: ends.count * 2)
        records = Array(repeating: 0, count: records.count * 2)
      }
      ends.withUnsafeMutableBufferPointer { ends in
        records.withUnsafeMutableBufferPointer { records in
          state.ends = ends.baseAddress
          state.records = records.baseAddress
          state.ends_capacity = ends.count - 64
          state.records_capacity = records.count - 64
          kernel_scan(instructions.kernel, base, bytes.count, limit, &state)
        }
      }
    } while state.is_full != 0
    endCount = state.end_count
    recordCount = state.record_count
    lineBreaks = state.line_breaks
    next = state.next
    hasStopped = state.has_stopped != 0
    endsInside = state.ends_inside != 0
    isIrregular = state.is_irregular != 0
    hasReturns = state.has_returns != 0
  }

  /// Ends the last record where the bytes end, if it has no line end of its own.
  public mutating func closeLastRecord(of bytes: UnsafeBufferPointer<UInt8>) {
    let isComplete = recordCount > 0 && Int(records[recordCount - 1]) == endCount
    if isComplete {
      let last = Int(ends[endCount - 1])
      let isReturnAndFeed = bytes[last] == 0x0D && last + 2 == bytes.count && bytes[last + 1] == 0x0A
      if last + 1 == bytes.count || isReturnAndFeed { return }
    }
    guard !bytes.isEmpty else { return }
    // The kernel leaves room for more than one entry.
    ends[endCount] = UInt32(truncatingIfNeeded: bytes.count)
    endCount += 1
    records[recordCount] = UInt32(truncatingIfNeeded: endCount)
    recordCount += 1
    hasOpenEnd = true
  }
}
