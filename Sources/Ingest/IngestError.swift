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
  case repeatedColumn(SourceLocation, name: String)
  case quoteInsideField(SourceLocation)
  case textAfterClosingQuote(SourceLocation)
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
    case .missingColumn(let location, _, _, _), .repeatedColumn(let location, _), .quoteInsideField(let location),
      .textAfterClosingQuote(let location), .unterminatedQuote(let location), .recordTooLong(let location, _),
      .nulByte(let location), .invalidUTF8(let location), .misshapenRecord(let location, _, _):
      location
    case .noSuchFile, .unreadable, .directory, .empty, .changedWhileRead, .readFailed, .outOfMemory:
      nil
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .noSuchFile, .unreadable, .directory, .empty: .missingInput
    case .changedWhileRead, .readFailed, .outOfMemory: .inputOutput
    default: .unacceptableData
    }
  }
}
