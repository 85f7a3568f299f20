import Normalize
import SurveyModel

/// What a table's tally adds up.
public struct TallyPlan: Sendable {
  public var indicators: [IndicatorPredicates]
  /// Groupings of the cycle, as positions of dimensions; only those whose dimensions this table has.
  public var groupings: [[Int]]
  public var dimensionCount: Int
  public var design: TableSums.Design
  public var rollUp: RollUp
  /// Whether rows have PSUs by a column.
  public var hasPSUColumn: Bool
  /// Whether units must be found again in another cycle.
  public var linksUnits: Bool
  /// Where the unit's key stands among the fields of a record, if units are to be called by name.
  public var unitField: Int?
  /// Every row weighs the same and is its own PSU, and nothing corrects for the size of a population.
  public var isSimpleRandomSample: Bool

  public init(
    indicators: [IndicatorPredicates], groupings: [[Int]], dimensionCount: Int, design: TableSums.Design,
    rollUp: RollUp = .none, hasPSUColumn: Bool = false, linksUnits: Bool = false, unitField: Int? = nil,
    isSimpleRandomSample: Bool = false
  ) {
    self.indicators = indicators
    self.groupings = groupings
    self.dimensionCount = dimensionCount
    self.design = design
    self.isSimpleRandomSample = isSimpleRandomSample
    self.rollUp = rollUp
    self.hasPSUColumn = hasPSUColumn
    self.linksUnits = linksUnits
    self.unitField = unitField
  }

  /// A census needs to know which PSUs have a known status; without a PSU column these are the rows.
  var keepsLedger: Bool { rollUp != .none || linksUnits || (design == .census && !hasPSUColumn) }

  /// Where every row is its own PSU and nothing needs to find it again, sums by stratum are enough.
  var grouping: CellAccumulator.Grouping {
    switch design {
    case .replicates(let scheme): .replicates(scheme.columns.count)
    case .register: .stratum
    case .sample: hasPSUColumn || linksUnits ? .psu : .stratum
    case .census: .psu
    }
  }

  /// The group to which a row adds its sums.
  func group(stratum: Int32, psu: Int32, entry: Int) -> Int32 {
    switch grouping {
    case .replicates: 0
    case .stratum: stratum
    case .psu: hasPSUColumn ? psu : Int32(truncatingIfNeeded: entry)
    }
  }
}

/// The running sums of one table: batches are added in the order of the file, then it is finished once.
public struct Tally: Sendable {
  public let plan: TallyPlan
  private var layout: CellLayout
  private var sums: CellAccumulator
  private(set) var ledger: UnitLedger?
  /// By indicator, by PSU: whether its status is known. Only in a census without a ledger.
  private var knownPSUs: [Set<Int32>]
  /// Used rows by stratum, for designs in which every row is its own PSU.
  private var rowsByStratum: [Int] = []
  private var cells: [Int32] = []

  public init(plan: TallyPlan) {
    self.plan = plan
    layout = CellLayout(groupings: plan.groupings, dimensionCount: plan.dimensionCount)
    sums = CellAccumulator(indicatorCount: plan.indicators.count, by: plan.grouping)
    knownPSUs = Array(repeating: [], count: plan.indicators.count)
    if plan.keepsLedger {
      ledger = UnitLedger(
        indicatorCount: plan.indicators.count, dimensionCount: plan.dimensionCount,
        replicateCount: plan.design.replicateScheme?.columns.count ?? 0, rollUp: plan.rollUp)
    }
  }

  /// Rows that a later row of their unit replaced.
  public var superseded: [SupersededRow] { ledger?.superseded ?? [] }

  /// Adds the used rows of a batch.
  ///
  /// - Throws: `DataError.unitVaries` where rows that a roll-up combines disagree about the unit's design.
  public mutating func add(_ batch: CodedBatch) throws(DataError) {
    let bits = IndicatorBits(plan.indicators, batch: batch)
    let words = bits.wordsPerRow
    for row in 0..<batch.rowCount where batch.used[row] {
      let range = row * words..<(row + 1) * words
      let replicateWeights = batch.replicateWeights(of: row)
      if ledger != nil {
        try ledger?.add(
          UnitLedger.Entry(
            unit: batch.units.isEmpty ? 0 : batch.units[row],
            unitName: plan.unitField.map { batch.records.text(row: row, column: $0) } ?? "",
            place: UnitLedger.RowPlace(file: batch.records.file(row: row), line: batch.records.lines[row]),
            submitted: batch.submitted.isEmpty ? .min : batch.submitted[row],
            weight: batch.weights[row], unitWeight: batch.unitWeights.isEmpty ? 1 : batch.unitWeights[row],
            replicateWeights: replicateWeights, stratum: batch.strata[row],
            psu: batch.psus.isEmpty ? -1 : batch.psus[row],
            members: batch.members.map { $0.isEmpty ? -1 : $0[row] },
            denominator: bits.denominator[range], numerator: bits.numerator[range], known: bits.known[range]))
      } else {
        addRow(
          group: plan.group(stratum: batch.strata[row], psu: batch.psus.isEmpty ? -1 : batch.psus[row], entry: row),
          stratum: batch.strata[row], weight: batch.weights[row], replicateWeights: replicateWeights,
          members: { batch.members[$0][row] }, denominator: bits.denominator[range],
          numerator: bits.numerator[range], known: bits.known[range])
      }
    }
  }

  private mutating func addRow(
    group: Int32, stratum: Int32, weight: Double, replicateWeights: ArraySlice<Double>, members: (Int) -> Int32,
    denominator: ArraySlice<UInt64>, numerator: ArraySlice<UInt64>, known: ArraySlice<UInt64>
  ) {
    while rowsByStratum.count <= Int(stratum) { rowsByStratum.append(0) }
    rowsByStratum[Int(stratum)] += 1
    if plan.design == .census {
      for indicator in plan.indicators.indices where known.hasBit(indicator) { knownPSUs[indicator].insert(group) }
    }
    // A row of weight 0 belongs to its PSU, which counts in n_h, but to no sum.
    guard weight > 0 else { return }
    layout.cells(of: members, into: &cells)
    for cell in cells {
      sums.add(
        group: group, cell: cell, weight: weight, replicateWeights: replicateWeights, denominator: denominator,
        numerator: numerator)
    }
  }

  /// Ends the pass.
  ///
  /// - Parameters:
  ///   - codes: What the numbers of strata, PSUs and members stand for.
  ///   - dimensions: Positions of the dimensions that the table has.
  public func finish(codes: TableCodes, dimensions: Set<Int>) -> FinishedTally {
    var folded = self
    var psus = codes.psus
    var isPresent = Array(repeating: true, count: psus.count)
    let varying = ledger?.varyingDimensions ?? [:]
    if let ledger {
      folded.layout = CellLayout(
        groupings: plan.groupings.filter { $0.allSatisfy { varying[$0] == nil } }, dimensionCount: plan.dimensionCount)
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
      for entry in 0..<ledger.count {
        let range = ledger.wordRange(entry)
        folded.addRow(
          group: plan.group(stratum: ledger.strata[entry], psu: ledger.psus[entry], entry: entry),
          stratum: ledger.strata[entry], weight: ledger.weights[entry],
          replicateWeights: ledger.replicateWeights[ledger.replicateRange(entry)],
          members: { ledger.member(entry, $0) }, denominator: ledger.denominator[range],
          numerator: ledger.numerator[range], known: ledger.known[range])
      }
    }
    var result = folded.tableSums(
      codes: codes, psus: psus, isPresent: isPresent, dimensions: dimensions.filter { varying[$0] == nil })
    result.varyingDimensions = varying.filter { dimensions.contains($0.key) }
    return FinishedTally(
      sums: result,
      ledger: ledger.map { LedgerView(ledger: $0, layout: folded.layout, codes: codes, plan: plan) })
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
      cells: layout.named { codes.members[$0][Int($1)] }, totals: sums.totals(cellCount: layout.memberNumbers.count),
      dimensions: dimensions)
    result.isSimpleRandomSample = plan.isSimpleRandomSample
    return result
  }
}

/// What the numbers of a table's rows stand for.
public struct TableCodes: Sendable {
  /// With their populations; strata of the population without a row stand at the end.
  public var strata: [Stratum]
  public var psus: [PrimarySamplingUnit]
  /// By dimension, by member number.
  public var members: [[String]]

  public init(strata: [Stratum], psus: [PrimarySamplingUnit], members: [[String]]) {
    self.strata = strata
    self.psus = psus
    self.members = members
  }
}

/// A finished table: its sums, and the ledger where units can be matched.
public struct FinishedTally: Sendable {
  public var sums: TableSums
  public var ledger: LedgerView?
}

extension ArraySlice<UInt64> {
  /// Whether the bit of an indicator is set.
  func hasBit(_ indicator: Int) -> Bool {
    self[startIndex + (indicator >> 6)] >> UInt64(indicator & 63) & 1 != 0
  }
}
