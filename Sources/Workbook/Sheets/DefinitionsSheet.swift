import Export
import SurveyModel

/// How each cycle computes each indicator, in words that lead back to the questionnaire: a row for each part of it.
struct DefinitionsSheet {
  let facts: WorkbookFacts

  private static let header = ["goal", "indicator", "title", "unit", "cycle", "part", "in words"]

  private enum Column {
    static let title = 2
    static let cycle = 4
    static let part = 5
    static let words = 6
  }

  func fill(_ sheet: inout Sheet) throws(WorkbookError) {
    try sheet.write(header: Self.header, 0)
    for (column, width) in [(Column.title, 44.0), (Column.part, 24), (Column.words, 95)] {
      sheet.setWidth(width, of: column)
    }
    var line = 0
    for indicator in facts.results.indicators {
      let parts = parts(of: indicator)
      try SheetLimits.check(rows: line + parts.count + 1, columns: Self.header.count, sheet: sheet.name)
      for (number, part) in parts.enumerated() {
        line += 1
        // Repeated, so that a filter finds every row, but only the first is read.
        let repeated = CellStyle(
          isBold: number == 0, color: number == 0 ? .ink : .muted, isIndented: true, hasLineAbove: number == 0)
        for (column, text) in [indicator.goal, indicator.id, indicator.title, indicator.unit].enumerated() {
          try sheet.write(text, line, column, repeated, widens: column != Column.title)
        }
        let style = CellStyle(wraps: true, isIndented: true, hasLineAbove: number == 0)
        try sheet.write(part.cycle, line, Column.cycle, style)
        try sheet.write(part.name, line, Column.part, style, widens: false)
        try sheet.write(part.words, line, Column.words, style, widens: false)
        let lines = max(sheet.lines(part.name, in: Column.part), sheet.lines(part.words, in: Column.words))
        try sheet.setHeight(lines: Double(lines), of: line)
      }
    }
    try sheet.freeze(rows: 1, columns: 2)
    try sheet.filter(headerRow: 0, lastRow: line, columns: Self.header.count)
    try sheet.printWide()
  }

  private struct Part {
    var cycle = ""
    var name: String
    var words: String
  }

  private func parts(of indicator: ResultsIndicator) -> [Part] {
    var parts: [Part] = []
    if !indicator.note.isEmpty { parts.append(Part(name: "note", words: indicator.note)) }
    for (cycle, explanation) in indicator.explanations {
      for section in explanation.sections {
        if !section.lines.isEmpty {
          parts.append(Part(cycle: cycle, name: section.title, words: section.lines.joined(separator: "\n")))
        } else if let last = parts.last, last.cycle == cycle, last.name.isEmpty {
          parts[parts.count - 1].words += "; " + section.title
        } else {
          parts.append(Part(cycle: cycle, name: "", words: section.title))
        }
      }
    }
    for comparison in facts.comparisons {
      guard let change = facts.change(indicator.id, comparison.role) else { continue }
      if change.status == .seriesBreak {
        parts.append(
          Part(cycle: "\(change.compareTo) to \(change.cycle)", name: "not comparable", words: change.test.reason))
      }
      guard !change.test.comparability.isEmpty else { continue }
      parts.append(
        Part(
          cycle: "\(change.compareTo) to \(change.cycle)", name: "compare with care", words: change.test.comparability))
    }
    return parts.isEmpty ? [Part(name: "", words: "")] : parts
  }
}
