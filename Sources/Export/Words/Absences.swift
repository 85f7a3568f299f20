import SurveyModel

/// Why an indicator has no row for a cell: its table lacks a dimension, the cycle did not ask it, or no unit is there.
public struct Absences: Sendable {
  private struct Key: Hashable {
    var cycle: String
    var indicator: String
  }

  private let dimensionNames: [String]
  /// By position of the dimensions, of every breakdown that the indicator has.
  private var groupings: [Key: Set<[Int]>] = [:]
  private var notAsked: Set<Key> = []

  /// What "not broken down by region" begins with.
  public static let notBrokenDown = "not broken down by"
  /// What stands between the names of two dimensions.
  public static let and = " and "

  public init(_ results: Results) {
    dimensionNames = results.dimensionNames
    for row in results.estimates {
      let key = Key(cycle: row.cycle, indicator: row.indicator)
      groupings[key, default: []].insert(row.grouping)
      if row.isTotal && row.status == .notAsked { notAsked.insert(key) }
    }
  }

  /// - Parameter changes: Of the cycle, in place of its estimates.
  public init(_ changes: [CellTrend], of cycle: SurveyCycle) {
    dimensionNames = Array(cycle.dimensions.keys)
    for change in changes {
      let key = Key(cycle: cycle.name, indicator: cycle.indicators[change.indicator].id)
      groupings[key, default: []].insert(change.cell.members.indices.filter { change.cell.members[$0] != nil })
      if change.cell.isTotal && change.status == .notAsked { notAsked.insert(key) }
    }
  }

  /// - Parameter grouping: Positions of dimensions in rising order; no row of the indicator has the cell's members.
  public func words(indicator: String, cycle: String, grouping: [Int]) -> String {
    let key = Key(cycle: cycle, indicator: indicator)
    if notAsked.contains(key) { return EstimateStatus.notAsked.words }
    let found = groupings[key] ?? []
    if found.contains(grouping) { return EstimateStatus.noData.words }
    let lacking = grouping.filter { position in !found.contains { $0.contains(position) } }
    let names = (lacking.isEmpty ? grouping : lacking).map { dimensionNames[$0] }
    return "\(Self.notBrokenDown) \(names.joined(separator: Self.and))"
  }

  /// What to say of the breakdowns that an indicator lacks, each once; nothing where it was not asked.
  ///
  /// - Parameter groupings: The names of their dimensions.
  public func missing(_ groupings: [[String]], indicator: String, cycle: String) -> [String] {
    let key = Key(cycle: cycle, indicator: indicator)
    guard !notAsked.contains(key), let found = self.groupings[key] else { return [] }
    return groupings.compactMap { names -> String? in
      let grouping = names.compactMap { dimensionNames.firstIndex(of: $0) }.sorted()
      return found.contains(grouping) ? nil : words(indicator: indicator, cycle: cycle, grouping: grouping)
    }.reduce(into: []) { said, words in
      if !said.contains(words) { said.append(words) }
    }
  }
}
