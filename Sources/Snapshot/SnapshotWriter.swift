import Normalize
import PartialFiles
import SystemPackage

/// A snapshot that is written beside a run. It counts when it is whole: until then it has another name.
public final class SnapshotWriter {
  private static let bytesPerWrite = 1 << 20

  private let path: String
  private let key: SnapshotKey
  private let file: FileDescriptor
  private var writer = ByteWriter()
  private var written: UInt64 = 0
  private var batches: [SnapshotBatch] = []
  private var partial: PartialFile?

  /// - Returns: nil where the file cannot be created: a run does without.
  init?(path: String, key: SnapshotKey) {
    self.path = path
    self.key = key
    guard let partial = try? PartialFile(path, permissions: .ownerReadWrite) else { return nil }
    file = partial.descriptor
    self.partial = consume partial
    writer.bytes = Array(repeating: 0, count: SnapshotLayout.headBytes)
  }

  /// Appends a batch, numbered as in the table.
  public func append(_ batch: CodedBatch) {
    guard isOpen else { return }
    let start = writer.bytes.count
    BatchCodec.encode(batch, into: &writer)
    let sum = writer.bytes[start...].withUnsafeBytes { SnapshotLayout.checksum($0) }
    batches.append(
      SnapshotBatch(start: written + UInt64(start), count: UInt64(writer.bytes.count - start), checksum: sum))
    if writer.bytes.count >= Self.bytesPerWrite { flush() }
  }

  /// Ends the snapshot and gives it its name.
  ///
  /// - Returns: Whether it counts.
  @discardableResult
  public func finish(_ normalizer: Normalizer, files: [SnapshotDataFile]) -> Bool {
    guard isOpen else { return false }
    let index = written + UInt64(writer.bytes.count)
    var tail = ByteWriter()
    SnapshotIndex(key: key, files: files, batches: batches, numbering: normalizer.numbering).encode(into: &tail)
    let sum = tail.bytes.withUnsafeBytes { SnapshotLayout.checksum($0) }
    tail.write(sum)
    writer.bytes += tail.bytes
    flush()
    let head = SnapshotLayout.head(length: written, index: index)
    guard isOpen, (try? file.writeAll(toAbsoluteOffset: 0, head)) != nil, let partial = partial.take() else {
      abandon()
      return false
    }
    return (try? partial.move(to: path)) != nil
  }

  /// Leaves nothing behind.
  public func abandon() { partial = nil }

  private var isOpen: Bool { partial != nil }

  private func flush() {
    do {
      written += UInt64(try file.writeAll(writer.bytes))
      writer.bytes.removeAll(keepingCapacity: true)
    } catch {
      // A full disk is no reason for a run to fail.
      abandon()
    }
  }
}
