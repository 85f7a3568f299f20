import Ingest
import Kernels
import SurveyModel

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
  /// After some steps, each of which may build on those before it; the rows of a step are computed once.
  case following([Predicate], Predicate)
  /// The rows of a step.
  case step(Int)

  /// The rows that meet it.
  public func rows(of batch: CodedBatch) -> RowMask { rows(of: batch, steps: []) }

  /// - Parameter steps: The rows of the steps so far.
  private func rows(of batch: CodedBatch, steps: [RowMask]) -> RowMask {
    let count = batch.rowCount
    switch self {
    case .constant(let holds):
      return RowMask(rowCount: count, all: holds)
    case .code(let column, let accepted):
      return batch.columns[column].rows(count, accepting: accepted)
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
    case .any(let parts) where parts.count == 1, .all(let parts) where parts.count == 1:
      return parts[0].rows(of: batch, steps: steps)
    case .any(let parts):
      var mask = RowMask(rowCount: count)
      for part in parts { mask.formUnion(part.rows(of: batch, steps: steps)) }
      return mask
    case .all(let parts):
      var mask = RowMask(rowCount: count, all: true)
      for part in parts { mask.formIntersection(part.rows(of: batch, steps: steps)) }
      return mask
    case .not(let part):
      var mask = part.rows(of: batch, steps: steps)
      mask.invert()
      return mask
    case .following(let first, let last):
      var masks: [RowMask] = []
      for step in first { masks.append(step.rows(of: batch, steps: masks)) }
      return last.rows(of: batch, steps: masks)
    case .step(let place): return steps[place]
    }
  }
}

extension CodedColumn {
  /// The rows whose code is accepted.
  fileprivate func rows(_ count: Int, accepting accepted: [Bool]) -> RowMask {
    guard wide.isEmpty else { return RowMask(rowCount: count) { accepted[Int(wide[$0])] } }
    return RowMask(
      rowCount: count,
      filling: { words in
        guard let words = words.baseAddress else { return }
        // On the stack: this is done for every batch and condition.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
          table.initialize(repeating: 0)
          for (code, isAccepted) in accepted.prefix(256).enumerated() where isAccepted { table[code] = 1 }
          guard let table = table.baseAddress else { return }
          narrow.withUnsafeBufferPointer {
            Kernels.selectCodes($0, table: table, codeCount: accepted.count, into: words)
          }
        }
      })
  }
}
