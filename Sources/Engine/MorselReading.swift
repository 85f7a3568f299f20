import Aggregate
import Ingest
import Normalize
import SurveyModel

/// Reads the files of one table in morsels: workers scan and code some at once, and what they found is put together
/// here in the order of the file. Nothing that is added up depends on who read what, or when.
struct MorselReading {
  let workers: [MorselWorker]
  /// For what is read out of turn: records that are read again, and those that libcsv reads.
  let own: MorselWorker
  let buffers: BufferPool
  /// The kept columns, by their ascending positions in the header.
  let columns: [Int]
  private let fieldCount: Int
  private let meter: StageMeter?
  private let cycle: String

  /// - Parameters:
  ///   - columns: The kept columns, by their ascending positions in the header.
  ///   - fieldCount: How many columns the header has.
  init(
    plan: TablePlan, columns: [Int], fieldCount: Int, format: CSVFormat,
    tallies: [RollUp: TallyPlan], options: ReadingOptions, cycle: String
  ) throws {
    meter = options.meter
    self.cycle = cycle
    self.fieldCount = fieldCount
    let buffers = BufferPool()
    func worker(_ number: Int) throws -> MorselWorker {
      MorselWorker(
        number: number,
        scanner: MorselScanner(columns: columns, fieldCount: fieldCount, format: format, hashes: options.hashesMorsels),
        coder: try RowCoder(plan: plan), tallies: tallies, buffers: buffers)
    }
    self.buffers = buffers
    self.columns = columns
    own = try worker(0)
    workers = try (1...max(1, options.threads)).map(worker)
  }

  /// Who takes what was read, in the order of the file.
  typealias Taker = (CodedBatch, BitsByRollUp) throws -> Void

  /// - Parameters:
  ///   - normalizer: Numbers the rows.
  ///   - observe: Told each morsel's own bytes and digest, in order.
  ///   - body: Given the batches in order.
  func read(
    _ file: MorselFile, normalizer: inout Normalizer, observe: (ArraySlice<UInt8>, [UInt8]?) -> Void, body: Taker
  ) async throws {
    var sequence = MorselSequence(file)
    do {
      try await InOrder.forEach(file.morselCount, workers: workers) { worker, morsel in
        try worker.read(morsel, of: file)
      } take: { worker, _, result in
        var result = result
        try take(&result, by: worker, of: file, in: &sequence, &normalizer, observe, body)
      }
    } catch let error as IngestError {
      // If the file changed while it was read, report that instead of the parse error it caused.
      try file.requireUnchanged()
      throw error
    }
    try file.requireUnchanged()
  }

  /// Takes records that were read one after the other, as from a compressed file.
  func take(_ records: RecordBatch, normalizer: inout Normalizer, body: Taker) throws {
    let (coded, bits) = own.code(records)
    try body(try normalizer.merge(coded, worker: own.number), bits)
  }

  private func take(
    _ result: inout MorselWorker.Result, by worker: MorselWorker, of file: MorselFile,
    in sequence: inout MorselSequence,
    _ normalizer: inout Normalizer, _ observe: (ArraySlice<UInt8>, [UInt8]?) -> Void, _ body: Taker
  ) throws {
    observe(result.coded.batch.records.bytes[result.scanned.ownBytes], result.scanned.digest)
    measure(result)
    swap(&result.scanned.records, &result.coded.batch.records)
    switch sequence.place(&result.scanned) {
    case .follows:
      swap(&result.scanned.records, &result.coded.batch.records)
      try takeInPlace(&result, by: worker, of: file, &normalizer, body)
    case .empty:
      normalizer.discard(result.coded, worker: worker.number)
      buffers.give(result.scanned.records)
    case .startsElsewhere(let start):
      normalizer.discard(result.coded, worker: worker.number)
      buffers.give(result.scanned.records)
      var again = try own.read(result.scanned.index, of: file, from: start)
      swap(&again.scanned.records, &again.coded.batch.records)
      _ = sequence.place(&again.scanned)
      swap(&again.scanned.records, &again.coded.batch.records)
      try takeInPlace(&again, by: own, of: file, &normalizer, body)
    }
  }

  /// Takes a morsel whose records follow those before it.
  private func takeInPlace(
    _ result: inout MorselWorker.Result, by worker: MorselWorker, of file: MorselFile, _ normalizer: inout Normalizer,
    _ body: Taker
  ) throws {
    guard !result.scanned.needsParser, !result.coded.isInvalid else {
      normalizer.discard(result.coded, worker: worker.number)
      swap(&result.scanned.records, &result.coded.batch.records)
      return try result.scanned.parse(of: file, columns: columns) { records in
        try take(copy records, normalizer: &normalizer, body: body)
      }
    }
    var (numbering, adding) = (StageMeter.Reading(), StageMeter.Reading())
    var batch = try StageMeter.time(&numbering.seconds) {
      try normalizer.merge(result.coded, worker: worker.number)
    }
    result.coded.batch = CodedBatch.none
    try StageMeter.time(&adding.seconds) { try body(batch, result.bits) }
    (numbering.rows, adding.rows) = (batch.rowCount, batch.rowCount)
    meter?.add(numbering, to: .number, of: cycle)
    meter?.add(adding, to: .aggregate, of: cycle)
    var records = RecordBatch(columnCount: 0)
    swap(&records, &batch.records)
    buffers.give(records)
  }

  private func measure(_ result: MorselWorker.Result) {
    guard let meter else { return }
    let (rows, bytes) = (result.coded.batch.rowCount, Int64(result.scanned.ownBytes.count))
    func reading(_ seconds: Double, fields: Int) -> StageMeter.Reading {
      StageMeter.Reading(seconds: seconds, bytes: bytes, rows: rows, fields: rows * fields)
    }
    meter.add(reading(result.seconds.scan, fields: fieldCount), to: .scan, of: cycle)
    meter.add(reading(result.seconds.code, fields: columns.count), to: .normalize, of: cycle)
    meter.add(reading(result.seconds.judge, fields: 0), to: .judge, of: cycle)
  }
}
