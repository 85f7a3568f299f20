import Export
import SurveyModel

/// The results, arranged to be looked up: by cycle, indicator and cell.
struct ReportFacts: Sendable {
  let results: Results
  /// The places of the cycles that are compared: NAME, previous, baseline; each once.
  let compared: [Int]
  /// In the order in which indicators name them; one without a name stands for indicators that have none.
  let goals: [String]
  /// Every cell that has a row, in the order of the files.
  let cells: [[String?]]
  let absences: Absences
  private let places: [[String?]: Int]
  private let estimates: [Key: [EstimateRow]]
  private let trends: [TrendKey: [TrendRow]]

  private struct Key: Hashable {
    var cycle: String
    var indicator: String
  }

  private struct TrendKey: Hashable {
    var compareTo: String
    var basis: TrendBasis
    var indicator: String
  }

  init(_ results: Results) {
    self.results = results
    compared = results.cycles.indices.filter { index in
      index == 0 || results.cycles[index].role.contains("previous") || results.cycles[index].role.contains("baseline")
    }
    goals = results.indicators.map(\.goal).reduce(into: []) { goals, goal in
      if !goals.contains(goal) { goals.append(goal) }
    }
    cells = results.cells
    absences = Absences(results)
    places = Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($0.element, $0.offset) })
    estimates = Dictionary(grouping: results.estimates) { Key(cycle: $0.cycle, indicator: $0.indicator) }
    trends = Dictionary(grouping: results.trends) {
      TrendKey(compareTo: $0.compareTo, basis: $0.basis, indicator: $0.indicator)
    }
  }

  /// Changes speak of cells that have estimates, so every place is known.
  func place(of members: [String?]) -> Int { places[members] ?? 0 }

  func estimates(cycle: String, indicator: String) -> [EstimateRow] {
    estimates[Key(cycle: cycle, indicator: indicator)] ?? []
  }

  /// Each change once, also where the previous cycle is the baseline too.
  func changes(from cycle: String, basis: TrendBasis, indicator: String) -> [TrendRow] {
    let rows = trends[TrendKey(compareTo: cycle, basis: basis, indicator: indicator)] ?? []
    guard let role = rows.first?.role else { return [] }
    return rows.filter { $0.role == role }
  }

  /// The cycles that ran, in the order of the run.
  var series: [ReportData.Series] {
    results.cycles.enumerated().map { place, cycle in
      ReportData.Series(place: place, label: results.shortTitle(of: cycle).readable, year: cycle.year)
    }
  }

  /// The dimensions (by position) that were run on their own, in the order of the definition.
  var singleDimensions: [Int] {
    results.dimensions.indices.filter { dimension in
      cells.contains { members in members.indices.allSatisfy { (members[$0] != nil) == ($0 == dimension) } }
    }
  }

  /// The pairs of dimensions (by position) that were crossed.
  var crossings: [(rows: Int, columns: Int)] {
    let count = results.dimensions.count
    return (0..<count).flatMap { first in (first + 1..<max(first + 1, count)).map { (first, $0) } }.filter { pair in
      cells.contains { members in
        members.indices.allSatisfy { (members[$0] != nil) == ($0 == pair.0 || $0 == pair.1) }
      }
    }.map { (rows: $0.0, columns: $0.1) }
  }
}

extension String {
  /// Words of the data as a page can show them: without marks that turn or hide what follows, and not endless.
  var readable: String {
    let text = withVisibleControls
    return text.count > 240 ? text.prefix(240) + "…" : text
  }
}
