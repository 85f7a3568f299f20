import Foundation

@testable import Snapshot

/// Makes the checksums of a damaged snapshot right, so that what stands behind them is reached.
enum SnapshotRepair {
  static func contents(of path: String) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { found("no \(path)") }
    return Array(data)
  }

  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > SnapshotLayout.headBytes + 8 else { return bytes }
    let body = bytes.count - 8
    // Where the index is said to be, if it can be there at all.
    var reader = bytes[24..<32].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if reader >= UInt64(body) { reader = UInt64(SnapshotLayout.headBytes) + reader % UInt64(body - 48 + 1) }
    let start = min(Int(reader), body)
    var index = Array(bytes[start..<body])
    if let better = withBatchSums(index, of: bytes) { index = better }
    let sum = index.withUnsafeBytes { SnapshotLayout.checksum($0) }
    var tail = ByteWriter()
    tail.write(sum)
    let result = Array(bytes[..<start]) + index + tail.bytes
    // Sometimes the length is what is damaged.
    let length = bytes[47] == 0xFF ? UInt64.max - UInt64(bytes[46]) : UInt64(result.count)
    return SnapshotLayout.head(length: length, index: UInt64(start)) + result.dropFirst(SnapshotLayout.headBytes)
  }

  /// The index with the checksums of the batches as they are; nil where it is none.
  private static func withBatchSums(_ index: [UInt8], of bytes: [UInt8]) -> [UInt8]? {
    guard
      var read = try? index.withUnsafeBytes({ bytes in
        var reader = ByteReader(bytes)
        return try SnapshotIndex(from: &reader)
      })
    else { return nil }
    for number in read.batches.indices {
      let batch = read.batches[number]
      guard batch.start <= UInt64(bytes.count), batch.count <= UInt64(bytes.count) - batch.start else { continue }
      let range = Int(batch.start)..<Int(batch.start + batch.count)
      read.batches[number].checksum = bytes[range].withUnsafeBytes { SnapshotLayout.checksum($0) }
    }
    var writer = ByteWriter()
    read.encode(into: &writer)
    return writer.bytes
  }
}
