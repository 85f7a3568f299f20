import Normalize

/// Rows (or units) that count, column by column.
struct TallyRows {
  var count: Int
  var strata: [Int32]
  /// Empty where rows are PSUs.
  var psus: [Int32]
  var weights: [Double]
  var replicateWeights: [Double]
  /// By dimension; empty where the table does not have it.
  var members: [[Int32]]
  var denominator: [UInt64]
  var numerator: [UInt64]
  var known: [UInt64]
  /// Empty where no row is.
  var unreadable: [UInt64]
  var ineligible: [UInt64]

  /// The used rows of a batch.
  init(_ batch: CodedBatch, bits: IndicatorBits, plan: TallyPlan) {
    let usedCount = batch.used.count
    guard usedCount < batch.rowCount else {
      // Nearly always: nothing is copied.
      count = batch.rowCount
      strata = batch.strata
      psus = batch.psus
      weights = batch.weights
      replicateWeights = batch.replicateWeights
      members = batch.members
      denominator = bits.denominator
      numerator = bits.numerator
      known = bits.known
      unreadable = bits.unreadable
      ineligible = bits.ineligible
      return
    }
    count = usedCount
    let rows = (0..<batch.rowCount).filter { batch.used[$0] }
    func kept<Value>(_ column: [Value], width: Int = 1) -> [Value] {
      guard !column.isEmpty else { return [] }
      return width == 1 ? rows.map { column[$0] } : rows.flatMap { column[$0 * width..<($0 + 1) * width] }
    }
    strata = kept(batch.strata)
    psus = kept(batch.psus)
    weights = kept(batch.weights)
    replicateWeights = kept(batch.replicateWeights, width: batch.replicateWeights.count / max(1, batch.rowCount))
    members = batch.members.map { kept($0) }
    denominator = kept(bits.denominator, width: bits.wordsPerRow)
    numerator = kept(bits.numerator, width: bits.wordsPerRow)
    known = kept(bits.known, width: bits.wordsPerRow)
    unreadable = kept(bits.unreadable, width: bits.wordsPerRow)
    ineligible = kept(bits.ineligible, width: bits.wordsPerRow)
  }

  /// All units of a ledger.
  init(_ ledger: UnitLedger) {
    count = ledger.count
    strata = ledger.strata
    psus = ledger.psus
    weights = ledger.countedWeights
    replicateWeights = ledger.replicateWeights
    members = ledger.members
    denominator = ledger.denominator
    numerator = ledger.numerator
    known = ledger.known
    unreadable = ledger.unreadable
    ineligible = ledger.ineligible
  }
}

extension WeightedRows {
  /// Forgets the rows and keeps the memory.
  mutating func removeAll() {
    count = 0
    groups.removeAll(keepingCapacity: true)
    parts.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    replicateWeights.removeAll(keepingCapacity: true)
    denominator.removeAll(keepingCapacity: true)
    numerator.removeAll(keepingCapacity: true)
  }

  /// Keeps some of the rows, in their order.
  mutating func keep(_ rows: [Int], wordsPerRow words: Int) {
    let replicates = count == 0 ? 0 : replicateWeights.count / count
    count = rows.count
    groups = rows.map { groups[$0] }
    weights = rows.map { weights[$0] }
    replicateWeights = rows.flatMap { replicateWeights[$0 * replicates..<($0 + 1) * replicates] }
    denominator = rows.flatMap { denominator[$0 * words..<($0 + 1) * words] }
    numerator = rows.flatMap { numerator[$0 * words..<($0 + 1) * words] }
  }
}
