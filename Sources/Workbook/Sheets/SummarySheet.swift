import Export
import SurveyModel

/// The sheet that opens first: one row an indicator, by goals, with the change since earlier cycles and a chart.
struct SummarySheet {
  let facts: WorkbookFacts

  private static let headerLine = 3
  private static let widthOfNumber = 9.0
  private static let widthOfBars = 13.0
  private static let pixelsOfCharacter = 7.4

  private enum Column {
    static let id = 0
    static let title = 1
    static let n = 2
    static let value = 3
    static let lower = 4
    static let upper = 5
    static let firstChange = 6
  }

  private var flagsColumn: Int { Column.firstChange + facts.comparisons.count }
  private var hasFlags: Bool { facts.results.indicators.contains { !flags(of: facts.total($0.id)).isEmpty } }
  private var columnCount: Int { flagsColumn + (hasFlags ? 1 : 0) }

  func fill(_ sheet: inout Sheet) throws(WorkbookError) {
    sheet.hideGridlines()
    try sheet.write(title: facts.results.title, facts.subtitle)
    try writeHeader(&sheet)
    var line = Self.headerLine + 1
    var goal = ""
    var percentages: [Int] = []
    for indicator in facts.results.indicators {
      if indicator.goal != goal {
        goal = indicator.goal
        for column in 0..<columnCount {
          try sheet.write(column == 0 ? .text("Goal \(goal)") : .none, line, column, .band, widens: false)
        }
        line += 1
      }
      if try write(indicator, to: &sheet, line) { percentages.append(line) }
      line += 1
    }
    for rows in percentages.runs { try sheet.addBars(column: Column.value, rows: rows) }
    for words in footnotes {
      line += 1
      try sheet.write(words, line, 0, .muted, widens: false)
    }
    try sheet.freeze(rows: Self.headerLine + 1, columns: 2)
    try insertChart(&sheet)
    sheet.setWidth(2, of: columnCount)
    try sheet.printTall(pageBreakBefore: columnCount)
  }

  private func writeHeader(_ sheet: inout Sheet) throws(WorkbookError) {
    let line = Self.headerLine
    let right = CellStyle.header.with { $0.alignment = .right }
    try sheet.write("indicator", line, Column.id, .header)
    try sheet.write(.none, line, Column.title, .header)
    try sheet.write("n", line, Column.n, right)
    try sheet.write("%", line, Column.value, right)
    let across = CellStyle.header.with { $0.alignment = .across }
    try sheet.write(facts.intervalTitle, line, Column.lower, across, widens: false)
    try sheet.write(.none, line, Column.upper, across)
    for (comparison, column) in zip(facts.comparisons, Column.firstChange...) {
      try sheet.write(comparison.title, line, column, right, widens: false)
      sheet.setWidth(15, of: column)
    }
    let lines = facts.comparisons.map { sheet.lines($0.title, in: Column.firstChange) }.max() ?? 1
    try sheet.setHeight(lines: Double(min(lines, 4)) + 0.2, of: line)
    if hasFlags { try sheet.write("flags", line, flagsColumn, .header) }
    for column in [Column.n, Column.lower, Column.upper] { sheet.setWidth(Self.widthOfNumber, of: column) }
    sheet.setWidth(Self.widthOfBars, of: Column.value)
  }

  /// - Returns: Whether a percentage stands in the row.
  private func write(_ indicator: ResultsIndicator, to sheet: inout Sheet, _ line: Int) throws(WorkbookError) -> Bool {
    try sheet.write(indicator.id, line, Column.id)
    try sheet.write(indicator.title, line, Column.title)
    guard let total = facts.total(indicator.id) else { return false }
    let cell = EstimateCell(total, kind: indicator.kind)
    try cell.writeCount(to: &sheet, line, Column.n)
    try cell.write(to: &sheet, line, Column.value, explains: false)
    try cell.writeInterval(to: &sheet, line, Column.lower)
    for (comparison, column) in zip(facts.comparisons, Column.firstChange...) {
      guard let change = facts.change(indicator.id, comparison.role) else { continue }
      if change.status == .seriesBreak { try sheet.write(change.status.words, line, column, .absent) }
      guard change.status == .ok, let delta = change.delta else { continue }
      let style = CellStyle(
        number: ResultCells.changeFormat(change, kind: indicator.kind),
        isBold: change.isBeyondChance)
      try sheet.write(.number(delta), line, column, style)
    }
    if hasFlags { try sheet.write(flags(of: total), line, flagsColumn, .muted) }
    return cell.printed.isShown && indicator.kind == .percentage
  }

  /// Those that no number or word in the row shows already.
  private func flags(of row: EstimateRow?) -> String {
    (row?.flags ?? []).filter { $0 != .census && $0 != .partial }.map(\.rawValue).joined(separator: " ")
  }

  // MARK: - Below the table

  private var footnotes: [String] {
    let rows = facts.results.indicators.compactMap { facts.total($0.id) }
    let raised = Set(rows.flatMap(\.flags))
    var lines: [String] = []
    if !facts.comparisons.isEmpty {
      lines.append("Changes are percentage points, or differences of counts.")
      lines.append(
        "▲ ▼ changed beyond chance (adjusted for many comparisons); ~ compare with care: Definitions says why")
      let changes = facts.results.indicators.flatMap { indicator in
        facts.comparisons.compactMap { facts.change(indicator.id, $0.role) }
      }
      lines += ChangeNotes.lines(for: changes, reasonsIn: "Definitions")
    }
    if raised.contains(.partial) { lines.append("* \(EstimateFlag.partial.words)") }
    if raised.contains(.census) { lines.append("all counted: \(EstimateFlag.census.words)") }
    if raised.contains(.notShown) {
      lines.append("\(PrintedEstimate.tooImprecise) \(EstimateFlag.notShown.words); the number stands in Estimates")
    }
    if rows.contains(where: { $0.status == .suppressed }) {
      lines.append("suppressed: so few that persons could be recognized; no sheet has the number")
    }
    return lines + [""] + accounting
  }

  private var accounting: [String] {
    facts.results.cycles.flatMap { cycle in
      cycle.tables.filter { $0.table == SurveyCycle.responsesTable }.map { table in
        "\(cycle.name): \(table.rowsRead) responses read = \(table.rowsUsed) used + \(table.rowsSuperseded) superseded"
          + " + \(table.rowsOutsidePopulation) outside the population + \(table.rowsRejected) rejected"
      }
    }
  }

  private func insertChart(_ sheet: inout Sheet) throws(WorkbookError) {
    let count = facts.drawnEstimates.prefix(ChartDataSheet.mostBars).count
    guard count > 0 else { return }
    let pixels = sheet.width(before: columnCount) * Self.pixelsOfCharacter
    let chart = IntervalChart(
      title: "Percentages with their \(facts.intervalTitle)s", sheet: ChartDataSheet.name,
      rows: ChartDataSheet.rows(of: count), width: max(620, pixels))
    try sheet.insert(chart, Self.headerLine, columnCount + 1)
  }
}

extension [Int] {
  /// Ascending numbers as ranges without gaps.
  fileprivate var runs: [ClosedRange<Int>] {
    reduce(into: []) { runs, number in
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
  }
}
