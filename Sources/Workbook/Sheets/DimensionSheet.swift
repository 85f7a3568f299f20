import Export
import SurveyModel

/// One breakdown of the main cycle as a wide table: a row an indicator, a column a member, first the percentages, then
/// how many they rest on.
struct DimensionSheet {
  let facts: WorkbookFacts
  let position: Int

  private static let headerLine = 4
  private static let firstColumn = 2
  private static let widthOfNumber = 12.5

  private var dimension: ResultsDimension { facts.results.dimensions[position] }

  /// Those that have rows.
  private var members: [ResultsDimension.Member] {
    dimension.members.filter { member in
      facts.results.indicators.contains { facts.estimate($0.id, facts.members(position, member.code)) != nil }
    }
  }

  /// The cells of a row: everyone, then the members.
  private var cells: [(label: String, members: [String?])] {
    [("All", facts.everyone)] + members.map { ($0.label, facts.members(position, $0.code)) }
  }

  func fill(_ sheet: inout Sheet) throws(WorkbookError) {
    let cells = cells
    let columns = Self.firstColumn + 2 * cells.count
    try SheetLimits.check(
      rows: facts.results.indicators.count + Self.headerLine + 1, columns: columns, sheet: sheet.name)
    sheet.hideGridlines()
    let legend =
      "\(PrintedEstimate.tooImprecise) \(EstimateFlag.notShown.words); * \(EstimateFlag.partial.words). "
      + "Intervals and flags stand in Estimates."
    try sheet.write(title: "\(facts.results.title), by \(dimension.name)", legend)
    try writeHeader(cells.map(\.label), to: &sheet)
    var line = Self.headerLine
    for indicator in facts.results.indicators {
      line += 1
      try sheet.write(indicator.id, line, 0)
      try sheet.write(indicator.title, line, 1)
      for (number, cell) in cells.enumerated() {
        guard let row = facts.estimate(indicator.id, cell.members) else {
          try writeAbsence(of: indicator.id, line, number, to: &sheet)
          continue
        }
        let estimate = EstimateCell(row, kind: indicator.kind)
        try estimate.write(to: &sheet, line, Self.firstColumn + number, explains: true)
        try estimate.writeCount(to: &sheet, line, Self.firstColumn + cells.count + number)
      }
      if indicator.kind == .percentage {
        let last = Self.firstColumn + cells.count - 1
        try sheet.addHeat(rows: line...line, columns: Self.firstColumn...last)
      }
    }
    try sheet.freeze(rows: Self.headerLine + 1, columns: Self.firstColumn, headers: 2)
    try sheet.filter(headerRow: Self.headerLine, lastRow: line, columns: columns)
    try sheet.printWide()
  }

  /// Why there is no number; once, where the whole breakdown is missing.
  private func writeAbsence(
    of indicator: String, _ line: Int, _ number: Int, to sheet: inout Sheet
  ) throws(WorkbookError) {
    let words = facts.absences.words(
      indicator: indicator, cycle: facts.results.cycles.first?.name ?? "", grouping: [position])
    guard number == 1 || words == EstimateStatus.noData.words else { return }
    try sheet.write(words, line, Self.firstColumn + number, .absent, widens: false)
  }

  private func writeHeader(_ labels: [String], to sheet: inout Sheet) throws(WorkbookError) {
    let line = Self.headerLine
    let across = CellStyle.header.with { $0.alignment = .across }
    for (title, start) in [("percent", Self.firstColumn), ("n", Self.firstColumn + labels.count)] {
      for (number, label) in labels.enumerated() {
        try sheet.write(number == 0 ? .text(title) : .none, line - 1, start + number, across, widens: false)
        let right = CellStyle.header.with { $0.alignment = .right }
        try sheet.write(label, line, start + number, right, widens: false)
        sheet.setWidth(Self.widthOfNumber, of: start + number)
      }
    }
    let highest = labels.map { sheet.lines($0, in: Self.firstColumn) }.max() ?? 1
    try sheet.setHeight(lines: Double(min(highest, 6)) + 0.2, of: line)
    for column in 0..<Self.firstColumn {
      try sheet.write(.none, line - 1, column, .header)
      try sheet.write(column == 0 ? "indicator" : "title", line, column, .header)
    }
  }
}
