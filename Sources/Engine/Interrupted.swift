import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Calls of the system that a signal may interrupt before they have done anything: they are made again.
enum Interrupted {
  /// - Parameter call: 0 where it succeeds, or -1 with `errno`.
  /// - Throws: `Errno`, but not `.interrupted`.
  static func retry(_ call: () -> CInt) throws(Errno) {
    while call() != 0 {
      let error = Errno(rawValue: errno)
      if error != .interrupted { throw error }
    }
  }
}
