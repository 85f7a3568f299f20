import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that the `path` of a table stands for: names, and patterns with `*`, `?` and `[..]`.
public enum InputPaths {
  /// Looks patterns up in the file system. Names stay in the order given; what a pattern matches comes in the order of
  /// bytes. A path that exists as it is written is a name, whatever its characters.
  ///
  /// - Parameter table: For messages.
  /// - Throws: `IngestError.noMatch`, `.namedTwice`, or `.unreadable` where a folder of a pattern cannot be read. That a
  ///   name leads to no file is found when it is opened.
  public static func expanded(_ paths: [String], table: String) throws(IngestError) -> [String] {
    var result: [String] = []
    for path in paths {
      if isPattern(path), !exists(path) {
        result += try matches(of: path, table: table)
      } else {
        result.append(path)
      }
    }
    var seen: Set<Identity> = []
    for path in result where !seen.insert(Identity(path)).inserted {
      throw .namedTwice(path: path, table: table)
    }
    return result
  }

  private static func isPattern(_ path: String) -> Bool { path.utf8.contains { "*?[".utf8.contains($0) } }

  private static func exists(_ path: String) -> Bool { (try? FilePath(path).stat()) != nil }

  private static func matches(of pattern: String, table: String) throws(IngestError) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    // A folder that is not there matches nothing; one that cannot be read is an error.
    let status = glob(pattern, GLOB_NOSORT | GLOB_NOESCAPE, { _, code in code == ENOENT ? 0 : 1 }, &found)
    switch status {
    case 0: break
    case GLOB_NOMATCH: throw .noMatch(pattern: pattern, table: table)
    case GLOB_NOSPACE: throw .outOfMemory(path: pattern)
    default: throw .unreadable(path: pattern, reason: "a folder in it cannot be read")
    }
    var names: [String] = []
    for place in 0..<Int(found.gl_pathc) {
      if let name = found.gl_pathv?[place] { names.append(String(cString: name)) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What makes two paths the same file: device and inode, or the path itself where there is none.
  private struct Identity: Hashable {
    var device: UInt64 = 0
    var inode: UInt64 = 0
    var path: String?

    init(_ path: String) {
      if let status = try? FilePath(path).stat() {
        device = UInt64(truncatingIfNeeded: status.deviceID.rawValue)
        inode = UInt64(truncatingIfNeeded: status.inode.rawValue)
      } else {
        self.path = path
      }
    }
  }
}
