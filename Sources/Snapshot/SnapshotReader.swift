import Normalize
import SystemPackage

/// A snapshot that can stand for the data.
public final class SnapshotReader: Sendable {
  private let file: FileDescriptor
  private let index: SnapshotIndex

  /// - Returns: nil where there is none for this key, or one that is not what was written.
  init?(path: String, key: SnapshotKey) {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    guard let index = try? Self.index(of: file), index.key == key else {
      try? file.close()
      return nil
    }
    self.file = file
    self.index = index
  }

  deinit { try? file.close() }

  /// What a snapshot stands for; nil where there is none.
  static func anyKey(_ path: String) -> SnapshotKey? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    return (try? index(of: file))?.key
  }

  public var batchCount: Int { index.batches.count }
  public var files: [SnapshotDataFile] { index.files }
  public var numbering: Normalizer.Numbering { index.numbering }
  /// Bytes that stand for the data.
  public func byteCount(of batch: Int) -> Int { Int(index.batches[batch].count) }

  /// Reads a batch.
  ///
  /// - Throws: `SnapshotDamage`.
  public func batch(_ number: Int) throws(SnapshotDamage) -> CodedBatch {
    let place = index.batches[number]
    let bytes = try Self.read(file, at: place.start, count: place.count)
    var result: Swift.Result<CodedBatch, SnapshotDamage> = .failure(SnapshotDamage())
    bytes.withUnsafeBytes { bytes in
      guard SnapshotLayout.checksum(bytes) == place.checksum else { return }
      do throws(SnapshotDamage) { result = .success(try BatchCodec.decode(bytes)) } catch {}
    }
    return try result.get()
  }

  private static func index(of file: FileDescriptor) throws -> SnapshotIndex {
    let head = try read(file, at: 0, count: UInt64(SnapshotLayout.headBytes))
    let (length, start) = try head.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      guard try reader.read(UInt64.self) == SnapshotLayout.magic,
        try reader.read(UInt64.self) == UInt64(SnapshotLayout.version)
      else { throw SnapshotDamage() }
      let (length, start) = (try reader.read(UInt64.self), try reader.read(UInt64.self))
      let own = UnsafeRawBufferPointer(rebasing: bytes[..<32])
      guard try reader.read(UInt64.self) == SnapshotLayout.checksum(own), try reader.read(UInt64.self) == 0 else {
        throw SnapshotDamage()
      }
      return (length, start)
    }
    let status = try file.stat()
    guard status.size == Int64(exactly: length), start < length, length - start > 8 else { throw SnapshotDamage() }
    let bytes = try read(file, at: start, count: length - start)
    return try bytes.withUnsafeBytes { bytes in
      let own = UnsafeRawBufferPointer(rebasing: bytes.dropLast(8))
      let sum = bytes.loadUnaligned(fromByteOffset: own.count, as: UInt64.self)
      guard UInt64(littleEndian: sum) == SnapshotLayout.checksum(own) else { throw SnapshotDamage() }
      var reader = ByteReader(own)
      let result = try SnapshotIndex(from: &reader)
      // The batches stand before the index, so that none sends its reader beyond the file.
      guard result.batches.allSatisfy({ $0.start <= start && $0.count <= start - $0.start }) else {
        throw SnapshotDamage()
      }
      return result
    }
  }

  private static func read(_ file: FileDescriptor, at start: UInt64, count: UInt64) throws(SnapshotDamage) -> [UInt8] {
    guard count <= 1 << 32 else { throw SnapshotDamage() }
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
      while filled < Int(count) {
        let rest = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
        guard let read = try? file.read(fromAbsoluteOffset: Int64(start) + Int64(filled), into: rest), read > 0 else {
          return
        }
        filled += read
      }
      isWhole = true
    }
    guard isWhole else { throw SnapshotDamage() }
    return bytes
  }
}
