import CLibCSV

/// libcsv's parser, owned: created with the project's options and freed exactly once.
///
/// The grammar is strict RFC 4180 with LF, CRLF or CR as line ends; nothing is trimmed. The parser is the only CSV
/// grammar of the project.
struct LibCSVParser: ~Copyable {
  /// What `csv_error` said. Raw values are libcsv's.
  enum Status: Int32 {
    case success = 0
    case parse = 1
    case noMemory = 2
    case tooBig = 3
    case invalid = 4
  }

  /// libcsv takes at most this many bytes a call, so that an error, a growing buffer or a cancellation is seen soon:
  /// a callback cannot stop it.
  static let bytesPerCall = 65_536

  /// The quote where quotes are ordinary characters; `RecordFeed` lets none of them through.
  static let neverInUTF8: UInt8 = 0xFF

  private let parser: UnsafeMutablePointer<csv_parser>

  init(format: CSVFormat) throws(LibCSVFailure) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    let options = UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL)
    guard csv_init(parser, options) == 0 else {
      parser.deinitialize(count: 1)
      parser.deallocate()
      throw LibCSVFailure()
    }
    csv_set_delim(parser, format.delimiter)
    // Where quotes are ordinary, a byte takes their place that UTF-8 never has.
    csv_set_quote(parser, format.quote ?? Self.neverInUTF8)
    // Spaces and tabs are data; libcsv would trim them.
    csv_set_space_func(parser) { _ in 0 }
    // The default grows the field buffer by 128 bytes at a time.
    csv_set_blk_size(parser, Self.bytesPerCall)
  }

  deinit {
    csv_free(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
  }

  /// What the file itself says of its delimiter, before the first record.
  func setDelimiter(_ delimiter: UInt8) { csv_set_delim(parser, delimiter) }

  /// Feeds one piece of the file.
  ///
  /// - Returns: How many bytes were taken; fewer than given where `status` is not success.
  func parse(_ bytes: UnsafeRawBufferPointer, into assembler: UnsafeMutablePointer<RecordAssembler>) -> Int {
    csv_parse(parser, bytes.baseAddress, bytes.count, fieldCallback, recordCallback, assembler)
  }

  /// Ends the file: hands on a last record that has no line end.
  ///
  /// - Returns: False where a quoted field is still open.
  func finish(into assembler: UnsafeMutablePointer<RecordAssembler>) -> Bool {
    csv_fini(parser, fieldCallback, recordCallback, assembler) == 0
  }

  var status: Status { Status(rawValue: csv_error(parser)) ?? .invalid }

  /// Bytes that the parser has set aside for the longest field so far.
  var bufferSize: Int { csv_get_buffer_size(parser) }

  /// Whether the field under way began with a quote.
  var isInQuotedField: Bool { parser.pointee.quoted != 0 }

  /// Line breaks inside the field under way.
  var lineBreaksInOpenField: Int {
    guard let buffer = parser.pointee.entry_buf else { return 0 }
    return RecordAssembler.lineBreaks(in: UnsafeRawBufferPointer(start: buffer, count: parser.pointee.entry_pos))
  }
}

/// libcsv could not be set up, which only happens without memory.
struct LibCSVFailure: Error {}

// The callbacks are plain functions of this library, so that they belong to no actor and nothing can be thrown
// across C.

private func fieldCallback(_ field: UnsafeMutableRawPointer?, _ count: Int, _ context: UnsafeMutableRawPointer?) {
  guard let context else { return }
  context.assumingMemoryBound(to: RecordAssembler.self)
    .pointee.append(field: UnsafeRawBufferPointer(start: field, count: field == nil ? 0 : count))
}

private func recordCallback(_ terminator: CInt, _ context: UnsafeMutableRawPointer?) {
  guard let context else { return }
  context.assumingMemoryBound(to: RecordAssembler.self).pointee.endRecord(terminator: terminator)
}
