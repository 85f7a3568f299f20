/// The bytes of a file as they are parsed: those on the disk or, where the file's name ends in `.gz`, what they unpack
/// to. Memory does not grow with the file, nor with what it unpacks to.
struct InputBytes: ~Copyable {
  static let compressedSuffix = ".gz"
  private static let compressedBytesPerRead = 1 << 18

  private let file: InputFile
  private let compressed: Compressed?
  /// Bytes of the file itself that were read so far.
  private(set) var bytesRead: Int64 = 0

  /// - Throws: `IngestError` where the file cannot be opened.
  init(path: String) throws(IngestError) {
    let compressed = path.hasSuffix(Self.compressedSuffix) ? try Compressed(path: path) : nil
    file = try InputFile(path: path)
    self.compressed = compressed
  }

  /// Reads the next bytes to parse; 0 at the end.
  ///
  /// - Parameter observer: Sees every byte of the file itself once, in order.
  /// - Throws: `IngestError`, also where the compressed file is damaged or ends too early.
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, observer: ((UnsafeRawBufferPointer) -> Void)?
  ) throws(IngestError) -> Int {
    switch compressed {
    case nil:
      let count = try file.read(into: buffer)
      bytesRead += Int64(count)
      if count > 0 { observer?(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
      return count
    case .some(let compressed):
      while true {
        if compressed.isEmpty {
          let count = try compressed.refill(from: file)
          bytesRead += Int64(count)
          guard count > 0 else {
            try compressed.requireComplete()
            return 0
          }
          observer?(compressed.pending)
        }
        let written = try compressed.unpack(into: buffer)
        if written > 0 { return written }
      }
    }
  }

  /// - Throws: `IngestError.changedWhileRead`.
  func requireUnchanged() throws(IngestError) { try file.requireUnchanged(bytesRead: bytesRead) }

  /// The compressed bytes that wait to be unpacked.
  private final class Compressed {
    private let stream: GzipStream
    private let buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    init(path: String) throws(IngestError) {
      stream = try GzipStream(path: path)
      buffer = .allocate(byteCount: InputBytes.compressedBytesPerRead, alignment: 64)
    }

    deinit {
      buffer.deallocate()
    }

    var isEmpty: Bool { start == end }

    var pending: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

    func refill(from file: borrowing InputFile) throws(IngestError) -> Int {
      start = 0
      end = try file.read(into: buffer)
      return end
    }

    func unpack(into output: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
      let (taken, written) = try stream.inflate(pending, into: output)
      start += taken
      return written
    }

    func requireComplete() throws(IngestError) { try stream.requireComplete() }
  }
}
