import Export
import Foundation
import SurveyModel

/// `results.xlsx`: the results as a workbook, with real numbers, a chart, and the words behind each indicator.
public struct ResultsWorkbook: Sendable {
  private let results: Results

  public init(_ results: Results) {
    self.results = results
  }

  /// Writes the file, which replaces one of the same name.
  ///
  /// - Throws: `WorkbookError`.
  public func write(to path: String) throws(WorkbookError) {
    let created = (try? Date(results.record.started, strategy: .iso8601)) ?? Date(timeIntervalSince1970: 0)
    var file = try WorkbookFile(path: path, title: results.title.withVisibleControls, created: created)
    try SummarySheet(results).write(to: &file)
    try RowsSheet.estimates(results).write(to: &file)
    try RowsSheet.trends(results).write(to: &file)
    for sheet in BreakdownSheet.all(results) { try sheet.write(to: &file) }
    try DefinitionsSheet(results).write(to: &file)
    try QualitySheet(results).write(to: &file)
    try file.close()
  }
}
