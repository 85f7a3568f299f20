/// How many networks and institutions of each stratum are asked, and how many there are.
///
/// Strata are sampled at unequal rates, of at most a fifth of their networks. A third of the sampled networks is a panel
/// that every cycle asks; the others are asked once. Where an estimator of variance looks at the sampling of networks
/// only, with its finite population correction, it leaves out the part of the variance that comes from within networks,
/// times the share of networks in the sample: with these rates a few percent of a standard error.
public struct InstitutionDesign: Sendable {
  /// The share of one stratum.
  public struct Stratum: Sendable, Equatable {
    /// Responses a cycle.
    public let responses: Int
    /// Networks in the sample of a cycle.
    public let sampled: Int
    /// Those of them that are in the sample of every cycle.
    public let panel: Int
    /// Networks in the population.
    public let networks: Int

    /// Networks that are in the sample of one cycle only.
    public var fresh: Int { sampled - panel }
  }

  /// Fewer leave a stratum with too few networks to divide into a panel and others; more do not fit the identifiers.
  public static let workable = 500...1_000_000_000
  private static let responsesPerNetwork = 6

  /// Region by region, sectors in their order, as in the population.
  public let strata: [Stratum]

  /// - Throws: `SyntheticDataError.unworkableResponses`.
  public init(responses: Int, frame: PartyFrame) throws(SyntheticDataError) {
    try Self.check(responses: responses)
    let parties = frame.regions.map { region in
      frame.parties.count { $0.region == region && $0.withdrawn == nil }
    }
    let sectors = InstitutionSector.allCases.count
    let shares = Self.shares(of: responses, parties: parties, sectors: sectors)
    strata = shares.enumerated().map { place, share in
      let (region, sector) = (place / sectors, place % sectors)
      let sampled = (share + Self.responsesPerNetwork - 1) / Self.responsesPerNetwork
      let rarity = 5 + (region * 3 + sector * 2) % 7
      return Stratum(
        responses: share, sampled: sampled, panel: (sampled + 1) / 3,
        networks: max(sampled * rarity, parties[region]))
    }
  }

  /// - Throws: `SyntheticDataError.unworkableResponses`.
  static func check(responses: Int) throws(SyntheticDataError) {
    guard workable.contains(responses) else {
      throw .unworkableResponses(responses, least: workable.lowerBound, most: workable.upperBound)
    }
  }

  /// Four fifths are divided equally, so that small regions can be shown; the rest by the number of Parties.
  private static func shares(of responses: Int, parties: [Int], sectors: Int) -> [Int] {
    let strata = parties.count * sectors
    let all = max(1, parties.reduce(0, +) * sectors)
    let equal = responses * 4 / 5 / max(1, strata)
    let rest = responses - equal * strata
    var given = 0
    var seen = 0
    return (0..<strata).map { place in
      seen += parties[place / sectors]
      let due = rest * seen / all
      defer { given = due }
      return equal + due - given
    }
  }
}
