import Ingest
import Kernels
import SurveyModel

/// A condition compiled for the columns of one table, evaluated for a whole batch at once.
public indirect enum Predicate: Sendable {
  case constant(Bool)
  /// The answer's code is accepted.
  case code(column: Int, accepted: [Bool], CodeStates)
  case anySelected(column: Int, UInt64, CodeStates)
  case allSelected(column: Int, UInt64, CodeStates)
  case number(column: Int, Comparison, Double, CodeStates)
  case day(column: Int, Comparison, Int32, CodeStates)
  /// Enough rows of another table have this row's key; `field` is the key's column in the records.
  case related(field: Int, RelatedCounts, atLeast: Int)
  case any([Predicate])
  case all([Predicate])
  case not(Predicate)
  /// Whether a condition comes out true or false, whatever the missing answers would have been.
  case decided(DecidedPredicate)
  /// Where a condition is unknown, it is taken for true, or for false.
  case resolved(Predicate, to: Bool)
  /// After some steps, each of which may build on those before it; the rows of a step are computed once.
  case following([Predicate], Predicate)
  /// The rows of a step.
  case step(Int)

  /// What it comes to for the rows of a batch.
  public func truth(of batch: CodedBatch) -> RowTruth { truth(of: batch, steps: []) }

  /// - Parameter steps: What the steps so far came to.
  func truth(of batch: CodedBatch, steps: [RowTruth]) -> RowTruth {
    let count = batch.rowCount
    switch self {
    case .constant(let holds):
      return RowTruth(holds: RowMask(rowCount: count, all: holds))
    case .code(let column, let accepted, let states):
      let column = batch.columns[column]
      return states.complete(column.rows(count, accepting: accepted), column)
    case .anySelected(let column, let mask, let states):
      let selections = batch.columns[column].selections
      return states.complete(RowMask(rowCount: count) { selections[$0] & mask != 0 }, batch.columns[column])
    case .allSelected(let column, let mask, let states):
      let selections = batch.columns[column].selections
      return states.complete(RowMask(rowCount: count) { selections[$0] & mask == mask }, batch.columns[column])
    case .number(let column, let comparison, let bound, let states):
      let numbers = batch.columns[column].numbers
      return states.complete(RowMask(rowCount: count) { comparison.holds(numbers[$0], bound) }, batch.columns[column])
    case .day(let column, let comparison, let bound, let states):
      let days = batch.columns[column].days
      let rows = RowMask(rowCount: count) { days[$0] != CodedColumn.noDay && comparison.holds(days[$0], bound) }
      return states.complete(rows, batch.columns[column])
    case .related(let field, let counts, let atLeast):
      return counts.truth(of: batch, field: field, atLeast: atLeast)
    case .any(let parts) where parts.count == 1, .all(let parts) where parts.count == 1:
      return parts[0].truth(of: batch, steps: steps)
    case .any(let parts):
      var truth = RowTruth(holds: RowMask(rowCount: count))
      for part in parts { truth.formUnion(part.truth(of: batch, steps: steps)) }
      return truth
    case .all(let parts):
      var truth = RowTruth(holds: RowMask(rowCount: count, all: true))
      for part in parts { truth.formIntersection(part.truth(of: batch, steps: steps)) }
      return truth
    case .not(let part):
      var truth = part.truth(of: batch, steps: steps)
      truth.invert()
      return truth
    case .decided(let decided):
      return decided.truth(of: batch, steps: steps)
    case .resolved(let part, let holds):
      var truth = part.truth(of: batch, steps: steps)
      if holds, let unknown = truth.unknown { truth.holds.formUnion(unknown) }
      truth.unknown = nil
      return truth
    case .following(let first, let last):
      var truths: [RowTruth] = []
      for step in first { truths.append(step.truth(of: batch, steps: truths)) }
      return last.truth(of: batch, steps: truths)
    case .step(let place): return steps[place]
    }
  }
}

/// Whether a condition is decided: true or false whatever the missing answers would have been. Unknown where that
/// depends on how an unreadable answer would have read.
public struct DecidedPredicate: Sendable {
  /// The condition with missing and unreadable answers unknown.
  let condition: Predicate
  /// The same with every unreadable answer read in favour of the condition, and against it.
  let atBest: Predicate
  let atWorst: Predicate

  func truth(of batch: CodedBatch, steps: [RowTruth]) -> RowTruth {
    let count = batch.rowCount
    guard let open = condition.truth(of: batch, steps: steps).unknown, !open.isEmpty else {
      return RowTruth(holds: RowMask(rowCount: count, all: true))
    }
    var holds = open
    holds.invert()
    // Decided after all, if the unreadable answers say so.
    var unknown = atBest.truth(of: batch, steps: steps).holds
    unknown.formUnion(atWorst.truth(of: batch, steps: steps).fails)
    unknown.formIntersection(open)
    return RowTruth(holds: holds, unknown: unknown.isEmpty ? nil : unknown)
  }
}

extension CodedColumn {
  /// The rows whose code is accepted.
  func rows(_ count: Int, accepting accepted: [Bool]) -> RowMask {
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
