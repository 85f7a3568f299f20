import SurveyModel

/// How the records of a file are written: their separators, what stands above them, and the encoding.
public struct CSVFormat: Sendable, Equatable {
  public var delimiter: UInt8
  /// nil: quotes are ordinary characters.
  public var quote: UInt8?
  /// The records that head a file: the names, then others that are skipped.
  public var headerRows = 1
  /// Whether all of them give the names of the columns.
  public var joinsHeaderRows = false
  /// Physical lines above the header.
  public var skippedRows = 0
  /// As the definition calls it; nil: UTF-8, unless a byte order mark says otherwise.
  public var encoding: String?
  /// Whether the delimiter is declared: a line `sep=` then may say nothing else.
  public var isDelimiterDeclared = false

  public init(delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\"")) {
    self.delimiter = delimiter
    self.quote = quote
  }

  public init(_ table: TableDefinition) {
    self.init(delimiter: table.delimiter, quote: table.quote)
    headerRows = table.headerRows
    joinsHeaderRows = table.joinsHeaderRows
    skippedRows = table.skippedRows
    encoding = table.encoding
    isDelimiterDeclared = table.declaresDelimiter
  }
}
