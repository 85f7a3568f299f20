import SurveyModel

extension Results {
  /// The cells that have an estimate: the total first, then the breakdowns in the order of the rows, members in the
  /// order of their labels. One entry for each dimension; nil: all members together.
  public var cells: [[String?]] {
    let order = ([[]] + groupings).enumerated().reduce(into: [[String]: Int]()) { $0[$1.element] = $1.offset }
    let ranks = dimensions.map { dimension in
      Dictionary(dimension.members.enumerated().map { ($0.element.code, $0.offset) }) { first, _ in first }
    }
    var seen: Set<[String?]> = []
    let found = estimates.filter { seen.insert($0.members).inserted }
    let keyed = found.map { row in
      let grouping = row.grouping
      let place = order[grouping.map { dimensionNames[$0] }] ?? order.count
      return (key: [place] + grouping.map { ranks[$0][row.members[$0] ?? ""] ?? .max }, members: row.members)
    }
    return keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.members)
  }

  /// The words for a cell: the labels of its members, or `Total`. A code that is its own label says its dimension.
  public func label(of members: [String?]) -> String {
    let words = zip(dimensions, members).compactMap { dimension, member -> String? in
      guard let member else { return nil }
      let label = dimension.label(of: member)
      return label == member || member == Dimension.unknownMember ? "\(dimension.name) \(label)" : label
    }
    return words.isEmpty ? Self.totalLabel : words.joined(separator: ", ")
  }

  /// The words for all members together.
  public static let totalLabel = "Total"

  /// What people call a cycle in little room: its year, where no other has the same and all have one, else the NAME.
  public func shortTitle(of cycle: ResultsCycle) -> String {
    let years = cycles.compactMap(\.year)
    guard years.count == cycles.count, Set(years).count == years.count, let year = cycle.year else { return cycle.name }
    return year.shortestText
  }

  /// The confidence level of all intervals, between 0 and 1; nil where it differs between them, or there is none.
  public var level: Double? {
    let levels = Set(estimates.compactMap(\.level))
    return levels.count == 1 ? levels.first : nil
  }
}
