import SurveyModel

/// Why a file could not be read as CSV. The words stand in `IngestError+Message.swift`.
///
/// A row with too few or too many fields is not an error: it is handed on as misshapen and becomes a rejection.
public enum IngestError: Failure, Equatable {
  case noSuchFile(path: String)
  case unreadable(path: String, reason: String)
  case directory(path: String)
  /// No byte, or no record.
  case empty(path: String)
  case missingColumn(SourceLocation, name: String, table: String, nearest: String?)
  /// The header is a single field that holds what delimits fields elsewhere.
  case otherDelimiter(SourceLocation, name: String, table: String, delimiter: Character)
  /// Another delimiter would give the header the column.
  case delimiterBetweenNames(SourceLocation, name: String, table: String, delimiter: Character)
  /// Read as UTF-8, the header has the column.
  case otherEncoding(SourceLocation, name: String, table: String, declared: String)
  /// A line further down has the column.
  case headerBelow(SourceLocation, name: String, table: String, line: Int, separatorLine: Bool)
  /// - Parameter headingRows: How many rows head the file, of which one only gives the names.
  case repeatedColumn(SourceLocation, name: String, headingRows: Int = 1)
  /// The files of one table must have the same header; nil where one of the two has no such column.
  case differentHeader(SourceLocation, name: String?, expected: String?, first: String)
  /// The file is something else than CSV.
  case otherKind(path: String, kind: FileKind)
  /// A line `sep=` says something else than the definition.
  case otherSeparator(SourceLocation, found: Character, declared: Character, table: String)
  /// The file ends in the lines that are to be skipped.
  case nothingBelow(path: String, skippedRows: Int)
  /// The file ends in the records that head it.
  case tooFewHeaderRows(path: String, found: Int, expected: Int)
  /// Bytes that are no text in the encoding; cut: the file ends in a character.
  case undecodable(SourceLocation, encoding: String, isCut: Bool, looksLikeUTF8: Bool = false)
  case unknownEncoding(path: String, name: String)
  /// No file matches a pattern.
  case noMatch(pattern: String, table: String)
  /// Two names, or a name and a pattern, lead to the same file.
  case namedTwice(path: String, table: String)
  /// The name of a file ends in `.gz`, but it does not begin as gzip does.
  case notGzip(path: String)
  case truncatedGzip(path: String)
  /// - Parameter reason: zlib's words, if it gave any.
  case corruptGzip(path: String, reason: String?)
  /// Something that is not gzip follows the compressed data.
  case trailingGarbage(path: String)
  case quoteInsideField(SourceLocation)
  /// - Parameter delimiter: What stands there, if it delimits fields elsewhere.
  case textAfterClosingQuote(SourceLocation, delimiter: Character? = nil)
  case unterminatedQuote(SourceLocation)
  case recordTooLong(SourceLocation, limit: Int)
  case nulByte(SourceLocation)
  case invalidUTF8(SourceLocation)
  /// Only where a whole file is read at once; elsewhere such a record becomes a rejection.
  case misshapenRecord(SourceLocation, fields: Int, expected: Int)
  case changedWhileRead(path: String)
  case readFailed(path: String, reason: String)
  case outOfMemory(path: String)
}

extension IngestError {
  public var location: SourceLocation? {
    switch self {
    case .missingColumn(let location, _, _, _), .otherDelimiter(let location, _, _, _),
      .repeatedColumn(let location, _, _), .quoteInsideField(let location),
      .textAfterClosingQuote(let location, _), .unterminatedQuote(let location), .recordTooLong(let location, _),
      .nulByte(let location), .invalidUTF8(let location), .misshapenRecord(let location, _, _),
      .differentHeader(let location, _, _, _), .delimiterBetweenNames(let location, _, _, _),
      .headerBelow(let location, _, _, _, _), .otherSeparator(let location, _, _, _),
      .undecodable(let location, _, _, _),
      .otherEncoding(let location, _, _, _):
      location
    case .noSuchFile, .unreadable, .directory, .empty, .noMatch, .namedTwice, .notGzip, .truncatedGzip, .corruptGzip,
      .trailingGarbage, .otherKind, .nothingBelow, .tooFewHeaderRows, .unknownEncoding, .changedWhileRead, .readFailed,
      .outOfMemory:
      nil
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .noSuchFile, .unreadable, .directory, .empty, .noMatch: .missingInput
    case .namedTwice, .unknownEncoding: .badDefinition
    case .changedWhileRead, .readFailed, .outOfMemory: .inputOutput
    default: .unacceptableData
    }
  }
}
