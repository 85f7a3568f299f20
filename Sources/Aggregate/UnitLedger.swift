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
  private let keepsIneligible: Bool
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
  /// Empty where the design does not use known status.
  private(set) var known: [UInt64] = []
  /// Left out because of an unreadable answer; empty as long as no row is. Until `settle` has been called, under a
  /// roll-up that combines rows: some row of the unit is.
  private(set) var unreadable: [UInt64] = []
  /// Under a roll-up that combines rows: some unreadable row of the unit may be a yes, or a no. As long as `unreadable`.
  private var mayBeYes: [UInt64] = []
  private var mayBeNo: [UInt64] = []
  /// Known not to be eligible: after a roll-up, in every row of positive weight. Empty where every row is eligible.
  private(set) var ineligible: [UInt64] = []
  /// Under a roll-up that combines rows, whether some row of the unit has a positive weight; empty without.
  private var hasVote: [Bool] = []
  private var submitted: [Int64] = []
  /// By entry whose date cannot be read, its text.
  private var unreadableDates: [Int: String] = [:]
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
    /// Of rows with an unreadable answer.
    var mayBeYes = 0.0
    var mayBeNo = 0.0

    /// A tie is no majority, also where the sums are off by rounding.
    private func isYes(_ numerator: Double, of denominator: Double) -> Bool {
      2 * numerator - denominator > 1e-12 * denominator
    }

    var isYes: Bool { isYes(inNumerator, of: inDenominator) }
    /// Whether the unreadable rows could turn the outcome, or make one.
    var isOpen: Bool {
      inDenominator == 0
        || !isYes(inNumerator, of: inDenominator + mayBeNo)
          && isYes(inNumerator + mayBeYes, of: inDenominator + mayBeYes)
    }
  }

  init(
    indicatorCount: Int, dimensionCount: Int, replicateCount: Int, rollUp: RollUp, keepsKnown: Bool,
    keepsIneligible: Bool
  ) {
    self.indicatorCount = indicatorCount
    wordsPerEntry = (indicatorCount + 63) / 64
    self.dimensionCount = dimensionCount
    self.replicateCount = replicateCount
    self.rollUp = rollUp
    self.keepsKnown = keepsKnown
    self.keepsIneligible = keepsIneligible
    members = Array(repeating: [], count: dimensionCount)
  }

  var count: Int { weights.count }

  /// What entries count with: nothing where no row of a unit has a say.
  var countedWeights: [Double] {
    hasVote.contains(false) ? zip(weights, hasVote).map { $1 ? $0 : 0 } : weights
  }

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
    let submittedField: Int?

    init(batch: CodedBatch, bits: IndicatorBits, unitField: Int?, submittedField: Int?) {
      self.batch = batch
      self.bits = bits
      self.unitField = unitField
      self.submittedField = submittedField
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
    var submitted: Int64 { batch.submitted.isEmpty ? SurveyMoment.none : batch.submitted[row] }
    var submittedText: String { source.submittedField.map { batch.records.text(row: row, column: $0) } ?? "" }
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
  /// - Throws: `DataError.unitVaries` where rows that a roll-up combines disagree about the unit's design,
  ///   `DataError.unreadableDate` where it cannot be told which row of a unit is the latest.
  mutating func add(
    _ batch: CodedBatch, bits: IndicatorBits, unitField: Int?, submittedField: Int?
  ) throws(DataError) {
    guard rollUp != .none else {
      append(batch, bits: bits)
      return
    }
    let source = Source(batch: batch, bits: bits, unitField: unitField, submittedField: submittedField)
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
    try requireReadableDates(row, place)
    if row.submitted >= submitted[place] {
      superseded.append(SupersededRow(file: places[place].file, line: places[place].line, unit: row.unitName))
      replace(place, with: row)
    } else {
      superseded.append(SupersededRow(file: row.place.file, line: row.place.line, unit: row.unitName))
    }
  }

  /// A date that cannot be read could be the latest.
  private func requireReadableDates(_ row: Row, _ place: Int) throws(DataError) {
    let earlier = unreadableDates[place]
    guard earlier != nil || row.submitted == SurveyMoment.unreadable else { return }
    throw .unreadableDate(
      unit: row.unitName, value: earlier ?? row.submittedText,
      otherLine: earlier == nil ? places[place].line : row.place.line,
      earlier == nil
        ? SourceLocation(file: row.place.file, line: row.place.line)
        : SourceLocation(file: places[place].file, line: places[place].line))
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
    if keepsIneligible { add(bits.ineligible, to: &ineligible, width: wordsPerEntry) }
    if !bits.unreadable.isEmpty {
      makeRoomForUnreadable(words: denominator.count - batch.used.count * wordsPerEntry)
      add(bits.unreadable, to: &unreadable, width: wordsPerEntry)
    } else if !unreadable.isEmpty {
      makeRoomForUnreadable(words: denominator.count)
    }
  }

  /// Entries that came before the first unreadable answer have none.
  private mutating func makeRoomForUnreadable(words: Int) {
    let missing = repeatElement(UInt64(0), count: max(0, words - unreadable.count))
    unreadable.append(contentsOf: missing)
    guard rollUp.combinesRows else { return }
    mayBeYes.append(contentsOf: missing)
    mayBeNo.append(contentsOf: missing)
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
      if keepsIneligible { ineligible.append(isSilent ? .max : row.bits.ineligible[word]) }
    }
    if rollUp.combinesRows { hasVote.append(!isSilent) }
    if !row.bits.unreadable.isEmpty {
      makeRoomForUnreadable(words: denominator.count - wordsPerEntry)
      for word in row.words {
        unreadable.append(isSilent ? 0 : row.bits.unreadable[word])
        guard rollUp.combinesRows else { continue }
        mayBeYes.append(isSilent ? 0 : row.bits.mayBeYes[word])
        mayBeNo.append(isSilent ? 0 : row.bits.mayBeNo[word])
      }
    } else if !unreadable.isEmpty {
      makeRoomForUnreadable(words: denominator.count)
    }
    submitted.append(row.submitted)
    if rollUp == .latest, row.submitted == SurveyMoment.unreadable { unreadableDates[count - 1] = row.submittedText }
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
      if keepsIneligible { ineligible[word] = row.bits.ineligible[source] }
    }
    if !unreadable.isEmpty || !row.bits.unreadable.isEmpty {
      makeRoomForUnreadable(words: denominator.count)
      for (word, source) in zip(wordRange(place), row.words) {
        unreadable[word] = row.bits.unreadable.isEmpty ? 0 : row.bits.unreadable[source]
      }
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
    if keepsKnown {
      for (word, source) in zip(wordRange(place), row.words) { known[word] |= row.bits.known[source] }
    }
    guard row.weight > 0 else { return }
    hasVote[place] = true
    if keepsIneligible {
      for (word, source) in zip(wordRange(place), row.words) { ineligible[word] &= row.bits.ineligible[source] }
    }
    if !row.bits.unreadable.isEmpty {
      makeRoomForUnreadable(words: denominator.count)
      for (word, source) in zip(wordRange(place), row.words) {
        unreadable[word] |= row.bits.unreadable[source]
        mayBeYes[word] |= row.bits.mayBeYes[source]
        mayBeNo[word] |= row.bits.mayBeNo[source]
      }
    }
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
    if !row.bits.unreadable.isEmpty {
      for (offset, source) in row.words.enumerated() {
        var bits = row.bits.unreadable[source]
        while bits != 0 {
          let bit = bits.trailingZeroBitCount
          bits &= bits - 1
          let index = place * indicatorCount + offset << 6 + bit
          if row.bits.mayBeYes[source] >> UInt64(bit) & 1 != 0 { majorities[index].mayBeYes += row.weight }
          if row.bits.mayBeNo[source] >> UInt64(bit) & 1 != 0 { majorities[index].mayBeNo += row.weight }
        }
      }
    }
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

  /// What the rows of a unit come to in one word of indicators, once an unreadable row has been weighed against the
  /// others: one yes decides `any`, one no decides `all`, and a majority that the row cannot turn stands. A row that can
  /// only be a no, or in no denominator, turns no `any`; one that can only be a yes turns no `all`.
  func settled(_ word: Int) -> (denominator: UInt64, numerator: UInt64, unreadable: UInt64) {
    let (inDenominator, yes) = (denominator[word], numerator[word])
    guard !unreadable.isEmpty, unreadable[word] != 0 else { return (inDenominator, yes, 0) }
    var open = unreadable[word]
    switch rollUp {
    case .any: open &= ~yes & (mayBeYes[word] | ~inDenominator)
    case .all: open &= ~(inDenominator & ~yes) & (mayBeNo[word] | ~inDenominator)
    case .majority:
      let (place, offset) = (word / wordsPerEntry, word % wordsPerEntry)
      var bits = open
      while bits != 0 {
        let bit = bits.trailingZeroBitCount
        bits &= bits - 1
        if !majorities[place * indicatorCount + offset << 6 + bit].isOpen { open &= ~(1 << UInt64(bit)) }
      }
    case .none, .latest: break
    }
    return (inDenominator & ~open, yes & ~open, open)
  }

  /// Ends the reading: units whose outcome an unreadable answer could turn leave the denominator.
  mutating func settle() {
    guard !unreadable.isEmpty else { return }
    for word in denominator.indices {
      let settled = settled(word)
      (denominator[word], numerator[word], unreadable[word]) = settled
      // Whether such a unit is in the denominator is unknown.
      if keepsKnown { known[word] &= ~settled.unreadable }
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
