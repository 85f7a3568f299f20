import SurveyModel

/// Results that have no place in SDMX.
public enum SDMXError: Failure, Equatable {
  /// Nothing says which period the cycle's numbers are about.
  case noYear(cycle: String)
  /// A year that no calendar has.
  case impossibleYear(Double, cycle: String)
  /// Observations of two cycles would have the same key.
  case sharedYear(Int, cycle: String, other: String)
  /// The names of two dimensions differ in the case of their letters alone, which identifiers of dimensions do not keep.
  case sharedDimension(String, String, String)
  /// A row speaks of a cycle that the results do not have.
  case unknownCycle(String)

  public var summary: String {
    switch self {
    case .noYear(let cycle): "\(cycle) declares no `year`, which SDMX needs as its TIME_PERIOD"
    case .impossibleYear(let year, let cycle):
      "the year \(year.shortestText) of \(cycle) cannot be a TIME_PERIOD of SDMX"
    case .sharedYear(let year, let cycle, let other):
      "\(cycle) and \(other) both lie in \(year), which SDMX needs as the TIME_PERIOD of one of them"
    case .sharedDimension(let id, let name, let other):
      "the dimensions \(name) and \(other) are both \(id) in SDMX, where names of dimensions are in capitals"
    case .unknownCycle(let cycle): "a row of the results speaks of \(cycle), which is none of their cycles"
    }
  }

  public var location: SourceLocation? { nil }

  public var advice: String? {
    switch self {
    case .noYear(let cycle): "add `year` to the definition of \(cycle), or choose formats without sdmx"
    case .impossibleYear: "let `year` be between 1 and 9999"
    case .sharedYear: "give the cycles different years, or choose formats without sdmx"
    case .sharedDimension: "give one of them another name, or choose formats without sdmx"
    case .unknownCycle: "run the pipeline again"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .noYear, .impossibleYear, .sharedYear, .sharedDimension: .badDefinition
    case .unknownCycle: .unacceptableData
    }
  }
}
