import SurveyModel

/// What is remembered of each row (after the roll-up: of each unit) when units must be found again: for `latest`, and
/// to match units between cycles. A key of 128 bits and three bits an indicator, not the answers.
struct UnitLedger: Sendable {
  let wordsPerEntry: Int
  let dimensionCount: Int
  private let rollUp: RollUp
  private(set) var units: [UInt128] = []
  private(set) var weights: [Double] = []
  private(set) var strata: [Int32] = []
  /// -1 where the entry is its own PSU.
  private(set) var psus: [Int32] = []
  private(set) var members: [Int32] = []
  private(set) var denominator: [UInt64] = []
  private(set) var numerator: [UInt64] = []
  private(set) var known: [UInt64] = []
  private var submitted: [Int32] = []
  private var lines: [Int] = []
  private var entryByUnit: [UInt128: Int] = [:]
  private(set) var superseded: [SupersededRow] = []

  init(wordsPerEntry: Int, dimensionCount: Int, rollUp: RollUp) {
    self.wordsPerEntry = wordsPerEntry
    self.dimensionCount = dimensionCount
    self.rollUp = rollUp
  }

  var count: Int { weights.count }

  struct Entry {
    var unit: UInt128
    /// The unit's key as text, for the list of superseded rows.
    var unitName: String
    var line: Int
    var submitted: Int32
    var weight: Double
    var stratum: Int32
    var psu: Int32
    var members: [Int32]
    var denominator: ArraySlice<UInt64>
    var numerator: ArraySlice<UInt64>
    var known: ArraySlice<UInt64>
  }

  /// Adds a row. Under `latest` it replaces the unit's earlier row unless that was submitted later; an empty date is
  /// the oldest, and ties go to the later row of the file.
  mutating func add(_ entry: Entry) {
    if rollUp == .latest, let place = entryByUnit[entry.unit] {
      if entry.submitted >= submitted[place] {
        superseded.append(SupersededRow(line: lines[place], unit: entry.unitName))
        replace(place, with: entry)
      } else {
        superseded.append(SupersededRow(line: entry.line, unit: entry.unitName))
      }
      return
    }
    if rollUp == .latest { entryByUnit[entry.unit] = count }
    units.append(entry.unit)
    weights.append(entry.weight)
    strata.append(entry.stratum)
    psus.append(entry.psu)
    members.append(contentsOf: entry.members)
    denominator.append(contentsOf: entry.denominator)
    numerator.append(contentsOf: entry.numerator)
    known.append(contentsOf: entry.known)
    submitted.append(entry.submitted)
    lines.append(entry.line)
  }

  private mutating func replace(_ place: Int, with entry: Entry) {
    weights[place] = entry.weight
    strata[place] = entry.stratum
    psus[place] = entry.psu
    members.replaceSubrange(place * dimensionCount..<(place + 1) * dimensionCount, with: entry.members)
    let words = wordRange(place)
    denominator.replaceSubrange(words, with: entry.denominator)
    numerator.replaceSubrange(words, with: entry.numerator)
    known.replaceSubrange(words, with: entry.known)
    submitted[place] = entry.submitted
    lines[place] = entry.line
  }

  func wordRange(_ entry: Int) -> Range<Int> { entry * wordsPerEntry..<(entry + 1) * wordsPerEntry }

  func member(_ entry: Int, _ dimension: Int) -> Int32 { members[entry * dimensionCount + dimension] }
}
