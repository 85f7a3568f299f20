import SurveyModel

/// The sample as one indicator sees it: per stratum n_h, N_h, f_h and what the weights are multiplied by.
///
/// In a census with non-response n_h counts the PSUs whose status is known for the indicator, and every weight is
/// N_h / n_h (docs/statistics.md, "Census with non-response").
public struct DesignFrame: Sendable {
  /// By stratum.
  public let sampled: [Int]
  public let populations: [Double?]
  /// f_h = n_h / N_h, or 0 where no population is declared.
  public let fractions: [Double]
  /// N_h / n_h in a census, else 1.
  public let factors: [Double]
  public let hasPopulations: Bool
  /// Of the whole sample, where the design asks for them in place of those of a cell.
  public let degreesOfFreedom: Int?
  /// By PSU: its stratum. The same for every indicator of a table.
  let psuStrata: [Int32]

  /// - Throws: `EstimateError` where a stratum has more PSUs than its population, or rows and no population.
  public init(sums: TableSums, indicator: Int) throws(EstimateError) {
    try self.init(sums: sums, indicator: indicator, psuStrata: sums.psuStrata)
  }

  init(
    sums: TableSums, indicator: Int, psuStrata: [Int32], degreesOfFreedom: DegreesOfFreedomRule = .domain
  ) throws(EstimateError) {
    self.psuStrata = psuStrata
    sampled = sums.sampledPSUs(indicator: indicator)
    self.degreesOfFreedom = degreesOfFreedom == .design ? Self.degreesOfFreedom(sums, sampled: sampled) : nil
    populations = sums.strata.map(\.population)
    hasPopulations = populations.contains { $0 != nil }
    var fractions: [Double] = []
    var factors: [Double] = []
    for (index, stratum) in sums.strata.enumerated() {
      let count = sampled[index]
      if count > 0, sums.design == .census && stratum.population == nil || stratum.population == 0 {
        throw .noPopulation(stratum: stratum.name)
      }
      guard let population = stratum.population else {
        fractions.append(0)
        factors.append(1)
        continue
      }
      guard Double(count) <= population else {
        throw .sampleExceedsPopulation(stratum: stratum.name, sampled: count, population: population)
      }
      fractions.append(population > 0 ? Double(count) / population : 0)
      factors.append(sums.design == .census && count > 0 ? population / Double(count) : 1)
    }
    self.fractions = fractions
    self.factors = factors
  }

  /// PSUs of the sample less strata with one; with replicate weights those of the scheme, and no more than the rank of
  /// their matrix less one.
  private static func degreesOfFreedom(_ sums: TableSums, sampled: [Int]) -> Int {
    guard let scheme = sums.design.replicateScheme else { return sampled.reduce(0) { $0 + max(0, $1 - 1) } }
    return min(scheme.degreesOfFreedom, sums.replicateRank.map { $0 - 1 } ?? scheme.degreesOfFreedom)
  }

  /// A stratum whose only sampled PSU leaves others in the population.
  public func isLonely(_ stratum: Int) -> Bool { sampled[stratum] == 1 && fractions[stratum] < 1 }
}

extension TableSums {
  /// By PSU: its stratum, four bytes each, for those who look up nothing else.
  public var psuStrata: [Int32] { psus.map { Int32(truncatingIfNeeded: $0.stratum) } }
}
