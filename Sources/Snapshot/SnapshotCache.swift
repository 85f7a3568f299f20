import Normalize
import PartialFiles
import SystemPackage

/// The folder of the column snapshots: `pipeline` in the user's cache directory.
public struct SnapshotCache: Sendable {
  static let suffix = ".columns"
  /// Bytes of all snapshots together; the oldest go first.
  public static let largestTotal: Int64 = 8 << 30

  /// Bytes of the smallest data that is worth a snapshot.
  public static let smallestData: Int64 = 4 << 20

  public let folder: String
  private let limit: Int64
  private let smallest: Int64
  private let restSeconds: Double

  /// - Returns: nil where the system names no place for caches.
  public init?() {
    guard let folder = SnapshotFiles.cacheFolder else { return nil }
    self.init(folder: folder)
  }

  /// - Parameters:
  ///   - limit: Bytes of all snapshots together; the oldest go first.
  ///   - smallest: Bytes of the smallest data that is worth a snapshot.
  ///   - restSeconds: How long the files must have been left unchanged.
  public init(
    folder: String, limit: Int64 = SnapshotCache.largestTotal, smallest: Int64 = SnapshotCache.smallestData,
    restSeconds: Double = SnapshotKey.restlessSeconds
  ) {
    self.restSeconds = restSeconds
    self.folder = folder
    self.limit = limit
    self.smallest = smallest
  }

  /// Whether data of so many bytes is worth a snapshot.
  public func serves(bytes: Int64) -> Bool { bytes >= smallest }

  /// A snapshot of these files for this plan, if there is one that can be trusted.
  public func reader(_ key: SnapshotKey) -> SnapshotReader? {
    SnapshotReader(path: "\(folder)/\(key.fileName)", key: key)
  }

  /// Begins a snapshot; nil where the folder cannot be written to.
  public func writer(_ key: SnapshotKey) -> SnapshotWriter? {
    guard SnapshotFiles.makeFolder(folder) else { return nil }
    return SnapshotWriter(path: "\(folder)/\(key.fileName)", key: key)
  }

  /// Whether a snapshot of these files may be kept: none has changed just now.
  public func mayKeep(_ paths: [String]) -> Bool { SnapshotKey.areAtRest(paths, seconds: restSeconds) }

  /// Throws a snapshot away that turned out to be damaged.
  public func remove(_ key: SnapshotKey) { SnapshotFiles.remove("\(folder)/\(key.fileName)") }

  /// A snapshot in the folder.
  public struct Entry: Sendable {
    public var name: String
    public var bytes: Int64
    /// Seconds since 1970 when it was last written.
    public var written: Double
    /// The first of the files that it stands for; nil where it cannot be read.
    public var data: String?
  }

  /// All snapshots, the newest first.
  public func entries() -> [Entry] {
    SnapshotFiles.names(in: folder).filter { $0.hasSuffix(Self.suffix) }.compactMap { name in
      guard let status = try? FilePath("\(folder)/\(name)").stat() else { return nil }
      return Entry(
        name: name, bytes: status.size, written: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9,
        data: SnapshotReader.anyKey("\(folder)/\(name)")?.path)
    }.sorted { ($0.written, $0.name) > ($1.written, $1.name) }
  }

  /// The snapshots whose data lies in one of these folders, or is one of these files, the newest first. One that cannot be
  /// read is of no folder.
  public func entries(within places: [String]) -> [Entry] {
    let roots = places.map(Self.components)
    return entries().filter { entry in
      guard let data = entry.data.map(Self.components) else { return false }
      return roots.contains { data.starts(with: $0) }
    }
  }

  /// A path from the root, without `.`, `..` and links, as far as it is there.
  private static func components(_ path: String) -> [String] {
    let place = path.hasPrefix("/") ? path : "\(SnapshotFiles.workingDirectory)/\(path)"
    let text = SnapshotFiles.resolved(place) ?? FilePath(place).lexicallyNormalized().string
    return text.split(separator: "/").map(String.init)
  }

  /// Removes one snapshot.
  ///
  /// - Returns: Whether it was there.
  @discardableResult
  public func remove(_ entry: Entry) -> Bool { SnapshotFiles.remove("\(folder)/\(entry.name)") }

  /// Removes all snapshots, and what killed runs left of theirs.
  ///
  /// - Returns: How many, and their bytes.
  public func clear() -> (count: Int, bytes: Int64) {
    var result = (count: 0, bytes: Int64(0))
    for name in SnapshotFiles.names(in: folder) where name.hasSuffix(Self.suffix) || name.hasSuffix(PartialFile.suffix)
    {
      let size = (try? FilePath("\(folder)/\(name)").stat().size) ?? 0
      guard SnapshotFiles.remove("\(folder)/\(name)") else { continue }
      if name.hasSuffix(Self.suffix) { result.count += 1 }
      result.bytes += size
    }
    return result
  }

  /// Removes the oldest snapshots until the others fit the limit, and what killed runs left.
  public func trim() {
    var total: Int64 = 0
    var aged: [(path: String, bytes: Int64, written: Double)] = []
    for name in SnapshotFiles.names(in: folder) {
      let path = "\(folder)/\(name)"
      guard let status = try? FilePath(path).stat() else { continue }
      let written = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
      if name.hasSuffix(Self.suffix) {
        aged.append((path, status.size, written))
      } else if name.hasSuffix(PartialFile.suffix) {
        PartialFile.removeAbandoned(path)
      }
    }
    for entry in aged.sorted(by: { ($0.written, $0.path) > ($1.written, $1.path) }) {
      total += entry.bytes
      if total > limit { SnapshotFiles.remove(entry.path) }
    }
  }

  /// Lets keys of units be hashed as by everyone else who uses this folder, so that a snapshot of one run serves the
  /// next. To be called before the first table is read.
  ///
  /// - Returns: False where the folder cannot be written to.
  public func shareSeeds() -> Bool {
    guard SnapshotFiles.makeFolder(folder), let seeds = SnapshotFiles.sharedSeeds(at: "\(folder)/seeds") else {
      return false
    }
    KeyHash.use(seeds: seeds)
    return true
  }
}
