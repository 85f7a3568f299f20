import SurveyModel

/// Estimates as CSV for a spreadsheet: a row an indicator in a cycle, a column for the total and for each member of the
/// breakdowns, under their labels. Percentages, or counts where the indicator is one, as in `estimates.csv`.
///
/// Standard errors and intervals have no place here; the tidy table of `ResultsTable` has them.
public struct WideTable: Sendable {
  private var document: CSVDocument

  public var bytes: [UInt8] { document.bytes }

  public init(_ results: Results) {
    let cells = results.cells
    document = CSVDocument(
      header: ["indicator", "title", "kind", "unit", "cycle", "year"]
        + Self.titles(of: cells, in: results).map(CSVDocument.text))
    let rows = Dictionary(grouping: results.estimates) { Line(indicator: $0.indicator, cycle: $0.cycle) }
    for indicator in results.indicators {
      for cycle in results.cycles {
        guard let found = rows[Line(indicator: indicator.id, cycle: cycle.name)] else { continue }
        let values = Dictionary(found.map { ($0.members, $0.estimate) }) { first, _ in first }
        document.add(text: indicator.id)
        document.add(text: indicator.title)
        document.add(indicator.kind.rawValue)
        document.add(text: indicator.unit)
        document.add(text: cycle.name)
        document.add(cycle.year)
        for cell in cells { document.add(values[cell].flatMap(\.self)) }
        document.endRow()
      }
    }
  }

  private struct Line: Hashable {
    var indicator: String
    var cycle: String
  }

  /// Labels; where two are the same, with their codes, so that a pivot table can tell the columns apart.
  private static func titles(of cells: [[String?]], in results: Results) -> [String] {
    let labels = cells.map(results.label(of:))
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    return zip(cells, labels).map { cell, label in
      guard counts[label, default: 1] > 1 else { return label }
      let codes = zip(results.dimensionNames, cell).compactMap { name, code in code.map { "\(name) \($0)" } }
      return codes.isEmpty ? label : "\(label) (\(codes.joined(separator: ", ")))"
    }
  }
}
