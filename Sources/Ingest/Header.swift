import SurveyModel
import SystemPackage

/// The names in the first record of a file.
public struct Header: Sendable {
  public let names: [String]
  public let path: String
  public let table: String

  public init(names: [String], path: String, table: String) {
    self.names = names
    self.path = path
    self.table = table
  }

  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// The position of a column that a definition names.
  ///
  /// - Throws: `IngestError.missingColumn` or `.repeatedColumn`; names are compared exactly.
  public func position(of name: String) throws(IngestError) -> Int {
    guard let first = names.firstIndex(of: name) else {
      throw .missingColumn(
        SourceLocation(file: path, line: 1), name: name, table: table,
        nearest: NearestName.suggestion(for: name, among: names))
    }
    if let second = names[(first + 1)...].firstIndex(of: name) {
      throw .repeatedColumn(SourceLocation(file: path, line: 1, column: second + 1), name: name)
    }
    return first
  }

  /// The files of a table have the same columns in the same order.
  ///
  /// - Throws: `IngestError.differentHeader` with the first column that differs.
  public func requireSameNames(as first: Header) throws(IngestError) {
    for place in 0..<max(names.count, first.names.count) {
      let name = place < names.count ? names[place] : nil
      let expected = place < first.names.count ? first.names[place] : nil
      guard name != expected else { continue }
      throw .differentHeader(
        SourceLocation(file: path, line: 1, column: place + 1), name: name, expected: expected, first: first.path)
    }
  }

  /// The header of a file that can be read again; nil for a pipe, which could not.
  ///
  /// - Throws: `IngestError` where it cannot be opened, or has no header that could be read.
  public static func first(of path: String, table: String, format: CSVFormat) throws -> Header? {
    if let file = try MorselFile(path: path, table: table, format: format) { return file.header }
    guard (try? FilePath(path).stat().type) == .regular else { return nil }
    // Compressed: reading ends with the header.
    struct Found: Error {
      var header: Header
    }
    do {
      _ = try RecordReader(path: path, table: table, format: format).read(
        choose: { throw Found(header: $0) }, body: { _ in })
      return nil
    } catch let found as Found {
      return found.header
    }
  }
}
