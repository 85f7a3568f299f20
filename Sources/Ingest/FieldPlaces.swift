/// Where the fields of some records stand in a byte buffer, column by column: what a stage that codes one column after
/// the other walks through in order.
package struct FieldPlaces: Sendable {
  /// How many records a column has room for.
  package private(set) var rowCapacity: Int
  package private(set) var columnCount: Int
  package var starts: [UInt32] = []
  package var ends: [UInt32] = []

  package init(columnCount: Int, rowCapacity: Int) {
    self.columnCount = columnCount
    self.rowCapacity = rowCapacity
    starts = Array(repeating: 0, count: columnCount * rowCapacity)
    ends = starts
  }

  /// Makes room; what was there is forgotten.
  package mutating func reserve(rows: Int) {
    guard rows > rowCapacity else { return }
    self = FieldPlaces(columnCount: columnCount, rowCapacity: rows + rows / 4)
  }

  /// The two lists, to be filled and given back without a copy.
  mutating func take() -> (starts: [UInt32], ends: [UInt32]) {
    var taken: (starts: [UInt32], ends: [UInt32]) = ([], [])
    swap(&taken.starts, &starts)
    swap(&taken.ends, &ends)
    return taken
  }

  mutating func put(_ starts: consuming [UInt32], _ ends: consuming [UInt32]) {
    self.starts = starts
    self.ends = ends
  }

  @inline(__always)
  package func range(row: Int, column: Int) -> Range<Int> {
    let place = column * rowCapacity + row
    return Int(starts[place])..<Int(ends[place])
  }

  mutating func set(_ range: Range<Int>, row: Int, column: Int) {
    let place = column * rowCapacity + row
    starts[place] = UInt32(truncatingIfNeeded: range.lowerBound)
    ends[place] = UInt32(truncatingIfNeeded: range.upperBound)
  }

  /// The fields of records that stand one after the other.
  package init(_ records: RecordBatch) {
    self.init(columnCount: records.columnCount, rowCapacity: records.rowCount)
    var start = 0
    var field = 0
    for row in 0..<records.rowCount {
      for column in 0..<columnCount {
        starts[column * rowCapacity + row] = UInt32(truncatingIfNeeded: start)
        start = records.ends[field]
        ends[column * rowCapacity + row] = UInt32(truncatingIfNeeded: start)
        field += 1
      }
    }
  }
}
