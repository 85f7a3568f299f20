/// Which dimensions of two cycles are the same: those of the same name, wherever each definition declares them.
public struct DimensionPairing: Sendable {
  /// For each dimension of the one cycle its position in the other.
  private let thenOfNow: [Int?]
  private let nowOfThen: [Int?]

  public init(now: [String], then: [String]) {
    thenOfNow = now.map { then.firstIndex(of: $0) }
    nowOfThen = then.map { now.firstIndex(of: $0) }
  }

  /// The earlier cycle's cell with the same members; nil where it lacks one of the dimensions.
  public func then(of cell: Cell) -> Cell? { Self.translated(cell, by: thenOfNow, count: nowOfThen.count) }

  /// The later cycle's cell with the same members; nil where it lacks one of the dimensions.
  public func now(of cell: Cell) -> Cell? { Self.translated(cell, by: nowOfThen, count: thenOfNow.count) }

  private static func translated(_ cell: Cell, by positions: [Int?], count: Int) -> Cell? {
    var members: [String?] = Array(repeating: nil, count: count)
    for (member, position) in zip(cell.members, positions) {
      guard let member else { continue }
      guard let position else { return nil }
      members[position] = member
    }
    return Cell(members: members)
  }
}
