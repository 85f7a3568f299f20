import SurveyModel

/// Why no sample data could be made.
public enum SyntheticDataError: Failure, Equatable {
  case missingCodebook(cycle: Int)
  case missingColumn(path: String, column: String)
  case unreadableCell(path: String, column: String, value: String)
  case missingRound(path: String, round: String)
  case unsupportedRouting(question: String)
  /// A survey of institutions with fewer responses a cycle than its strata need, or more than its identifiers hold.
  case unworkableResponses(Int, least: Int, most: Int)
  case unknownCycles(String)
  /// An option of the reference job, by its name on the command line.
  case outOfBounds(option: String, value: Int, least: Int, most: Int)
  /// More indicators than single-choice questions: each indicator has a question of its own.
  case tooFewQuestions(_ questions: Int, choices: Int, indicators: Int)
  case cannotCreate(path: String, reason: String)
  case writeFailed(path: String, reason: String)

  public var summary: String {
    switch self {
    case .missingCodebook(let cycle): "no codebook was given for cycle \(cycle)"
    case .missingColumn(_, let column): "the frame has no column \(column)"
    case .unreadableCell(_, let column, let value): "the frame's column \(column) cannot hold \"\(value)\""
    case .missingRound(_, let round): "the frame says nothing of the reporting round \(round)"
    case .unsupportedRouting(let question): "the routing of \(question) is of a kind that the generator cannot follow"
    case .unworkableResponses(let responses, _, _): "no survey of institutions can have \(responses) responses a cycle"
    case .unknownCycles(let text): "\"\(text)\" is not a cycle, nor a range of cycles"
    case .outOfBounds(let option, let value, _, _): "--\(option) \(value) is out of bounds"
    case .tooFewQuestions(let questions, let choices, let indicators):
      "\(indicators) indicators want as many single-choice questions, and of \(questions) questions \(choices) are"
    case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
    case .writeFailed(let path, let reason): "writing \(path) failed: \(reason)"
    }
  }

  public var location: SourceLocation? {
    switch self {
    case .missingColumn(let path, _), .unreadableCell(let path, _, _), .missingRound(let path, _):
      SourceLocation(file: path)
    case .missingCodebook, .unsupportedRouting, .unworkableResponses, .unknownCycles, .outOfBounds, .tooFewQuestions,
      .cannotCreate, .writeFailed:
      nil
    }
  }

  public var advice: String? {
    switch self {
    case .missingCodebook: "the generator needs the codebooks of cycles 2 to 5"
    case .missingColumn, .unreadableCell: nil
    case .missingRound: "rows \"first\" and \"cycle-2\" to \"cycle-5\" are needed"
    case .unsupportedRouting: "it follows codes, answered, any, all and not"
    case .unworkableResponses(_, let least, let most): "ask for \(least) to \(most)"
    case .unknownCycles: "write one cycle, such as 4, or the first and the last, such as 2..5; there are 2 to 5"
    case .outOfBounds(_, _, let least, let most): "ask for \(least) to \(most)"
    case .tooFewQuestions(_, let choices, _): "ask for more --questions, or for at most \(choices) --indicators"
    case .cannotCreate: "choose another directory with --output"
    case .writeFailed: "files that were not finished were removed"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .missingCodebook, .unsupportedRouting: .badDefinition
    case .missingColumn, .unreadableCell, .missingRound: .unacceptableData
    case .unworkableResponses, .unknownCycles, .outOfBounds, .tooFewQuestions: .usage
    case .cannotCreate: .cannotCreateOutput
    case .writeFailed: .inputOutput
    }
  }
}
