import SurveyModel

/// Why a workbook was not written.
public enum WorkbookError: Failure, Equatable {
  /// The file cannot be made there; `reason` is the system's.
  case cannotCreate(path: String, reason: String)
  /// `reason` is the system's or libxlsxwriter's; or what was written is not all there.
  case writeFailed(path: String, reason: String)
  /// libxlsxwriter gave up before anything was written, such as without memory; `reason` is in its words.
  case cannotMake(reason: String)
  /// Excel has 1,048,576 rows a sheet.
  case tooManyRows(sheet: String, rows: Int)
  /// Excel has 16,384 columns a sheet.
  case tooManyColumns(sheet: String, columns: Int)

  public var summary: String {
    switch self {
    case .cannotCreate(let path, let reason): "\(path) cannot be created: \(reason)"
    case .writeFailed(let path, let reason): "\(path) could not be written: \(reason)"
    case .cannotMake(let reason): "the workbook cannot be made: \(reason)"
    case .tooManyRows(let sheet, let rows):
      "the sheet \"\(sheet)\" would have \(rows) rows; Excel takes \(SheetLimits.rows)"
    case .tooManyColumns(let sheet, let columns):
      "the sheet \"\(sheet)\" would have \(columns) columns; Excel takes \(SheetLimits.columns)"
    }
  }

  public var location: SourceLocation? { nil }

  public var advice: String? {
    switch self {
    case .cannotCreate, .writeFailed, .cannotMake: nil
    case .tooManyRows, .tooManyColumns: "ask for fewer indicators or breakdowns, or for a format other than xlsx"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .cannotCreate: .cannotCreateOutput
    case .writeFailed, .cannotMake: .inputOutput
    case .tooManyRows, .tooManyColumns: .cannotCreateOutput
    }
  }
}
