import SurveyModel

@testable import Normalize

/// Batches and names that bytes choose.
enum SnapshotSample {
  /// A table of which nothing is needed.
  static var plan: TablePlan {
    let table = TableDefinition(name: "t", paths: [])
    return TablePlan(table: table, needs: ColumnNeeds(table: table))
  }

  static func batch(_ supply: inout ByteSupply) -> CodedBatch {
    let rows = supply.choice(of: [0, 1, 3, 63, 64, 65, 130])
    var batch = CodedBatch(
      rowCount: rows, used: used(&supply, rows),
      columns: (0..<supply.number(below: 4)).map { _ in column(&supply, rows) },
      weights: doubles(&supply, rows, orNone: false))
    batch.unitWeights = doubles(&supply, rows, orNone: true)
    batch.replicateWeights = rows == 0 ? [] : doubles(&supply, rows * supply.number(below: 3), orNone: false)
    batch.strata = smalls(&supply, rows)
    batch.psus = supply.flag() ? smalls(&supply, rows) : []
    batch.members = (0..<supply.number(below: 3)).map { _ in supply.flag() ? smalls(&supply, rows) : [] }
    batch.units = supply.flag() ? smalls(&supply, rows).map { UInt128(truncatingIfNeeded: $0) << 90 } : []
    batch.submitted = supply.flag() ? smalls(&supply, rows).map { Int64($0) << 30 } : []
    return batch
  }

  static func numbering(_ supply: inout ByteSupply) -> Normalizer.Numbering {
    var numbering = Normalizer.Numbering()
    func text() -> String { supply.choice(of: ["", "a", "süd", "\u{0}", String(repeating: "x", count: 300)]) }
    // A name is there once.
    func texts() -> [String] { (0..<supply.number(below: 4)).map { "\($0)" + text() } }
    numbering.members = (0..<supply.number(below: 3)).map { _ in texts() }
    numbering.strata = texts()
    numbering.psuIDs = texts()
    numbering.psuStrata = numbering.psuIDs.map { _ in Int32(supply.byte()) }
    numbering.rejections = (0..<supply.number(below: 3)).map { _ in
      Rejection(
        file: text(), line: Int(supply.byte()), column: text(), scope: supply.flag() ? .row : .answer, reason: text(),
        value: text())
    }
    return numbering
  }

  private static func used(_ supply: inout ByteSupply, _ rows: Int) -> RowMask {
    let pattern = supply.byte()
    return RowMask(rowCount: rows) { pattern == 0 || pattern >> ($0 & 7) & 1 == 0 }
  }

  private static func column(_ supply: inout ByteSupply, _ rows: Int) -> CodedColumn {
    var column = CodedColumn(codes: [])
    if supply.flag() {
      column.narrow = smalls(&supply, rows).map { UInt8(truncatingIfNeeded: $0) }
    } else {
      column.wide = smalls(&supply, rows).map { AnswerColumn.Code(truncatingIfNeeded: $0) }
    }
    switch supply.number(below: 4) {
    case 0: column.selections = smalls(&supply, rows).map { UInt64(UInt32(bitPattern: $0)) << 3 }
    case 1: column.numbers = doubles(&supply, rows, orNone: false)
    case 2: column.days = smalls(&supply, rows)
    default: break
    }
    return column
  }

  private static func smalls(_ supply: inout ByteSupply, _ rows: Int) -> [Int32] {
    let largest = supply.choice(of: [Int32(0), 1, 255, 256, 65_535, 65_536, .max, -1])
    let step = Int32(supply.byte())
    return (0..<rows).map { row in largest == 0 ? 0 : largest &- Int32(truncatingIfNeeded: row) &* step }
  }

  private static func doubles(_ supply: inout ByteSupply, _ count: Int, orNone: Bool) -> [Double] {
    let kind = supply.number(below: orNone ? 5 : 4)
    guard kind < 4 else { return [] }
    return (0..<count).map { row in [1, Double(row), .nan, -0.0][kind] }
  }
}
