import Export
import Ingest
import SystemPackage

/// The hash of a data file, as `run.json` names it: SHA-256, or for large files one that those who read it share.
struct InputHash {
  /// Bytes of the largest file that is hashed with SHA-256 unless it is asked for.
  static let largestWhole: Int64 = 64 << 20

  private let isLarge: Bool
  private var whole = FileHash()
  private var pieces = PieceHash()
  private var byteCount: Int64 = 0
  /// Bytes of a large file that came in other sizes than those of morsels.
  private var open: [UInt8] = []

  /// - Parameter usesSHA256: Whatever the size.
  init(of path: String, usesSHA256: Bool) {
    isLarge = !usesSHA256 && ((try? FilePath(path).stat().size) ?? 0) > Self.largestWhole
  }

  /// One of the kind that a record names; nil where this version knows none of the name.
  init?(algorithm: String) {
    guard [FileHash.algorithm, PieceHash.algorithm].contains(algorithm) else { return nil }
    isLarge = algorithm == PieceHash.algorithm
  }

  /// Bytes of some files together; 0 for those that are not there.
  static func bytes(of paths: [String]) -> Int64 {
    paths.reduce(0) { $0 + ((try? FilePath($1).stat().size) ?? 0) }
  }

  /// Takes a morsel.
  ///
  /// - Parameter digest: Of its bytes, where morsels are the pieces that a large file is hashed by.
  mutating func take(_ bytes: ArraySlice<UInt8>, digest: [UInt8]?) {
    guard isLarge, let digest else { return bytes.withUnsafeBytes { update($0) } }
    byteCount += Int64(bytes.count)
    pieces.append(digest)
  }

  /// Takes the next bytes, however many they are.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount += Int64(bytes.count)
    guard isLarge else { return whole.update(bytes) }
    open += bytes
    while open.count >= MorselFile.bytesPerMorsel {
      pieces.append(open[..<MorselFile.bytesPerMorsel].withUnsafeBytes { PieceHash.digest(of: $0) })
      open.removeFirst(MorselFile.bytesPerMorsel)
    }
  }

  consuming func record(path: String) -> RunRecord.FileRecord {
    guard isLarge else { return RunRecord.FileRecord(path: path, bytes: byteCount, hash: whole.finish()) }
    if !open.isEmpty { pieces.append(open.withUnsafeBytes { PieceHash.digest(of: $0) }) }
    return RunRecord.FileRecord(
      path: path, bytes: byteCount, hash: pieces.finish(), algorithm: PieceHash.algorithm)
  }
}
