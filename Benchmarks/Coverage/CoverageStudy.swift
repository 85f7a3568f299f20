import Estimate
import SurveyModel
import SyntheticData
import Trends

/// How often intervals hold what is true, over many samples from populations that are known.
///
/// Estimates, intervals and changes are those of `Estimate` and `Trends`; nothing of them is written down again here.
struct CoverageStudy: Sendable {
  static let level = 0.95

  /// The place of the first region's first sector among the strata of the generator; its other sectors follow.
  private static let firstStratum = 0
  /// Networks by sector: of the first for the large population, about a hundred thousand institutions, and of all of
  /// them so many that the small populations would find room even if no network had more than six institutions.
  static let networks = [8200, 5000, 3400, 1700]

  private let sectors: [ScoredInstitutions]
  private let seed: UInt64

  /// - Parameters:
  ///   - seed: Another seed gives other populations and other samples.
  ///   - frame: The Parties that the institutions belong to.
  ///   - networks: By sector; fewer are enough where no sample has a thousand respondents.
  init(seed: UInt64, frame: PartyFrame, networks: [Int] = Self.networks) {
    self.seed = seed
    var remaining = networks.makeIterator()
    let population = InstitutionPopulation(seed: seed, frame: frame) { _, _ in remaining.next() ?? 0 }
    sectors = networks.indices.map {
      ScoredInstitutions(of: population, stratum: Self.firstStratum + $0, seed: seed)
    }
  }

  /// The rows of all scenarios, in their order; scenarios run side by side.
  ///
  /// - Throws: `EstimateError`, `CancellationError`.
  func rows(of scenarios: [Scenario], replications: Int) async throws -> [CoverageRow] {
    try await withThrowingTaskGroup(of: (Int, [CoverageRow]).self) { group in
      for (place, scenario) in scenarios.enumerated() {
        group.addTask { (place, try self.rows(of: scenario, replications: replications)) }
      }
      var byScenario: [[CoverageRow]] = Array(repeating: [], count: scenarios.count)
      for try await (place, ofScenario) in group { byScenario[place] = ofScenario }
      return byScenario.flatMap(\.self)
    }
  }

  /// Every scenario has random numbers of its own.
  private func rows(of scenario: Scenario, replications: Int) throws -> [CoverageRow] {
    try Task.checkCancellation()
    var generator = SeededGenerator(seed: seed, scenario.label)
    switch scenario.design {
    case .simpleRandom:
      var sampler = SimpleRandomSampler(population: largePopulation(scenario), size: scenario.size)
      return try rows(of: scenario, replications: replications, sampler: &sampler, generator: &generator)
    case .clustered:
      let population = largePopulation(scenario)
      var sampler = ClusteredSampler(
        population: population, networks: sectors[0].networks(within: population.count), size: scenario.size)
      return try rows(of: scenario, replications: replications, sampler: &sampler, generator: &generator)
    case .stratified:
      var sampler = StratifiedSampler(of: sectors, share: scenario.share, size: scenario.size)
      return try rows(of: scenario, replications: replications, sampler: &sampler, generator: &generator)
    }
  }

  /// The institutions of one sector; the last are cut off, so that every percentage is a whole number of institutions.
  private func largePopulation(_ scenario: Scenario) -> StudyPopulation {
    StudyPopulation(of: [(sectors[0], 0..<sectors[0].count / 100 * 100)], share: scenario.share)
  }

  private func rows(
    of scenario: Scenario, replications: Int, sampler: inout some Sampler, generator: inout SeededGenerator
  ) throws -> [CoverageRow] {
    guard let overlap = scenario.overlap else {
      return try percentages(scenario, replications: replications, sampler: &sampler, generator: &generator)
    }
    let truth = sampler.truth(.now) - sampler.truth(.then)
    var tally = CoverageTally()
    for _ in 0..<replications {
      let sums = sampler.draw(overlap, using: &generator)
      let samples = TwoSamples(then: sums[0], now: sums[1], common: sampler.populationInBoth(overlap))
      let change = try samples.change(level: Self.level)
      let ends = [change?.then, change?.now]
      tally.add(change?.interval, truth: truth, isAtEnd: ends.contains(0) || ends.contains(1))
    }
    return [CoverageRow(scenario: scenario, method: "trend", truth: truth, tally: tally)]
  }

  /// Every method looks at the same samples.
  private func percentages(
    _ scenario: Scenario, replications: Int, sampler: inout some Sampler, generator: inout SeededGenerator
  ) throws -> [CoverageRow] {
    let methods = IntervalMethod.allCases
    let truth = sampler.truth(.then)
    var tallies = Array(repeating: CoverageTally(), count: methods.count)
    for _ in 0..<replications {
      for sums in sampler.draw(nil, using: &generator) {
        for (place, method) in methods.enumerated() {
          let estimate = try IndicatorEstimator(
            sums: sums, indicator: 0, kind: .percentage, lonely: .fail,
            interval: IntervalRequest(method: method, level: Self.level), reliability: .none
          ).estimate(in: .total(dimensions: 0))
          tallies[place].add(
            estimate.interval, truth: truth, isAtEnd: estimate.value == 0 || estimate.value == 1,
            designEffect: estimate.designEffect)
        }
      }
    }
    return zip(methods, tallies).map {
      CoverageRow(scenario: scenario, method: $0.rawValue, truth: truth, tally: $1)
    }
  }
}

extension ScoredInstitutions {
  /// The networks of the first institutions, the last one cut off where they end.
  fileprivate func networks(within count: Int) -> [Range<Int>] {
    networks.map { $0.clamped(to: 0..<count) }.filter { !$0.isEmpty }
  }
}
