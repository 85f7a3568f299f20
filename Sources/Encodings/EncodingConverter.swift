#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// iconv's converter of one encoding to UTF-8, owned: opened once and closed exactly once.
///
/// It keeps no pointer into the caller's memory between two calls, and never skips what it cannot read.
public struct EncodingConverter: ~Copyable {
  /// Why a conversion stopped.
  public enum Stop: Sendable {
    /// All of the input is taken, or what is left of it is the beginning of a character.
    case needsInput
    case outputFull
    /// The next bytes are no character of the encoding.
    case refused
  }

  /// Bytes of output in which there is room for what any single step of a conversion writes.
  public static let leastOutput = 64

  private let handle: iconv_t

  /// - Returns: nil where this system's iconv does not know the encoding.
  public init?(from encoding: TextEncoding) {
    guard let handle = Self.open(encoding.iconvName) else { return nil }
    self.handle = handle
  }

  deinit { iconv_close(handle) }

  static func knows(_ iconvName: String) -> Bool {
    guard let handle = open(iconvName) else { return false }
    iconv_close(handle)
    return true
  }

  private static func open(_ iconvName: String) -> iconv_t? {
    let handle = iconv_open("UTF-8", iconvName)
    // C's (iconv_t)-1.
    return handle == iconv_t(bitPattern: -1) ? nil : handle
  }

  /// Converts as much as fits.
  ///
  /// - Parameters:
  ///   - input: The next bytes; those that are not taken must be given again.
  ///   - output: Where the UTF-8 goes; at least `leastOutput` bytes.
  public mutating func convert(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (taken: Int, written: Int, stop: Stop) {
    // iconv only reads what the input points to, although its declaration does not say so.
    var source = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
    var target = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    var (inputLeft, outputLeft) = (input.count, output.count)
    let failed = iconv(handle, &source, &inputLeft, &target, &outputLeft) == -1
    let stop: Stop =
      switch failed ? errno : 0 {
      case E2BIG: .outputFull
      case EILSEQ: .refused
      default: .needsInput
      }
    return (input.count - inputLeft, output.count - outputLeft, stop)
  }

  /// Ends the text: what an encoding with states still holds back.
  ///
  /// - Returns: How many bytes were written.
  public mutating func finish(into output: UnsafeMutableRawBufferPointer) -> Int {
    var target = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    var outputLeft = output.count
    _ = iconv(handle, nil, nil, &target, &outputLeft)
    return output.count - outputLeft
  }
}
