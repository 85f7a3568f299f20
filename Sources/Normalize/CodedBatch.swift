import Ingest
import SurveyModel

/// The rows of a batch as small codes: what Aggregate adds up.
public struct CodedBatch: Sendable {
  /// The records that the codes were made from; keys of other tables are read from here.
  public var records: RecordBatch
  /// The rows that count; the others are rejected or outside the population.
  public var used: RowMask
  /// One for each answer column of the plan.
  public var columns: [CodedColumn]
  /// 1 where the design has no weight column.
  public var weights: [Double]
  /// The weight of each row's unit after a roll-up; empty where the design declares none.
  public var unitWeights: [Double] = []
  /// Replicate weights, row after row; empty where the design has none.
  public var replicateWeights: [Double] = []
  /// Stratum numbers.
  public var strata: [Int32]
  /// PSU numbers; empty where every row is its own PSU.
  public var psus: [Int32]
  /// For each dimension of the cycle the member numbers; empty where the table does not have the dimension.
  public var members: [[Int32]]
  /// The unit's key, hashed; empty where the table declares no unit.
  public var units: [UInt128]
  /// Instants, `SurveyMoment.none` or `SurveyMoment.unreadable`. Empty where the table declares no date.
  public var submitted: [Int64]

  public var rowCount: Int { records.rowCount }

  /// The replicate weights of a row, in the order of the columns.
  public func replicateWeights(of row: Int) -> ArraySlice<Double> {
    let count = rowCount == 0 ? 0 : replicateWeights.count / rowCount
    return replicateWeights[row * count..<(row + 1) * count]
  }
}

extension CodedBatch {
  /// No rows.
  public static var none: CodedBatch { CodedBatch(records: RecordBatch(columnCount: 0), members: []) }

  /// Nothing but records yet.
  init(records: RecordBatch, members: [[Int32]]) {
    self.records = records
    used = RowMask(rowCount: 0)
    columns = []
    weights = []
    strata = []
    psus = []
    self.members = members
    units = []
    submitted = []
  }

  /// Rows without their records, as a snapshot keeps them.
  package init(rowCount: Int, used: RowMask, columns: [CodedColumn], weights: [Double]) {
    var records = RecordBatch(columnCount: 0)
    records.rowCount = rowCount
    self.init(records: records, members: [])
    self.used = used
    self.columns = columns
    self.weights = weights
  }

  /// Whether every list has an entry for each row, or none at all.
  package var isConsistent: Bool {
    func fits(_ count: Int) -> Bool { count == rowCount || count == 0 }
    return weights.count == rowCount && strata.count == rowCount && fits(unitWeights.count) && fits(psus.count)
      && fits(units.count) && fits(submitted.count) && members.allSatisfy { fits($0.count) }
      && (rowCount == 0 ? replicateWeights.isEmpty : replicateWeights.count % rowCount == 0)
      && columns.allSatisfy {
        $0.narrow.count + $0.wide.count == rowCount && fits($0.selections.count) && fits($0.numbers.count)
          && fits($0.days.count)
      }
  }
}
