import Normalize
import SurveyModel

/// The running sums of one table: batches are added in the order of the file, then it is finished once.
public struct Tally: Sendable {
  public let plan: TallyPlan
  private var layout: CellLayout
  private var sums: CellAccumulator
  private var coverage: CoverageCounts
  private(set) var ledger: UnitLedger?
  /// By indicator, by PSU: whether its status is known. Only in a census.
  private var knownPSUs: [Set<Int32>]
  /// Used rows by stratum, for designs in which every row is its own PSU.
  private var rowsByStratum: [Int] = []
  /// Rows that were added, where a row is a PSU.
  private var entryCount = 0

  public init(plan: TallyPlan) {
    self.plan = plan
    layout = CellLayout(groupings: plan.groupings, dimensionCount: plan.dimensionCount)
    sums = CellAccumulator(indicatorCount: plan.indicators.count, by: plan.grouping)
    coverage = CoverageCounts(indicatorCount: plan.indicators.count)
    knownPSUs = Array(repeating: [], count: plan.design == .census ? plan.indicators.count : 0)
    if plan.keepsLedger {
      ledger = UnitLedger(
        indicatorCount: plan.indicators.count, dimensionCount: plan.dimensionCount,
        replicateCount: plan.design.replicateScheme?.columns.count ?? 0, rollUp: plan.rollUp,
        keepsKnown: plan.design == .census, keepsIneligible: plan.indicators.contains { $0.eligible != nil })
    }
  }

  /// Rows that a later row of their unit replaced.
  public var superseded: [SupersededRow] { ledger?.superseded ?? [] }

  /// What the rows of a batch answer: may be worked out beforehand, by another worker.
  public static func bits(_ plan: TallyPlan, of batch: CodedBatch) -> IndicatorBits {
    IndicatorBits(plan.indicators, batch: batch)
  }

  /// Adds the used rows of a batch.
  ///
  /// - Throws: `DataError.unitVaries` where rows that a roll-up combines disagree about the unit's design.
  public mutating func add(_ batch: CodedBatch) throws(DataError) {
    try add(batch, bits: Self.bits(plan, of: batch))
  }

  /// Adds the used rows of a batch.
  ///
  /// - Parameter bits: Of this tally's plan; bits of rows that are not used do not matter.
  /// - Throws: `DataError.unitVaries` where rows that a roll-up combines disagree about the unit's design.
  public mutating func add(_ batch: CodedBatch, bits: IndicatorBits) throws(DataError) {
    try ledger?.add(batch, bits: bits, unitField: plan.unitField, submittedField: plan.submittedField)
    // What rows of a unit come to is known at the end only.
    guard plan.rollUp == .none else { return }
    add(TallyRows(batch, bits: bits, plan: plan))
  }

  /// Adds rows that all count.
  private mutating func add(_ rows: TallyRows) {
    for stratum in rows.strata {
      while rowsByStratum.count <= Int(stratum) { rowsByStratum.append(0) }
      rowsByStratum[Int(stratum)] += 1
    }
    let groups = plan.groups(strata: rows.strata, psus: rows.psus, firstEntry: entryCount, rows: rows.count)
    entryCount += rows.count
    if plan.design == .census {
      let words = sums.wordsPerRow
      for row in 0..<rows.count {
        let known = rows.known[row * words..<(row + 1) * words]
        for indicator in plan.indicators.indices where known.hasBit(indicator) {
          knownPSUs[indicator].insert(groups[row])
        }
      }
    }
    // A row of weight 0 belongs to its PSU, which counts in n_h, but to no sum.
    var weighted = WeightedRows(
      count: rows.count, groups: groups, parts: [], weights: rows.weights, replicateWeights: rows.replicateWeights,
      denominator: rows.denominator, numerator: rows.numerator)
    var members = rows.members
    var (ineligible, unreadable) = (rows.ineligible, rows.unreadable)
    if rows.weights.contains(0) {
      let kept = rows.weights.indices.filter { rows.weights[$0] > 0 }
      let words = sums.wordsPerRow
      weighted.keep(kept, wordsPerRow: words)
      members = members.map { column in column.isEmpty ? [] : kept.map { column[$0] } }
      func keep(_ bits: inout [UInt64]) {
        if !bits.isEmpty { bits = kept.flatMap { bits[$0 * words..<($0 + 1) * words] } }
      }
      keep(&ineligible)
      keep(&unreadable)
    }
    weighted.parts = layout.parts(of: members, rows: weighted.count)
    coverage.add(
      parts: weighted.parts, partCount: layout.cellsOfPart.count, ineligible: ineligible, unreadable: unreadable)
    sums.add(weighted)
  }

  /// Ends the pass.
  ///
  /// - Parameters:
  ///   - codes: What the numbers of strata, PSUs and members stand for.
  ///   - dimensions: Positions of the dimensions that the table has.
  public consuming func finish(codes: TableCodes, dimensions: Set<Int>) -> FinishedTally {
    let plan = plan
    ledger?.settle()
    let varying = ledger?.varyingDimensions ?? [:]
    let ledger = ledger
    var psus = codes.psus
    var isPresent = Array(repeating: true, count: psus.count)
    if let ledger {
      if !plan.hasPSUColumn, plan.grouping == .psu {
        psus = (0..<ledger.count).map {
          PrimarySamplingUnit(
            stratum: Int(ledger.strata[$0]), id: plan.linksUnits ? String(ledger.units[$0], radix: 36) : nil)
        }
        isPresent = Array(repeating: true, count: psus.count)
      } else {
        isPresent = Array(repeating: false, count: psus.count)
        for psu in ledger.psus where psu >= 0 { isPresent[Int(psu)] = true }
      }
      if plan.rollUp != .none {
        layout = CellLayout(
          groupings: plan.groupings.filter { $0.allSatisfy { varying[$0] == nil } },
          dimensionCount: plan.dimensionCount)
        add(TallyRows(ledger))
      }
    }
    var result = tableSums(
      codes: codes, psus: psus, isPresent: isPresent, dimensions: dimensions.filter { varying[$0] == nil })
    result.varyingDimensions = varying.filter { dimensions.contains($0.key) }
    let layout = layout
    return FinishedTally(
      sums: result,
      ledger: ledger.map { LedgerView(ledger: $0, layout: layout, codes: codes, plan: plan) })
  }

  private func tableSums(
    codes: TableCodes, psus: [PrimarySamplingUnit], isPresent: [Bool], dimensions: Set<Int>
  ) -> TableSums {
    var sampled = Array(repeating: 0, count: codes.strata.count)
    let countsPSUs = plan.grouping == .psu
    if countsPSUs {
      for (psu, present) in zip(psus, isPresent) where present { sampled[psu.stratum] += 1 }
    } else {
      for (stratum, rows) in rowsByStratum.enumerated() { sampled[stratum] = rows }
    }
    var result = TableSums(
      design: plan.design, strata: codes.strata, psus: countsPSUs ? psus : [],
      isSampled: countsPSUs ? isPresent : [], sampledPSUs: sampled,
      knownPSUs: plan.design == .census ? knownPSUs.map { $0.map(Int.init).sorted() } : [],
      cells: layout.named { codes.members[$0][Int($1)] },
      totals: TotalsByCell(
        SlotTotals(sums, cellsOfPart: layout.cellsOfPart, cellCount: layout.memberNumbers.count)),
      dimensions: dimensions)
    result.isSimpleRandomSample = plan.isSimpleRandomSample
    result.coverage = coverage.byCell(layout.cellsOfPart, cellCount: layout.memberNumbers.count)
    if plan.design.replicateScheme != nil { result.replicateRank = sums.allDirections.rank(in: sums.directions) }
    return result
  }
}

extension ArraySlice<UInt64> {
  /// Whether the bit of an indicator is set.
  func hasBit(_ indicator: Int) -> Bool {
    self[startIndex + (indicator >> 6)] >> UInt64(indicator & 63) & 1 != 0
  }
}
