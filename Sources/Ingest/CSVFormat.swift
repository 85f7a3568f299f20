import SurveyModel

/// Which characters separate and quote the fields of a file.
public struct CSVFormat: Sendable, Equatable {
  public var delimiter: UInt8
  /// nil: quotes are ordinary characters.
  public var quote: UInt8?

  public init(delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\"")) {
    self.delimiter = delimiter
    self.quote = quote
  }

  public init(_ table: TableDefinition) {
    self.init(delimiter: table.delimiter, quote: table.quote)
  }
}
