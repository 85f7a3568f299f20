import SurveyModel

extension Results {
  /// The breakdowns that there are rows of, by the names of their dimensions, in the order of the rows. The total is
  /// not among them.
  public var groupings: [[String]] {
    var found: [[Int]] = []
    for row in estimates where !row.isTotal && !found.contains(row.grouping) { found.append(row.grouping) }
    let names = dimensionNames
    return found.map { $0.map { names[$0] } }
  }

  /// The rows of the total and of these breakdowns alone; no number depends on it.
  ///
  /// - Parameters:
  ///   - groupings: The names of dimensions, in any order; nil: all breakdowns.
  ///   - indicators: Ids; empty: all.
  public func selecting(groupings: [[String]]?, indicators: Set<String> = []) -> Results {
    let names = dimensionNames
    let wanted = groupings.map { groupings in
      Set(groupings.map { Set($0.compactMap { names.firstIndex(of: $0) }) } + [[]])
    }
    func keeps(_ row: some ResultRow, of indicator: String) -> Bool {
      (indicators.isEmpty || indicators.contains(indicator)) && wanted?.contains(Set(row.grouping)) ?? true
    }
    var selected = self
    selected.indicators.removeAll { !indicators.isEmpty && !indicators.contains($0.id) }
    selected.estimates.removeAll { !keeps($0, of: $0.indicator) }
    selected.trends.removeAll { !keeps($0, of: $0.indicator) }
    selected.slopes.removeAll { !keeps($0, of: $0.indicator) }
    return selected
  }
}
