/// What moves the answers: how far a Party is, how hard a question is, and where both are going.
///
/// A score is the sum of these parts in thousandths of an arbitrary unit; 0 is the middle of a question's scale.
struct Progress: Sendable {
  let seed: UInt64

  /// How far a Party has come in a cycle: its region, its means, itself, and its pace.
  func level(of party: Party, cycle: Int) -> Int {
    var itself = SeededGenerator(seed: seed, "level", party.iso3)
    let means = (party.isLeastDeveloped ? -150 : 0) + (party.isSmallIsland ? -120 : 0)
    let start = (Self.regionalStart[party.region] ?? 0) + means + itself.spread(330)
    let pace = itself.between(20, 110)
    return start + pace * (cycle - 2)
  }

  /// How a Party stands on a question: what is peculiar to the two persists, the rest comes and goes.
  ///
  /// A report that replaces another sees some of its questions again with fresh eyes: that is what `revision` says.
  func score(of party: Party, cycle: Int, lineage: Lineage, revision: Int) -> Int {
    var peculiar = SeededGenerator(seed: seed, "disturbance", party.iso3, lineage.root)
    var passing = SeededGenerator(seed: seed, "noise", party.iso3, lineage.root, "\(cycle)", "\(revision)")
    return level(of: party, cycle: cycle) + ease(of: lineage, cycle: cycle) + peculiar.spread(600)
      + passing.spread(380)
  }

  /// How readily a question is answered with yes: most become easier over the cycles, some stall, a few become harder.
  private func ease(of lineage: Lineage, cycle: Int) -> Int {
    var generator = SeededGenerator(seed: seed, "question", lineage.root)
    let ease = Self.knownEase[lineage.root] ?? generator.between(-420, 380)
    let drawn =
      switch generator.below(100) {
      case ..<60: generator.between(60, 220)
      case ..<82: generator.between(-90, -20)
      default: generator.between(-240, -150)
      }
    let drift = Self.knownDrift[lineage.root] ?? drawn
    return ease + drift * (cycle - lineage.firstCycle)
  }

  private static let regionalStart = ["WEOG": 350, "CEE": 200, "GRULAC": 50, "APR": 0, "AFR": -150]

  /// Questions that chance alone would make implausible: what nearly everyone has, and what hardly ever happens.
  private static let knownEase: [String: Int] = [
    // Measures, focal points, authorities, rules on contained use and safe transport.
    "cycle-2/Q015": 350, "cycle-2/Q116": 1300, "cycle-2/Q117": 1300, "cycle-2/Q118": 700, "cycle-2/Q026": 500,
    "cycle-2/Q108": 450, "cycle-2/Q124_d": 700, "cycle-2/Q124_a": 500, "cycle-2/Q100": 500,
    // Capacity-building: received, and still needed.
    "cycle-2/Q135": 600, "cycle-2/Q143": 450, "cycle-2/Q146": 1100,
    // Decisions, and the movements that they are about.
    "cycle-2/Q037": -500, "cycle-2/Q038": -250, "cycle-2/Q057": -350, "cycle-2/Q065": -1000, "cycle-2/Q066": -900,
    "cycle-2/Q073": -1000, "cycle-2/Q077": -500, "cycle-2/Q161": -800, "cycle-2/Q163": -900,
    // Unintentional and illegal movements, emergencies.
    "cycle-2/Q102": -1200, "cycle-2/Q103": -1100, "cycle-2/Q170": -900, "cycle-2/Q128": -300,
    // Agreements with others.
    "cycle-4/Q058": -450,
    // Money from a country's own budget, and enough of it.
    "cycle-2/Q017": -150, "cycle-5/Q010": 0, "cycle-5/Q010_adq": -450, "cycle-4/Q019_adq": -300,
    "cycle-5/Q012_adq": -250,
    // The Supplementary Protocol, by those who are bound by it and by the others.
    "cycle-4/Q171": -100, "cycle-5/Q160": 150,
  ]

  /// Where the story of the sample should not hang on the seed: measures and assessments of needs grow, money does not,
  /// and fewer activities are left to do.
  private static let knownDrift: [String: Int] = [
    "cycle-2/Q015": 150, "cycle-2/Q145": 130, "cycle-2/Q017": -70, "cycle-2/Q143": -190,
  ]
}
