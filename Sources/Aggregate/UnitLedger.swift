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
  private let keepsKnown: Bool
  private(set) var units: [UInt128] = []
  private(set) var weights: [Double] = []
  private(set) var replicateWeights: [Double] = []
  private(set) var strata: [Int32] = []
  /// Empty where an entry is its own PSU.
  private(set) var psus: [Int32] = []
  /// By dimension, by entry; empty where the table does not have the dimension.
  private(set) var members: [[Int32]]
  private(set) var denominator: [UInt64] = []
  private(set) var numerator: [UInt64] = []
  /// Empty where nobody asks whose status is known.
  private(set) var known: [UInt64] = []
  private var submitted: [Int32] = []
  /// Of the rows that a roll-up keeps; empty without one.
  private var places: [RowPlace] = []
  private var entryByUnit = KeyTable()
  /// Under `majority`: by entry, by indicator, the row weights in the denominator and in the numerator.
  private var majorities: [Majority] = []
  private let indicatorCount: Int
  private(set) var superseded: [SupersededRow] = []
  /// Dimensions whose member differs between rows of a unit, with the first such unit by bytes: whatever the order of
  /// the rows.
  private(set) var varyingDimensions: [Int: String] = [:]

  private struct Majority {
    var inDenominator = 0.0
    var inNumerator = 0.0

    /// A tie is no majority, also where the sums are off by rounding.
    var isYes: Bool { 2 * inNumerator - inDenominator > 1e-12 * inDenominator }
  }

  init(indicatorCount: Int, dimensionCount: Int, replicateCount: Int, rollUp: RollUp, keepsKnown: Bool) {
    self.indicatorCount = indicatorCount
    wordsPerEntry = (indicatorCount + 63) / 64
    self.dimensionCount = dimensionCount
    self.replicateCount = replicateCount
    self.rollUp = rollUp
    self.keepsKnown = keepsKnown
    members = Array(repeating: [], count: dimensionCount)
  }

  var count: Int { weights.count }

  /// Where a row stands, for messages.
  private struct RowPlace {
    var file: String
    var line: Int
  }

  /// A batch that rows are taken from; rows share it, so that a row costs no copy.
  private final class Source {
    let batch: CodedBatch
    let bits: IndicatorBits
    let unitField: Int?

    init(batch: CodedBatch, bits: IndicatorBits, unitField: Int?) {
      self.batch = batch
      self.bits = bits
      self.unitField = unitField
    }
  }

  /// A row of a batch that counts.
  private struct Row {
    let source: Source
    let row: Int

    var batch: CodedBatch { source.batch }
    var bits: IndicatorBits { source.bits }
    var unit: UInt128 { batch.units.isEmpty ? 0 : batch.units[row] }
    /// The unit's key as text, for the list of superseded rows and for messages.
    var unitName: String { source.unitField.map { batch.records.text(row: row, column: $0) } ?? "" }
    var unitBytes: ArraySlice<UInt8> {
      source.unitField.map { batch.records.bytes[batch.records.range(row: row, column: $0)] } ?? []
    }
    var place: RowPlace { RowPlace(file: batch.records.file(row: row), line: batch.records.lines[row]) }
    var submitted: Int32 { batch.submitted.isEmpty ? .min : batch.submitted[row] }
    var weight: Double { batch.weights[row] }
    /// Of the unit, after a roll-up that combines rows.
    var unitWeight: Double { batch.unitWeights.isEmpty ? 1 : batch.unitWeights[row] }
    var replicateWeights: ArraySlice<Double> { batch.replicateWeights(of: row) }
    var words: Range<Int> { row * bits.wordsPerRow..<(row + 1) * bits.wordsPerRow }
  }

  /// Adds the rows of a batch that count, or lets them become part of their units. Under `latest` a row replaces the
  /// unit's earlier row unless that was submitted later; an empty date is the oldest, and ties go to the later row of
  /// the file.
  ///
  /// - Throws: `DataError.unitVaries` where rows that a roll-up combines disagree about the unit's design.
  mutating func add(_ batch: CodedBatch, bits: IndicatorBits, unitField: Int?) throws(DataError) {
    guard rollUp != .none else {
      append(batch, bits: bits)
      return
    }
    let source = Source(batch: batch, bits: bits, unitField: unitField)
    for row in 0..<batch.rowCount where batch.used[row] { try add(Row(source: source, row: row)) }
  }

  private mutating func add(_ row: Row) throws(DataError) {
    guard let known = entryByUnit.value(of: row.unit) else {
      entryByUnit.set(row.unit, to: Int32(truncatingIfNeeded: count))
      append(row, weight: rollUp.combinesRows ? row.unitWeight : row.weight)
      return
    }
    let place = Int(known)
    guard rollUp == .latest else { return try combine(row, into: place) }
    if row.submitted >= submitted[place] {
      superseded.append(SupersededRow(file: places[place].file, line: places[place].line, unit: row.unitName))
      replace(place, with: row)
    } else {
      superseded.append(SupersededRow(file: row.place.file, line: row.place.line, unit: row.unitName))
    }
  }

  /// All rows of a batch that count, each an entry of its own.
  private mutating func append(_ batch: CodedBatch, bits: IndicatorBits) {
    let isWhole = batch.used.count == batch.rowCount
    let rows = isWhole ? [] : (0..<batch.rowCount).filter { batch.used[$0] }
    func add<Value>(_ column: [Value], to list: inout [Value], width: Int = 1) {
      guard !column.isEmpty else { return }
      if isWhole {
        list.append(contentsOf: column)
      } else {
        for row in rows { list.append(contentsOf: column[row * width..<(row + 1) * width]) }
      }
    }
    add(batch.units.isEmpty ? Array(repeating: 0, count: batch.rowCount) : batch.units, to: &units)
    add(batch.weights, to: &weights)
    add(batch.replicateWeights, to: &replicateWeights, width: replicateCount)
    add(batch.strata, to: &strata)
    add(batch.psus, to: &psus)
    for dimension in members.indices { add(batch.members[dimension], to: &members[dimension]) }
    add(bits.denominator, to: &denominator, width: wordsPerEntry)
    add(bits.numerator, to: &numerator, width: wordsPerEntry)
    if keepsKnown { add(bits.known, to: &known, width: wordsPerEntry) }
  }

  private mutating func append(_ row: Row, weight: Double) {
    units.append(row.unit)
    weights.append(weight)
    replicateWeights.append(contentsOf: row.replicateWeights)
    strata.append(row.batch.strata[row.row])
    if !row.batch.psus.isEmpty { psus.append(row.batch.psus[row.row]) }
    for dimension in members.indices where !row.batch.members[dimension].isEmpty {
      members[dimension].append(row.batch.members[dimension][row.row])
    }
    // A row of weight 0 belongs to its PSU, but has no say in what the unit answers.
    let isSilent = rollUp.combinesRows && row.weight == 0
    for word in row.words {
      denominator.append(isSilent ? 0 : row.bits.denominator[word])
      numerator.append(isSilent ? 0 : row.bits.numerator[word])
      if keepsKnown { known.append(row.bits.known[word]) }
    }
    submitted.append(row.submitted)
    places.append(row.place)
    if rollUp == .majority {
      majorities.append(contentsOf: repeatElement(Majority(), count: indicatorCount))
      vote(row, in: count - 1)
    }
  }

  private mutating func replace(_ place: Int, with row: Row) {
    weights[place] = row.weight
    replicateWeights.replaceSubrange(replicateRange(place), with: row.replicateWeights)
    strata[place] = row.batch.strata[row.row]
    if !psus.isEmpty { psus[place] = row.batch.psus[row.row] }
    for dimension in members.indices where !members[dimension].isEmpty {
      members[dimension][place] = row.batch.members[dimension][row.row]
    }
    for (word, source) in zip(wordRange(place), row.words) {
      denominator[word] = row.bits.denominator[source]
      numerator[word] = row.bits.numerator[source]
      if keepsKnown { known[word] = row.bits.known[source] }
    }
    submitted[place] = row.submitted
    places[place] = row.place
  }

  // MARK: - any, all, majority

  private mutating func combine(_ row: Row, into place: Int) throws(DataError) {
    try requireConstantDesign(row, place)
    for dimension in members.indices where !members[dimension].isEmpty {
      guard members[dimension][place] != row.batch.members[dimension][row.row] else { continue }
      if let first = varyingDimensions[dimension], !row.unitBytes.lexicographicallyPrecedes(first.utf8) { continue }
      varyingDimensions[dimension] = row.unitName
    }
    if keepsKnown { for (word, source) in zip(wordRange(place), row.words) { known[word] |= row.bits.known[source] } }
    guard row.weight > 0 else { return }
    for (word, source) in zip(wordRange(place), row.words) {
      let rowDenominator = row.bits.denominator[source]
      let rowNumerator = row.bits.numerator[source]
      let before = denominator[word]
      denominator[word] |= rowDenominator
      switch rollUp {
      case .any: numerator[word] |= rowNumerator
      // Yes as long as every row in the denominator so far says yes.
      case .all: numerator[word] = (numerator[word] & ~rowDenominator) | (rowNumerator & (numerator[word] | ~before))
      case .majority, .none, .latest: break
      }
    }
    if rollUp == .majority { vote(row, in: place) }
  }

  private mutating func vote(_ row: Row, in place: Int) {
    guard row.weight > 0 else { return }
    for (offset, source) in row.words.enumerated() {
      var bits = row.bits.denominator[source]
      let yes = row.bits.numerator[source]
      let word = place * wordsPerEntry + offset
      while bits != 0 {
        let bit = bits.trailingZeroBitCount
        bits &= bits - 1
        let index = place * indicatorCount + offset << 6 + bit
        majorities[index].inDenominator += row.weight
        if yes >> UInt64(bit) & 1 != 0 { majorities[index].inNumerator += row.weight }
        let mask: UInt64 = 1 << UInt64(bit)
        numerator[word] = majorities[index].isYes ? numerator[word] | mask : numerator[word] & ~mask
      }
    }
  }

  private func requireConstantDesign(_ row: Row, _ place: Int) throws(DataError) {
    let varying: String? =
      if strata[place] != row.batch.strata[row.row] {
        "stratum"
      } else if !psus.isEmpty, psus[place] != row.batch.psus[row.row] {
        "PSU"
      } else if weights[place] != row.unitWeight {
        "unit weight"
      } else if replicateWeights[replicateRange(place)] != row.replicateWeights {
        "replicate weights"
      } else {
        nil
      }
    guard let varying else { return }
    throw .unitVaries(
      unit: row.unitName, what: varying, firstLine: places[place].line,
      SourceLocation(file: row.place.file, line: row.place.line))
  }

  // MARK: - Where an entry's values stand

  /// The entry of a unit after a roll-up.
  func entry(of unit: UInt128) -> Int? { entryByUnit.value(of: unit).map { Int($0) } }

  func wordRange(_ entry: Int) -> Range<Int> { entry * wordsPerEntry..<(entry + 1) * wordsPerEntry }

  func replicateRange(_ entry: Int) -> Range<Int> { entry * replicateCount..<(entry + 1) * replicateCount }
}
