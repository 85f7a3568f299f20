import Estimate
import SurveyModel

/// The z of one cell's PSUs in several cycles side by side, by identity; a PSU that is missing from one has the value 0
/// there.
///
/// Values are put into their place and walked in ascending order, so that nothing is sorted, pair by pair and cell by
/// cell. The room is kept from cell to cell; each task has its own.
struct LinkedCell: Sendable {
  /// z by identity, then by column (a cycle); `absent` without a row. PSUs come in any order, and this is as much as a
  /// core keeps near for a large sample.
  private var slots: [Double] = []
  /// -0 adds nothing to any z, and no z is stored as -0.
  private static let absent = -0.0
  private var columns = 0
  private var psus = PlaceSet(capacity: 0)
  private var capacity = (psus: 0, strata: 0)
  /// With a row in any of the cycles, ascending.
  private var identities: [Int32] = []
  /// Strata of these.
  private(set) var strata = PlaceSet(capacity: 0)
  /// The PSUs of two of the cycles that are compared now.
  private var pair: [LinkedPSU] = []
  private var pairCount = 0
  /// By stratum: what the pair adds up to.
  private(set) var parts: [LinkedStratum] = []
  /// PSUs with a denominator row in any of the cycles less strata with one.
  private(set) var degreesOfFreedom = 0

  private struct LinkedPSU: Sendable {
    var z: SIMD2<Double>
    var stratum: Int32
  }

  /// - Parameter shares: Each with the place of its cycle among those of the links; they become columns in this order.
  mutating func load(_ links: PSULinks, _ shares: [(share: CellShare, place: Int)]) {
    clear()
    columns = shares.count
    grow(identities: links.strata.count, strata: links.stratumNames.count)
    for (column, end) in shares.enumerated() {
      let identities = links.identities[end.place]
      psus.formUnion(end.share.residuals.lazy.map { Int(identities[$0.psu]) })
      put(end.share.residuals, column: column, identities: identities)
    }
    let count = psus.count
    identities.reserveCapacity(count)
    psus.forEach { identities.append(Int32(truncatingIfNeeded: $0)) }
    strata.formUnion(identities.lazy.map { Int(links.strata[Int($0)]) })
    degreesOfFreedom = count - strata.count
  }

  private mutating func clear() {
    let columns = columns
    slots.withUnsafeMutableBufferPointer { slots in
      for identity in identities {
        for column in 0..<columns { slots[Int(identity) * columns + column] = Self.absent }
      }
    }
    identities.removeAll(keepingCapacity: true)
    psus.removeAll()
    strata.removeAll()
  }

  private mutating func grow(identities: Int, strata: Int) {
    if slots.count < identities * columns { slots = Array(repeating: Self.absent, count: identities * columns) }
    if capacity.psus < identities {
      capacity.psus = identities
      psus = PlaceSet(capacity: identities)
    }
    if capacity.strata < strata {
      capacity.strata = strata
      parts = Array(repeating: LinkedStratum(), count: strata)
      self.strata = PlaceSet(capacity: strata)
    }
  }

  /// Over unchecked memory: every PSU of every cell, basis and cycle passes here.
  private mutating func put(_ residuals: [CellShare.Residual], column: Int, identities: [Int32]) {
    let columns = columns
    identities.withUnsafeBufferPointer { identities in
      slots.withUnsafeMutableBufferPointer { slots in
        for residual in residuals {
          let slot = Int(identities[residual.psu]) * columns + column
          // Several rows of a unit that links them are one PSU here.
          slots[slot] = slots[slot] + residual.value + 0
        }
      }
    }
  }

  /// The strata in which a cycle has a PSU of the cell.
  func strata(of column: Int, links: PSULinks) -> Set<Int> {
    var result: Set<Int> = []
    for identity in identities where slots[Int(identity) * columns + column].bitPattern != Self.absent.bitPattern {
      result.insert(Int(links.strata[Int(identity)]))
    }
    return result
  }

  // MARK: - Two of the cycles

  /// Takes the PSUs with a row in one of two columns.
  ///
  /// - Parameter isIn: By identity, whether the PSU takes part; nil: all do.
  /// - Returns: How many have a row in both.
  @discardableResult
  mutating func compare(_ now: Int, _ then: Int, links: PSULinks, where isIn: [Bool]? = nil) -> Int {
    strata.forEach { parts[$0] = LinkedStratum() }
    if pair.count < identities.count {
      pair = Array(repeating: LinkedPSU(z: .zero, stratum: 0), count: identities.count)
    }
    guard let isIn else { return gather(now, then, links) { _ in 1 } }
    return isIn.withUnsafeBufferPointer { isIn in gather(now, then, links) { isIn[$0] ? 1 : 0 } }
  }

  /// Who takes part is as good as random, so every PSU is written and the next overwrites it where it does not: a
  /// branch is mistaken half the time, which cost more than all the rest.
  ///
  /// - Parameter takesPart: 1 or 0 for an identity.
  @inline(__always)
  private mutating func gather(_ now: Int, _ then: Int, _ links: PSULinks, _ takesPart: (Int) -> Int) -> Int {
    let columns = columns
    var inBoth = 0
    var count = 0
    pair.withUnsafeMutableBufferPointer { pair in
      slots.withUnsafeBufferPointer { slots in
        links.strata.withUnsafeBufferPointer { strata in
          for identity in identities.lazy.map({ Int($0) }) {
            let a = slots[identity * columns + now]
            let b = slots[identity * columns + then]
            pair[count] = LinkedPSU(z: SIMD2(a + 0, b + 0), stratum: strata[identity])
            let hasA = a.bitPattern == Self.absent.bitPattern ? 0 : 1
            let hasB = b.bitPattern == Self.absent.bitPattern ? 0 : 1
            inBoth += hasA & hasB
            count += (hasA | hasB) & takesPart(identity)
          }
        }
      }
    }
    pairCount = count
    return inBoth
  }

  /// Walks through the PSUs of the pair in ascending order.
  mutating func forEach(_ body: (SIMD2<Double>, inout LinkedStratum) -> Void) {
    for psu in pair[..<pairCount] { body(psu.z, &parts[Int(psu.stratum)]) }
  }

  /// Sets what the PSUs of a stratum are compared with.
  mutating func setMeans(_ mean: (Int, LinkedStratum) -> SIMD2<Double>) {
    strata.forEach { parts[$0].mean = mean($0, parts[$0]) }
  }
}

/// What the PSUs of one stratum add up to.
struct LinkedStratum: Sendable {
  var psus = 0
  var sum = SIMD2<Double>.zero
  var mean = SIMD2<Double>.zero
  var squares = 0.0
  /// Squares or products of the distances from the mean.
  var centred = 0.0
}
