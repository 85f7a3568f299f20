import SurveyModel

/// Takes the rows of `estimates.csv`, `trends.csv` or `slopes.csv` back from the fields that `ResultsTable` wrote.
public struct ResultRowReader<Row: ResultRow>: Sendable {
  private let file: String
  private let header: [String]
  private let dimensionCount: Int

  /// - Parameters:
  ///   - header: As it stands in the file.
  ///   - dimensions: The names of NAME's dimensions.
  ///   - file: For messages.
  /// - Throws: `ResultsFileError.otherColumns` with the first column that differs.
  public init(header: [String], dimensions: [String], file: String) throws(ResultsFileError) {
    let expected = Row.header(dimensions: dimensions)
    for place in 0..<max(header.count, expected.count) {
      let name = place < header.count ? header[place] : nil
      let wanted = place < expected.count ? expected[place] : nil
      guard name != wanted else { continue }
      throw .otherColumns(SourceLocation(file: file, line: 1, column: place + 1), found: name, expected: wanted)
    }
    self.file = file
    self.header = header
    dimensionCount = dimensions.count
  }

  /// - Parameters:
  ///   - fields: As many as the header has, without their quotes.
  ///   - line: Where the record starts.
  /// - Throws: `ResultsFileError` with the line and the column of what no run can have written.
  public func row(_ fields: [String], line: Int) throws(ResultsFileError) -> Row {
    guard fields.count == header.count else {
      throw .fieldCount(SourceLocation(file: file, line: line), found: fields.count, expected: header.count)
    }
    var row = Row()
    let before = Row.columnsBeforeDimensions
    for (place, column) in Row.columns.enumerated() {
      let position = place < before ? place : place + dimensionCount
      guard column.read(&row, fields[position]) else { throw badValue(position, fields, line) }
    }
    var members: [String?] = []
    for position in before..<before + dimensionCount {
      let text = fields[position]
      guard !text.isEmpty else { throw badValue(position, fields, line) }
      members.append(text == Dimension.totalMember ? nil : CSVDocument.original(of: text))
    }
    row.members = members
    return row
  }

  private func badValue(_ position: Int, _ fields: [String], _ line: Int) -> ResultsFileError {
    .badValue(
      SourceLocation(file: file, line: line, column: position + 1), column: header[position], value: fields[position])
  }
}

/// Why a file of results is not one that this version of the command has written.
public enum ResultsFileError: Failure, Equatable {
  /// nil where one of the two has no such column.
  case otherColumns(SourceLocation, found: String?, expected: String?)
  case fieldCount(SourceLocation, found: Int, expected: Int)
  case badValue(SourceLocation, column: String, value: String)

  public var location: SourceLocation? {
    switch self {
    case .otherColumns(let location, _, _), .fieldCount(let location, _, _), .badValue(let location, _, _): location
    }
  }

  public var exitStatus: ExitStatus { .unacceptableData }

  public var summary: String {
    switch self {
    case .otherColumns(_, let found?, let expected?):
      "the header has the column \"\(found)\" in place of \"\(expected)\""
    case .otherColumns(_, let found?, nil): "the header has a column too many: \"\(found)\""
    case .otherColumns(_, nil, let expected): "the header ends before the column \"\(expected ?? "")\""
    case .fieldCount(_, let found, let expected): "the record has \(found) fields, the header has \(expected)"
    case .badValue(_, let column, let value): "\"\(value)\" is no value of the column \"\(column)\""
    }
  }

  public var advice: String? {
    switch self {
    case .otherColumns: "the dimensions may have changed since; run the pipeline again"
    case .fieldCount, .badValue: "the file was changed after the run; run the pipeline again"
    }
  }
}
