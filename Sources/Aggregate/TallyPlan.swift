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
  /// Where the date stands that says which row is the latest, to call one by its text that cannot be read.
  public var submittedField: Int?
  /// Every row weighs the same and is its own PSU, and nothing corrects for the size of a population.
  public var isSimpleRandomSample: Bool

  public init(
    indicators: [IndicatorPredicates], groupings: [[Int]], dimensionCount: Int, design: TableSums.Design,
    rollUp: RollUp = .none, hasPSUColumn: Bool = false, linksUnits: Bool = false, unitField: Int? = nil,
    submittedField: Int? = nil, isSimpleRandomSample: Bool = false
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
    self.submittedField = submittedField
  }

  /// A census needs to know which PSUs have a known status; without a PSU column these are the rows.
  var keepsLedger: Bool { rollUp != .none || linksUnits || (design == .census && !hasPSUColumn) }

  var grouping: CellAccumulator.Grouping {
    if case .replicates(let scheme) = design { return .replicates(scheme.columns.count) }
    return design.needsPSUs(haveColumn: hasPSUColumn, linksUnits: linksUnits) ? .psu : .stratum
  }

  /// The groups to which rows add their sums.
  ///
  /// - Parameter firstEntry: The number of the first row, where rows are PSUs.
  func groups(strata: [Int32], psus: [Int32], firstEntry: Int, rows: Int) -> [Int32] {
    switch grouping {
    case .replicates: Array(repeating: 0, count: rows)
    case .stratum: strata
    case .psu: hasPSUColumn ? psus : (firstEntry..<firstEntry + rows).map { Int32(truncatingIfNeeded: $0) }
    }
  }
}
