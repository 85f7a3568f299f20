import Estimate
import SurveyModel

/// The z of one cell's PSUs in two cycles side by side, by identity; whoever is missing from one has the value 0 there.
///
/// Values are put into their place and walked in ascending order, so that nothing is sorted, pair by pair and cell by
/// cell. The room is kept from cell to cell; each task has its own.
struct LinkedCell: Sendable {
  /// By identity: the z of the later and of the earlier cycle.
  private var values: [SIMD2<Double>] = []
  /// By identity: bit 0 where the later cycle has it, bit 1 where the earlier one has.
  private var sides: [UInt8] = []
  private var psus = PlaceSet(capacity: 0)
  /// Strata with a PSU in either.
  private(set) var strata = PlaceSet(capacity: 0)
  /// By stratum; room for what is added up.
  private(set) var parts: [LinkedStratum] = []
  /// The identities with a row in either cycle, ascending, and those of them that are walked now.
  private var identities: [Int32] = []
  private var walked: [Int32] = []
  /// How many PSUs have a row of the cell in both cycles.
  private(set) var inBoth = 0

  /// PSUs with a denominator row in either cycle less strata with one.
  var degreesOfFreedom: Int { psus.count - strata.count }

  /// - Parameters: The places of the two cycles among those of the links.
  mutating func load(
    _ links: PSULinks, now: (share: CellShare, place: Int), then: (share: CellShare, place: Int)
  ) {
    clear()
    grow(identities: links.strata.count, strata: links.stratumNames.count)
    put(now.share.residuals, column: 0, identities: links.identities[now.place])
    put(then.share.residuals, column: 1, identities: links.identities[then.place])
    psus.forEach { identity in
      identities.append(Int32(truncatingIfNeeded: identity))
      strata.insert(Int(links.strata[identity]))
    }
  }

  private mutating func clear() {
    for identity in identities {
      values[Int(identity)] = .zero
      sides[Int(identity)] = 0
    }
    identities.removeAll(keepingCapacity: true)
    psus.removeAll()
    strata.removeAll()
    inBoth = 0
  }

  private mutating func grow(identities: Int, strata: Int) {
    if values.count < identities {
      values = Array(repeating: .zero, count: identities)
      sides = Array(repeating: 0, count: identities)
      psus = PlaceSet(capacity: identities)
    }
    if parts.count < strata {
      parts = Array(repeating: LinkedStratum(), count: strata)
      self.strata = PlaceSet(capacity: strata)
    }
  }

  private mutating func put(_ residuals: [CellShare.Residual], column: Int, identities: [Int32]) {
    let side: UInt8 = 1 << UInt8(column)
    for residual in residuals {
      let identity = Int(identities[residual.psu])
      psus.insert(identity)
      let found = sides[identity] | side
      // Several rows of a unit that links them are one PSU here.
      if found != sides[identity] {
        sides[identity] = found
        if found == 3 { inBoth += 1 }
      }
      values[identity][column] += residual.value
    }
  }

  // MARK: - Sums by stratum

  /// Takes the PSUs that are in a sample of both cycles for the walks that follow, or all.
  mutating func restrict(to isIn: [Bool]?) {
    strata.forEach { parts[$0] = LinkedStratum() }
    guard let isIn else {
      walked = identities
      return
    }
    walked.removeAll(keepingCapacity: true)
    for identity in identities where isIn[Int(identity)] { walked.append(identity) }
  }

  /// Walks through the PSUs in ascending order.
  mutating func forEach(_ links: PSULinks, _ body: (SIMD2<Double>, inout LinkedStratum) -> Void) {
    for identity in walked { body(values[Int(identity)], &parts[Int(links.strata[Int(identity)])]) }
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
