/// How many rows of a table meet a condition, and of how many more this is unknown because of an unreadable answer, by
/// the key that other tables know them by.
public struct RelatedCounts: Sendable {
  public private(set) var meeting = KeyCounts()
  public private(set) var unknown = KeyCounts()

  public init() {}

  /// The keys of rows that meet the condition, or may.
  package var keys: [String] { meeting.names + unknown.names }

  /// Whether rows with a key meet the condition, or may.
  package func knows(_ key: Span<UInt8>) -> Bool { meeting.count(of: key) > 0 || unknown.count(of: key) > 0 }

  /// Counts the used rows of a batch.
  ///
  /// - Parameters:
  ///   - field: The key's column in the records; nil: the table lacks it, and nothing is counted.
  ///   - missing: Keys that are none.
  package mutating func add(
    _ batch: CodedBatch, meeting condition: Predicate, field: Int?, missing: MissingTexts = MissingTexts()
  ) {
    guard let field else { return }
    let truth = condition.truth(of: batch)
    meeting.add(batch, rows: truth.holds, field: field, missing: missing)
    if let rows = truth.unknown { unknown.add(batch, rows: rows, field: field, missing: missing) }
  }

  /// The same without the rows whose key is none in another table.
  package func ignoring(_ missing: MissingTexts) -> RelatedCounts {
    guard !missing.isEmptyAlone else { return self }
    var result = self
    result.meeting.clear(where: missing)
    result.unknown.clear(where: missing)
    return result
  }

  /// The keys of rows that meet the condition, or may, and that are none in another table.
  package func keys(in missing: MissingTexts) -> [String] {
    missing.isEmptyAlone ? [] : meeting.keys(in: missing) + unknown.keys(in: missing)
  }

  /// True where enough rows meet the condition, false where those that might would not be enough either.
  func truth(of batch: CodedBatch, field: Int, atLeast: Int) -> RowTruth {
    let count = batch.rowCount
    let bytes = batch.records.bytes.span
    var truth = RowTruth(holds: RowMask(rowCount: count))
    var open = RowMask(rowCount: count)
    let mayBeUnknown = !unknown.isEmpty
    for row in 0..<count {
      let key = bytes.extracting(batch.records.range(row: row, column: field))
      let met = meeting.count(of: key)
      if met >= atLeast {
        truth.holds[row] = true
      } else if mayBeUnknown, met + unknown.count(of: key) >= atLeast {
        open[row] = true
      }
    }
    if mayBeUnknown { truth.unknown = open }
    return truth
  }
}

extension KeyCounts {
  /// Counts those of some rows that are used.
  fileprivate mutating func add(_ batch: CodedBatch, rows: RowMask, field: Int, missing: MissingTexts) {
    let bytes = batch.records.bytes.span
    for row in 0..<batch.rowCount where rows[row] && batch.used[row] {
      let key = bytes.extracting(batch.records.range(row: row, column: field))
      if !missing.contains(key) { add(key) }
    }
  }
}
