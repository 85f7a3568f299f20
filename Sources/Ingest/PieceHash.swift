import CXXHash

/// The XXH3-128 hash of a file by pieces (Collet 2021), so that those who read the pieces can share the work: the hash
/// of the pieces' hashes in the order of the file.
public struct PieceHash: Sendable {
  /// What `run.json` calls it.
  public static let algorithm = "XXH3-128 of the XXH3-128 of each \(MorselFile.bytesPerMorsel >> 20) MiB"

  private var digests: [UInt8] = []

  public init() {}

  /// 16 bytes, the most significant first.
  public static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var canonical = XXH128_canonical_t()
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.baseAddress, bytes.count))
    return withUnsafeBytes(of: canonical) { Array($0) }
  }

  public mutating func append(_ digest: [UInt8]) { digests += digest }

  /// Lower-case hexadecimal digits.
  public func finish() -> String {
    let digits = Array("0123456789abcdef")
    return String(
      digests.withUnsafeBytes { Self.digest(of: $0) }.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
