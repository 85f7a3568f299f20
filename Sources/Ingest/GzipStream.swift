import CZLib

/// zlib's decompressor for one gzip file (RFC 1952), owned: set up once and ended exactly once. A file may have several
/// members one after the other, as `cat a.gz b.gz` makes them.
///
/// The stream keeps no pointer into its caller's memory between two calls.
struct GzipStream: ~Copyable {
  private enum State { case betweenMembers, inMember }

  /// zlib writes through this pointer while it is called; everything that changes stands behind it.
  private struct Progress {
    var stream = z_stream()
    var state = State.betweenMembers
    /// Members that are complete.
    var members = 0
    /// Compressed bytes of the member under way; its first two say that it is gzip.
    var memberBytes = 0
  }

  private static let firstBytes: [UInt8] = [0x1F, 0x8B]

  private let path: String
  private let progress: UnsafeMutablePointer<Progress>

  /// - Throws: `IngestError.outOfMemory`.
  init(path: String) throws(IngestError) {
    self.path = path
    progress = .allocate(capacity: 1)
    progress.initialize(to: Progress())
    // 15: the largest window; 16 more: a gzip header, and its checksum at the end.
    let status = inflateInit2_(
      &progress.pointee.stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      progress.deinitialize(count: 1)
      progress.deallocate()
      throw .outOfMemory(path: path)
    }
  }

  deinit {
    inflateEnd(&progress.pointee.stream)
    progress.deinitialize(count: 1)
    progress.deallocate()
  }

  /// Unpacks as much as fits.
  ///
  /// - Parameters:
  ///   - input: The next compressed bytes; those that are not taken must be given again.
  ///   - output: Where the unpacked bytes go.
  /// - Returns: How many bytes were taken and written. Both are 0 only where `input` or `output` is empty.
  /// - Throws: `IngestError.notGzip`, `.trailingGarbage`, `.corruptGzip` or `.outOfMemory`.
  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(IngestError) -> (taken: Int, written: Int) {
    try checkFirstBytes(of: input)
    guard !input.isEmpty, !output.isEmpty else { return (0, 0) }
    let inputCount = min(input.count, Int(UInt32.max))
    let outputCount = min(output.count, Int(UInt32.max))
    // zlib only reads what `next_in` points to, although its declaration does not say so.
    progress.pointee.stream.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
    progress.pointee.stream.avail_in = UInt32(inputCount)
    progress.pointee.stream.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
    progress.pointee.stream.avail_out = UInt32(outputCount)
    let status = CZLib.inflate(&progress.pointee.stream, Z_NO_FLUSH)
    let taken = inputCount - Int(progress.pointee.stream.avail_in)
    let written = outputCount - Int(progress.pointee.stream.avail_out)
    progress.pointee.stream.next_in = nil
    progress.pointee.stream.next_out = nil
    progress.pointee.state = .inMember
    progress.pointee.memberBytes += taken
    switch status {
    case Z_OK, Z_BUF_ERROR:
      return (taken, written)
    case Z_STREAM_END:
      progress.pointee.state = .betweenMembers
      progress.pointee.members += 1
      progress.pointee.memberBytes = 0
      guard inflateReset(&progress.pointee.stream) == Z_OK else { throw .corruptGzip(path: path, reason: nil) }
      return (taken, written)
    case Z_MEM_ERROR:
      throw .outOfMemory(path: path)
    default:
      throw .corruptGzip(path: path, reason: progress.pointee.stream.msg.map { String(cString: $0) })
    }
  }

  /// To be called at the end of the file.
  ///
  /// - Throws: `IngestError.truncatedGzip` where a member is not complete.
  func requireComplete() throws(IngestError) {
    if progress.pointee.state == .inMember { throw .truncatedGzip(path: path) }
  }

  /// A member begins with two bytes that say what it is.
  private func checkFirstBytes(of input: UnsafeRawBufferPointer) throws(IngestError) {
    let known = progress.pointee.memberBytes
    guard known < Self.firstBytes.count else { return }
    for (byte, expected) in zip(input, Self.firstBytes[known...]) where byte != expected {
      throw progress.pointee.members == 0 ? .notGzip(path: path) : .trailingGarbage(path: path)
    }
  }
}
