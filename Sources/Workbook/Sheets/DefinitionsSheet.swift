import Export

/// How each cycle computes each indicator, in words.
struct DefinitionsSheet {
  private let results: Results

  init(_ results: Results) {
    self.results = results
  }

  /// - Throws: `WorkbookError`.
  func write(to file: inout WorkbookFile) throws(WorkbookError) {
    let rows = results.indicators.flatMap { indicator in
      indicator.explanations.map { (indicator: indicator, cycle: $0.cycle, explanation: $0.explanation) }
    }
    try file.addSheet("Definitions") { sheet throws(WorkbookError) in
      try sheet.head(
        ["indicator", "title", "goal", "kind", "unit", "cycle", "how it is computed", "compare with care", "note"],
        row: 0, count: rows.count, frozenColumns: 1)
      for (offset, row) in rows.enumerated() {
        let line = offset + 1
        try sheet.write(row.indicator.id, .strong, row: line, column: 0)
        try sheet.write(row.indicator.title, .wrapped, row: line, column: 1)
        try sheet.write(row.indicator.goal, row: line, column: 2)
        try sheet.write(row.indicator.kind.rawValue, row: line, column: 3)
        try sheet.write(row.indicator.unit, row: line, column: 4)
        try sheet.write(row.cycle, row: line, column: 5)
        try sheet.write(Self.words(row.explanation), .wrapped, row: line, column: 6)
        try sheet.write(comparability(of: row.indicator.id, with: row.cycle), .wrapped, row: line, column: 7)
        try sheet.write(row.indicator.note, .wrapped, row: line, column: 8)
      }
      sheet.widths([11, 36, 8, 12, 12, 14, 70, 40, 50])
      sheet.printsOnePageWide()
    }
  }

  /// Why the main cycle should be compared with this one with care.
  private func comparability(of indicator: String, with cycle: String) -> String {
    results.trends.first { $0.indicator == indicator && $0.compareTo == cycle && $0.isTotal }?.test.comparability ?? ""
  }

  private static func words(_ explanation: Explanation) -> String {
    explanation.sections.flatMap { section in [section.title] + section.lines.map { "   " + $0 } }
      .joined(separator: "\n")
  }
}
