import Export
import SurveyModel

/// A part of the results of an earlier run, in one of the forms that results can take.
public struct ResultsExport: Sendable {
  /// The NAME whose last run is meant.
  public var name: String
  /// The directory of the results.
  public var directory: String
  /// The directory with the definitions.
  public var pipelines: String
  /// By the names of dimensions; empty: all that were run.
  public var groupings: [[String]]
  /// Ids; empty: all that were run.
  public var indicators: [String]
  /// NAMEs of the cycles whose estimates are meant; empty: all that ran.
  public var cycles: [String]
  /// Whether to go on with definitions that changed since the run.
  public var isForced: Bool

  public init(
    name: String, directory: String, pipelines: String, groupings: [[String]] = [], indicators: [String] = [],
    cycles: [String] = [], isForced: Bool = false
  ) {
    self.name = name
    self.directory = directory
    self.pipelines = pipelines
    self.groupings = groupings
    self.indicators = indicators
    self.cycles = cycles
    self.isForced = isForced
  }

  /// The rows that were asked for.
  ///
  /// - Throws: `PastRunError`, also where something is asked for that was not run; what `PastRun.results` throws.
  public func results() throws -> Results {
    let all = try PastRun(directory: directory).results(of: name, pipelines: pipelines, isForced: isForced)
    try check(all)
    var results = all.selecting(
      groupings: groupings.isEmpty ? nil : groupings, indicators: Set(indicators))
    if !cycles.isEmpty { results.estimates.removeAll { !cycles.contains($0.cycle) } }
    return results
  }

  private func check(_ all: Results) throws(PastRunError) {
    let known = all.groupings
    for grouping in groupings where !known.contains(where: { Set($0) == Set(grouping) }) {
      throw .groupingNotRun(grouping, known: known)
    }
    let ids = all.indicators.map(\.id)
    for id in indicators where !ids.contains(id) {
      throw .indicatorNotRun(id, nearest: NearestName.suggestion(for: id, among: ids))
    }
    for cycle in cycles where !all.cycles.contains(where: { $0.name == cycle }) {
      throw .cycleNotRun(cycle, known: all.cycles.map(\.name))
    }
  }
}
