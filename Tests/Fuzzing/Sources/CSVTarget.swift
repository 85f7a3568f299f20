import SurveyModel

@testable import Ingest
@testable import Normalize

/// Any bytes as CSV. libcsv from beginning to end, libcsv in small pieces, and morsels with the scan of any instruction
/// set must say the same: the same fields on the same lines, or the same error in the same place. Where quotes are the
/// usual ones a grammar in a few lines has a word, too.
enum CSVTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) -> CInt {
    var supply = ByteSupply(bytes)
    let choices = CSVChoices(&supply)
    let path = Scratch.write(supply.rest, to: "t.csv")
    guard isPlain(supply.rest, path) else {
      // Something else than CSV, or another encoding: it may be refused, and must not crash.
      _ = reading(of: path, choices)
      return 0
    }
    let whole = reading(of: path, choices)
    requireEqual(whole, inPieces(supply.pieces(seed: choices.piecesSeed), path, choices), "whole and in pieces")
    requireEqual(whole, inMorsels(path, choices), "libcsv and morsels")
    requireEqual(plain(whole), PlainGrammar.read(Array(supply.rest), path, choices), "libcsv and the grammar")
    return 0
  }

  private static func isPlain(_ bytes: UnsafeRawBufferPointer, _ path: String) -> Bool {
    let first = UnsafeRawBufferPointer(rebasing: bytes.prefix(TextStart.byteCount))
    guard let start = try? TextStart(first, path: path, declared: nil) else { return false }
    return start.encoding == nil && start.suspicion == nil
  }

  /// As `RecordReader` reads the file.
  static func reading(of path: String, _ choices: CSVChoices) -> CSVOutcome {
    CSVOutcome { reading in
      _ = try RecordReader(path: path, table: "responses", format: choices.format).read(
        choose: {
          reading.header = $0.names
          return choices.columns(of: $0.names)
        }, body: { reading.add($0) })
    }
  }

  private static func inPieces(
    _ pieces: [UnsafeRawBufferPointer], _ path: String, _ choices: CSVChoices
  ) -> CSVOutcome {
    CSVOutcome { reading in
      var feed = try RecordFeed(
        RecordAssembler(path: path, format: choices.format), table: "responses", format: choices.format)
      func choose(_ header: Header) -> [Int] {
        reading.header = header.names
        return choices.columns(of: header.names)
      }
      for piece in pieces { try feed.take(piece, choose: choose) { reading.add($0) } }
      try feed.finish(choose: choose) { reading.add($0) }
    }
  }

  /// As the engine reads the file, but one morsel after the other.
  private static func inMorsels(_ path: String, _ choices: CSVChoices) -> CSVOutcome {
    CSVOutcome { reading in
      guard
        let file = try MorselFile(
          path: path, table: "responses", format: choices.format, bytesPerMorsel: choices.bytesPerMorsel)
      else { found("no morsels") }
      reading.header = file.header.names
      let columns = choices.columns(of: file.header.names)
      var scanner = MorselScanner(
        columns: columns, fieldCount: file.header.names.count, format: choices.format,
        instructions: choices.instructions)
      scanner.overlap = choices.overlap
      var sequence = MorselSequence(file)
      var coder = try coder(of: columns, in: file.header)
      var batch: RecordBatch?
      for index in 0..<file.morselCount {
        var morsel = try scanner.read(index, of: file, reusing: batch)
        switch sequence.place(&morsel) {
        case .follows: break
        case .empty: continue
        case .startsElsewhere(let start):
          morsel = try scanner.read(index, of: file, from: start)
          requireEqual(sequence.place(&morsel), .follows, "a morsel that was read again")
        }
        let isInvalid = morsel.records.holdsInvalidField
        // Between the scan and libcsv it is Normalize that looks.
        if !morsel.needsParser, let seen = coder?.code(morsel.records).isInvalid {
          requireEqual(seen, isInvalid, "whether a field is text")
        }
        if morsel.needsParser || isInvalid {
          try morsel.parse(of: file, columns: columns) { reading.add($0) }
        } else {
          reading.add(morsel.records)
        }
        batch = morsel.records
      }
      try file.requireUnchanged()
    }
  }

  /// Codes all kept columns as texts; nil where the header does not tell them apart.
  private static func coder(of columns: [Int], in header: Header) throws -> RowCoder? {
    guard Set(header.names).count == header.names.count else { return nil }
    let table = TableDefinition(name: "responses", paths: [])
    var needs = ColumnNeeds(table: table)
    for column in columns { needs.add(question: header.names[column]) }
    var plan = TablePlan(table: table, needs: needs)
    requireEqual(try plan.resolve(header), columns, "columns")
    return try RowCoder(plan: plan)
  }

  /// Errors as the grammar names them.
  private static func plain(_ outcome: CSVOutcome) -> PlainGrammar.Outcome {
    switch outcome {
    case .read(let reading): .read(reading)
    case .refused(let error): .refused(error.location.map { [$0.line ?? 0, $0.column ?? 0] } ?? [])
    }
  }
}

extension RecordBatch {
  /// What Normalize looks for: a NUL, or bytes that are no UTF-8.
  fileprivate var holdsInvalidField: Bool {
    (0..<rowCount).contains { row in
      (0..<columnCount).contains { column in
        let field = bytes[range(row: row, column: column)]
        return field.contains(0) || String(validating: field, as: UTF8.self) == nil
      }
    }
  }
}
