import Export
import Foundation
import Ingest
import SurveyTestSupport
import Testing

@testable import Engine

/// The hash of a file is that of its bytes, however they came.
@Suite("The hashes of data files")
struct InputHashTests {
  private static let piece = MorselFile.bytesPerMorsel

  /// A file of so many bytes that takes no room.
  private func file(of size: Int64, in directory: TemporaryDirectory) throws -> String {
    let path = try directory.write("", to: "t.csv")
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: UInt64(size))
    return path
  }

  private static let bytes: [UInt8] = {
    var generator = SeededGenerator(seed: 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * piece)
    while bytes.count < 2 * piece + 12_345 { withUnsafeBytes(of: generator.next()) { bytes += $0 } }
    return bytes
  }()

  private static func pieces(of bytes: [UInt8]) -> String {
    var hash = PieceHash()
    for start in stride(from: 0, to: bytes.count, by: piece) {
      hash.append(bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { PieceHash.digest(of: $0) })
    }
    return hash.finish()
  }

  /// Cuts of any size.
  private static func cuts(seed: UInt64, largest: Int) -> [Range<Int>] {
    var generator = SeededGenerator(seed: seed)
    var cuts: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 0...largest, using: &generator))
      cuts.append(start..<end)
      start = end
    }
    return cuts
  }

  @Test func upTo64MiBItIsSHA256() throws {
    let directory = try TemporaryDirectory()
    for (size, usesSHA256, expected) in [
      (InputHash.largestWhole, false, "SHA-256"), (InputHash.largestWhole + 1, true, "SHA-256"),
      (InputHash.largestWhole + 1, false, PieceHash.algorithm),
    ] {
      let path = try file(of: size, in: directory)
      var hash = InputHash(of: path, usesSHA256: usesSHA256)
      for cut in Self.cuts(seed: 1, largest: 1 << 20) { Self.bytes[cut].withUnsafeBytes { hash.update($0) } }
      let record = hash.record(path: path)
      #expect(record.algorithm == expected)
      #expect(record.bytes == Int64(Self.bytes.count))
      #expect(record.path == path)
      #expect(record.hash == (expected == "SHA-256" ? FileHash.hash(of: Self.bytes) : Self.pieces(of: Self.bytes)))
    }
    #expect(PieceHash.algorithm.contains("each 1 MiB"))
  }

  @Test(arguments: [1 << 16, 3 << 20]) func morselsAndStreamsAreHashedAlike(largest: Int) throws {
    let directory = try TemporaryDirectory()
    for size in [1000, InputHash.largestWhole + 1] {
      let path = try file(of: size, in: directory)
      var morsels = InputHash(of: path, usesSHA256: false)
      for start in stride(from: 0, to: Self.bytes.count, by: Self.piece) {
        let own = Self.bytes[start..<min(Self.bytes.count, start + Self.piece)]
        morsels.take(own, digest: own.withUnsafeBytes { PieceHash.digest(of: $0) })
      }
      let expected = morsels.record(path: path)
      // Morsels of other sizes have no digest.
      var others = InputHash(of: path, usesSHA256: false)
      for cut in Self.cuts(seed: 3, largest: largest) { others.take(Self.bytes[cut], digest: nil) }
      var stream = InputHash(of: path, usesSHA256: false)
      for cut in Self.cuts(seed: 4, largest: largest) { Self.bytes[cut].withUnsafeBytes { stream.update($0) } }
      for record in [others.record(path: path), stream.record(path: path)] {
        #expect(record.hash == expected.hash)
        #expect(record.algorithm == expected.algorithm)
        #expect(record.bytes == expected.bytes && record.bytes == Int64(Self.bytes.count))
      }
      #expect(expected.hash == (size == 1000 ? FileHash.hash(of: Self.bytes) : Self.pieces(of: Self.bytes)))
    }
  }

  @Test func theOrderOfPiecesAndEveryByteCount() throws {
    let directory = try TemporaryDirectory()
    let path = try file(of: InputHash.largestWhole + 1, in: directory)
    func hash(_ bytes: [UInt8]) -> String {
      var hash = InputHash(of: path, usesSHA256: false)
      bytes.withUnsafeBytes { hash.update($0) }
      return hash.record(path: path).hash
    }
    let whole = hash(Self.bytes)
    var other = Self.bytes
    other[Self.piece] ^= 1
    #expect(hash(other) != whole)
    #expect(
      hash(Array(Self.bytes[Self.piece..<2 * Self.piece] + Self.bytes[..<Self.piece]))
        != hash(Array(Self.bytes[..<(2 * Self.piece)])))
    #expect(hash(Self.bytes.dropLast()) != whole)
    #expect(whole.count == 32)
  }

  @Test func bytesOfFilesThatAreNotThereAreNone() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("12345", to: "t.csv")
    #expect(InputHash.bytes(of: [path, path + ".gone", path]) == 10)
    #expect(InputHash.bytes(of: []) == 0)
  }
}
