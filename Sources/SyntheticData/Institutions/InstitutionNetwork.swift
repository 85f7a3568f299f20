/// A network of institutions, the primary sampling unit: of one sector and region, often in several Parties.
public struct InstitutionNetwork: Sendable {
  /// The place of its stratum in the population.
  public let stratum: Int
  /// From 0 within its stratum.
  public let number: Int
  /// Its institutions; they are numbered from 0.
  public let size: Int
  /// What is peculiar to the network, by question: a leaning of its own, and the lead of larger networks.
  let leanings: InstitutionLeanings
  private let institutions: DrawKey

  init(stratum: Int, number: Int, size: Int, key: DrawKey) {
    self.stratum = stratum
    self.number = number
    self.size = size
    let own = key[number]
    let lead = Int32(truncatingIfNeeded: size - 12) * 8
    leanings = .drawn(from: own[1], deviation: 95) &+ InstitutionLeanings(repeating: lead)
    institutions = own[2]
  }

  func key(of institution: Int) -> DrawKey { institutions[institution] }
}

/// A leaning for each question, by raw value; the places behind the last question mean nothing. A vector, because it
/// needs no memory of its own.
typealias InstitutionLeanings = SIMD16<Int32>

extension InstitutionLeanings {
  /// Independent for each question, around 0.
  @inline(__always)
  static func drawn(from key: DrawKey, deviation: Int) -> InstitutionLeanings {
    @inline(__always) func drawn(_ place: Int) -> Int32 {
      Int32(truncatingIfNeeded: key[place].spread(deviation))
    }
    // One by one: a loop would go through memory for each place.
    return InstitutionLeanings(
      drawn(0), drawn(1), drawn(2), drawn(3), drawn(4), drawn(5), drawn(6), drawn(7), drawn(8), drawn(9), drawn(10),
      0, 0, 0, 0, 0)
  }
}

/// An institution while its answers are drawn.
struct InstitutionMember {
  let key: DrawKey
  /// What lasts, by question: the institution's own leaning with those of its network and its Party.
  let leanings: InstitutionLeanings

  /// - Parameter party: The leanings of its Party.
  @inline(__always)
  init(of institution: Int, in network: InstitutionNetwork, party: InstitutionLeanings) {
    key = network.key(of: institution)
    leanings = network.leanings &+ party &+ .drawn(from: key[1], deviation: 180)
  }

  /// The words from which everything passing in a cycle is drawn.
  @inline(__always)
  func moment(_ cycle: Int) -> DrawKey { key[cycle] }

  /// Whether detection does not apply to it: a lasting trait.
  @inline(__always)
  func isOutsideDetection(perMille share: Int) -> Bool { key[6].chance(perMille: share) }

  /// Lasting tastes of a select-many question: twelve bits a code.
  @inline(__always)
  func tastes(_ question: InstitutionQuestion) -> UInt64 { key[7][question.rawValue].word }
}
