import Normalize
import SurveyTestSupport
import Testing

@testable import Snapshot

@Suite("Batches as bytes")
struct BatchCodecTests {
  private static func encoded(_ batch: CodedBatch) -> [UInt8] {
    var writer = ByteWriter()
    BatchCodec.encode(batch, into: &writer)
    return writer.bytes
  }

  @Test func whatIsWrittenIsRead() throws {
    var generator = SeededGenerator(seed: 1)
    var sizes: Set<Int> = []
    for number in 0..<400 {
      let batch = RandomBatch.make(&generator)
      let bytes = Self.encoded(batch)
      let decoded = try bytes.withUnsafeBytes { try BatchCodec.decode($0) }
      #expect(BatchBits(decoded) == BatchBits(batch), "batch \(number)")
      sizes.insert(batch.rowCount)
    }
    #expect(sizes == [0, 1, 5, 63, 64, 65, 200])
  }

  @Test func bytesThatEndEarlyAreDamage() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<8 {
      let bytes = Self.encoded(RandomBatch.make(&generator, rows: 9))
      for length in 0..<bytes.count {
        #expect(throws: SnapshotDamage.self) {
          _ = try Array(bytes[..<length]).withUnsafeBytes { try BatchCodec.decode($0) }
        }
      }
    }
  }

  /// A few bytes may not ask for the memory of millions of rows.
  @Test func rowsThatNoMorselHasAreDamage() throws {
    var generator = SeededGenerator(seed: 4)
    let bytes = Self.encoded(RandomBatch.make(&generator, rows: 0))
    for rows in [UInt32(BatchCodec.mostRows) + 1, .max] {
      var changed = ByteWriter()
      changed.write(rows)
      changed.bytes += bytes.dropFirst(4)
      #expect(throws: SnapshotDamage.self) { _ = try changed.bytes.withUnsafeBytes { try BatchCodec.decode($0) } }
    }
    var zeros = ByteWriter()
    for _ in 0..<5 {
      zeros.write(UInt32(1 << 24))
      zeros.write(UInt8(0))
    }
    zeros.bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) in
      var reader = ByteReader(buffer)
      #expect(throws: SnapshotDamage.self) { for _ in 0..<5 { _ = try reader.readSmall() } }
    }
  }

  /// Lists of different lengths would send whoever adds them up beyond their ends.
  @Test func listsThatDoNotFitEachOtherAreDamage() throws {
    var generator = SeededGenerator(seed: 3)
    let rows = 20
    let changes: [(inout CodedBatch) -> Void] = [
      { $0.weights = Array(repeating: 2, count: rows - 1) }, { $0.strata.removeLast() },
      { $0.psus = Array(repeating: 1, count: rows + 1) }, { $0.units = [1] }, { $0.submitted = [1, 2] },
      { $0.members.append([0]) }, { $0.unitWeights = [1] },
      { $0.replicateWeights = Array(repeating: 1, count: rows + 1) },
      { $0.columns.append(CodedColumn(codes: [1])) }, { $0.columns.append(CodedColumn(codes: [])) },
      {
        var column = CodedColumn(codes: Array(repeating: 1, count: rows))
        column.selections = [1]
        $0.columns.append(column)
      },
      {
        var column = CodedColumn(codes: Array(repeating: 1, count: rows))
        column.numbers = [1]
        $0.columns.append(column)
      },
      {
        var column = CodedColumn(codes: Array(repeating: 1, count: rows))
        column.days = [1]
        $0.columns.append(column)
      },
      {
        var column = CodedColumn(codes: Array(repeating: 1, count: rows))
        column.narrow = Array(repeating: 1, count: rows)
        $0.columns.append(column)
      },
    ]
    for (number, change) in changes.enumerated() {
      var batch = RandomBatch.make(&generator, rows: rows)
      change(&batch)
      let bytes = Self.encoded(batch)
      #expect(throws: SnapshotDamage.self, "change \(number)") {
        _ = try bytes.withUnsafeBytes { try BatchCodec.decode($0) }
      }
    }
  }
}
