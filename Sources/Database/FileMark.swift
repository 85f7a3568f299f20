import Foundation

/// What a file is by its first bytes. SQLite itself is asked later: opening a foreign database may already
/// change it, where a journal lies beside it.
enum FileMark: Equatable {
  /// No file, or an empty one: room for a new database.
  case noFile
  case ours
  case noDatabase
  case otherDatabase

  /// SQLite's application id: "pipl".
  static let applicationID: Int32 = 0x7069_706C

  private static let magic = Array("SQLite format 3\u{0}".utf8)
  /// Where SQLite keeps the application id, big-endian.
  private static let idPosition = 68
  private static let headerBytes = 100

  /// A file that cannot be read counts as none: SQLite then says why it cannot be written.
  init(path: String) {
    guard let file = FileHandle(forReadingAtPath: Self.absolute(path)),
      let header = try? file.read(upToCount: Self.headerBytes).map(Array.init), !header.isEmpty
    else {
      self = .noFile
      return
    }
    guard header.count == Self.headerBytes, header.starts(with: Self.magic) else {
      self = .noDatabase
      return
    }
    let id = header[Self.idPosition..<Self.idPosition + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    self = Int32(bitPattern: id) == Self.applicationID ? .ours : .otherDatabase
  }

  /// So that no name, such as `:memory:`, means anything but a file.
  static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }
}
