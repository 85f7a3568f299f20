import SurveyModel

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

  /// The names in a record that stands alone.
  ///
  /// - Throws: `IngestError` where it is no record.
  public static func parsed(
    _ record: String, path: String, table: String, format: CSVFormat
  ) throws -> Header? {
    var header: Header?
    var feed = try RecordFeed(RecordAssembler(path: path), table: table, format: format)
    func choose(_ found: Header) -> [Int] {
      header = found
      return []
    }
    try Array(record.utf8).withUnsafeBytes {
      try feed.take(ByteOrderMark.removed(from: $0), choose: choose, body: { _ in })
    }
    try feed.finish(choose: choose, body: { _ in })
    return header
  }

  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// The position of a column that a definition names.
  ///
  /// - Throws: `IngestError.missingColumn`, `.otherDelimiter` or `.repeatedColumn`; names are compared exactly.
  public func position(of name: String) throws(IngestError) -> Int {
    guard let first = names.firstIndex(of: name) else {
      if names.count == 1, let delimiter = ";\t|,".first(where: { names[0].contains($0) }) {
        throw .otherDelimiter(SourceLocation(file: path, line: 1), name: name, table: table, delimiter: delimiter)
      }
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
}
