import Foundation

/// When a data file was last changed: what `run.json` says of files that another engine reads, in place of a hash.
enum FileModification {
  /// What `run.json` calls it.
  static let algorithm = "modification-time"

  /// As Spark prints it, in UTC, to the millisecond.
  ///
  /// - Returns: nil where the file is none of this machine.
  static func time(of path: String) -> (bytes: Int64, time: String)? {
    guard let facts = try? FileManager.default.attributesOfItem(atPath: path), let size = facts[.size] as? Int64,
      let modified = facts[.modificationDate] as? Date
    else { return nil }
    let milliseconds = Int64((modified.timeIntervalSince1970 * 1000).rounded(.down))
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
    let text = formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds / 1000)))
    let rest = String(milliseconds % 1000)
    return (size, text + "." + String(repeating: "0", count: 3 - rest.count) + rest)
  }
}
