import SurveyModel
import Kernels

@testable import Ingest

/// Everything that a reader said about one file, to the byte.
struct CSVReading: Equatable {
  var header: [String] = []
  var rows: [[[UInt8]]] = []
  /// The physical line on which each row starts.
  var lines: [Int] = []
  var misshapen: [RecordBatch.MisshapenRecord] = []

  mutating func add(_ batch: borrowing RecordBatch) {
    for row in 0..<batch.rowCount {
      rows.append((0..<batch.columnCount).map { Array(batch.bytes[batch.range(row: row, column: $0)]) })
      lines.append(batch.lines[row])
    }
    misshapen += batch.misshapen
  }
}

/// A reading, or why there is none.
enum CSVOutcome: Equatable {
  case read(CSVReading)
  case refused(IngestError)

  init(_ body: (inout CSVReading) throws -> Void) {
    var reading = CSVReading()
    do {
      try body(&reading)
      self = .read(reading)
    } catch let error as IngestError {
      self = .refused(error)
    } catch {
      found("an error that is no IngestError: \(error)")
    }
  }
}

/// How an input of the target `csv` is read: its first bytes.
struct CSVChoices {
  var format: CSVFormat
  var bytesPerMorsel: Int
  var overlap: Int
  var instructions: InstructionSet
  /// Bit i keeps the column i.
  var kept: UInt8
  var piecesSeed: UInt8

  private static let delimiters = [UInt8](",;\t|: ".utf8)
  private static let quotes: [UInt8?] = [UInt8(ascii: "\""), UInt8(ascii: "'"), nil]
  private static let sets = InstructionSet.allCases.filter(\.isAvailable)

  init(_ supply: inout ByteSupply) {
    format = CSVFormat(delimiter: supply.choice(of: Self.delimiters), quote: supply.choice(of: Self.quotes))
    bytesPerMorsel = 1 + Int(supply.byte())
    overlap = 1 + Int(supply.byte())
    instructions = supply.choice(of: Self.sets)
    kept = supply.byte()
    piecesSeed = supply.byte()
    // Inputs that were found before these options keep their meaning, most of them.
    format.headerRows = [1, 1, 1, 1, 1, 1, 2, 3][Int(piecesSeed >> 5)]
    format.skippedRows = [0, 0, 0, 0, 0, 1, 0, 2][Int(piecesSeed >> 5)]
  }

  func columns(of header: [String]) -> [Int] { header.indices.filter { $0 > 7 || kept >> $0 & 1 == 0 } }
}
