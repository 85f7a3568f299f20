import SurveyModel

/// What goes wrong around the stages: options that do not fit, things that are not built yet, and the output.
public enum EngineError: Failure, Equatable {
  case notSupportedYet(what: String, file: String, advice: String)
  case unknownIndicator(String, nearest: String?)
  case unknownDimension(String, nearest: String?)
  case unknownMember(String, dimension: String, nearest: String?)
  /// The rows, or the units that a roll-up makes of them, cannot be told apart by the dimension.
  case notBrokenDown(indicator: String, dimension: String, cycle: String)
  /// The results of the cycle hide small cells.
  case listsSingleUnits(cycle: String)
  case populationNeedsResponses
  case comparedWithItself(String)
  /// A slope needs to know where on the time axis a cycle lies.
  case noYear(cycle: String, file: String)
  case outputInUse(directory: String)
  case cannotCreate(path: String, reason: String)
  /// A file that the analyst named for one result.
  case cannotWrite(path: String, reason: String)
  /// Some formats are written by libraries that want a file of their own.
  case noTemporaryFile(directory: String, reason: String)
  case writeFailed(path: String, reason: String)
  /// Standard output takes no more.
  case cannotPrint(reason: String)
  case badOutputName(String)
  /// The next run would remove the file together with the directory.
  case liesInOutput(path: String, directory: String)
  /// Conditions look at other rows of the responses, and what comes out of a pipe comes once.
  case cannotReadAgain(path: String)
  /// A format of several files cannot go to standard output.
  case isFolder(format: String)
}

extension EngineError {
  public var location: SourceLocation? {
    switch self {
    case .notSupportedYet(_, let file, _), .noYear(_, let file): SourceLocation(file: file)
    default: nil
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .notSupportedYet, .populationNeedsResponses, .noYear: .badDefinition
    case .unknownIndicator, .unknownDimension, .unknownMember, .notBrokenDown, .badOutputName, .comparedWithItself,
      .listsSingleUnits, .isFolder, .liesInOutput:
      .usage
    case .cannotReadAgain: .missingInput
    case .outputInUse: .outputInUse
    case .cannotCreate, .cannotWrite, .noTemporaryFile: .cannotCreateOutput
    case .writeFailed, .cannotPrint: .inputOutput
    }
  }

  public var summary: String {
    switch self {
    case .notSupportedYet(let what, _, _): "\(what) is not supported yet"
    case .unknownIndicator(let id, let nearest):
      "there is no indicator \"\(id)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .unknownDimension(let name, let nearest):
      "there is no dimension \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .unknownMember(let member, let dimension, let nearest):
      "\(dimension) has no member \"\(member)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .listsSingleUnits(let cycle):
      "\(cycle) hides small cells (min-cell), and `units` would list single answers"
    case .notBrokenDown(let indicator, let dimension, let cycle):
      "\(indicator) is not broken down by \(dimension) in \(cycle)"
    case .populationNeedsResponses: "the population depends on the responses that it is to weight"
    case .comparedWithItself(let name): "\(name) is compared with itself"
    case .noYear(let cycle, _): "\(cycle) is part of a slope, but declares no `year`"
    case .outputInUse(let directory): "another run is writing to \(directory)"
    case .cannotCreate(let path, let reason), .cannotWrite(let path, let reason): "cannot create \(path): \(reason)"
    case .noTemporaryFile(let directory, let reason): "cannot make a temporary file in \(directory): \(reason)"
    case .writeFailed(let path, let reason): "writing \(path) failed: \(reason)"
    case .cannotPrint(let reason): "writing to standard output failed: \(reason)"
    case .cannotReadAgain(let path):
      "\(path) is no file, and conditions that look at other responses need it twice"
    case .isFolder(let format): "\(format) is a folder with several files"
    case .badOutputName(let name): "\"\(name)\" cannot be an output directory"
    case .liesInOutput(let path, let directory):
      "\(path) lies in \(directory), which every run replaces as a whole"
    }
  }

  public var advice: String? {
    switch self {
    case .notSupportedYet(_, _, let advice): advice
    case .unknownIndicator: "`pipeline show NAME` lists the indicators"
    case .unknownDimension: "the definition lists its dimensions under `dimensions`"
    case .unknownMember: "members are named by their codes, as in estimates.csv"
    case .listsSingleUnits: "add --confidential to list them all the same, and do not publish the list"
    case .notBrokenDown: "its table lacks the dimension, or a unit's rows differ in it"
    case .populationNeedsResponses: "let `population: {where: ..}` speak of registers only"
    case .comparedWithItself: "name another pipeline; `pipeline list` shows them"
    case .noYear: "add `year`, the cycle's point on the time axis"
    case .outputInUse: "wait for it to end, or choose another directory with --output"
    case .cannotCreate: "choose another directory with --output; the previous results are untouched"
    case .cannotWrite: "name a file in a directory that can be written to"
    case .noTemporaryFile: "let the environment variable TMPDIR name another directory"
    case .writeFailed: "the previous results are untouched"
    case .cannotPrint: "files that the command wrote are complete"
    case .cannotReadAgain: "save what comes out of it as a file"
    case .isFolder: "name the folder with -o"
    case .badOutputName: "name a directory of its own"
    case .liesInOutput: "name a file outside of it, or another directory"
    }
  }
}

/// The data of a run was refused, with the list of what was rejected until then.
public struct RefusedData: Failure {
  public var cause: any Failure
  public var rejections: [Rejection]
  /// What may be the cause of the cause.
  var hint: String?

  public var summary: String { cause.summary }
  public var location: SourceLocation? { cause.location }
  public var advice: String? { hint.map { "note: \($0)" } ?? cause.advice }
  public var exitStatus: ExitStatus { cause.exitStatus }
}

/// A run whose results are in place could not be added to the database that the analyst named.
public struct NotInDatabase: Failure {
  public var cause: any Failure
  /// The directory of the results.
  public var output: String

  public var summary: String { "\(cause.summary); the results themselves are in \(output)" }
  public var location: SourceLocation? { cause.location }
  public var advice: String? { cause.advice }
  public var exitStatus: ExitStatus { cause.exitStatus }
}
