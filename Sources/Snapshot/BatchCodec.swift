import Ingest
import Normalize

/// Coded batches as bytes: the columns that the plan needs, nothing of the file's text.
enum BatchCodec {
  /// A batch has the records that start in a morsel, and each of them has at least a byte. What claims to have more
  /// would cost memory before it turned out to be damaged.
  static let mostRows = MorselFile.bytesPerMorsel

  static func encode(_ batch: CodedBatch, into writer: inout ByteWriter) {
    writer.write(UInt32(batch.rowCount))
    let isWhole = batch.used.count == batch.rowCount
    writer.write(isWhole)
    if !isWhole { writer.write(list: batch.used.words) }
    writer.write(UInt32(batch.columns.count))
    for column in batch.columns {
      writer.write(list: column.narrow)
      writer.write(list: column.wide)
      encode(selections: column.selections, into: &writer)
      writer.write(list: column.numbers)
      writer.write(list: column.days)
      writer.write(column.hasUnreadable)
    }
    let isUnweighted = batch.weights.allSatisfy { $0 == 1 }
    writer.write(isUnweighted)
    if !isUnweighted { writer.write(list: batch.weights) }
    writer.write(list: batch.unitWeights)
    writer.write(list: batch.replicateWeights)
    writer.write(small: batch.strata)
    writer.write(small: batch.psus)
    writer.write(UInt32(batch.members.count))
    for members in batch.members { writer.write(small: members) }
    writer.write(list: batch.units)
    writer.write(list: batch.submitted)
  }

  /// A byte is enough for the selections of a question with up to eight options.
  private static func encode(selections: [UInt64], into writer: inout ByteWriter) {
    let isNarrow = selections.allSatisfy { $0 <= UInt64(UInt8.max) }
    writer.write(isNarrow)
    if isNarrow { writer.write(list: selections.map { UInt8($0) }) } else { writer.write(list: selections) }
  }

  static func decode(_ bytes: UnsafeRawBufferPointer) throws(SnapshotDamage) -> CodedBatch {
    var reader = ByteReader(bytes)
    let rowCount = Int(try reader.read(UInt32.self))
    guard rowCount <= mostRows else { throw SnapshotDamage() }
    var used = RowMask(rowCount: rowCount, all: true)
    if !(try reader.readBool()) {
      guard let mask = RowMask(rowCount: rowCount, words: try reader.readList()) else { throw SnapshotDamage() }
      used = mask
    }
    var columns: [CodedColumn] = []
    for _ in 0..<(try reader.read(UInt32.self)) {
      var column = CodedColumn(codes: [])
      column.narrow = try reader.readList()
      column.wide = try reader.readList()
      if try reader.readBool() {
        column.selections = try reader.readList(UInt8.self).map { UInt64($0) }
      } else {
        column.selections = try reader.readList()
      }
      column.numbers = try reader.readList()
      column.days = try reader.readList()
      column.hasUnreadable = try reader.readBool()
      columns.append(column)
    }
    var batch = CodedBatch(
      rowCount: rowCount, used: used, columns: columns,
      weights: try reader.readBool() ? Array(repeating: 1, count: rowCount) : try reader.readList())
    batch.unitWeights = try reader.readList()
    batch.replicateWeights = try reader.readList()
    batch.strata = try reader.readSmall()
    batch.psus = try reader.readSmall()
    for _ in 0..<(try reader.read(UInt32.self)) { batch.members.append(try reader.readSmall()) }
    batch.units = try reader.readList()
    batch.submitted = try reader.readList()
    guard batch.isConsistent else { throw SnapshotDamage() }
    return batch
  }
}
