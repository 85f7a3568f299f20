import SurveyModel

@testable import Ingest

extension Reading {
  /// The same file, read in morsels one after the other, as the engine does side by side.
  ///
  /// - Parameters:
  ///   - overlap: What is read beyond a morsel at first; nil: as usual.
  ///   - count: Told how many morsels began where nobody expected, and how many libcsv had to read.
  init(
    morselsOf path: String, bytesPerMorsel: Int, format: CSVFormat = CSVFormat(), columns names: [String]? = nil,
    overlap: Int? = nil, count: (_ elsewhere: Int, _ parsed: Int) -> Void = { _, _ in }
  ) throws {
    self.init()
    guard
      let file = try MorselFile(path: path, table: "responses", format: format, bytesPerMorsel: bytesPerMorsel)
    else { return }
    header = file.header.names
    let columns = try names.map { try $0.map { try file.header.position(of: $0) }.sorted() } ?? Array(header.indices)
    var scanner = MorselScanner(columns: columns, fieldCount: header.count, format: format)
    if let overlap { scanner.overlap = overlap }
    var sequence = MorselSequence(file)
    var (elsewhere, parsed) = (0, 0)
    var batch: RecordBatch?
    for index in 0..<file.morselCount {
      // Buffers are used again, as in the engine.
      var morsel = try scanner.read(index, of: file, reusing: batch)
      switch sequence.place(&morsel) {
      case .follows: break
      case .empty: continue
      case .startsElsewhere(let start):
        elsewhere += 1
        morsel = try scanner.read(index, of: file, from: start)
        _ = sequence.place(&morsel)
      }
      if morsel.needsParser || morsel.records.holdsInvalidField {
        parsed += 1
        try morsel.parse(of: file, columns: columns) { add($0) }
      } else {
        add(morsel.records)
      }
      batch = morsel.records
    }
    try file.requireUnchanged()
    count(elsewhere, parsed)
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
