import CXXHash
import Normalize
import SurveyModel
import SystemPackage

/// What a snapshot stands for: these files, as they were, and what a plan needs of them. Any difference makes another
/// key.
public struct SnapshotKey: Sendable, Equatable {
  /// A file that was changed so recently could be changed again without a sign of it.
  public static let restlessSeconds = 0.05
  /// The same where file systems count seconds, or pairs of seconds, only: ext3, FAT, some servers.
  static let restlessSecondsOfCoarseClocks = 2.1

  let text: String

  init(text: String) {
    self.text = text
  }

  /// - Parameters:
  ///   - paths: The files of the table, in order.
  ///   - seed: Tells apart keys of units that were hashed differently.
  /// - Returns: nil where a file cannot be looked at.
  public init?(paths: [String], plan: TablePlan, seed: UInt64) {
    var parts: [String] = []
    for path in paths {
      guard let status = try? FilePath(path).stat(), status.type == .regular else { return nil }
      let place = path.hasPrefix("/") ? path : "\(Self.workingDirectory)/\(path)"
      parts.append(
        [
          // As it is written, too: rejections name it so.
          place, path, "\(status.size)", "\(status.deviceID.rawValue)", "\(status.inode.rawValue)",
          "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)", "\(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)",
        ].joined(separator: "\t"))
    }
    parts.append(plan.snapshotDescription)
    parts.append("\(seed)")
    text = parts.joined(separator: "\n")
  }

  /// The name of the snapshot's file, without the folder.
  var fileName: String {
    let hash = Array(text.utf8).withUnsafeBytes { XXH3_128bits($0.baseAddress, $0.count) }
    func hexadecimal(_ word: UInt64) -> String {
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return hexadecimal(hash.high64) + hexadecimal(hash.low64) + SnapshotCache.suffix
  }

  /// The first of its files.
  var path: String { text.split(separator: "\t").first.map(String.init) ?? "" }

  /// Whether the files have not been touched for a while, so that a later change cannot hide behind the same times.
  static func areAtRest(_ paths: [String], seconds: Double) -> Bool {
    let now = SnapshotFiles.now
    return paths.allSatisfy { path in
      guard let status = try? FilePath(path).stat() else { return false }
      let changed = Double(status.st_ctim.tv_sec) + Double(status.st_ctim.tv_nsec) / 1e9
      let isCoarse = status.st_ctim.tv_nsec == 0 || status.st_mtim.tv_nsec == 0
      let rest = isCoarse ? max(seconds, restlessSecondsOfCoarseClocks) : seconds
      return now - changed > rest || now < changed - 1
    }
  }

  private static let workingDirectory = SnapshotFiles.workingDirectory
}
