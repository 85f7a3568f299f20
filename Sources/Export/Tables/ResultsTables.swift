import SurveyModel

/// A table of results as CSV: `estimates.csv`, `trends.csv` or `slopes.csv`, by the type of its rows.
public struct ResultsTable<Row: ResultRow> {
  private var document: CSVDocument
  private let before: Int

  /// - Parameter dimensions: The names of NAME's dimensions.
  public init(of rows: Row.Type = Row.self, dimensions: [String]) {
    document = CSVDocument(header: Row.header(dimensions: dimensions))
    before = Row.columnsBeforeDimensions
  }

  public init(_ rows: some Sequence<Row>, dimensions: [String]) {
    self.init(dimensions: dimensions)
    for row in rows { append(row) }
  }

  public var bytes: [UInt8] { document.bytes }

  public mutating func append(_ row: Row) {
    for column in Row.columns[..<before] { document.add(column, of: row) }
    for member in row.members {
      if let member { document.add(text: member) } else { document.add(Dimension.totalMember) }
    }
    for column in Row.columns[before...] { document.add(column, of: row) }
    document.endRow()
  }
}

extension CSVDocument {
  fileprivate mutating func add<Row>(_ column: ResultColumn<Row>, of row: Row) {
    switch column.value(row) {
    case .none: add("")
    case .text(let text): if column.kind == .text { add(text: text) } else { add(text) }
    case .integer(let number): add(number)
    case .number(let number): add(number)
    }
  }
}

/// `rejected.csv`: every row that was left out and every answer that was treated as missing.
public struct RejectedTable {
  private var document = CSVDocument(header: ["file", "line", "column", "scope", "reason", "value"])

  public init() {}

  public var bytes: [UInt8] { document.bytes }

  public mutating func append(_ rejections: [Rejection]) {
    for rejection in rejections {
      document.add(text: rejection.file)
      document.add(rejection.line)
      document.add(text: rejection.column)
      document.add(rejection.scope.rawValue)
      document.add(text: rejection.reason)
      document.add(text: rejection.value)
      document.endRow()
    }
  }
}
