import Ingest
import SurveyModel

/// How many rows of a table meet a condition, by the key that other tables know them by.
public struct KeyCounts: Sendable {
  private var keys = ByteDictionary()
  private var counts: [Int] = []

  public init() {}

  /// Rows with an empty key are related to nothing.
  public mutating func add(_ key: Span<UInt8>) {
    guard !key.isEmpty else { return }
    let number = Int(keys.insert(key))
    if number == counts.count { counts.append(1) } else { counts[number] += 1 }
  }

  public mutating func merge(_ other: KeyCounts) {
    for (number, key) in other.keys.keys.enumerated() {
      let mine = Int(keys.insert(key))
      if mine == counts.count { counts.append(other.counts[number]) } else { counts[mine] += other.counts[number] }
    }
  }

  public func count(of key: Span<UInt8>) -> Int {
    guard let number = keys.number(of: key) else { return 0 }
    return counts[Int(number)]
  }
}

/// A condition compiled for the columns of one table, evaluated for a whole batch at once.
public indirect enum Predicate: Sendable {
  case constant(Bool)
  /// The answer's code is accepted.
  case code(column: Int, accepted: [Bool])
  case anySelected(column: Int, UInt64)
  case allSelected(column: Int, UInt64)
  case number(column: Int, Comparison, Double)
  case day(column: Int, Comparison, Int32)
  /// Enough rows of another table have this row's key; `field` is the key's column in the records.
  case related(field: Int, KeyCounts, atLeast: Int)
  case any([Predicate])
  case all([Predicate])
  case not(Predicate)

  /// The rows that meet it.
  public func rows(of batch: CodedBatch) -> RowMask {
    let count = batch.rowCount
    switch self {
    case .constant(let holds):
      return RowMask(rowCount: count, all: holds)
    case .code(let column, let accepted):
      let codes = batch.columns[column].codes
      return RowMask(rowCount: count) { accepted[Int(codes[$0])] }
    case .anySelected(let column, let mask):
      let selections = batch.columns[column].selections
      return RowMask(rowCount: count) { selections[$0] & mask != 0 }
    case .allSelected(let column, let mask):
      let selections = batch.columns[column].selections
      return RowMask(rowCount: count) { selections[$0] & mask == mask }
    case .number(let column, let comparison, let bound):
      let numbers = batch.columns[column].numbers
      return RowMask(rowCount: count) { comparison.holds(numbers[$0], bound) }
    case .day(let column, let comparison, let bound):
      let days = batch.columns[column].days
      return RowMask(rowCount: count) { days[$0] != CodedColumn.noDay && comparison.holds(days[$0], bound) }
    case .related(let field, let counts, let atLeast):
      let bytes = batch.records.bytes.span
      var mask = RowMask(rowCount: count)
      for row in 0..<count {
        mask[row] = counts.count(of: bytes.extracting(batch.records.range(row: row, column: field))) >= atLeast
      }
      return mask
    case .any(let parts):
      var mask = RowMask(rowCount: count)
      for part in parts { mask.formUnion(part.rows(of: batch)) }
      return mask
    case .all(let parts):
      var mask = RowMask(rowCount: count, all: true)
      for part in parts { mask.formIntersection(part.rows(of: batch)) }
      return mask
    case .not(let part):
      var mask = part.rows(of: batch)
      mask.invert()
      return mask
    }
  }
}
