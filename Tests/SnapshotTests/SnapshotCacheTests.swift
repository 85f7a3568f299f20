import Foundation
import Normalize
import SurveyTestSupport
import Testing

@testable import Snapshot

@Suite("The folder of snapshots")
struct SnapshotCacheTests {
  // MARK: - Writing

  @Test func itHasItsNameWhenItIsWhole() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    let writer = try #require(folder.cache.writer(key))
    for batch in SnapshotFolder.batches(seed: 1, count: 20, rows: 200) { writer.append(batch) }
    #expect(folder.cache.reader(key) == nil)
    #expect(folder.names.count == 1 && folder.names.allSatisfy { $0.hasSuffix(".partial") })
    #expect(writer.finish(SnapshotFolder.finished, files: []))
    #expect(folder.names == [key.fileName])
    #expect(folder.cache.reader(key)?.batchCount == 20)
    // It is finished once.
    #expect(!writer.finish(SnapshotFolder.finished, files: []))
    writer.append(SnapshotFolder.batches(seed: 1)[0])
    writer.abandon()
    #expect(folder.names == [key.fileName])
    #expect(try folder.cache.reader(key)?.all().count == 20)
  }

  @Test func whatIsAbandonedLeavesNothing() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    let writer = try #require(folder.cache.writer(key))
    // More than is written at once, so that the file has bytes.
    for batch in SnapshotFolder.batches(seed: 2, count: 600, rows: 200) { writer.append(batch) }
    #expect(folder.names.count == 1)
    writer.abandon()
    #expect(folder.names == [])
    writer.append(SnapshotFolder.batches(seed: 2)[0])
    #expect(!writer.finish(SnapshotFolder.finished, files: []))
    #expect(folder.names == [])
  }

  @Test func whatIsForgottenLeavesNothing() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    do {
      let writer = try #require(folder.cache.writer(key))
      writer.append(SnapshotFolder.batches(seed: 3)[0])
      #expect(folder.names.count == 1)
    }
    #expect(folder.names == [])
  }

  /// Nothing can be renamed to a folder that is not empty.
  @Test func whatCannotHaveItsNameLeavesNothing() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    try folder.directory.write("x", to: "deep/er/cache/\(key.fileName)/x")
    let writer = try #require(folder.cache.writer(key))
    writer.append(SnapshotFolder.batches(seed: 4)[0])
    #expect(!writer.finish(SnapshotFolder.finished, files: []))
    #expect(folder.names == [key.fileName])
  }

  @Test func aFolderThatCannotBeMadeIsDoneWithout() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    // A file stands in the place of the folder, or of one above it.
    for name in ["data.csv", "data.csv/below", "data.csv/far/below"] {
      let cache = SnapshotCache(folder: folder.directory.path(of: name))
      #expect(cache.writer(key) == nil)
      #expect(cache.reader(key) == nil)
      #expect(!cache.shareSeeds())
      #expect(cache.entries().isEmpty)
      #expect(cache.clear().count == 0)
      cache.trim()
      cache.remove(key)
    }
    #expect(try folder.directory.text(of: "data.csv") == "id,Q1\n1,yes\n2,no\n")
  }

  @Test func theFolderIsForItsOwnerAlone() throws {
    let folder = try SnapshotFolder()
    folder.write([], try #require(folder.key()))
    func rights(_ path: String) throws -> Int {
      try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
    #expect(try rights(folder.cache.folder) == 0o700)
    #expect(try rights(folder.place) & 0o077 == 0)
  }

  /// Whoever ends last has written the snapshot, and nobody reads half of one.
  @Test func severalWritersAtOnce() async throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    let all = (0..<6).map { SnapshotFolder.batches(seed: UInt64($0) + 10, count: 30, rows: 100) }
    let expected = all.map { $0.map(BatchBits.init) }
    let found = try await withThrowingTaskGroup(of: Int.self) { group in
      for batches in all {
        group.addTask {
          for _ in 0..<5 { #expect(folder.write(batches, key)) }
          return 0
        }
      }
      for _ in 0..<2 {
        group.addTask {
          var found = 0
          while found < 8 {
            guard let reader = folder.cache.reader(key) else { continue }
            let bits = try reader.all().map(BatchBits.init)
            #expect(expected.contains(bits))
            found += 1
          }
          // Some while others write, some afterwards.
          return found
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(found == 16)
    #expect(folder.names == [key.fileName])
  }

  @Test func twoWritersThatTakeTurns() throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    let (first, second) = (SnapshotFolder.batches(seed: 1, count: 9), SnapshotFolder.batches(seed: 2, count: 9))
    let one = try #require(folder.cache.writer(key))
    let two = try #require(folder.cache.writer(key))
    for (a, b) in zip(first, second) {
      one.append(a)
      two.append(b)
    }
    #expect(one.finish(SnapshotFolder.finished, files: []))
    let early = try #require(folder.cache.reader(key))
    #expect(two.finish(SnapshotFolder.finished, files: []))
    // Who has opened the first keeps it.
    #expect(try early.all().map(BatchBits.init) == first.map(BatchBits.init))
    #expect(try folder.cache.reader(key)?.all().map(BatchBits.init) == second.map(BatchBits.init))
    #expect(folder.names == [key.fileName])
  }

  // MARK: - At rest

  @Test func filesThatWereJustWrittenAreNotAtRest() throws {
    let folder = try SnapshotFolder()
    let other = try folder.directory.write("id,Q1\n", to: "other.csv")
    let cache = SnapshotCache(folder: folder.cache.folder, restSeconds: 1.5)
    #expect(!cache.mayKeep([folder.data]))
    Thread.sleep(forTimeInterval: 1.6)
    #expect(cache.mayKeep([folder.data, other]))
    #expect(folder.cache.mayKeep([folder.data, other]))
    // A change of its rights is a sign, too; so is one restless file of several.
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: other)
    #expect([[other], [folder.data, other], [other, folder.data]].map(cache.mayKeep) == [false, false, false])
    #expect(cache.mayKeep([folder.data]))
    #expect(!cache.mayKeep([folder.data, "\(folder.data).gone"]))
    // What a moment is to everybody.
    #expect((0.01...0.5).contains(SnapshotKey.restlessSeconds))
  }

  /// File systems that count seconds: a second change within one leaves the same times.
  @Test func filesWithoutFractionsOfSecondsRestLonger() throws {
    let folder = try SnapshotFolder()
    Thread.sleep(forTimeInterval: 0.2)
    #expect(folder.cache.mayKeep([folder.data]))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: folder.data)
    Thread.sleep(forTimeInterval: 1)
    #expect(!folder.cache.mayKeep([folder.data]))
    Thread.sleep(forTimeInterval: 1.3)
    #expect(folder.cache.mayKeep([folder.data]))
  }

  @Test func smallDataIsNotWorthIt() {
    let cache = SnapshotCache(folder: "/nowhere", smallest: 100)
    #expect([0, 99, 100, 101].map { cache.serves(bytes: $0) } == [false, false, true, true])
    #expect(!SnapshotCache(folder: "/nowhere").serves(bytes: SnapshotCache.smallestData - 1))
    #expect(SnapshotCache(folder: "/nowhere", smallest: 0).serves(bytes: 0))
  }

  // MARK: - Keeping house

  private func write(_ bytes: Int, aged days: Double, to name: String, in folder: SnapshotFolder) throws {
    let path = try folder.directory.write(Array(repeating: 1, count: bytes), to: "deep/er/cache/\(name)")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -days * 86_400)], ofItemAtPath: path)
  }

  @Test func theOldestGoFirst() throws {
    let folder = try SnapshotFolder(limit: 100)
    try write(30, aged: 3, to: "a.columns", in: folder)
    try write(40, aged: 1, to: "b.columns", in: folder)
    try write(30, aged: 2, to: "c.columns", in: folder)
    try write(30, aged: 0.5, to: "d.columns", in: folder)
    try write(16, aged: 400, to: "seeds", in: folder)
    folder.cache.trim()
    // 30 + 40 + 30 is just right.
    #expect(folder.names == ["b.columns", "c.columns", "d.columns", "seeds"])
    try write(1, aged: 0.1, to: "e.columns", in: folder)
    folder.cache.trim()
    #expect(folder.names == ["b.columns", "d.columns", "e.columns", "seeds"])
    folder.cache.trim()
    #expect(folder.names == ["b.columns", "d.columns", "e.columns", "seeds"])
    try write(101, aged: 0, to: "f.columns", in: folder)
    folder.cache.trim()
    #expect(folder.names == ["seeds"])
  }

  /// Whoever writes holds a lock on its file, which ends with its process.
  @Test func whatKilledRunsLeftGoesAndWhatIsBeingWrittenStays() throws {
    let folder = try SnapshotFolder(limit: 100)
    try write(1000, aged: 0, to: "a.columns.1.partial", in: folder)
    try write(16, aged: 1.1, to: "seeds.2.partial", in: folder)
    try write(10, aged: 90, to: "a.columns", in: folder)
    try write(10, aged: 90, to: "notes.txt", in: folder)
    let key = try #require(folder.key())
    let writer = try #require(folder.cache.writer(key))
    folder.cache.trim()
    let open = folder.names.filter { $0.hasSuffix(".partial") }
    #expect(open.count == 1 && open[0].hasPrefix("\(key.fileName)."))
    #expect(folder.names.count == 3)
    writer.abandon()
    #expect(folder.names == ["a.columns", "notes.txt"])
  }

  /// A file is there a moment before it is locked, and whoever tidies up then takes it for one that was left.
  @Test func whoTidiesUpRemovesNothingThatIsBegun() async throws {
    let folder = try SnapshotFolder()
    let key = try #require(folder.key())
    await withTaskGroup(of: Int?.self) { group in
      group.addTask { (0..<2000).count { _ in !folder.write([], key) } }
      group.addTask {
        while !Task.isCancelled {
          folder.cache.trim()
          await Task.yield()
        }
        return nil
      }
      let lost = await group.next()
      #expect(lost == 0)
      group.cancelAll()
    }
    #expect(folder.names == [key.fileName])
  }

  @Test func clearingRemovesAllAndNothingElse() throws {
    let folder = try SnapshotFolder()
    #expect(folder.cache.clear() == (0, 0))
    let key = try #require(folder.key())
    folder.write(SnapshotFolder.batches(seed: 1), key)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: folder.place)[.size] as? Int64)
    try write(50, aged: 0, to: "a.columns", in: folder)
    try write(7, aged: 0, to: "a.columns.2.partial", in: folder)
    try write(3, aged: 0, to: "notes.txt", in: folder)
    let cleared = folder.cache.clear()
    #expect(cleared.count == 2)
    #expect(cleared.bytes == size + 57)
    #expect(folder.names == ["notes.txt"])
    #expect(folder.cache.reader(key) == nil)
    #expect(folder.cache.clear() == (0, 0))
  }

  @Test func oneIsRemoved() throws {
    let folder = try SnapshotFolder()
    let (one, two) = (try #require(folder.key(seed: 1)), try #require(folder.key(seed: 2)))
    folder.write([], one)
    folder.write([], two)
    folder.cache.remove(one)
    folder.cache.remove(one)
    #expect(folder.names == [two.fileName])
  }

  @Test func theNewestAreListedFirst() throws {
    let folder = try SnapshotFolder()
    #expect(folder.cache.entries().isEmpty)
    let key = try #require(folder.key())
    folder.write([], key)
    try write(50, aged: 2, to: "a.columns", in: folder)
    try write(0, aged: 1, to: "b.columns", in: folder)
    try write(7, aged: 0, to: "a.columns.2.partial", in: folder)
    let entries = folder.cache.entries()
    #expect(entries.map(\.name) == [key.fileName, "b.columns", "a.columns"])
    #expect(entries.map(\.data) == [folder.data, nil, nil])
    #expect(entries.map(\.bytes).suffix(2) == [0, 50] && entries[0].bytes > 0)
    #expect(abs(entries[1].written - Date(timeIntervalSinceNow: -86_400).timeIntervalSince1970) < 60)
  }

  // MARK: - Seeds

  @Test func whoComesFirstMakesTheSeeds() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path(of: "seeds")
    let all = await withTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<16 {
        group.addTask { SnapshotFiles.sharedSeeds(at: path).map { [$0.0, $0.1] } ?? [] }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(all).count == 1)
    #expect(all[0].count == 2 && all[0].allSatisfy { $0 != 0 } && all[0][0] != all[0][1])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["seeds"])
    let other = try #require(SnapshotFiles.sharedSeeds(at: directory.path(of: "others")))
    #expect([other.0, other.1] != all[0])
  }

  /// What a lost power supply leaves must not stand in the way for ever.
  @Test(arguments: [0, 15, 16]) func seedsThatAreNoneAreMadeAnew(bytes: Int) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Array(repeating: UInt8(0), count: bytes), to: "seeds")
    let seeds = try #require(SnapshotFiles.sharedSeeds(at: path))
    let again = try #require(SnapshotFiles.sharedSeeds(at: path))
    #expect(seeds == again)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["seeds"])
  }
}
