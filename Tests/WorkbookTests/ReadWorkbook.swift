import Export
import Foundation
import SurveyTestSupport
import Testing

@testable import Workbook

/// A workbook as openpyxl reads it (`Tests/Readers/workbook.py`).
struct ReadWorkbook: Decodable {
  var names: [String]
  var sheets: [String: Sheet]
  var created: String

  struct Sheet: Decodable {
    var cells: [Cell]
    var rows: Int
    var frozen: String?
    var filter: String?
    var widths: [Double]
    var bars: Int
    var charts: [Chart]

    func cell(_ place: String) -> Cell? { cells.first { $0.place == place } }
  }

  struct Cell: Decodable {
    var place: String
    var value: Value
    /// `s` text, `n` number, `f` formula.
    var type: String
    var format: String
  }

  struct Chart: Decodable {
    var series: Int
    var errorBars: Int
  }

  enum Value: Decodable, Equatable {
    case text(String)
    case number(Double)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
  }

  init(of results: Results) throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/results.xlsx"
    try ResultsWorkbook(results).write(to: path)
    let run = try ReaderRun(script: "workbook.py", [path])
    try #require(run.status == 0, "\(run.error)")
    self = try JSONDecoder().decode(ReadWorkbook.self, from: Data(run.output.utf8))
  }

  /// A sheet as text and numbers by row, from the first row to the last that has a cell.
  func table(_ name: String) throws -> [[String: Value]] {
    let sheet = try #require(sheets[name])
    var rows: [Int: [String: Value]] = [:]
    for cell in sheet.cells {
      let column = cell.place.prefix { $0.isLetter }
      guard let row = Int(cell.place.dropFirst(column.count)) else { continue }
      rows[row, default: [:]][String(column)] = cell.value
    }
    return (1...max(1, sheet.rows)).map { rows[$0] ?? [:] }
  }
}
