import SurveyModel

/// Why a workbook could not be written.
public enum WorkbookError: Failure, Equatable {
  /// The library says what went wrong with the file.
  case cannotWrite(path: String, reason: String)
  /// A sheet of Excel ends after 1,048,576 rows.
  case tooManyRows(sheet: String, rows: Int)

  public var location: SourceLocation? { nil }

  public var summary: String {
    switch self {
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
    case .tooManyRows(let sheet, let rows):
      "the sheet \(sheet) would need \(rows) rows, and Excel takes \(SheetWriter.rowLimit)"
    }
  }

  public var advice: String? {
    switch self {
    case .cannotWrite: nil
    case .tooManyRows: "choose fewer breakdowns with --by or fewer indicators with --indicator, or another format"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .cannotWrite: .inputOutput
    case .tooManyRows: .usage
    }
  }
}
