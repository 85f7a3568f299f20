/// Who is asked in one stratum: networks by simple random sampling without replacement, then institutions within each
/// of them.
///
/// One random order of the networks serves all cycles. The panel stands first; behind it each cycle has a block of its
/// own. So the panel with a block is a simple random sample, and which cycles are asked for changes none of them.
struct InstitutionSample {
  let design: InstitutionDesign.Stratum
  private let seed: DrawKey
  /// By cycle and number of the network: how many of its institutions are asked.
  private let taken: [Int: [UInt8]]

  /// - Parameter draw: Another draw gives another sample of the same population.
  init(
    of population: InstitutionPopulation, stratum: Int, design: InstitutionDesign.Stratum, cycles: [Int],
    seed: UInt64, draw: Int
  ) {
    self.design = design
    let place = population.strata[stratum]
    self.seed = DrawKey(seed: seed, "sample of \(place.region) \(place.sector.rawValue)")[draw]
    let length = design.panel + design.fresh * InstitutionPopulation.cycles.count
    let order = Self.shuffled(design.networks, first: length, by: self.seed[0])
    taken = cycles.reduce(into: [:]) { taken, cycle in
      let block = design.panel + design.fresh * (cycle - InstitutionPopulation.cycles.lowerBound)
      let networks = (order[..<design.panel] + order[block..<block + design.fresh]).sorted()
      taken[cycle] = Self.allocation(design: design, networks: networks.map(Int.init)) {
        population.size(of: $0, in: stratum)
      }
    }
  }

  /// How many institutions of a network are asked in a cycle; 0: it is not in the sample.
  func taken(from network: Int, cycle: Int) -> Int {
    Int(taken[cycle]?[network] ?? 0)
  }

  /// The order in which institutions of a network are asked, the same in every cycle, so that those of a panel network
  /// mostly stay.
  func ranks(in network: InstitutionNetwork) -> [Int32] {
    var ranks = [Int32](repeating: 0, count: network.size)
    let order = Self.shuffled(network.size, first: network.size, by: seed[1][network.number])
    for (rank, institution) in order.enumerated() { ranks[Int(institution)] = Int32(rank) }
    return ranks
  }

  /// The inverse of an institution's inclusion probability.
  func weight(of network: InstitutionNetwork, taken: Int) -> Double {
    Double(design.networks * network.size) / Double(design.sampled * taken)
  }

  /// Divides the responses among the sampled networks by 3 + half their size, so that institutions of large networks
  /// are asked less often, and the parts add up. Given the networks, every institution of one has the same chance, so
  /// the weights are unbiased. No part exceeds 3 + size / 2, which is at most the size from six institutions on.
  private static func allocation(
    design: InstitutionDesign.Stratum, networks: [Int], size: (Int) -> Int
  ) -> [UInt8] {
    let measures = networks.map { 3 + size($0) / 2 }
    let all = max(1, measures.reduce(0, +))
    var taken = [UInt8](repeating: 0, count: design.networks)
    var given = 0
    var seen = 0
    for (network, measure) in zip(networks, measures) {
      seen += measure
      let due = design.responses * seen / all
      taken[network] = UInt8(truncatingIfNeeded: due - given)
      given = due
    }
    return taken
  }

  /// The first places of a random order of `0..<count` (Fisher and Yates).
  private static func shuffled(_ count: Int, first length: Int, by key: DrawKey) -> [Int32] {
    var order = (0..<Int32(truncatingIfNeeded: count)).map { $0 }
    for place in 0..<min(length, count) {
      order.swapAt(place, place + key[place].below(count - place))
    }
    return Array(order.prefix(length))
  }
}
