import SurveyModel

/// Why a design cannot be estimated from.
public enum EstimateError: Failure, Equatable {
  case sampleExceedsPopulation(stratum: String, sampled: Int, population: Double)
  case lonelyPSU(stratum: String)
  case noPopulation(stratum: String)
}

extension EstimateError {
  public var location: SourceLocation? { nil }

  public var exitStatus: ExitStatus { .unacceptableData }

  public var summary: String {
    switch self {
    case .sampleExceedsPopulation(let stratum, let sampled, let population):
      "stratum \(stratum) has \(sampled) sampled PSUs but a population of \(population.shortestText)"
    case .lonelyPSU(let stratum):
      "stratum \(stratum) has a single PSU, so its variance cannot be estimated"
    case .noPopulation(let stratum):
      "rows lie in stratum \(stratum), of which the population knows nothing"
    }
  }

  public var advice: String? {
    switch self {
    case .sampleExceedsPopulation: "check the stratum's name and its population size"
    case .lonelyPSU: "set `lonely-psu` to certainty, adjust or average, or join the stratum with another"
    case .noPopulation: "compare the names of the strata in the responses and in the population"
    }
  }
}
