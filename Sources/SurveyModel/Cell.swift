/// One member of one grouping: which rows an estimate speaks of.
public struct Cell: Sendable, Hashable {
  /// One entry for each declared dimension, in order; nil stands for all members together.
  public var members: [String?]

  public init(members: [String?]) {
    self.members = members
  }

  public static func total(dimensions: Int) -> Cell {
    Cell(members: Array(repeating: nil, count: dimensions))
  }

  /// The positions of the dimensions that this cell fixes: the grouping it belongs to.
  public var grouping: [Int] {
    members.indices.filter { members[$0] != nil }
  }

  public var isTotal: Bool { members.allSatisfy { $0 == nil } }

  /// What the output files print in the columns of the dimensions.
  public var printedMembers: [String] {
    members.map { $0 ?? Dimension.totalMember }
  }
}
