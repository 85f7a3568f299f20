import SurveyModel

/// What is wrong with a definition. Every case says where; the words stand in `DefinitionError+Message.swift`.
public enum DefinitionError: Failure, Equatable {
  /// The NAME on the command line or in `trend` is not a plain name.
  case badName(String, SourceLocation?)
  /// No `NAME.yaml` in the directory.
  case noSuchPipeline(name: String, directory: String, nearest: String?)
  case unreadable(file: String, reason: String, referredFrom: SourceLocation?)
  /// The system gave up in the middle of the file.
  case readFailed(file: String, reason: String)
  case syntax(SourceLocation, problem: String)
  case duplicateKey(SourceLocation, key: String)
  /// Aliases or nesting blow the file up beyond any definition that a person would write.
  case tooLarge(SourceLocation, limit: Int)
  case unknownKey(SourceLocation, key: String, context: String, nearest: String?)
  case missingKey(SourceLocation, key: String, context: String)
  case wrongShape(SourceLocation, context: String, expected: String)
  case badValue(SourceLocation, value: String, context: String, expected: String, nearest: String?)
  case unknownCode(SourceLocation, code: String, question: String, nearest: String?)
  case unknownQuestion(SourceLocation, name: String, table: String, nearest: String?)
  case unknownTable(SourceLocation, name: String, nearest: String?)
  case unknownDimension(SourceLocation, name: String, nearest: String?)
  case duplicateIndicator(SourceLocation, id: String)
  case noEntryForCycle(SourceLocation, indicator: String, cycle: String)
  /// Changes are requested, and the definition does not say whether equal ids are the same PSUs.
  ///
  /// - Parameter key: What could link them: `psu` or `unit`.
  case overlapUnknown(SourceLocation, key: String)
  /// Two things that exclude each other.
  case conflict(SourceLocation, problem: String, advice: String)
}

extension DefinitionError {
  public var location: SourceLocation? {
    switch self {
    case .badName(_, let location): location
    case .noSuchPipeline, .readFailed: nil
    case .unreadable(_, _, let location): location
    case .syntax(let location, _), .duplicateKey(let location, _), .tooLarge(let location, _),
      .unknownKey(let location, _, _, _), .missingKey(let location, _, _), .wrongShape(let location, _, _),
      .badValue(let location, _, _, _, _), .unknownCode(let location, _, _, _),
      .unknownQuestion(let location, _, _, _), .unknownTable(let location, _, _),
      .unknownDimension(let location, _, _), .duplicateIndicator(let location, _),
      .noEntryForCycle(let location, _, _), .overlapUnknown(let location, _), .conflict(let location, _, _):
      location
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .badName(_, let location): location == nil ? .usage : .badDefinition
    case .noSuchPipeline, .unreadable: .missingInput
    case .readFailed: .inputOutput
    default: .badDefinition
    }
  }
}
