import SurveyModel

/// The names in the first record of a file.
public struct Header: Sendable {
  public let names: [String]
  public let path: String
  public let table: String
  /// The physical line on which it starts.
  public internal(set) var line = 1
  /// With the delimiter that the file itself may name.
  var format = CSVFormat()
  /// What the file seems to be, if it turns out that it cannot be read as CSV.
  var suspicion: FileKind?

  public init(names: [String], path: String, table: String) {
    self.names = names.map(NormalForm.of)
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
    try Array(record.utf8).withUnsafeBytes { try feed.take($0, choose: choose, body: { _ in }) }
    try feed.finish(choose: choose, body: { _ in })
    return header
  }

  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// The position of a column that a definition names.
  ///
  /// - Throws: `IngestError.repeatedColumn`, or for a missing one what is likely wrong; names are compared exactly.
  public func position(of name: String) throws(IngestError) -> Int {
    guard let first = names.firstIndex(of: name) else { throw problem(missing: name) }
    if let second = names[(first + 1)...].firstIndex(of: name) {
      throw .repeatedColumn(
        SourceLocation(file: path, line: line, column: second + 1), name: name,
        headingRows: format.joinsHeaderRows ? 1 : format.headerRows + format.skippedRows)
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
        SourceLocation(file: path, line: line, column: place + 1), name: name, expected: expected, first: first.path)
    }
  }
}
