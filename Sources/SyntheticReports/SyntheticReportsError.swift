import SurveyModel

/// Why no sample data could be made.
public enum SyntheticReportsError: Failure, Equatable {
  case missingCodebook(cycle: Int)
  case missingColumn(path: String, column: String)
  case unreadableCell(path: String, column: String, value: String)
  case missingRound(path: String, round: String)
  case unsupportedRouting(question: String)

  public var summary: String {
    switch self {
    case .missingCodebook(let cycle): "no codebook was given for cycle \(cycle)"
    case .missingColumn(_, let column): "the frame has no column \(column)"
    case .unreadableCell(_, let column, let value): "the frame's column \(column) cannot hold \"\(value)\""
    case .missingRound(_, let round): "the frame says nothing of the reporting round \(round)"
    case .unsupportedRouting(let question): "the routing of \(question) is of a kind that the generator cannot follow"
    }
  }

  public var location: SourceLocation? {
    switch self {
    case .missingColumn(let path, _), .unreadableCell(let path, _, _), .missingRound(let path, _):
      SourceLocation(file: path)
    case .missingCodebook, .unsupportedRouting: nil
    }
  }

  public var advice: String? {
    switch self {
    case .missingCodebook: "the generator needs the codebooks of cycles 2 to 5"
    case .missingColumn, .unreadableCell: nil
    case .missingRound: "rows \"first\" and \"cycle-2\" to \"cycle-5\" are needed"
    case .unsupportedRouting: "it follows codes, answered, any, all and not"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .missingCodebook, .unsupportedRouting: .badDefinition
    case .missingColumn, .unreadableCell, .missingRound: .unacceptableData
    }
  }
}
