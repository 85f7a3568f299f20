import Export

/// What is true of a population in one cycle: sums over all of its institutions, sampled or not.
public struct InstitutionTruth: Sendable {
  /// A true value; `region` and `sector` are `_T` for totals.
  public struct Value: Sendable, Equatable {
    public var indicator: String
    public var region: String
    public var sector: String
    /// Percent, or a number of institutions where the indicator is a count; nil where nobody is in the denominator.
    public var value: Double?
  }

  private struct Share {
    var asked = 0
    var yes = 0
  }

  public let cycle: Int
  private let population: InstitutionPopulation
  /// By stratum and indicator.
  private var shares: [Share]
  /// By Party and indicator.
  private var partyShares: [Share]

  private static let width = InstitutionIndicator.allCases.count
  static let total = "_T"

  public init(cycle: Int, of population: InstitutionPopulation) {
    self.cycle = cycle
    self.population = population
    shares = Array(repeating: Share(), count: population.strata.count * Self.width)
    partyShares = Array(repeating: Share(), count: population.parties.count * InstitutionIndicator.byParty.count)
  }

  /// Adds one institution; `party` is its place in the population.
  public mutating func add(_ answers: InstitutionAnswers, stratum: Int, party: Int) {
    let verdict = IndicatorVerdict(answers)
    let first = stratum * Self.width
    for place in 0..<Self.width {
      shares[first + place].asked &+= Int(verdict.asked >> UInt32(place) & 1)
      shares[first + place].yes &+= Int(verdict.yes >> UInt32(place) & 1)
    }
    let shift = Self.width - InstitutionIndicator.byParty.count
    let firstOfParty = party * InstitutionIndicator.byParty.count
    for place in InstitutionIndicator.byParty.indices {
      partyShares[firstOfParty + place].asked &+= Int(verdict.asked >> UInt32(place + shift) & 1)
      partyShares[firstOfParty + place].yes &+= Int(verdict.yes >> UInt32(place + shift) & 1)
    }
  }

  /// Indicator by indicator: the total, regions, sectors, regions x sectors. A Party has institutions of all sectors, so
  /// what is rolled up to Parties has no sectors.
  public var values: [Value] {
    InstitutionIndicator.allCases.flatMap { indicator in
      cells(of: indicator).map { cell in
        let share = share(of: indicator, region: cell.region, sector: cell.sector)
        let percent = share.asked == 0 ? nil : 100 * Double(share.yes) / Double(share.asked)
        return Value(
          indicator: indicator.id, region: cell.region ?? Self.total, sector: cell.sector?.rawValue ?? Self.total,
          value: indicator.isCount ? Double(share.yes) : percent)
      }
    }
  }

  private func cells(of indicator: InstitutionIndicator) -> [(region: String?, sector: InstitutionSector?)] {
    let regions: [(String?, InstitutionSector?)] = [(nil, nil)] + population.regions.map { ($0, nil) }
    if indicator.isRolledUp { return regions }
    return regions + InstitutionSector.allCases.map { (nil, $0) }
      + population.strata.map { ($0.region, $0.sector) }
  }

  private func share(of indicator: InstitutionIndicator, region: String?, sector: InstitutionSector?) -> Share {
    var sum = Share()
    for (place, stratum) in population.strata.enumerated()
    where (region ?? stratum.region) == stratum.region && (sector ?? stratum.sector) == stratum.sector {
      if indicator.isRolledUp {
        // A Party's institutions are spread over the strata of its region: once is enough.
        guard stratum.sector == InstitutionSector.allCases.first else { continue }
        for party in stratum.parties { count(party, for: indicator, into: &sum) }
      } else {
        sum.asked += shares[place * Self.width + indicator.rawValue].asked
        sum.yes += shares[place * Self.width + indicator.rawValue].yes
      }
    }
    return sum
  }

  private func count(_ party: Int, for indicator: InstitutionIndicator, into sum: inout Share) {
    let rolledUp = InstitutionIndicator.byParty
    let share = partyShares[party * rolledUp.count + indicator.rawValue - (Self.width - rolledUp.count)]
    guard share.asked > 0 else { return }
    sum.asked += 1
    if indicator.holds(yes: share.yes, of: share.asked) { sum.yes += 1 }
  }

  /// `truth.csv`: cycle by cycle.
  static func document(_ truths: [InstitutionTruth]) -> [UInt8] {
    var document = CSVDocument(header: ["cycle", "indicator", "region", "sector", "value"])
    for truth in truths {
      for value in truth.values {
        document.append([
          InstitutionSurvey.name(of: truth.cycle), value.indicator, value.region, value.sector,
          value.value.map(decimal) ?? "",
        ])
      }
    }
    return document.bytes
  }
}

/// The shortest decimal that reads back to the same number; whole numbers have no fraction.
func decimal(_ number: Double) -> String {
  let text = number.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
