import Ingest
import SurveyModel

@testable import Normalize
@testable import Snapshot

/// Any bytes as a snapshot, and damage whose checksums are right: nothing, or batches whose lists fit each other.
enum SnapshotTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) -> CInt {
    var supply = ByteSupply(bytes)
    switch supply.number(below: 5) {
    case 0: open(Array(supply.rest))
    case 1: open(SnapshotRepair.repaired(Array(supply.rest)))
    case 2: decode(supply.rest)
    case 3: change(&supply)
    default: write(&supply)
    }
    return 0
  }

  /// Reads a file as a run does, down to the last row.
  private static func open(_ bytes: [UInt8]) {
    let path = Scratch.write(bytes, to: file)
    guard let key = SnapshotReader.anyKey(path) else { return }
    guard let reader = SnapshotReader(path: path, key: key) else { found("a key, but no reader") }
    for number in 0..<reader.batchCount {
      _ = reader.byteCount(of: number)
      guard let batch = try? reader.batch(number) else { continue }
      use(batch)
    }
    let numbering = reader.numbering
    let again = Normalizer(plan: SnapshotSample.plan, finished: numbering).numbering
    requireEqual(again.psuIDs, numbering.psuIDs, "PSUs")
    requireEqual(again.psuStrata, numbering.psuStrata, "strata of PSUs")
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer) {
    guard let batch = try? BatchCodec.decode(bytes) else { return }
    use(batch)
    requireEqual(bits(batch), bits(again(batch)), "a batch that was read, and written, and read")
  }

  private static func again(_ batch: CodedBatch) -> CodedBatch {
    var writer = ByteWriter()
    BatchCodec.encode(batch, into: &writer)
    guard let again = try? writer.bytes.withUnsafeBytes({ try BatchCodec.decode($0) }) else {
      found("a batch that was written cannot be read")
    }
    return again
  }

  /// What a batch has for each row is there for each row.
  private static func use(_ batch: CodedBatch) {
    require(batch.isConsistent, "lists that do not fit")
    for row in [0, batch.rowCount / 2, batch.rowCount - 1] where row >= 0 && row < batch.rowCount {
      _ = batch.used[row]
      _ = batch.weights[row]
      _ = batch.replicateWeights(of: row)
      _ = batch.strata[row]
      for column in batch.columns {
        _ = column.narrow.isEmpty ? column.wide[row] : AnswerColumn.Code(column.narrow[row])
      }
    }
    require(batch.used.count <= batch.rowCount, "more rows than there are")
  }

  /// Everything of a batch, as bytes: NaN equals NaN here.
  private static func bits(_ batch: CodedBatch) -> [UInt8] {
    var writer = ByteWriter()
    BatchCodec.encode(batch, into: &writer)
    return writer.bytes
  }

  // MARK: - Written by us

  /// A few bytes of what was written are others, and the checksums are right again.
  private static func change(_ supply: inout ByteSupply) {
    let changes = (0..<1 + supply.number(below: 4)).map { _ in
      (place: Int(supply.byte()) | Int(supply.byte()) << 8, value: supply.byte())
    }
    _ = written(&supply)
    var bytes = SnapshotRepair.contents(of: Scratch.path(of: file))
    for change in changes { bytes[change.place % bytes.count] = change.value }
    open(SnapshotRepair.repaired(bytes))
  }

  /// What was written is read; a changed byte is noticed.
  private static func write(_ supply: inout ByteSupply) {
    let place = Int(supply.byte()) | Int(supply.byte()) << 8
    let change = supply.byte()
    let (batches, numbering) = written(&supply)
    let path = Scratch.path(of: file)
    guard let reader = SnapshotReader(path: path, key: key) else { found("what was written is not there") }
    requireEqual(reader.batchCount, batches.count, "batches")
    for (number, batch) in batches.enumerated() {
      guard let read = try? reader.batch(number) else { found("batch \(number) is not there") }
      requireEqual(bits(read), bits(batch), "batch \(number)")
    }
    requireEqual(reader.numbering.members, numbering.members, "members")
    requireEqual(reader.numbering.rejections, numbering.rejections, "rejections")
    guard change != 0 else { return }
    var bytes = SnapshotRepair.contents(of: path)
    bytes[place % bytes.count] ^= change
    Scratch.write(bytes, to: file)
    // Where the checksum of the file or of a batch does not hold, nothing of it is believed.
    guard let damaged = SnapshotReader(path: path, key: key) else { return }
    let read = (0..<damaged.batchCount).map { try? damaged.batch($0) }
    require(read.contains { $0 == nil }, "nobody noticed byte \(place % bytes.count)")
  }

  private static let file = "t.columns"
  private static let key = SnapshotKey(text: "a\tb")

  /// Leaves a snapshot of batches that the bytes choose.
  private static func written(_ supply: inout ByteSupply) -> (batches: [CodedBatch], numbering: Normalizer.Numbering) {
    let batches = (0..<supply.number(below: 4)).map { _ in SnapshotSample.batch(&supply) }
    guard let writer = SnapshotWriter(path: Scratch.path(of: file), key: key) else { found("no writer") }
    for batch in batches { writer.append(batch) }
    let numbering = SnapshotSample.numbering(&supply)
    require(
      writer.finish(
        Normalizer(plan: SnapshotSample.plan, finished: numbering),
        files: [SnapshotDataFile(path: "b", bytes: 1, hash: "c", algorithm: "d")]), "not finished")
    return (batches, numbering)
  }
}
