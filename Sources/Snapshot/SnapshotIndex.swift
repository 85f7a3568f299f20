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
    writer.write(list: numbering.answersGiven.map { Int64($0) })
    write(texts: numbering.strata, to: &writer)
    writer.write(list: numbering.psuStrata)
    write(texts: numbering.psuIDs, to: &writer)
    writer.write(UInt32(numbering.members.count))
    for names in numbering.members { write(texts: names, to: &writer) }
    writer.write(list: numbering.declaredSizes.map { $0 ?? .nan })
    write(numbering.suspicions, to: &writer)
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
    numbering.answersGiven = try reader.readList(Int64.self).map { Int($0) }
    numbering.strata = try Self.readTexts(&reader)
    numbering.psuStrata = try reader.readList()
    numbering.psuIDs = try Self.readTexts(&reader)
    for _ in 0..<(try reader.read(UInt32.self)) { numbering.members.append(try Self.readTexts(&reader)) }
    numbering.declaredSizes = try reader.readList(Double.self).map { $0.isNaN ? nil : $0 }
    numbering.suspicions = try Self.readSuspicions(&reader)
    numbering.standingAnswers = try reader.readList(Int64.self).map { Int(clamping: $0) }
    guard numbering.psuStrata.count == numbering.psuIDs.count else { throw SnapshotDamage() }
  }

  private func write(texts: [String], to writer: inout ByteWriter) {
    writer.write(UInt32(texts.count))
    for text in texts { writer.write(text) }
  }

  /// In the order of the columns: the same snapshot is the same bytes.
  private func write(_ suspicions: Suspicions, to writer: inout ByteWriter) {
    writer.write(UInt32(suspicions.numbers.count))
    for (column, numbers) in suspicions.numbers.sorted(by: { $0.key < $1.key }) {
      writer.write(column)
      writer.write(list: [numbers.smallest, numbers.largest])
      writer.write(UInt32(numbers.missing.count))
      for (code, count) in numbers.missing.sorted(by: { $0.key < $1.key }) {
        writer.write(code)
        writer.write(Int64(count))
      }
    }
    writer.write(UInt32(suspicions.points.count))
    for (column, points) in suspicions.points.sorted(by: { $0.key < $1.key }) {
      writer.write(column)
      writer.write(Int64(points.likeThousands))
      writer.write(Int64(points.others))
      write(texts: points.examples, to: &writer)
    }
    writer.write(UInt32(suspicions.rounded.count))
    for (column, rounded) in suspicions.rounded.sorted(by: { $0.key < $1.key }) {
      writer.write(column)
      writer.write(Int64(rounded.rows))
      writer.write(rounded.example)
    }
    writer.write(UInt32(suspicions.singles.count))
    for (column, single) in suspicions.singles.sorted(by: { $0.key < $1.key }) {
      writer.write(column)
      writer.write(single.code)
      writer.write(Int64(single.answers))
      writer.write(Int64(single.blanks))
      writer.write(single.varies)
    }
    writer.write(Int64(suspicions.blank.count))
    writer.write(suspicions.blank.file)
    writer.write(Int64(suspicions.blank.line))
    writer.write(UInt32(suspicions.alike.count))
    for (column, texts) in suspicions.alike.sorted(by: { $0.key < $1.key }) {
      writer.write(column)
      writer.write(UInt32(texts.count))
      for (text, alike) in texts.sorted(by: { $0.key < $1.key }) {
        writer.write(text)
        writer.write(alike.code)
        writer.write(Int64(alike.rows))
      }
    }
    writer.write(UInt32(suspicions.questions.count))
    for (name, rows) in suspicions.questions.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(Int64(rows))
    }
  }

  private static func readSuspicions(_ reader: inout ByteReader) throws(SnapshotDamage) -> Suspicions {
    var suspicions = Suspicions()
    for _ in 0..<(try reader.read(UInt32.self)) {
      let column = try reader.readText()
      var numbers = Suspicions.Numbers()
      let range = try reader.readList(Double.self)
      guard range.count == 2 else { throw SnapshotDamage() }
      (numbers.smallest, numbers.largest) = (range[0], range[1])
      for _ in 0..<(try reader.read(UInt32.self)) {
        let code = try reader.readText()
        numbers.missing[code] = Int(try reader.read(Int64.self))
      }
      suspicions.numbers[column] = numbers
    }
    for _ in 0..<(try reader.read(UInt32.self)) {
      let column = try reader.readText()
      var points = Suspicions.Points()
      points.likeThousands = Int(try reader.read(Int64.self))
      points.others = Int(try reader.read(Int64.self))
      points.examples = try readTexts(&reader)
      suspicions.points[column] = points
    }
    for _ in 0..<(try reader.read(UInt32.self)) {
      let column = try reader.readText()
      var rounded = Suspicions.Rounded()
      rounded.rows = Int(try reader.read(Int64.self))
      rounded.example = try reader.readText()
      suspicions.rounded[column] = rounded
    }
    for _ in 0..<(try reader.read(UInt32.self)) {
      let column = try reader.readText()
      var single = Suspicions.SingleAnswer()
      single.code = try reader.read()
      single.answers = Int(try reader.read(Int64.self))
      single.blanks = Int(try reader.read(Int64.self))
      single.varies = try reader.readBool()
      suspicions.singles[column] = single
    }
    suspicions.blank.count = Int(try reader.read(Int64.self))
    suspicions.blank.file = try reader.readText()
    suspicions.blank.line = Int(try reader.read(Int64.self))
    for _ in 0..<(try reader.read(UInt32.self)) {
      let column = try reader.readText()
      for _ in 0..<(try reader.read(UInt32.self)) {
        let text = try reader.readText()
        suspicions.alike[column, default: [:]][text] = Suspicions.Alike(
          code: try reader.readText(), rows: Int(try reader.read(Int64.self)))
      }
    }
    for _ in 0..<(try reader.read(UInt32.self)) {
      let name = try reader.readText()
      suspicions.questions[name] = Int(try reader.read(Int64.self))
    }
    return suspicions
  }

  private static func readTexts(_ reader: inout ByteReader) throws(SnapshotDamage) -> [String] {
    let count = Int(try reader.read(UInt32.self))
    var texts: [String] = []
    for _ in 0..<count { texts.append(try reader.readText()) }
    return texts
  }
}
