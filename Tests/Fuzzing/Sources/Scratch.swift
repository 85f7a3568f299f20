import Foundation

/// A folder in memory for the files of this process; it is written to thousands of times a second.
enum Scratch {
  static let folder: String = {
    let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    var template = Array("\(parent)/pipeline-fuzz-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { found("no folder in \(parent)") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    atexit { try? FileManager.default.removeItem(atPath: Scratch.folder) }
    return path
  }()

  static func path(of name: String) -> String { "\(folder)/\(name)" }

  /// - Returns: The path.
  @discardableResult
  static func write(_ bytes: UnsafeRawBufferPointer, to name: String) -> String {
    let path = path(of: name)
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0, Glibc.write(file, bytes.baseAddress, bytes.count) == bytes.count, close(file) == 0 else {
      found("cannot write \(path)")
    }
    return path
  }

  @discardableResult
  static func write(_ bytes: [UInt8], to name: String) -> String {
    bytes.withUnsafeBytes { write($0, to: name) }
  }

  static func remove(_ name: String) { unlink(path(of: name)) }
}
