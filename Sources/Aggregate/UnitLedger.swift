import Normalize
import SurveyModel

/// What is remembered of each row (after the roll-up: of each unit) when units must be found again: for roll-ups, and
/// to match units between cycles. A key of 128 bits and three bits an indicator, not the answers.
struct UnitLedger: Sendable {
  let wordsPerEntry: Int
  let dimensionCount: Int
  /// Replicate weights of an entry; 0 without.
  let replicateCount: Int
  private let rollUp: RollUp
  private(set) var units: [UInt128] = []
  private(set) var weights: [Double] = []
  private(set) var replicateWeights: [Double] = []
  private(set) var strata: [Int32] = []
  /// -1 where the entry is its own PSU.
  private(set) var psus: [Int32] = []
  private(set) var members: [Int32] = []
  private(set) var denominator: [UInt64] = []
  private(set) var numerator: [UInt64] = []
  private(set) var known: [UInt64] = []
  private var submitted: [Int32] = []
  /// Of the rows that a roll-up keeps; empty without one.
  private var places: [RowPlace] = []
  private var entryByUnit: [UInt128: Int] = [:]
  /// Under `majority`: by entry, by indicator, the row weights in the denominator and in the numerator.
  private var majorities: [Majority] = []
  private let indicatorCount: Int
  private(set) var superseded: [SupersededRow] = []
  /// Dimensions whose member differs between rows of a unit, with the first such unit.
  private(set) var varyingDimensions: [Int: String] = [:]

  private struct Majority {
    var inDenominator = 0.0
    var inNumerator = 0.0

    /// A tie is no majority, also where the sums are off by rounding.
    var isYes: Bool { 2 * inNumerator - inDenominator > 1e-12 * inDenominator }
  }

  init(indicatorCount: Int, dimensionCount: Int, replicateCount: Int, rollUp: RollUp) {
    self.indicatorCount = indicatorCount
    wordsPerEntry = (indicatorCount + 63) / 64
    self.dimensionCount = dimensionCount
    self.replicateCount = replicateCount
    self.rollUp = rollUp
  }

  var count: Int { weights.count }

  /// Where a row stands, for messages.
  struct RowPlace {
    var file: String
    var line: Int
  }

  struct Entry {
    var unit: UInt128
    /// The unit's key as text, for the list of superseded rows and for messages.
    var unitName: String
    var place: RowPlace
    var submitted: Int32
    /// Of the row.
    var weight: Double
    /// Of the unit, after a roll-up that combines rows.
    var unitWeight: Double
    var replicateWeights: ArraySlice<Double>
    var stratum: Int32
    var psu: Int32
    var members: [Int32]
    var denominator: ArraySlice<UInt64>
    var numerator: ArraySlice<UInt64>
    var known: ArraySlice<UInt64>
  }

  /// Adds a row, or lets it become part of its unit. Under `latest` it replaces the unit's earlier row unless that was
  /// submitted later; an empty date is the oldest, and ties go to the later row of the file.
  ///
  /// - Throws: `DataError.unitVaries` where rows that a roll-up combines disagree about the unit's design.
  mutating func add(_ entry: Entry) throws(DataError) {
    guard rollUp != .none else {
      append(entry, weight: entry.weight)
      return
    }
    guard let place = entryByUnit[entry.unit] else {
      entryByUnit[entry.unit] = count
      append(entry, weight: rollUp.combinesRows ? entry.unitWeight : entry.weight)
      return
    }
    if rollUp == .latest {
      if entry.submitted >= submitted[place] {
        superseded.append(SupersededRow(file: places[place].file, line: places[place].line, unit: entry.unitName))
        replace(place, with: entry)
      } else {
        superseded.append(SupersededRow(file: entry.place.file, line: entry.place.line, unit: entry.unitName))
      }
    } else {
      try combine(entry, into: place)
    }
  }

  private mutating func append(_ entry: Entry, weight: Double) {
    units.append(entry.unit)
    weights.append(weight)
    replicateWeights.append(contentsOf: entry.replicateWeights)
    strata.append(entry.stratum)
    psus.append(entry.psu)
    members.append(contentsOf: entry.members)
    // A row of weight 0 belongs to its PSU, but has no say in what the unit answers.
    if rollUp.combinesRows, entry.weight == 0 {
      denominator.append(contentsOf: repeatElement(0, count: wordsPerEntry))
      numerator.append(contentsOf: repeatElement(0, count: wordsPerEntry))
    } else {
      denominator.append(contentsOf: entry.denominator)
      numerator.append(contentsOf: entry.numerator)
    }
    known.append(contentsOf: entry.known)
    submitted.append(entry.submitted)
    if rollUp != .none { places.append(entry.place) }
    if rollUp == .majority {
      majorities.append(contentsOf: repeatElement(Majority(), count: indicatorCount))
      vote(entry, in: count - 1)
    }
  }

  private mutating func replace(_ place: Int, with entry: Entry) {
    weights[place] = entry.weight
    replicateWeights.replaceSubrange(replicateRange(place), with: entry.replicateWeights)
    strata[place] = entry.stratum
    psus[place] = entry.psu
    members.replaceSubrange(place * dimensionCount..<(place + 1) * dimensionCount, with: entry.members)
    let words = wordRange(place)
    denominator.replaceSubrange(words, with: entry.denominator)
    numerator.replaceSubrange(words, with: entry.numerator)
    known.replaceSubrange(words, with: entry.known)
    submitted[place] = entry.submitted
    places[place] = entry.place
  }

  // MARK: - any, all, majority

  private mutating func combine(_ entry: Entry, into place: Int) throws(DataError) {
    try requireConstantDesign(entry, place)
    for dimension in 0..<dimensionCount
    where members[place * dimensionCount + dimension] != entry.members[dimension] && varyingDimensions[dimension] == nil
    {
      varyingDimensions[dimension] = entry.unitName
    }
    for (word, index) in zip(wordRange(place), entry.known.indices) { known[word] |= entry.known[index] }
    guard entry.weight > 0 else { return }
    for (offset, word) in wordRange(place).enumerated() {
      let rowDenominator = entry.denominator[entry.denominator.startIndex + offset]
      let rowNumerator = entry.numerator[entry.numerator.startIndex + offset]
      let before = denominator[word]
      denominator[word] |= rowDenominator
      switch rollUp {
      case .any: numerator[word] |= rowNumerator
      // Yes as long as every row in the denominator so far says yes.
      case .all: numerator[word] = (numerator[word] & ~rowDenominator) | (rowNumerator & (numerator[word] | ~before))
      case .majority, .none, .latest: break
      }
    }
    if rollUp == .majority { vote(entry, in: place) }
  }

  private mutating func vote(_ entry: Entry, in place: Int) {
    guard entry.weight > 0 else { return }
    for indicator in 0..<indicatorCount where entry.denominator.hasBit(indicator) {
      let index = place * indicatorCount + indicator
      majorities[index].inDenominator += entry.weight
      if entry.numerator.hasBit(indicator) { majorities[index].inNumerator += entry.weight }
      let bit: UInt64 = 1 << UInt64(indicator & 63)
      let word = place * wordsPerEntry + indicator >> 6
      numerator[word] = majorities[index].isYes ? numerator[word] | bit : numerator[word] & ~bit
    }
  }

  private func requireConstantDesign(_ entry: Entry, _ place: Int) throws(DataError) {
    let varying: String? =
      if strata[place] != entry.stratum {
        "stratum"
      } else if psus[place] != entry.psu {
        "PSU"
      } else if weights[place] != entry.unitWeight {
        "unit weight"
      } else if replicateWeights[replicateRange(place)] != entry.replicateWeights {
        "replicate weights"
      } else {
        nil
      }
    guard let varying else { return }
    throw .unitVaries(
      unit: entry.unitName, what: varying, firstLine: places[place].line,
      SourceLocation(file: entry.place.file, line: entry.place.line))
  }

  // MARK: - Where an entry's values stand

  func wordRange(_ entry: Int) -> Range<Int> { entry * wordsPerEntry..<(entry + 1) * wordsPerEntry }

  func replicateRange(_ entry: Int) -> Range<Int> { entry * replicateCount..<(entry + 1) * replicateCount }

  func member(_ entry: Int, _ dimension: Int) -> Int32 { members[entry * dimensionCount + dimension] }
}
