import Foundation
import Normalize
import SurveyTestSupport
import Testing

@testable import Snapshot

@Suite("A snapshot as a file")
struct SnapshotFileTests {
  @Test(arguments: UInt64(1)...10) func whatIsWrittenIsRead(seed: UInt64) throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    let batches = SnapshotFolder.batches(seed: seed, count: Int(seed) - 1)
    #expect(folder.write(batches, key))
    let reader = try #require(folder.cache.reader(key))
    #expect(reader.batchCount == batches.count)
    #expect(try reader.all().map(BatchBits.init) == batches.map(BatchBits.init))
    // In any order, and again.
    for number in batches.indices.reversed() {
      #expect(BatchBits(try reader.batch(number)) == BatchBits(batches[number]))
      #expect(reader.byteCount(of: number) > 0)
    }
    #expect(expectSame(reader.numbering, .example))
    #expect(reader.files.map(\.path) == SnapshotFolder.files.map(\.path))
    #expect(reader.files.map(\.bytes) == SnapshotFolder.files.map(\.bytes))
    #expect(reader.files.map(\.hash) == SnapshotFolder.files.map(\.hash))
    #expect(reader.files.map(\.algorithm) == SnapshotFolder.files.map(\.algorithm))
  }

  /// Larger than what is written at once.
  @Test func manyMegabytes() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    let batches = (0..<7).map { number in
      var batch = CodedBatch(
        rowCount: 50_000, used: RowMask(rowCount: 50_000, all: true), columns: [],
        weights: (0..<50_000).map { Double($0 * number) })
      batch.strata = Array(repeating: Int32(number), count: 50_000)
      return batch
    }
    #expect(folder.write(batches, key))
    let reader = try #require(folder.cache.reader(key))
    #expect(try reader.all().map(\.weights) == batches.map(\.weights))
    #expect(try reader.all().map(\.strata) == batches.map(\.strata))
  }

  // MARK: - Damage

  /// Whether anything of a snapshot is believed.
  private func isBelieved(_ folder: SnapshotFolder, _ key: SnapshotKey) -> Bool {
    guard let reader = folder.cache.reader(key) else { return false }
    return (try? reader.all()) != nil
  }

  @Test func noByteCanBeAnother() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    folder.write(SnapshotFolder.batches(seed: 3, count: 2, rows: 3), key)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.place)))
    #expect(isBelieved(folder, key))
    #expect(bytes.count < 2000)
    let file = try #require(FileHandle(forWritingAtPath: folder.place))
    for place in bytes.indices {
      for change in [UInt8(1), 0x80, 0xFF] {
        try file.seek(toOffset: UInt64(place))
        try file.write(contentsOf: [bytes[place] ^ change])
        #expect(!isBelieved(folder, key), "byte \(place) of \(bytes.count), changed by \(change)")
      }
      try file.seek(toOffset: UInt64(place))
      try file.write(contentsOf: [bytes[place]])
    }
    #expect(isBelieved(folder, key))
  }

  @Test func itIsWholeOrNothing() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    folder.write(SnapshotFolder.batches(seed: 4, count: 2, rows: 3), key)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.place))
    for length in 0..<bytes.count {
      try bytes[..<length].write(to: URL(fileURLWithPath: folder.place))
      #expect(folder.cache.reader(key) == nil, "\(length) of \(bytes.count) bytes")
    }
    for more in [Data([0]), Data(repeating: 7, count: 100), bytes] {
      try (bytes + more).write(to: URL(fileURLWithPath: folder.place))
      #expect(folder.cache.reader(key) == nil, "\(more.count) bytes too many")
    }
    try bytes.write(to: URL(fileURLWithPath: folder.place))
    #expect(isBelieved(folder, key))
  }

  @Test func twoStretchesThatChangedPlacesAreDamage() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    let batch = SnapshotFolder.batches(seed: 5, count: 1, rows: 5)[0]
    var other = batch
    other.strata = other.strata.map { ($0 &+ 1) & 1 }
    folder.write([batch, other], key)
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.place)))
    let reader = try #require(folder.cache.reader(key))
    let (first, second) = (reader.byteCount(of: 0), reader.byteCount(of: 1))
    let start = SnapshotLayout.headBytes
    bytes.replaceSubrange(
      start..<start + first + second,
      with: Array(bytes[start + first..<start + first + second]) + Array(bytes[start..<start + first]))
    try Data(bytes).write(to: URL(fileURLWithPath: folder.place))
    #expect(!isBelieved(folder, key))
  }

  /// The checksums of this one are right.
  @Test(
    arguments: [(.max, 1), (0, .max), (1 << 63, 1), (48, 1 << 31), (1 << 40, 0)] as [(UInt64, UInt64)])
  func aBatchThatStandsNowhereIsDamage(start: UInt64, count: UInt64) throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    folder.write([], key)
    let batch = SnapshotBatch(start: start, count: count, checksum: 0)
    var tail = ByteWriter()
    SnapshotIndex(key: key, files: [], batches: [batch], numbering: .example).encode(into: &tail)
    tail.write(tail.bytes.withUnsafeBytes { SnapshotLayout.checksum($0) })
    let index = UInt64(SnapshotLayout.headBytes)
    let head = SnapshotLayout.head(length: index + UInt64(tail.bytes.count), index: index)
    try Data(head + tail.bytes).write(to: URL(fileURLWithPath: folder.place))
    #expect(folder.cache.reader(key) == nil)
    // Nor may the length of the file be one that no file has.
    try Data(SnapshotLayout.head(length: .max, index: index) + tail.bytes).write(
      to: URL(fileURLWithPath: folder.place))
    #expect(folder.cache.reader(key) == nil)
  }

  @Test func aFileThatGrowsShorterWhileItIsOpenIsDamage() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    folder.write(SnapshotFolder.batches(seed: 6, count: 3, rows: 50), key)
    let reader = try #require(folder.cache.reader(key))
    let file = try #require(FileHandle(forWritingAtPath: folder.place))
    try file.truncate(atOffset: 60)
    #expect(throws: SnapshotDamage.self) { _ = try reader.all() }
  }

  @Test func somethingElseUnderItsNameIsNone() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    folder.write([], key)
    let place = folder.place
    try FileManager.default.removeItem(atPath: place)
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    #expect(folder.cache.reader(key) == nil)
  }

  // MARK: - The key

  /// A snapshot that lies under the name of another key, as if two hashes were the same.
  @Test func aSnapshotOfAnotherKeyIsNone() throws {
    let folder = try SnapshotFolder()
    let (mine, other) = (try #require(folder.key(seed: 1)), try #require(folder.key(seed: 2)))
    folder.write(SnapshotFolder.batches(seed: 1), mine)
    try FileManager.default.moveItem(atPath: folder.place, toPath: "\(folder.cache.folder)/\(other.fileName)")
    #expect(folder.cache.reader(other) == nil)
    #expect(folder.cache.reader(mine) == nil)
  }

  @Test func aChangeOfTheDataMakesAnotherKey() throws {
    let folder = try SnapshotFolder()
    let manager = FileManager.default
    let changes: [(String, () throws -> Void)] = [
      ("the size", { try folder.directory.write("id,Q1\n1,yes\n2,no\n3,no\n", to: "data.csv") }),
      ("the bytes", { try folder.directory.write("id,Q1\n1,yes\n2,no\n3,na\n", to: "data.csv") }),
      (
        "the time of the last change",
        { try manager.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: folder.data) }
      ),
      (
        "the bytes, with the time of the last change set back",
        {
          let time = try #require(try manager.attributesOfItem(atPath: folder.data)[.modificationDate] as? Date)
          let file = try #require(FileHandle(forWritingAtPath: folder.data))
          try file.write(contentsOf: Data("id,Q2".utf8))
          try manager.setAttributes([.modificationDate: time], ofItemAtPath: folder.data)
        }
      ),
      ("the rights", { try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.data) }),
      (
        "the file, replaced by its copy",
        {
          try manager.copyItem(atPath: folder.data, toPath: folder.data + ".copy")
          try manager.removeItem(atPath: folder.data)
          try manager.moveItem(atPath: folder.data + ".copy", toPath: folder.data)
        }
      ),
    ]
    for (what, change) in changes {
      let before = try #require(folder.key())
      folder.write(SnapshotFolder.batches(seed: 2), before)
      #expect(folder.key() == before)
      #expect(folder.key().flatMap(folder.cache.reader) != nil)
      Thread.sleep(forTimeInterval: 0.03)
      try change()
      let after = try #require(folder.key())
      #expect(after != before, "\(what)")
      #expect(after.fileName != before.fileName, "\(what)")
      #expect(folder.cache.reader(after) == nil, "\(what)")
    }
  }

  @Test func filesAndTheirOrderBelongToTheKey() throws {
    let folder = try SnapshotFolder()
    let other = try folder.directory.write("id,Q1\n1,yes\n2,no\n", to: "other.csv")
    let lists = [[folder.data], [other], [folder.data, other], [other, folder.data], [folder.data, folder.data]]
    let names = try lists.map { try #require(folder.key($0)).fileName }
    #expect(Set(names).count == lists.count)
    #expect(names.allSatisfy { $0.count == 32 + 8 && $0.hasSuffix(".columns") })
    #expect(folder.key([folder.data, "\(folder.data).gone"]) == nil)
    #expect(folder.key([folder.directory.path]) == nil)
    #expect(folder.key()?.path == folder.data)
  }

  @Test func theSeedBelongsToTheKey() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key(seed: 5))
    folder.write([], key)
    #expect(folder.key(seed: 5).flatMap(folder.cache.reader) != nil)
    #expect(folder.key(seed: 6).flatMap(folder.cache.reader) == nil)
  }
}
