import Encodings
import SurveyModel

/// The text of a file as UTF-8, whatever its encoding, in pieces: what stands between the bytes of a file and the
/// grammar. Memory does not grow with the file.
struct TextBytes: ~Copyable {
  private static let rawBytes = 1 << 17

  private let path: String
  private let declared: String?
  private var input: InputBytes
  private var conversion: Conversion?
  private var hasBegun = false
  /// What the file seems to be, if it turns out that it cannot be read as CSV.
  private(set) var suspicion: FileKind?
  /// Bytes of the file itself that were read so far.
  var bytesRead: Int64 { input.bytesRead }
  /// The encoding that is converted; nil: the file is taken for UTF-8.
  var encoding: TextEncoding? { conversion?.encoding }
  /// Whether what was converted until now looks like UTF-8.
  var looksLikeUTF8: Bool { conversion?.evidence?.isConvincing == true }

  /// - Throws: `IngestError` where the file cannot be opened.
  init(path: String, format: CSVFormat) throws(IngestError) {
    self.path = path
    declared = format.encoding
    input = try InputBytes(path: path)
  }

  /// Reads the next text; 0 at the end.
  ///
  /// - Parameters:
  ///   - buffer: At least `TextStart.byteCount` bytes.
  ///   - observer: Sees every byte of the file itself once, in order.
  /// - Throws: `IngestError`; `.undecodable`, without a line, once the text before it was read.
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, observer: ((UnsafeRawBufferPointer) -> Void)?
  ) throws(IngestError) -> Int {
    guard hasBegun else { return try begin(buffer, observer) }
    guard let conversion else { return try input.read(into: buffer, observer: observer) }
    while true {
      let result = conversion.convert(into: buffer)
      if result.written > 0 { return result.written }
      guard result.stop == .needsInput else {
        throw .undecodable(
          .init(file: path), encoding: conversion.encoding.name, isCut: false,
          looksLikeUTF8: conversion.looksLikeUTF8(throughNext: TextStart.byteCount))
      }
      let count = try input.read(into: conversion.room, observer: observer)
      if count > 0 {
        conversion.end += count
      } else if conversion.isEmpty {
        return conversion.finish(into: buffer)
      } else {
        throw .undecodable(.init(file: path), encoding: conversion.encoding.name, isCut: true)
      }
    }
  }

  /// Reads until the file can be judged.
  private mutating func begin(
    _ buffer: UnsafeMutableRawBufferPointer, _ observer: ((UnsafeRawBufferPointer) -> Void)?
  ) throws(IngestError) -> Int {
    hasBegun = true
    let window = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, Self.rawBytes)])
    var filled = 0
    while filled < TextStart.byteCount {
      let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: window[filled...]), observer: observer)
      if count == 0 { break }
      filled += count
    }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
    let start = try TextStart(bytes, path: path, declared: declared)
    suspicion = start.suspicion
    guard let encoding = start.encoding else { return filled }
    guard let conversion = Conversion(encoding, room: Self.rawBytes) else {
      throw .unknownEncoding(path: path, name: encoding.name)
    }
    conversion.room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start.markLength...]))
    conversion.end = filled - start.markLength
    self.conversion = conversion
    return try read(into: buffer, observer: observer)
  }

  /// - Throws: `IngestError.changedWhileRead`.
  func requireUnchanged() throws(IngestError) { try input.requireUnchanged() }

  /// The bytes that wait to be converted.
  private final class Conversion {
    let encoding: TextEncoding
    private var converter: EncodingConverter
    private let buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    var end = 0
    /// Of encodings that may have been declared by mistake.
    private(set) var evidence: UTF8Evidence?

    init?(_ encoding: TextEncoding, room: Int) {
      guard let converter = EncodingConverter(from: encoding) else { return nil }
      self.encoding = encoding
      self.converter = converter
      evidence = encoding.isUnicode ? nil : UTF8Evidence()
      buffer = .allocate(byteCount: room, alignment: 64)
    }

    deinit { buffer.deallocate() }

    var isEmpty: Bool { start == end }

    /// Where the next bytes go, behind the beginning of a character that is there.
    var room: UnsafeMutableRawBufferPointer {
      if start > 0 {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
        (start, end) = (0, end - start)
      }
      return UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
    }

    func convert(into output: UnsafeMutableRawBufferPointer) -> (written: Int, stop: EncodingConverter.Stop) {
      guard !isEmpty else { return (0, .needsInput) }
      let input = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
      let result = converter.convert(input, into: output)
      start += result.taken
      evidence?.look(at: UnsafeRawBufferPointer(rebasing: input[..<result.taken]))
      return (result.written, result.stop)
    }

    /// Whether the text looks like UTF-8, and goes on so for some of the bytes that wait.
    func looksLikeUTF8(throughNext count: Int) -> Bool {
      guard var evidence else { return false }
      for place in start..<min(end, start + count) {
        evidence.look(at: UnsafeRawBufferPointer(rebasing: buffer[place...place]))
        if evidence.isConvincing { return true }
      }
      return false
    }

    func finish(into output: UnsafeMutableRawBufferPointer) -> Int { converter.finish(into: output) }
  }
}
