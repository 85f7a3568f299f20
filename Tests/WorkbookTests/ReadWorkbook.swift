import Export
import Foundation
import SurveyTestSupport
import Testing
import Workbook

/// A workbook as openpyxl reads it: `Tests/Readers/workbook.py` looks, the tests judge.
struct ReadWorkbook: Decodable {
  var title: String
  var created: String
  var sheets: [ReadSheet]

  init(_ results: Results) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path(of: "results.xlsx")
    try ResultsWorkbook.write(results, to: path)
    let run = try ReaderRun(script: "workbook.py", [path])
    try #require(run.status == 0, "\(run.error)")
    self = try JSONDecoder().decode(Self.self, from: Data(run.output.utf8))
  }

  func sheet(_ name: String) throws -> ReadSheet { try #require(sheets.first { $0.name == name }) }
}

struct ReadSheet: Decodable {
  struct Cell: Decodable {
    /// openpyxl's: s text, n number, f formula.
    var type: String
    var text: String?
    var number: Double?
    var format: String
  }

  struct Chart: Decodable {
    struct ErrorBars: Decodable, Equatable {
      var kind: String
      var direction: String
      var size: Double
    }

    var kind: String
    var isStacked: Bool
    var categories: String
    var values: [String]
    var errorBars: [ErrorBars]
  }

  struct Rule: Decodable, Equatable {
    var range: String
    var kind: String
  }

  var name: String
  var frozen: String?
  var filter: String?
  var charts: [Chart]
  var rules: [Rule]
  var widths: [String: Double]
  var rows: [[Cell]]

  /// The text of the cells of a row; empty where there is none.
  func texts(_ row: Int) -> [String] { rows[row].map { $0.text ?? "" } }

  /// The first row that begins with a text.
  func row(_ text: String) throws -> [Cell] { try #require(rows.first { $0.first?.text == text }, "\(text)") }

  /// All texts of the sheet.
  var texts: [String] { rows.flatMap { $0.compactMap(\.text) } }

  var formulas: Int { rows.reduce(0) { $0 + $1.count { $0.type == "f" } } }
}
