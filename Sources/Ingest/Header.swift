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
}
