/// Which kind of institution leads a Party's report: kept from cycle to cycle, with a few changes.
struct SectorLeads {
  let seed: UInt64
  /// In its region the only Party whose report a trade institution leads, so that one cell has a single reporter.
  let onlyTradeLead: String?

  private static let lonelyRegion = "CEE"
  private static let lonelySector = "trade"
  private static let weights: [(word: String, weight: Int)] = [
    ("environment", 52), ("agriculture", 20), ("science", 12), ("health", 6), ("trade", 5), ("other", 5),
  ]

  init(seed: UInt64, frame: PartyFrame) {
    self.seed = seed
    var generator = SeededGenerator(seed: seed, "only trade lead")
    onlyTradeLead = generator.pick(frame.parties.filter { $0.region == Self.lonelyRegion })?.iso3
  }

  func sector(of party: Party, cycle: Int) -> String {
    if party.iso3 == onlyTradeLead { return Self.lonelySector }
    let choices =
      party.region == Self.lonelyRegion ? Self.weights.filter { $0.word != Self.lonelySector } : Self.weights
    var generator = SeededGenerator(seed: seed, "sector", party.iso3)
    var sector = generator.pick(weighted: choices)
    for past in ReportingPlan.cycles.dropFirst() where past <= cycle {
      var change = SeededGenerator(seed: seed, "sector change", party.iso3, "\(past)")
      if change.chance(perMille: 50) { sector = change.pick(weighted: choices) }
    }
    return sector
  }
}
