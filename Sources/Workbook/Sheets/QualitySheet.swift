import Export
import SurveyModel

/// Where every row went, who answered, and what flags and columns mean.
struct QualitySheet {
  private let results: Results

  init(_ results: Results) {
    self.results = results
  }

  /// - Throws: `WorkbookError`.
  func write(to file: inout WorkbookFile) throws(WorkbookError) {
    try file.addSheet("Data quality") { sheet throws(WorkbookError) in
      var row = 0
      try accounting(to: sheet, row: &row)
      try strata(to: sheet, row: &row)
      try words(
        "What the flags say", EstimateFlag.allCases.map { ($0.rawValue, $0.words) }, to: sheet, row: &row)
      try words(
        "The columns of Estimates", EstimateRow.columns.map { ($0.name, $0.meaning) }, to: sheet, row: &row)
      try words("The columns of Trends", TrendRow.columns.map { ($0.name, $0.meaning) }, to: sheet, row: &row)
      sheet.widths([20, 22, 12, 12, 13, 13, 12, 17])
      sheet.printsOnePageWide()
    }
  }

  private func accounting(to sheet: SheetWriter, row: inout Int) throws(WorkbookError) {
    try title("Rows read = used + superseded + outside the population + rejected", to: sheet, row: &row)
    try heads(
      ["cycle", "table", "read", "used", "superseded", "outside", "rejected", "answers rejected"], to: sheet, row: &row)
    for cycle in results.cycles {
      for table in cycle.tables {
        try sheet.write(cycle.name, row: row, column: 0)
        try sheet.write(table.table, row: row, column: 1)
        let numbers = [
          table.rowsRead, table.rowsUsed, table.rowsSuperseded, table.rowsOutsidePopulation, table.rowsRejected,
          table.answersRejected,
        ]
        for (place, number) in numbers.enumerated() { try sheet.write(number, row: row, column: 2 + place) }
        row += 1
      }
    }
    row += 1
  }

  private func strata(to sheet: SheetWriter, row: inout Int) throws(WorkbookError) {
    guard results.cycles.contains(where: { !$0.strata.isEmpty }) else { return }
    try title("Primary sampling units with an answer, of all in the population", to: sheet, row: &row)
    try heads(["cycle", "stratum", "with an answer", "population", "rate"], to: sheet, row: &row)
    for cycle in results.cycles {
      for stratum in cycle.strata {
        try sheet.write(cycle.name, row: row, column: 0)
        try sheet.write(stratum.name, row: row, column: 1)
        try sheet.write(stratum.sampled, row: row, column: 2)
        try sheet.write(stratum.population, .count, row: row, column: 3)
        if stratum.population > 0 {
          try sheet.write(Double(stratum.sampled) / stratum.population, .percent, row: row, column: 4)
        }
        row += 1
      }
    }
    row += 1
  }

  private func words(
    _ heading: String, _ lines: [(String, String)], to sheet: SheetWriter, row: inout Int
  ) throws(WorkbookError) {
    try title(heading, to: sheet, row: &row)
    for (name, meaning) in lines {
      try sheet.write(name, .strong, row: row, column: 0)
      try sheet.write(meaning, row: row, column: 1)
      row += 1
    }
    row += 1
  }

  private func title(_ text: String, to sheet: SheetWriter, row: inout Int) throws(WorkbookError) {
    try sheet.write(text, .title, row: row, column: 0)
    row += 1
  }

  private func heads(_ titles: [String], to sheet: SheetWriter, row: inout Int) throws(WorkbookError) {
    for (column, title) in titles.enumerated() { try sheet.write(title, .head, row: row, column: column) }
    row += 1
  }
}
