import Export
import Foundation

/// `results.xlsx`: the results as a workbook that can be handed on as it is.
///
/// Numbers are numbers: percentages are true ones, 0.791 shown as 79.1%, changes are percentage points. Words of the
/// definition and of the data are text, whatever they begin with. The same results give the same bytes.
public enum ResultsWorkbook {
  /// - Parameter path: A file that stands there is replaced when the new one is whole.
  /// - Throws: `WorkbookError`; then nothing has changed there.
  public static func write(_ results: Results, to path: String) throws(WorkbookError) {
    try filled(results, for: path).close()
  }

  /// With all sheets, and not yet on the disk.
  static func filled(_ results: Results, for path: String) throws(WorkbookError) -> WorkbookFile {
    let facts = WorkbookFacts(results)
    var file = try WorkbookFile(path: path)
    try file.setProperties(
      title: results.title, author: "pipeline \(results.record.version)", created: facts.secondsWhenStarted)
    try file.addSheet("Summary") { sheet throws(WorkbookError) in
      try SummarySheet(facts: facts).fill(&sheet)
    }
    try file.addSheet("Estimates") { sheet throws(WorkbookError) in
      try TableSheet(rows: results.estimates, facts: facts).fill(&sheet)
    }
    try file.addSheet("Trends") { sheet throws(WorkbookError) in
      try TableSheet(rows: results.trends, facts: facts).fill(&sheet)
    }
    if !results.slopes.isEmpty {
      try file.addSheet("Slopes") { sheet throws(WorkbookError) in
        try TableSheet(rows: results.slopes, facts: facts).fill(&sheet)
      }
    }
    for position in facts.singleDimensions {
      try file.addSheet("By \(results.dimensions[position].name)") { sheet throws(WorkbookError) in
        try DimensionSheet(facts: facts, position: position).fill(&sheet)
      }
    }
    try file.addSheet("Definitions") { sheet throws(WorkbookError) in
      try DefinitionsSheet(facts: facts).fill(&sheet)
    }
    try file.addSheet("Data quality") { sheet throws(WorkbookError) in
      try QualitySheet(facts: facts).fill(&sheet)
    }
    let drawn = facts.drawnEstimates
    if !drawn.isEmpty {
      try file.addSheet(ChartDataSheet.name) { sheet throws(WorkbookError) in
        try ChartDataSheet(drawn: drawn).fill(&sheet)
      }
    }
    return file
  }
}
