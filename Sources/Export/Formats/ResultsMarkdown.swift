import SurveyModel

/// Results as GitHub's Markdown, for people: the estimates of one cycle with their intervals and changes, flags acted on
/// as in the summary that a run prints. It is the first cycle of which there are estimates: NAME, unless others were
/// selected.
///
/// The total alone is one table with a row an indicator; with breakdowns each indicator has a table of its own.
public struct ResultsMarkdown: Sendable {
  private let results: Results
  private let title: String
  /// The dimensions that a row is broken down by, by position.
  private let dimensions: [Int]
  /// The NAMEs of the earlier cycles.
  private let comparisons: [String]
  private let changes: [Place: TrendRow]
  private let shown: [EstimateRow]

  public init(_ results: Results) {
    self.results = results
    let cycle = results.cycles.first { cycle in results.estimates.contains { $0.cycle == cycle.name } }
    let shown = results.estimates.filter { $0.cycle == cycle?.name }
    self.shown = shown
    title = "\(cycle?.name ?? results.pipeline): \(cycle?.title ?? results.title)"
    dimensions = results.dimensions.indices.filter { place in shown.contains { $0.members[place] != nil } }
    let changes = results.trends.filter { $0.cycle == cycle?.name && $0.basis == .all && $0.role != .requested }
    comparisons = changes.reduce(into: []) { found, row in
      if !found.contains(row.compareTo) { found.append(row.compareTo) }
    }
    self.changes = Dictionary(
      changes.map { (Place(indicator: $0.indicator, members: $0.members, compareTo: $0.compareTo), $0) }
    ) { first, _ in first }
  }

  /// The document, with a final line end.
  public var text: String {
    let rows = Dictionary(grouping: shown, by: \.indicator)
    let absences = Absences(results)
    let groupings = results.groupings
    var lines = ["# \(MarkdownText.escaped(title))", ""]
    if dimensions.isEmpty {
      var table = MarkdownTable(
        columns: [
          MarkdownTable.Column(title: "indicator", alignment: .left),
          MarkdownTable.Column(title: "title", alignment: .left),
        ] + numberColumns)
      for indicator in results.indicators {
        for row in rows[indicator.id] ?? [] {
          table.append([indicator.id, indicator.title] + numbers(row, kind: indicator.kind))
        }
      }
      lines += table.lines + [""]
    } else {
      for indicator in results.indicators {
        var table = MarkdownTable(
          columns: dimensions.map { MarkdownTable.Column(title: results.dimensions[$0].name, alignment: .left) }
            + numberColumns)
        for row in rows[indicator.id] ?? [] { table.append(names(row) + numbers(row, kind: indicator.kind)) }
        lines += ["## \(MarkdownText.escaped("\(indicator.id) \(indicator.title)"))", ""] + table.lines + [""]
        let missing = absences.missing(
          groupings, indicator: indicator.id, cycle: rows[indicator.id]?.first?.cycle ?? "")
        for words in missing { lines += [MarkdownText.escaped(words), ""] }
      }
    }
    for note in footnotes { lines += [MarkdownText.escaped(note), ""] }
    return lines.dropLast().joined(separator: "\n") + "\n"
  }

  public var bytes: [UInt8] { Array(text.utf8) }

  private struct Place: Hashable {
    var indicator: String
    var members: [String?]
    var compareTo: String
  }

  private var numberColumns: [MarkdownTable.Column] {
    let level = shown.lazy.compactMap(\.level).first
    let interval = level.map(PrintedNumber.level)
    return (["n", "%", interval.map { "\($0)% interval" } ?? "interval"] + comparisons.map { "vs \($0)" }).map {
      MarkdownTable.Column(title: $0, alignment: .right)
    }
  }

  private func names(_ row: EstimateRow) -> [String] {
    dimensions.map { place in
      row.members[place].map { results.dimensions[place].label(of: $0) } ?? Results.totalLabel
    }
  }

  private func numbers(_ row: EstimateRow, kind: Indicator.Kind) -> [String] {
    let printed = PrintedEstimate(row, kind: kind)
    return [printed.n, printed.value + printed.mark, printed.interval]
      + comparisons.map { earlier in
        changes[Place(indicator: row.indicator, members: row.members, compareTo: earlier)]?.printedChange(kind: kind)
          ?? ""
      }
  }

  private var footnotes: [String] {
    var notes: [String] = []
    if !comparisons.isEmpty {
      notes.append("▲ ▼ changed beyond chance (adjusted for many comparisons); ~ see comparability in trends.csv")
      notes += ChangeNotes.lines(for: Array(changes.values), reasonsIn: "trends.csv")
    }
    if shown.contains(where: { $0.flags.contains(.partial) }) {
      notes.append("* \(EstimateFlag.partial.words)")
    }
    if shown.contains(where: { $0.flags.contains(.notShown) }) {
      notes.append(
        "\(PrintedEstimate.tooImprecise) \(EstimateFlag.notShown.words); the number stands in estimates.csv"
      )
    }
    return notes
  }
}
