/// For the answers of one column that say nothing: which codes leave a condition unknown, and which are taken for true.
/// All others are judged by what they say.
public struct CodeStates: Sendable, Equatable {
  /// By code.
  let unknown: [Bool]
  /// By code; none of them is unknown.
  let holding: [Bool]
  /// Only unreadable answers are named, so that a batch without one needs no second look.
  private let isOfUnreadableOnly: Bool

  init(unknown: [Bool], holding: [Bool], unreadable: AnswerColumn.Code) {
    self.unknown = unknown
    self.holding = holding
    isOfUnreadableOnly = unknown.indices.allSatisfy { code in
      code == Int(unreadable) || !(unknown[code] || holding[code])
    }
  }

  /// Whether some answer of a column may be one of them.
  @inline(__always)
  func mayMeet(_ column: CodedColumn) -> Bool { !isOfUnreadableOnly || column.hasUnreadable }

  /// Adds these answers to what the others come to.
  func complete(_ holds: consuming RowMask, _ column: CodedColumn) -> RowTruth {
    guard mayMeet(column) else { return RowTruth(holds: holds) }
    let count = holds.rowCount
    var truth = RowTruth(holds: holds)
    if holding.contains(true) { truth.holds.formUnion(column.rows(count, accepting: holding)) }
    guard unknown.contains(true) else { return truth }
    var rows = column.rows(count, accepting: unknown)
    rows.subtract(truth.holds)
    truth.unknown = rows
    return truth
  }
}
