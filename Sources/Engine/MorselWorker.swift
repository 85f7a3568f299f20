import Aggregate
import Ingest
import Normalize
import SurveyModel
import Locks

/// What is asked of the rows of a table while they are read side by side.
typealias BitsByRollUp = [RollUp: IndicatorBits]

/// One of those who read morsels: scans, codes, and answers the conditions of the indicators. It works on one morsel at
/// a time, and morsels come to it in their order.
final class MorselWorker: Sendable {
  /// Whose numbers its rows have.
  let number: Int
  private let tallies: [RollUp: TallyPlan]
  private let buffers: BufferPool
  private let state: Mutex<State>

  private struct State: Sendable {
    var scanner: MorselScanner
    var coder: RowCoder
  }

  init(
    number: Int, scanner: MorselScanner, coder: RowCoder, tallies: [RollUp: TallyPlan], buffers: BufferPool
  ) {
    self.number = number
    self.tallies = tallies
    self.buffers = buffers
    state = Mutex(State(scanner: scanner, coder: coder))
  }

  /// A morsel, read and coded; it does not know yet what comes before it.
  struct Result: Sendable {
    var scanned: ScannedMorsel
    var coded: CodedMorsel
    var bits: BitsByRollUp
    /// Seconds that reading, coding and judging took.
    var seconds: (scan: Double, code: Double, judge: Double)
  }

  /// - Parameter start: Where the first record starts, if that is known; nil: to be found.
  func read(_ morsel: Int, of file: MorselFile, from start: Int64? = nil) throws -> Result {
    try state.withLock { state in
      var seconds = (scan: 0.0, code: 0.0, judge: 0.0)
      var scanned = try StageMeter.time(&seconds.scan) {
        try state.scanner.read(morsel, of: file, from: start, reusing: buffers.take())
      }
      var records = RecordBatch(columnCount: 0)
      swap(&records, &scanned.records)
      let coded = StageMeter.time(&seconds.code) { state.coder.code(records) }
      let bits = StageMeter.time(&seconds.judge) { self.bits(of: coded.batch) }
      return Result(scanned: scanned, coded: coded, bits: bits, seconds: seconds)
    }
  }

  /// Codes records that another reader has parsed.
  func code(_ records: RecordBatch) -> (coded: CodedMorsel, bits: BitsByRollUp) {
    let coded = state.withLock { $0.coder.code(records) }
    return (coded, bits(of: coded.batch))
  }

  private func bits(of batch: CodedBatch) -> BitsByRollUp {
    tallies.mapValues { Tally.bits($0, of: batch) }
  }
}

/// Buffers that go from one morsel to the next, in any worker.
final class BufferPool: Sendable {
  private let free = Mutex<[RecordBatch]>([])

  func take() -> RecordBatch? { free.withLock { $0.popLast() } }

  func give(_ records: consuming RecordBatch) {
    let records = records
    free.withLock { $0.append(records) }
  }
}
