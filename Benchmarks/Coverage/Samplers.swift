import SurveyModel
import SyntheticData

/// Draws samples and adds them up as Aggregate would.
protocol Sampler {
  /// What is true of the population in a cycle.
  func truth(_ cycle: StudyCycle) -> Double

  /// One sample of the earlier cycle where no overlap is given, else one of each cycle.
  mutating func draw(_ overlap: Overlap?, using generator: inout SeededGenerator) -> [TableSums]

  /// Units in the populations of both cycles by stratum; nil where populations are not declared.
  func populationInBoth(_ overlap: Overlap) -> [String: Double]?
}

extension Sampler {
  func populationInBoth(_ overlap: Overlap) -> [String: Double]? { nil }
}

/// Simple random samples: every row is its own PSU, which two cycles find again by the institution.
struct SimpleRandomSampler: Sampler {
  private let population: StudyPopulation
  private let size: Int
  private var urn: Urn

  init(population: StudyPopulation, size: Int) {
    self.population = population
    self.size = size
    urn = Urn(count: population.count)
  }

  func truth(_ cycle: StudyCycle) -> Double { population.truth(cycle) }

  mutating func draw(_ overlap: Overlap?, using generator: inout SeededGenerator) -> [TableSums] {
    guard let overlap else { return [closedForm(urn.draw(size, using: &generator))] }
    let fresh = overlap.fresh(of: size, population: population.count)
    let places = urn.draw(size + fresh, using: &generator)
    return StudyCycle.allCases.map { cycle in
      let isYes = population.isYes[cycle.rawValue]
      var sums = TableSums.ofUnits(
        (cycle == .then ? places[..<size] : places[fresh...]).map { place in
          (PrimarySamplingUnit(stratum: 0, id: String(place)), isYes[place])
        }, design: .sample, strata: [Stratum(name: "all")])
      sums.isSimpleRandomSample = true
      return sums
    }
  }

  /// Where nothing links the rows, their stratum's sums are enough.
  private func closedForm(_ places: [Int]) -> TableSums {
    let yes = places.count { population.isYes[StudyCycle.then.rawValue][$0] }
    let total = StratumTotal(
      stratum: 0, rows: size, rowsYes: yes, weight: Double(size), weightYes: Double(yes), weightSquared: Double(size),
      weightSquaredYes: Double(yes))
    var sums = TableSums(
      design: .sample, strata: [Stratum(name: "all")], psus: [], isSampled: [], sampledPSUs: [size], knownPSUs: [],
      cells: [.total(dimensions: 0): 0], totals: [[.byStratum([total])]], dimensions: [])
    sums.isSimpleRandomSample = true
    return sums
  }
}

/// Networks by simple random sampling, one for five respondents; these are divided among the sampled networks by size.
/// Networks that both cycles share are asked in the same random order, so that most of their institutions stay.
struct ClusteredSampler: Sampler {
  private static let respondentsPerNetwork = 5

  private let population: StudyPopulation
  private let networks: [Range<Int>]
  private let size: Int
  private var urn: Urn

  init(population: StudyPopulation, networks: [Range<Int>], size: Int) {
    self.population = population
    self.networks = networks
    self.size = size
    urn = Urn(count: networks.count)
  }

  func truth(_ cycle: StudyCycle) -> Double { population.truth(cycle) }

  mutating func draw(_ overlap: Overlap?, using generator: inout SeededGenerator) -> [TableSums] {
    let sampled = size / Self.respondentsPerNetwork
    let fresh = overlap?.fresh(of: sampled, population: networks.count) ?? 0
    let places = urn.draw(sampled + fresh, using: &generator)
    let orders = places.map { place in
      var within = Urn(count: networks[place].count)
      return within.draw(networks[place].count, using: &generator).map { networks[place].lowerBound + $0 }
    }
    let cycles = overlap == nil ? [.then] : StudyCycle.allCases
    return cycles.map { cycle in
      let range = cycle == .then ? 0..<sampled : fresh..<sampled + fresh
      return sums(of: range.map { (places[$0], orders[$0]) }, cycle: cycle)
    }
  }

  /// - Parameter sampled: Networks, each with its institutions in the order in which they are asked.
  private func sums(of sampled: [(network: Int, order: [Int])], cycle: StudyCycle) -> TableSums {
    let isYes = population.isYes[cycle.rawValue]
    let all = sampled.reduce(0) { $0 + $1.order.count }
    var totals: [PSUTotal] = []
    var seen = 0
    var asked = 0
    for (psu, network) in sampled.enumerated() {
      seen += network.order.count
      let taken = min(size * seen / all - asked, network.order.count)
      asked = size * seen / all
      guard taken > 0 else { continue }
      let yes = network.order[..<taken].count { isYes[$0] }
      // The inverse of the inclusion probability of an institution, given the networks.
      let weight = Double(networks.count * network.order.count) / Double(sampled.count * taken)
      totals.append(
        PSUTotal(
          psu: psu, rows: taken, rowsYes: yes, weight: Double(taken) * weight, weightYes: Double(yes) * weight))
    }
    return TableSums(
      design: .sample, strata: [Stratum(name: "all")],
      psus: sampled.map { PrimarySamplingUnit(stratum: 0, id: String($0.network)) },
      isSampled: sampled.map { _ in true }, sampledPSUs: [sampled.count], knownPSUs: [],
      cells: [.total(dimensions: 0): 0], totals: [[.byPSU(totals)]], dimensions: [])
  }
}

extension TableSums {
  /// Rows that are their own PSUs and weigh 1.
  static func ofUnits(
    _ units: [(psu: PrimarySamplingUnit, isYes: Bool)], design: Design, strata: [Stratum]
  ) -> TableSums {
    var sampled = Array(repeating: 0, count: strata.count)
    for unit in units { sampled[unit.psu.stratum] += 1 }
    let totals = units.enumerated().map { psu, unit in
      PSUTotal(psu: psu, rows: 1, rowsYes: unit.isYes ? 1 : 0, weight: 1, weightYes: unit.isYes ? 1 : 0)
    }
    return TableSums(
      design: design, strata: strata, psus: units.map(\.psu), isSampled: units.map { _ in true },
      sampledPSUs: sampled, knownPSUs: design == .census ? [Array(units.indices)] : [],
      cells: [.total(dimensions: 0): 0], totals: [[.byPSU(totals)]], dimensions: [])
  }
}
