import Export
import SurveyModel

/// The section of one indicator.
struct IndicatorContent: Sendable {
  /// Its place among all indicators, which makes its anchor.
  var number: Int
  var id: String
  var title: String
  var unit: String
  var isCount: Bool
  /// Whether the total is a number that takes a percent sign.
  var isPercentage: Bool
  var total: Row
  /// nil: nothing to add.
  var note: String?
  /// One for each dimension that was run on its own.
  var breakdowns: [Breakdown]
  var crossings: [HeatTable]
  var explanations: [Words]
  var warnings: [String]
  var reasons: [String]
  var hasCharts: Bool

  struct Breakdown: Sendable {
    var position: Int
    var title: String
    var rows: [Row]
  }

  /// One line of a table of numbers.
  struct Row: Sendable {
    var label: String
    /// Its place among the cells.
    var cell: Int
    /// nil where nothing is to be said of the rows.
    var n: String?
    var value: String
    var interval: String
    /// One for each cycle compared with.
    var changes: [Change]
    var flags: String
  }

  /// In percentage points, or of a count.
  struct Change: Sendable {
    var text = ""
    var interval = ""
  }

  struct Words: Sendable {
    var cycle: String
    var lines: [Line]
  }

  struct Line: Sendable {
    var text: String
    var level: Int
  }

  init(number: Int, _ indicator: ResultsIndicator, facts: ReportFacts) {
    let results = facts.results
    let main = results.cycles.first?.name ?? ""
    let estimates = Dictionary(
      facts.estimates(cycle: main, indicator: indicator.id).map { ($0.members, $0) }
    ) { first, _ in first }
    let changes = facts.compared.dropFirst().map { cycle in
      Dictionary(
        facts.changes(from: results.cycles[cycle].name, basis: .all, indicator: indicator.id).map { ($0.members, $0) }
      ) { first, _ in first }
    }
    func row(_ members: [String?], label: String) -> Row? {
      guard let estimate = estimates[members] else { return nil }
      let printed = PrintedEstimate(estimate, kind: indicator.kind)
      return Row(
        label: label, cell: facts.place(of: members), n: printed.n.isEmpty ? nil : printed.n,
        value: printed.value + printed.mark,
        interval: printed.interval,
        changes: changes.map { changes in
          changes[members].map {
            Change(text: $0.printedChange(kind: indicator.kind), interval: $0.printedInterval(kind: indicator.kind))
          } ?? Change()
        },
        flags: estimate.flags.map(\.rawValue).joined(separator: " "))
    }
    let everyone = [String?](repeating: nil, count: results.dimensions.count)
    self.number = number
    id = indicator.id.readable
    title = indicator.title.readable
    unit = indicator.unit.readable
    isCount = indicator.kind == .count
    note = indicator.note.isEmpty ? nil : indicator.note.withVisibleControls
    total =
      row(everyone, label: "All")
      ?? Row(label: "All", cell: 0, n: nil, value: "", interval: "", changes: changes.map { _ in Change() }, flags: "")
    isPercentage = !isCount && estimates[everyone].map { PrintedEstimate($0, kind: indicator.kind).isShown } ?? false
    breakdowns = facts.singleDimensions.map { position in
      let dimension = results.dimensions[position]
      return Breakdown(
        position: position, title: dimension.name.readable,
        rows: dimension.members.compactMap { member in
          var members = everyone
          members[position] = member.code
          return row(members, label: member.label.readable)
        })
    }.filter { !$0.rows.isEmpty }
    crossings = facts.crossings.compactMap { pair in
      HeatTable(estimates, kind: indicator.kind, dimensions: results.dimensions, rows: pair.rows, columns: pair.columns)
    }
    explanations = indicator.explanations.map { cycle, explanation in
      Words(cycle: (results.cycles.first { $0.name == cycle }?.title ?? cycle).readable, lines: Self.lines(explanation))
    }
    var warnings: [String] = []
    for (changes, cycle) in zip(changes, facts.compared.dropFirst()) {
      guard let text = changes[everyone]?.test.comparability, !text.isEmpty else { continue }
      warnings.append("since \(results.cycles[cycle].title.readable): \(text.withVisibleControls)")
    }
    for cycle in results.cycles {
      guard let reason = indicator.breaks[cycle.name] else { continue }
      warnings.append("\(cycle.title.readable) is the first after a break: \(reason.withVisibleControls)")
    }
    self.warnings = warnings
    let missing = facts.absences.missing(
      facts.singleDimensions.map { [results.dimensions[$0].name] }, indicator: indicator.id, cycle: main)
    reasons = ([estimates[everyone]?.reason ?? ""].filter { !$0.isEmpty } + missing).map(\.readable)
    hasCharts =
      !isCount
      && facts.compared.contains { cycle in
        facts.estimates(cycle: results.cycles[cycle].name, indicator: indicator.id).contains { $0.estimate != nil }
      }
  }

  private static func lines(_ explanation: Explanation) -> [Line] {
    explanation.sections.flatMap { section in
      [Line(text: section.title.withVisibleControls, level: 0)]
        + section.lines.map { line in
          let spaces = line.prefix { $0 == " " }.count
          return Line(text: String(line.dropFirst(spaces)).withVisibleControls, level: min(4, 1 + spaces / 2))
        }
    }
  }
}

/// Two dimensions crossed: each cell is tinted by its percentage and says how many it rests on.
struct HeatTable: Sendable {
  var title: String
  var rowTitle: String
  var columns: [String]
  var rows: [Row]

  struct Row: Sendable {
    var label: String
    var cells: [Cell]
  }

  struct Cell: Sendable {
    var value: String
    var n: String
    /// Between 0 and 1; nil where there is no number to tint by.
    var share: String?
  }

  init?(
    _ estimates: [[String?]: EstimateRow], kind: Indicator.Kind, dimensions: [ResultsDimension], rows: Int, columns: Int
  ) {
    func cell(_ row: String, _ column: String) -> (EstimateRow, Cell)? {
      var members = [String?](repeating: nil, count: dimensions.count)
      members[rows] = row
      members[columns] = column
      return estimates[members].map { estimate in
        let printed = PrintedEstimate(estimate, kind: kind)
        return (
          estimate,
          Cell(
            value: printed.value.isEmpty ? printed.interval : printed.value + printed.mark, n: printed.n,
            share: printed.isShown && kind == .percentage ? estimate.estimate.map { ($0 / 100).shortestText } : nil
          )
        )
      }
    }
    let columnMembers = dimensions[columns].members.filter { column in
      dimensions[rows].members.contains { cell($0.code, column.code) != nil }
    }
    self.rows = dimensions[rows].members.compactMap { row in
      let cells = columnMembers.map { cell(row.code, $0.code)?.1 ?? Cell(value: "", n: "") }
      return cells.allSatisfy { $0.value.isEmpty } ? nil : Row(label: row.label.readable, cells: cells)
    }
    guard !self.rows.isEmpty else { return nil }
    title = "\(dimensions[rows].name) × \(dimensions[columns].name)".readable
    rowTitle = dimensions[rows].name.readable
    self.columns = columnMembers.map(\.label.readable)
  }
}
