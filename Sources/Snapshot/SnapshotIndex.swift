import Normalize
import SurveyModel

/// Everything of a snapshot but the columns.
struct SnapshotIndex: Sendable {
  var key: SnapshotKey
  var files: [SnapshotDataFile]
  var batches: [SnapshotBatch]
  var numbering: Normalizer.Numbering

  init(
    key: SnapshotKey, files: [SnapshotDataFile], batches: [SnapshotBatch], numbering: Normalizer.Numbering
  ) {
    self.key = key
    self.files = files
    self.batches = batches
    self.numbering = numbering
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(key.text)
    writer.write(UInt32(files.count))
    for file in files {
      writer.write(file.path)
      writer.write(file.bytes)
      writer.write(file.hash)
      writer.write(file.algorithm)
    }
    writer.write(list: batches.map(\.start))
    writer.write(list: batches.map(\.count))
    writer.write(list: batches.map(\.checksum))
    let accounting = numbering.accounting
    for count in [accounting.read, accounting.used, accounting.outsidePopulation, accounting.rejected] {
      writer.write(Int64(count))
    }
    writer.write(UInt32(numbering.rejections.count))
    for rejection in numbering.rejections {
      writer.write(rejection.file)
      writer.write(Int64(rejection.line))
      writer.write(rejection.column)
      writer.write(rejection.scope == .row)
      writer.write(rejection.reason)
      writer.write(rejection.value)
    }
    write(texts: numbering.strata, to: &writer)
    writer.write(list: numbering.psuStrata)
    write(texts: numbering.psuIDs, to: &writer)
    writer.write(UInt32(numbering.members.count))
    for names in numbering.members { write(texts: names, to: &writer) }
    writer.write(list: numbering.declaredSizes.map { $0 ?? .nan })
    writer.write(list: numbering.standingAnswers.map(Int64.init))
  }

  init(from reader: inout ByteReader) throws(SnapshotDamage) {
    key = SnapshotKey(text: try reader.readText())
    files = []
    for _ in 0..<(try reader.read(UInt32.self)) {
      files.append(
        SnapshotDataFile(
          path: try reader.readText(), bytes: try reader.read(), hash: try reader.readText(),
          algorithm: try reader.readText()))
    }
    let (starts, counts) = (try reader.readList(UInt64.self), try reader.readList(UInt64.self))
    let sums = try reader.readList(UInt64.self)
    guard starts.count == counts.count, counts.count == sums.count else { throw SnapshotDamage() }
    batches = starts.indices.map { SnapshotBatch(start: starts[$0], count: counts[$0], checksum: sums[$0]) }
    numbering = Normalizer.Numbering()
    numbering.accounting.read = Int(try reader.read(Int64.self))
    numbering.accounting.used = Int(try reader.read(Int64.self))
    numbering.accounting.outsidePopulation = Int(try reader.read(Int64.self))
    numbering.accounting.rejected = Int(try reader.read(Int64.self))
    for _ in 0..<(try reader.read(UInt32.self)) {
      numbering.rejections.append(
        Rejection(
          file: try reader.readText(), line: Int(try reader.read(Int64.self)), column: try reader.readText(),
          scope: try reader.readBool() ? .row : .answer, reason: try reader.readText(), value: try reader.readText()))
    }
    numbering.strata = try Self.readTexts(&reader)
    numbering.psuStrata = try reader.readList()
    numbering.psuIDs = try Self.readTexts(&reader)
    for _ in 0..<(try reader.read(UInt32.self)) { numbering.members.append(try Self.readTexts(&reader)) }
    numbering.declaredSizes = try reader.readList(Double.self).map { $0.isNaN ? nil : $0 }
    numbering.standingAnswers = try reader.readList(Int64.self).map { Int(clamping: $0) }
    guard numbering.psuStrata.count == numbering.psuIDs.count else { throw SnapshotDamage() }
  }

  private func write(texts: [String], to writer: inout ByteWriter) {
    writer.write(UInt32(texts.count))
    for text in texts { writer.write(text) }
  }

  private static func readTexts(_ reader: inout ByteReader) throws(SnapshotDamage) -> [String] {
    let count = Int(try reader.read(UInt32.self))
    var texts: [String] = []
    for _ in 0..<count { texts.append(try reader.readText()) }
    return texts
  }
}
