import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that has another name until it is whole, beside the place that it is for.
///
/// Its writer claims it (flock), so that what a killed process left can be told from what is being written.
public struct PartialFile: ~Copyable {
  /// What the names of all files and folders end with that are not whole yet.
  public static let suffix = ".partial"
  private static let numberLength = 16

  public let path: String
  public let descriptor: FileDescriptor
  private var isOpen = true
  private var isThere = true

  /// Makes an empty file.
  ///
  /// Between its creation and its claim, another process that tidies up takes it for one that was left, and removes it:
  /// then it is made once more.
  ///
  /// - Parameter stem: What its name begins with.
  /// - Throws: `Errno`.
  public init(_ stem: String, permissions: FilePermissions) throws(Errno) {
    var attempts = 0
    while true {
      let partial = Self.newPath(stem)
      let file: FileDescriptor
      do {
        file = try FileDescriptor.open(
          FilePath(partial), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
      } catch {
        throw error as? Errno ?? .ioError
      }
      // Where nothing can be claimed, nothing is removed either.
      let isOurs = Self.claim(file) || errno != EWOULDBLOCK
      if isOurs, let there = try? FilePath(partial).stat(), let here = try? file.stat(), there.inode == here.inode {
        path = partial
        descriptor = file
        return
      }
      try? file.close()
      attempts += 1
      if attempts == 100 { throw .resourceTemporarilyUnavailable }
    }
  }

  /// Leaves nothing behind.
  deinit {
    if isOpen { try? descriptor.close() }
    if isThere { unlink(path) }
  }

  /// Gives the file its name, in place of what stood there.
  ///
  /// - Throws: `Errno`, also what is known only when a file is closed; then it is gone, and its place as it was.
  public consuming func move(to target: String) throws(Errno) {
    // The claim is kept by a second descriptor until the file has its name.
    let claim: FileDescriptor
    do {
      claim = try descriptor.duplicate()
    } catch {
      throw error as? Errno ?? .ioError
    }
    defer { try? claim.close() }
    isOpen = false
    do {
      try descriptor.close()
    } catch {
      throw error as? Errno ?? .ioError
    }
    guard rename(path, target) == 0 else { throw Errno(rawValue: errno) }
    isThere = false
  }

  /// A path at which nothing is, for a file or a folder that is not whole yet: the stem, 16 hexadecimal digits, the
  /// suffix.
  public static func newPath(_ stem: String) -> String {
    let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
    return "\(stem).\(String(repeating: "0", count: numberLength - digits.count))\(digits)\(suffix)"
  }

  /// Whether a name is one that `newPath` gave for this stem.
  public static func isPartial(_ name: String, of stem: String) -> Bool {
    guard name.hasPrefix("\(stem)."), name.hasSuffix(suffix) else { return false }
    let number = name.dropFirst(stem.count + 1).dropLast(suffix.count)
    return number.utf8.count == numberLength && number.allSatisfy(\.isHexDigit)
  }

  /// Removes a file that no process is writing any more.
  public static func removeAbandoned(_ path: String) {
    // Without waiting: a pipe may stand in its place.
    guard
      let file = try? FileDescriptor.open(
        FilePath(path), .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
    else { return }
    if (try? file.stat().type) == .regular, claim(file) { unlink(path) }
    try? file.close()
  }

  /// Marks an open file as being written, until it is closed or its process ends.
  private static func claim(_ file: FileDescriptor) -> Bool { flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 }
}
