/// A finite population of institutions in networks, with everything that each of them would answer in each cycle.
///
/// Nothing of it is stored but a few numbers a stratum: a network, its institutions and their answers follow from the
/// seed and their numbers, so a population of a billion institutions takes no more memory than one of a thousand, and
/// any two samples from it meet the same institutions. Who samples, and how, is not its business: the survey of
/// `InstitutionSurvey` is one way, a study of coverage may draw in others.
///
/// Levels differ by region, sector and stratum, and so do the trends. Parties, networks and institutions have lasting
/// leanings (so answers are alike within a network, and from cycle to cycle), larger networks are further ahead, and
/// some of every answer is the moment's. All of it is in integers.
public struct InstitutionPopulation: Sendable {
  /// A region x sector.
  public struct Stratum: Sendable {
    public let region: String
    public let sector: InstitutionSector
    /// Places in `parties`.
    public let parties: [Int]
    /// How many networks it has; they are numbered from 0.
    public let networks: Int
  }

  /// The cycles that a population answers in.
  public static let cycles = 2...5
  /// Institutions in a network.
  public static let networkSizes = 6...30

  /// ISO 3166 codes of the Parties, in the order of the frame.
  public let parties: [String]
  public let regions: [String]
  /// Region by region, sectors in their order.
  public let strata: [Stratum]
  private let networkKeys: [DrawKey]
  /// By stratum and cycle.
  private let levels: [InstitutionLeanings]
  /// By Party.
  let partyLeanings: [InstitutionLeanings]

  /// - Parameters:
  ///   - seed: Another seed gives another population over the same Parties.
  ///   - frame: The Parties and their regions.
  ///   - networks: How many networks a stratum has, by region and sector; at least one for each of its Parties, so that
  ///     every Party has institutions of every sector.
  public init(seed: UInt64, frame: PartyFrame, networks: (_ region: String, _ sector: InstitutionSector) -> Int) {
    let members = frame.parties.filter { $0.withdrawn == nil }
    parties = members.map(\.iso3)
    regions = frame.regions
    strata = frame.regions.flatMap { region in
      let places = members.indices.filter { members[$0].region == region }
      return InstitutionSector.allCases.map { sector in
        Stratum(
          region: region, sector: sector, parties: places, networks: max(places.count, networks(region, sector)))
      }
    }
    networkKeys = strata.map { DrawKey(seed: seed, "networks of \($0.region) \($0.sector.rawValue)") }
    partyLeanings = members.map {
      .drawn(from: DrawKey(seed: seed, "leanings of \($0.iso3)"), deviation: 90)
    }
    levels = strata.flatMap { stratum in
      Self.cycles.map { cycle in
        InstitutionQuestion.allCases.reduce(into: InstitutionLeanings()) { levels, question in
          let level = Self.level(of: question, in: stratum, cycle: cycle, seed: seed)
          levels[question.rawValue] = Int32(truncatingIfNeeded: level)
        }
      }
    }
  }

  private static func level(
    of question: InstitutionQuestion, in stratum: Stratum, cycle: Int, seed: UInt64
  ) -> Int {
    func effect(_ deviation: Int, _ labels: String) -> Int {
      DrawKey(seed: seed, "\(labels) of \(question.key)").spread(deviation)
    }
    let (region, sector) = (stratum.region, stratum.sector.rawValue)
    let (ease, trend) = question.character
    let start =
      ease + effect(50, "level in \(region)") + effect(70, "level of \(sector)")
      + effect(30, "level of \(sector) in \(region)")
    let pace = trend + effect(12, "pace in \(region)") + effect(12, "pace of \(sector) in \(region)")
    return start + pace * (cycle - cycles.lowerBound)
  }

  /// The number of a network counts from 0 within its stratum.
  public func network(_ number: Int, in stratum: Int) -> InstitutionNetwork {
    InstitutionNetwork(stratum: stratum, number: number, size: size(of: number, in: stratum), key: networkKeys[stratum])
  }

  /// The institutions of a network, without making anything else of it: small networks are common, large ones rare.
  public func size(of network: Int, in stratum: Int) -> Int {
    let word = networkKeys[stratum][network][0].word
    let spread = UInt64(Self.networkSizes.count)
    let product = ((word >> 32) * (word & 0xffff_ffff)) >> 32
    return Self.networkSizes.lowerBound + Int((product * spread) >> 32)
  }

  /// The place in `parties` of an institution, numbered from 0 in its network. A network has a home, where at least its
  /// first three institutions are; of the others every fourth or so is in some Party of the region.
  public func party(of institution: Int, in network: InstitutionNetwork) -> Int {
    let parties = strata[network.stratum].parties
    let isAway = institution > 2 && network.key(of: institution).word & 3 == 0
    let place = isAway ? network.key(of: institution)[0].below(parties.count) : network.number % max(1, parties.count)
    return parties[place]
  }

  /// What an institution answers in a cycle, with nothing left blank.
  public func answers(of institution: Int, in network: InstitutionNetwork, cycle: Int) -> InstitutionAnswers {
    var answers = InstitutionAnswers()
    let party = partyLeanings[party(of: institution, in: network)]
    let member = InstitutionMember(of: institution, in: network, party: party)
    fill(&answers, of: member, in: network, cycle: cycle)
    return answers
  }

  @inline(__always)
  func levels(of stratum: Int, cycle: Int) -> InstitutionLeanings {
    levels[stratum * Self.cycles.count + cycle - Self.cycles.lowerBound]
  }
}
