import Foundation
import SurveyModel

@testable import Ingest

/// What our readers make of inputs of the target `csv`, a line of JSON each, for a judge in another language. All
/// columns are kept.
enum Dump {
  private struct Line: Encodable {
    var delimiter: String
    /// nil: quotes are ordinary characters.
    var quote: String?
    /// The file without the bytes that choose, in hexadecimal digits.
    var bytes: String
    var header: [String] = []
    /// Fields in hexadecimal digits.
    var rows: [[String]] = []
    var lines: [Int] = []
    /// Line and number of fields of records that have too few or too many.
    var misshapen: [[Int]] = []
    var error: String?
  }

  static func print(paths: ArraySlice<String>) -> CInt {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for path in paths {
      guard let data = FileManager.default.contents(atPath: path) else { found("no \(path)") }
      let line = data.withUnsafeBytes { read($0) }
      guard let json = try? encoder.encode(line) else { found("no JSON for \(path)") }
      FileHandle.standardOutput.write(json + Data("\n".utf8))
    }
    return 0
  }

  private static func read(_ bytes: UnsafeRawBufferPointer) -> Line {
    var supply = ByteSupply(bytes)
    var choices = CSVChoices(&supply)
    choices.kept = 0
    (choices.format.headerRows, choices.format.skippedRows) = (1, 0)
    // All our readers agree, or it ends here.
    _ = CSVTarget.run(bytes)
    let character = { (byte: UInt8) in String(UnicodeScalar(byte)) }
    var line = Line(
      delimiter: character(choices.format.delimiter), quote: choices.format.quote.map(character),
      bytes: hexadecimal(Array(supply.rest)))
    switch CSVTarget.reading(of: Scratch.write(supply.rest, to: "t.csv"), choices) {
    case .refused(let error): line.error = error.summary
    case .read(let reading):
      line.header = reading.header.map { hexadecimal(Array($0.utf8)) }
      line.rows = reading.rows.map { $0.map(hexadecimal) }
      line.lines = reading.lines
      line.misshapen = reading.misshapen.map { [$0.line, $0.fields] }
    }
    return line
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
