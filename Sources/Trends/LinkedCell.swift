import Estimate
import SurveyModel

/// The z of one cell's PSUs in several cycles side by side, by identity; whoever is missing from one has the value 0
/// there.
///
/// Values are put into their place and walked in ascending order, so that nothing is sorted, pair by pair and cell by
/// cell. The room is kept from cell to cell; each task has its own.
struct LinkedCell: Sendable {
  /// By identity, then by column (a cycle).
  private var slots: [Slot] = []
  private var columns = 0
  private var psus = PlaceSet(capacity: 0)
  private var capacity = (psus: 0, strata: 0)
  /// With a row in any of the cycles, ascending.
  private var identities: [Int32] = []
  /// Strata of these.
  private(set) var strata = PlaceSet(capacity: 0)
  /// The PSUs of two of the cycles that are compared now.
  private var pair: [LinkedPSU] = []
  /// By stratum: what the pair adds up to.
  private(set) var parts: [LinkedStratum] = []
  /// PSUs with a denominator row in any of the cycles less strata with one.
  private(set) var degreesOfFreedom = 0

  private struct Slot: Sendable {
    var value = 0.0
    var hasRow = false
  }

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
      put(end.share.residuals, column: column, identities: links.identities[end.place])
    }
    psus.forEach { identity in
      identities.append(Int32(truncatingIfNeeded: identity))
      strata.insert(Int(links.strata[identity]))
    }
    degreesOfFreedom = identities.count - strata.count
  }

  private mutating func clear() {
    for identity in identities {
      for column in 0..<columns { slots[Int(identity) * columns + column] = Slot() }
    }
    identities.removeAll(keepingCapacity: true)
    psus.removeAll()
    strata.removeAll()
  }

  private mutating func grow(identities: Int, strata: Int) {
    if slots.count < identities * columns { slots = Array(repeating: Slot(), count: identities * columns) }
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

  /// Unchecked memory: every PSU of every cell, basis and cycle passes here.
  private mutating func put(_ residuals: [CellShare.Residual], column: Int, identities: [Int32]) {
    let columns = columns
    identities.withUnsafeBufferPointer { identities in
      slots.withUnsafeMutableBufferPointer { slots in
        for residual in residuals {
          let identity = Int(identities[residual.psu])
          psus.insert(identity)
          // Several rows of a unit that links them are one PSU here.
          slots[identity * columns + column].value += residual.value
          slots[identity * columns + column].hasRow = true
        }
      }
    }
  }

  // MARK: - Two of the cycles

  /// Takes the PSUs with a row in one of two columns.
  ///
  /// - Parameter isIn: By identity, whether the PSU takes part; nil: all do.
  /// - Returns: How many have a row in both.
  @discardableResult
  mutating func compare(_ now: Int, _ then: Int, links: PSULinks, where isIn: [Bool]? = nil) -> Int {
    strata.forEach { parts[$0] = LinkedStratum() }
    pair.removeAll(keepingCapacity: true)
    var inBoth = 0
    for identity in identities {
      let (a, b) = (slots[Int(identity) * columns + now], slots[Int(identity) * columns + then])
      if a.hasRow && b.hasRow { inBoth += 1 }
      guard a.hasRow || b.hasRow, isIn?[Int(identity)] ?? true else { continue }
      pair.append(LinkedPSU(z: SIMD2(a.value, b.value), stratum: links.strata[Int(identity)]))
    }
    return inBoth
  }

  /// Walks through the PSUs of the pair in ascending order.
  mutating func forEach(_ body: (SIMD2<Double>, inout LinkedStratum) -> Void) {
    for psu in pair { body(psu.z, &parts[Int(psu.stratum)]) }
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
