import CXXHash

/// The layout of a snapshot: a fixed head, the batches one after the other, and at the end an index with everything else.
///
///     head    magic number, version, length of the file, place of the index, checksum of the head
///     batches the columns as codes
///     index   key, data files with their hashes, names of strata, PSUs and members, accounting, rejections,
///             place and checksum of every batch; its own checksum at the end
enum SnapshotLayout {
  static let magic: UInt64 = 0x31_534E_4D55_4C4F_43
  static let version: UInt32 = 3
  static let headBytes = 48

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 { XXH3_64bits(bytes.baseAddress, bytes.count) }

  static func head(length: UInt64, index: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(magic)
    writer.write(UInt64(version))
    writer.write(length)
    writer.write(index)
    let sum = writer.bytes.withUnsafeBytes { checksum($0) }
    writer.write(sum)
    writer.write(UInt64(0))
    return writer.bytes
  }
}

/// Where a batch stands in a snapshot.
struct SnapshotBatch: Sendable {
  var start: UInt64
  var count: UInt64
  var checksum: UInt64
}

/// A data file that a snapshot stands for, with its hash.
public struct SnapshotDataFile: Sendable {
  public var path: String
  public var bytes: Int64
  public var hash: String
  public var algorithm: String

  public init(path: String, bytes: Int64, hash: String, algorithm: String) {
    self.path = path
    self.bytes = bytes
    self.hash = hash
    self.algorithm = algorithm
  }
}
