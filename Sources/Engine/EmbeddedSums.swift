import Aggregate
import SurveyModel

/// Answers Estimate and Trends from the tallies and ledgers of the cycles that were read in this process.
struct EmbeddedSums: SumsProvider {
  let cycles: [String: CycleSummary]

  func sums(of cycle: String, in basis: SumsBasis) throws -> CycleSums {
    guard let summary = cycles[cycle] else { return CycleSums(places: [], tables: [:]) }
    guard case .matched(let now, let then) = basis, let later = cycles[now], let earlier = cycles[then] else {
      return summary.sums
    }
    let population = populationInBoth(later, earlier)
    var result = CycleSums(places: summary.places, tables: [:])
    for table in later.tables {
      guard let other = earlier.table(table.name) else { continue }
      let pairs = indicatorPairs(table: table.name, now: later, then: earlier)
      if let matched = LedgerView.matched(
        now: table.finished, then: other.finished, pairs: pairs,
        dimensions: DimensionPairing(
          now: Array(later.cycle.dimensions.keys), then: Array(earlier.cycle.dimensions.keys)),
        population: population)
      {
        result.tables[table.name] = cycle == now ? matched.now : matched.then
      }
    }
    return result
  }

  func populationInBoth(now: String, then: String) throws -> [String: Double]? {
    guard let later = cycles[now], let earlier = cycles[then] else { return nil }
    return populationInBoth(later, earlier)
  }

  private func populationInBoth(_ now: CycleSummary, _ then: CycleSummary) -> [String: Double]? {
    guard let later = now.population, let earlier = then.population else { return nil }
    var sizes: [String: Double] = [:]
    for (unit, stratum) in later.strataByUnit where earlier.strataByUnit[unit] != nil {
      sizes[stratum, default: 0] += 1
    }
    return sizes
  }

  /// Indicators pair by id; both must be asked of the same table.
  private func indicatorPairs(
    table: String, now: CycleSummary, then: CycleSummary
  ) -> [(now: Int, then: Int)] {
    var earlier: [String: Int] = [:]
    for (index, indicator) in then.cycle.indicators.enumerated() {
      if let place = then.places[index], place.table == table { earlier[indicator.id] = place.index }
    }
    return now.cycle.indicators.enumerated().compactMap { index, indicator in
      guard let place = now.places[index], place.table == table, let other = earlier[indicator.id] else { return nil }
      return (place.index, other)
    }
  }
}
