/// Finds the strata that can lie in a cell without a look at all of them.
struct StrataByMember: Sendable {
  private let count: Int
  /// By dimension that fixes some stratum: the strata of each member, and those that leave the dimension open.
  private var fixed: [Int: [String: [Int]]] = [:]
  private var open: [Int: [Int]] = [:]

  init(_ strata: [Stratum]) {
    count = strata.count
    let dimensions = strata.reduce(into: Set<Int>()) { found, stratum in
      for dimension in stratum.members.keys { found.insert(dimension) }
    }
    for dimension in dimensions {
      for (index, stratum) in strata.enumerated() {
        if let member = stratum.members[dimension] {
          fixed[dimension, default: [:]][member, default: []].append(index)
        } else {
          open[dimension, default: []].append(index)
        }
      }
    }
  }

  /// Whether the strata tell what lies in the cell.
  func tell(of cell: Cell) -> Bool { cell.grouping.allSatisfy { fixed[$0] != nil } }

  /// Every stratum that can lie in the cell is among these, which are ascending.
  func candidates(for cell: Cell) -> [Int] {
    var shortest: [Int]?
    for (dimension, byMember) in fixed {
      guard let member = cell.members[dimension] else { continue }
      let found = byMember[member] ?? []
      let all = open[dimension].map { (found + $0).sorted() } ?? found
      if all.count < shortest?.count ?? .max { shortest = all }
    }
    return shortest ?? Array(0..<count)
  }
}
