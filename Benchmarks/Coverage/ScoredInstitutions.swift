import SyntheticData

/// A cycle that a study looks at: the only one, or the later one of two.
enum StudyCycle: Int, CaseIterable, Sendable {
  case then, now

  /// The cycle of the generator whose answers it takes.
  var generated: Int { self == .then ? 3 : 4 }
}

/// Institutions of one region and sector as the generator makes them, each with a score in both cycles.
///
/// The score adds up the steps that the institution takes on five scales; an invented lasting number breaks ties. So
/// scores are as alike within a network, and from cycle to cycle, as the generator's answers are, and larger networks
/// are further ahead. Whoever has one of the highest scores says yes: that makes any percentage, exactly.
struct ScoredInstitutions: Sendable {
  /// The places of each network's institutions.
  let networks: [Range<Int>]
  /// By cycle, by institution.
  let scores: [[UInt64]]

  var count: Int { scores[0].count }

  private static let scales: [InstitutionQuestion] = [.mandate, .training, .budget, .clearingHouse, .guidelines]

  /// - Parameter stratum: Its place in the population.
  init(of population: InstitutionPopulation, stratum: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, "ties of stratum \(stratum)")
    var networks: [Range<Int>] = []
    var scores: [[UInt64]] = StudyCycle.allCases.map { _ in [] }
    for number in 0..<population.strata[stratum].networks {
      let network = population.network(number, in: stratum)
      let first = scores[0].count
      for institution in 0..<network.size {
        let tie = UInt64(generator.below(1 << 32))
        for cycle in StudyCycle.allCases {
          let answers = population.answers(of: institution, in: network, cycle: cycle.generated)
          let steps = Self.scales.reduce(0) { $0 + (answers[$1] ?? 0) }
          scores[cycle.rawValue].append(UInt64(steps) << 32 | tie)
        }
      }
      networks.append(first..<first + network.size)
    }
    self.networks = networks
    self.scores = scores
  }
}
