import Aggregate
import Normalize
import SurveyModel
import Locks

/// Answers Estimate and Trends from the tallies and ledgers of the cycles that were read in this process.
final class EmbeddedSums: SumsProvider {
  let cycles: [String: CycleSummary]
  /// Both sides of a matched pair are made together and asked for one after the other.
  private let matched = Mutex<[SumsBasis: (now: CycleSums, then: CycleSums)]>([:])

  init(cycles: [String: CycleSummary]) {
    self.cycles = cycles
  }

  func sums(of cycle: String, in basis: SumsBasis) throws -> CycleSums {
    guard let summary = cycles[cycle] else { return CycleSums(places: [], tables: [:]) }
    guard case .matched(let now, let then) = basis, let later = cycles[now], let earlier = cycles[then] else {
      return summary.sums
    }
    let pair = matched.withLock { known in
      if let pair = known[basis] { return pair }
      let pair = matchedSums(later, earlier)
      known[basis] = pair
      return pair
    }
    return cycle == now ? pair.now : pair.then
  }

  /// Matches the units of a cycle with those of others, some pairs at once; what is asked for afterwards is there.
  ///
  /// - Throws: `CancellationError`.
  func match(now: String, with others: [String], threads: Int) async throws {
    let pairs = others.compactMap { then in
      cycles[now].flatMap { later in cycles[then].map { (basis: SumsBasis.matched(now: now, then: then), later, $0) } }
    }
    try await InOrder.forEach(pairs.count, workers: Array(0..<max(1, threads))) { _, number in
      self.matchedSums(pairs[number].1, pairs[number].2)
    } take: { _, number, pair in
      let pair = pair
      matched.withLock { $0[pairs[number].basis] = pair }
    }
  }

  private func matchedSums(_ later: CycleSummary, _ earlier: CycleSummary) -> (now: CycleSums, then: CycleSums) {
    // Matched units are one sample, in the strata of the later cycle, whatever stratum a unit was in before.
    let population = later.population.flatMap { now in
      earlier.population.map { Self.sizes(now, $0) { _, _ in true } }
    }
    let dimensions = DimensionPairing(
      now: Array(later.cycle.dimensions.keys), then: Array(earlier.cycle.dimensions.keys))
    var result = (
      now: CycleSums(places: later.places, tables: [:]), then: CycleSums(places: earlier.places, tables: [:])
    )
    for table in later.tables {
      for (rollUp, tally) in table.tallies {
        let units = UnitKind(table: table.name, rollUp: rollUp)
        guard let other = earlier.table(table.name)?.tallies[rollUp],
          let sums = LedgerView.matched(
            now: tally, then: other, pairs: indicatorPairs(units, now: later, then: earlier), dimensions: dimensions,
            population: population)
        else { continue }
        result.now.tables[units] = sums.now
        result.then.tables[units] = sums.then
      }
    }
    return result
  }

  func populationInBoth(now: String, then: String) throws -> [String: Double]? {
    guard let later = cycles[now]?.population, let earlier = cycles[then]?.population else { return nil }
    return Self.sizes(later, earlier) { $0 == $1 }
  }

  /// Units in both populations by their stratum in the later one, as far as their strata are alike.
  private static func sizes(
    _ later: PopulationRegister, _ earlier: PopulationRegister, where isAlike: (String, String) -> Bool
  ) -> [String: Double] {
    var sizes: [String: Double] = [:]
    for (unit, stratum) in later.strataByUnit {
      if let before = earlier.strataByUnit[unit], isAlike(stratum, before) { sizes[stratum, default: 0] += 1 }
    }
    return sizes
  }

  /// The places of paired indicators among those of their tables.
  private func indicatorPairs(
    _ units: UnitKind, now: CycleSummary, then: CycleSummary
  ) -> [(now: Int, then: Int)] {
    now.cycle.indicatorPairs(units, then: then.cycle).compactMap { pair in
      now.places[pair.now].flatMap { place in then.places[pair.then].map { (place.index, $0.index) } }
    }
  }
}
