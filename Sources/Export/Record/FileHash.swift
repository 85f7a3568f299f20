import Crypto

/// SHA-256 of bytes that come piece by piece.
public struct FileHash {
  /// What `run.json` calls it.
  public static let algorithm = "SHA-256"

  private var hash = SHA256()
  public private(set) var byteCount: Int64 = 0

  public init() {}

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: bytes)
    byteCount += Int64(bytes.count)
  }

  /// Lower-case hexadecimal digits.
  public func finish() -> String {
    let digits = Array("0123456789abcdef")
    return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  public static func hash(of bytes: [UInt8]) -> String {
    var hash = FileHash()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }
}
