import SurveyModel

extension Results {
  /// The crossings of dimensions that the run broke its results down by, in the order of the rows; the total is not
  /// among them and always there.
  public var groupings: [[String]] {
    var places: [[Int]] = []
    var seen: Set<[Int]> = [[]]
    for grouping in estimates.map(\.grouping) where seen.insert(grouping).inserted { places.append(grouping) }
    // A crossing that was asked for and has no member has no rows.
    for names in record.options.groupings ?? [] {
      let grouping = names.compactMap { dimensionNames.firstIndex(of: $0) }.sorted()
      if grouping.count == names.count, seen.insert(grouping).inserted { places.append(grouping) }
    }
    return places.map { $0.map { dimensionNames[$0] } }
  }

  /// The rows of the total and of some breakdowns, of some indicators. No number changes.
  ///
  /// - Parameters:
  ///   - groupings: Crossings of dimension names, in any order; empty: the total alone; nil: all that were run.
  ///   - indicators: Ids; empty: all.
  /// - Throws: `SelectionError` where a dimension or an indicator does not exist or a crossing was not run.
  public func selecting(groupings: [[String]]?, indicators: Set<String> = []) throws(SelectionError) -> Results {
    let places = try groupings.map { wanted throws(SelectionError) in try self.places(of: wanted) }
    let known = self.indicators.map(\.id)
    for id in indicators.sorted() where !known.contains(id) {
      throw .unknownIndicator(id, nearest: NearestName.suggestion(for: id, among: known))
    }
    let filter = ResultsFilter(indicators: indicators)
    func isWanted(_ row: some ResultRow, _ indicator: String) -> Bool {
      filter.includes(indicator) && (row.isTotal || places?.contains(row.grouping) ?? true)
    }
    var result = self
    result.indicators = self.indicators.filter { filter.includes($0.id) }
    result.estimates = estimates.filter { isWanted($0, $0.indicator) }
    result.trends = trends.filter { isWanted($0, $0.indicator) }
    result.slopes = slopes.filter { isWanted($0, $0.indicator) }
    return result
  }

  /// Each crossing as positions of dimensions.
  private func places(of wanted: [[String]]) throws(SelectionError) -> Set<[Int]> {
    let run = groupings
    var result: Set<[Int]> = []
    for grouping in wanted {
      var places: Set<Int> = []
      for name in grouping {
        guard let place = dimensionNames.firstIndex(of: name) else {
          throw .unknownDimension(name, nearest: NearestName.suggestion(for: name, among: dimensionNames))
        }
        places.insert(place)
      }
      guard run.contains(where: { Set($0) == Set(grouping) }) else {
        throw .groupingNotRun(grouping, pipeline: pipeline, available: run)
      }
      result.insert(places.sorted())
    }
    return result
  }
}

/// A selection that the results do not have.
public enum SelectionError: Failure, Equatable {
  case groupingNotRun([String], pipeline: String, available: [[String]])
  case unknownDimension(String, nearest: String?)
  case unknownIndicator(String, nearest: String?)

  public var summary: String {
    switch self {
    case .groupingNotRun(let grouping, let pipeline, _):
      "the results of \(pipeline) are not broken down by \(grouping.joined(separator: ","))"
    case .unknownDimension(let name, let nearest):
      "there is no dimension \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .unknownIndicator(let id, let nearest):
      "the results have no indicator \"\(id)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    }
  }

  public var location: SourceLocation? { nil }

  public var advice: String? {
    switch self {
    case .groupingNotRun(let grouping, let pipeline, let available):
      (available.isEmpty
        ? "they have the total alone"
        : "they have \(available.map { $0.joined(separator: ",") }.joined(separator: "; "))")
        + "; `pipeline run \(pipeline) --by \(grouping.joined(separator: ","))` makes this breakdown"
    case .unknownDimension: "the definition lists its dimensions under `dimensions`"
    case .unknownIndicator:
      "`pipeline show NAME` lists the indicators; a run with --indicator has those alone"
    }
  }

  public var exitStatus: ExitStatus { .usage }
}
