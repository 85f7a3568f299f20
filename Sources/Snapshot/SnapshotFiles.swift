import PartialFiles
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few things that a cache asks of the file system.
enum SnapshotFiles {
  /// `$XDG_CACHE_HOME/pipeline`, or `~/.cache/pipeline`.
  static var cacheFolder: String? {
    func value(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    if let folder = value("XDG_CACHE_HOME") { return folder + "/pipeline" }
    return value("HOME").map { $0 + "/.cache/pipeline" }
  }

  static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  /// The path without links; nil where nothing is there.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Seconds since 1970.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Makes a folder for its owner alone, with the folders above it.
  static func makeFolder(_ path: String) -> Bool {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex,
      makeFolder(String(path[..<slash]))
    else { return false }
    return mkdir(path, 0o700) == 0 || errno == EEXIST
  }

  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  @discardableResult
  static func remove(_ path: String) -> Bool { unlink(path) == 0 }

  /// Two random numbers in a file, made by the first process that needs them.
  static func sharedSeeds(at path: String) -> (UInt64, UInt64)? {
    if let seeds = readSeeds(path) { return seeds }
    // They are moved into place whole: a file without them was cut by a loss of power.
    if (try? FilePath(path).stat().type) == .regular, readSeeds(path) == nil { remove(path) }
    let own = [UInt64.random(in: 1 ... .max), UInt64.random(in: 1 ... .max)]
    guard let partial = try? PartialFile(path, permissions: .ownerReadWrite) else { return nil }
    let isWritten = own.withUnsafeBytes { (try? partial.descriptor.writeAll($0)) != nil }
    // A link, unlike a rename, does not replace what another run was quicker to make.
    guard isWritten, link(partial.path, path) == 0 || errno == EEXIST else { return nil }
    return readSeeds(path)
  }

  private static func readSeeds(_ path: String) -> (UInt64, UInt64)? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    var seeds: (UInt64, UInt64) = (0, 0)
    let count = withUnsafeMutableBytes(of: &seeds) { (try? file.read(into: $0)) ?? 0 }
    return count == 16 && seeds.0 != 0 && seeds.1 != 0 ? seeds : nil
  }
}
