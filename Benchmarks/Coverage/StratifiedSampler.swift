import SurveyModel
import SyntheticData

/// A census with non-response: simple random samples from four strata of a small population whose sizes are known.
///
/// One small population would tell more about itself than about a method, so the samples are drawn in turn from
/// several, all with the same percentage. Two cycles without common units are drawn from two populations.
struct StratifiedSampler: Sampler {
  /// Populations that samples are drawn from; as many others are at hand for the later cycle.
  static let populations = 20
  /// Of the population, in tenths.
  private static let tenths = [4, 3, 2, 1]

  /// Units in all populations of the study, by the number of respondents: 10, 30, 50 and 40 percent are sampled. With
  /// fewer than a hundred there would be no percentage of 1.
  static func units(for size: Int) -> Int {
    switch size {
    case ...30: 100
    case ...100: 200
    default: size * 5 / 2
    }
  }

  private let drawn: [StudyPopulation]
  private let strata: [Stratum]
  /// By stratum: the places of its units, and how many are sampled.
  private let places: [Range<Int>]
  private let sampled: [Int]
  private var urns: [Urn]
  private var next = 0

  /// - Parameter sectors: The institutions of each stratum.
  init(of sectors: [ScoredInstitutions], share: Double, size: Int) {
    let sizes = Self.tenths.map { Self.units(for: size) * $0 / 10 }
    drawn = (0..<2 * Self.populations).map { number in
      StudyPopulation(
        of: zip(sectors, sizes).map { ($0, number * $1..<(number + 1) * $1) }, share: share)
    }
    var places: [Range<Int>] = []
    for size in sizes { places.append((places.last?.upperBound ?? 0)..<(places.last?.upperBound ?? 0) + size) }
    self.places = places
    sampled = Self.allocation(of: size)
    strata = sizes.enumerated().map { Stratum(name: "sector \($0.offset + 1)", population: Double($0.element)) }
    urns = sizes.map { Urn(count: $0) }
  }

  /// In proportion to the square root of the stratum's size, so that small strata are sampled at higher rates.
  static func allocation(of size: Int) -> [Int] {
    let roots = tenths.map { Double($0).squareRoot() }
    let all = roots.reduce(0, +)
    var seen = 0.0
    var given = 0
    return roots.map { root in
      seen += root
      let due = Int((Double(size) * seen / all).rounded())
      defer { given = due }
      return due - given
    }
  }

  func truth(_ cycle: StudyCycle) -> Double { drawn[0].truth(cycle) }

  mutating func draw(_ overlap: Overlap?, using generator: inout SeededGenerator) -> [TableSums] {
    let number = next
    next = (next + 1) % Self.populations
    guard let overlap, overlap != .none else {
      let cycles = overlap == nil ? [.then] : StudyCycle.allCases
      return cycles.map { cycle in
        let units = sampled.indices.map { urns[$0].draw(sampled[$0], using: &generator) }
        return sums(of: units, population: cycle == .then ? number : number + Self.populations, cycle: cycle)
      }
    }
    let fresh = sampled.indices.map { overlap.fresh(of: sampled[$0], population: places[$0].count) }
    let units = sampled.indices.map { urns[$0].draw(sampled[$0] + fresh[$0], using: &generator) }
    return StudyCycle.allCases.map { cycle in
      let asked = sampled.indices.map { stratum in
        Array(cycle == .then ? units[stratum].prefix(sampled[stratum]) : units[stratum].dropFirst(fresh[stratum]))
      }
      return sums(of: asked, population: number, cycle: cycle)
    }
  }

  /// - Parameter units: By stratum, numbered within it.
  private func sums(of units: [[Int]], population: Int, cycle: StudyCycle) -> TableSums {
    let isYes = drawn[population].isYes[cycle.rawValue]
    return TableSums.ofUnits(
      units.indices.flatMap { stratum in
        units[stratum].map { unit in
          (
            PrimarySamplingUnit(stratum: stratum, id: "\(population)-\(unit)"),
            isYes[places[stratum].lowerBound + unit]
          )
        }
      }, design: .census, strata: strata)
  }

  func populationInBoth(_ overlap: Overlap) -> [String: Double]? {
    Dictionary(uniqueKeysWithValues: strata.map { ($0.name, overlap == .none ? 0 : $0.population ?? 0) })
  }
}
