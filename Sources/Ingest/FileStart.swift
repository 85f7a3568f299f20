import SurveyModel

/// What heads a file: enough for another program to find its data.
public struct FileStart: Sendable {
  public let header: Header
  /// What delimits the fields: the file itself may name it.
  public let delimiter: UInt8
  /// Physical lines above the first record.
  public let linesAbove: Int
  /// Whether a quote stands in these lines, where it quotes nothing.
  public let holdsQuoteAbove: Bool
  /// Records and blank lines above the data and below these lines.
  public let rowsAbove: Int
  /// The encoding of a file that is not in UTF-8.
  public let convertedEncoding: String?

  /// Whether the file begins with a line of names, in UTF-8, and is delimited as the table says.
  public func isPlain(for table: TableDefinition) -> Bool {
    linesAbove == 0 && table.headerRows == 1 && delimiter == table.delimiter && convertedEncoding == nil
  }

  /// What a line `sep=;` says; nil for any other line.
  public static func separator(in line: String, quote: UInt8?) -> Character? {
    Preamble.separator(in: Array(line.utf8), quote: quote).map { Character(UnicodeScalar($0)) }
  }
}
