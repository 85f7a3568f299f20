import SurveyModel

/// A small CSV file as text, whole: for frames and lists, never for responses.
public struct SmallTable: Sendable {
  public let header: [String]
  public let rows: [[String]]

  /// - Throws: `IngestError`, also where a record has too few or too many fields.
  public init(contentsOf path: String) throws {
    var header: [String] = []
    var rows: [[String]] = []
    _ = try RecordReader(path: path, table: path).read(
      choose: { names in
        header = names.names
        return Array(names.names.indices)
      },
      body: { batch in
        if let record = batch.misshapen.first {
          throw IngestError.misshapenRecord(
            SourceLocation(file: path, line: record.line), fields: record.fields, expected: header.count)
        }
        for row in 0..<batch.rowCount {
          rows.append((0..<batch.columnCount).map { batch.text(row: row, column: $0) })
        }
      })
    self.header = header
    self.rows = rows
  }
}
