/// Regions, sectors, strata, PSUs and weights of the reference job.
///
/// Strata are region x size. PSUs are numbered through, stratum by stratum; each row draws one of them, so strata and
/// PSUs come in random order.
struct ReferenceDesign: Sendable {
  static let sizes = ["small", "medium", "large", "national"]
  /// In thousandths. Small institutions are many and seldom asked.
  private static let sizeWeights = [24_000, 12_000, 6000, 2500]
  /// In thousandths.
  static let weights = 1000...60_000

  let regions: [(code: String, label: String)]
  let sectors: [(code: String, label: String)]
  /// Their names, such as `AFR-large`, region by region.
  let strata: [String]
  let psus: Int
  /// By stratum, in thousandths.
  private let baseWeights: [Int]
  private let draws: DrawKey

  init(size: ReferenceJobSize, seed: UInt64) {
    regions = Self.members(Self.knownRegions, count: size.regions, prefix: "R", word: "Region")
    sectors = Self.members(Self.knownSectors, count: size.sectors, prefix: "S", word: "Sector")
    strata = regions.flatMap { region in Self.sizes.map { "\(region.code)-\($0)" } }
    psus = size.psus
    draws = DrawKey(seed: seed, "reference design")
    let factors = DrawKey(seed: seed, "reference weights")
    baseWeights = regions.indices.flatMap { region in
      Self.sizeWeights.map { $0 * (750 + factors[region].below(501)) / 1000 }
    }
  }

  @inline(__always)
  func stratum(ofPSU psu: Int) -> Int { ((psu + 1) * strata.count - 1) / psus }

  /// In thousandths, from 1,000 to 60,000.
  @inline(__always)
  func weight(inStratum stratum: Int, _ draw: DrawKey) -> Int {
    let weight = baseWeights[stratum] * (1000 + draw.spread(250)) / 1000
    return min(max(weight, Self.weights.lowerBound), Self.weights.upperBound)
  }

  /// For 64 replicates a bit each: whether the PSU is in the half-sample and its weight doubled, or not and it is 0.
  ///
  /// PSUs of a stratum form pairs, and one of each pair is in: the squares of the pairs' differences then give the
  /// variance between PSUs. The last of an odd number draws alone.
  @inline(__always)
  func halves(ofPSU psu: Int, inStratum stratum: Int, replicates group: Int) -> UInt64 {
    let place = psu - stratum * psus / strata.count
    let word = draws[psu - place % 2][group].word
    return place % 2 == 0 ? word : ~word
  }

  private static func members(
    _ known: [(code: String, label: String)], count: Int, prefix: String, word: String
  ) -> [(code: String, label: String)] {
    known.prefix(count)
      + (0..<max(0, count - known.count)).map { place in
        let number = known.count + place + 1
        return (numbered(prefix, number, of: count, digits: 2), "\(word) \(number)")
      }
  }

  private static let knownRegions = [
    (code: "AFR", label: "Africa"), (code: "APA", label: "Asia and the Pacific"),
    (code: "EEU", label: "Eastern Europe"), (code: "GRU", label: "Latin America and the Caribbean"),
    (code: "WEO", label: "Western Europe and others"),
  ]
  private static let knownSectors = [
    (code: "academia", label: "Academia"), (code: "customs", label: "Customs offices"),
    (code: "industry", label: "Industry"), (code: "laboratory", label: "Laboratories"),
    (code: "media", label: "Media"), (code: "ministry", label: "Ministries"),
    (code: "ngo", label: "Non-governmental organizations"), (code: "public", label: "Public bodies"),
  ]
}
