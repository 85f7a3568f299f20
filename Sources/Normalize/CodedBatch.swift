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
  /// Days since 1970-01-01; the smallest number where the date is empty. Empty where the table declares none.
  public var submitted: [Int32]

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
}
