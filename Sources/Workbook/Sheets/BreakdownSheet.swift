import Export
import SurveyModel

/// The percentages of the main cycle by the members of one dimension, as a wide table: one line an indicator.
struct BreakdownSheet {
  private let results: Results
  private let position: Int
  private let estimates: [Key: EstimateRow]

  private struct Key: Hashable {
    var indicator: String
    /// nil: all members together.
    var member: String?
  }

  /// One for each dimension that was run on its own.
  static func all(_ results: Results) -> [BreakdownSheet] {
    results.dimensions.indices.compactMap { BreakdownSheet(results, position: $0) }
  }

  private init?(_ results: Results, position: Int) {
    let main = results.cycles.first?.name
    let rows = results.estimates.filter { row in
      row.cycle == main && (row.isTotal || row.grouping == [position])
    }
    guard rows.contains(where: { !$0.isTotal }) else { return nil }
    self.results = results
    self.position = position
    estimates = Dictionary(rows.map { (Key(indicator: $0.indicator, member: $0.members[position]), $0) }) { first, _ in
      first
    }
  }

  /// - Throws: `WorkbookError`.
  func write(to file: inout WorkbookFile) throws(WorkbookError) {
    let dimension = results.dimensions[position]
    let members: [(code: String?, label: String)] =
      [(nil, "Total")]
      + dimension.members.filter { member in
        results.indicators.contains { estimates[Key(indicator: $0.id, member: member.code)] != nil }
      }.map { ($0.code, $0.label) }
    try file.addSheet("By \(dimension.name)") { sheet throws(WorkbookError) in
      let titles =
        ["indicator", "title", "unit"] + members.map(\.label) + members.map { "n: \($0.label)" }
      try sheet.head(titles, row: 0, count: results.indicators.count, frozenColumns: 2)
      for (offset, indicator) in results.indicators.enumerated() {
        let row = offset + 1
        try sheet.write(indicator.id, .strong, row: row, column: 0)
        try sheet.write(indicator.title, .wrapped, row: row, column: 1)
        try sheet.write(indicator.unit, row: row, column: 2)
        for (place, member) in members.enumerated() {
          let estimate = estimates[Key(indicator: indicator.id, member: member.code)]
          try sheet.write(PrintedValue(estimate, kind: indicator.kind), row: row, column: 3 + place)
          try sheet.write(estimate?.n, row: row, column: 3 + members.count + place)
        }
      }
      sheet.widths([11, 48, 11] + members.map { _ in 14 } + members.map { _ in 10 })
      sheet.printsOnePageWide()
    }
  }
}
