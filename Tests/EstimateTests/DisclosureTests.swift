import Estimate
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("What is suppressed cannot be worked out")
struct DisclosureTests {
  /// Published cells of one indicator: the total, and all cells of the groupings given, with the counts of a table of
  /// rows.
  private static func published(
    _ counts: [[String]: Int], groupings: [[Int]], dimensions: Int
  ) -> [(cell: Cell, n: Int)] {
    var result: [(cell: Cell, n: Int)] = []
    for grouping in [[]] + groupings {
      var sums: [Cell: Int] = [:]
      for (members, n) in counts {
        var cell = Cell.total(dimensions: dimensions)
        for dimension in grouping { cell.members[dimension] = members[dimension] }
        sums[cell, default: 0] += n
      }
      result += sums.sorted { $0.key.printedMembers.joined() < $1.key.printedMembers.joined() }.map {
        ($0.key, $0.value)
      }
    }
    return result
  }

  /// Whether a reader can know a hidden count: whether its unit vector is a combination of the sums that are published,
  /// by elimination in floating point over every sum of cells that equals another cell.
  private static func isDetermined(_ hidden: Cell, _ published: [(cell: Cell, n: Int)], _ suppressed: Set<Cell>) -> Bool
  {
    let groupings = Set(published.map(\.cell.grouping))
    // Every sum to fewer dimensions is an unknown of its own, unless it is published.
    var totals = Set(published.map(\.cell))
    for (cell, _) in published {
      for kept in 0..<(1 << cell.members.count) {
        totals.insert(Cell(members: cell.members.enumerated().map { kept >> $0 & 1 == 1 ? $1 : nil }))
      }
    }
    let known = Set(published.map(\.cell)).subtracting(suppressed)
    let unknowns = totals.filter { !known.contains($0) }.sorted {
      $0.printedMembers.joined(separator: "|") < $1.printedMembers.joined(separator: "|")
    }
    var rows: [[Double]] = []
    for total in totals {
      for fine in groupings where fine.count > total.grouping.count && Set(total.grouping).isSubset(of: fine) {
        var row = unknowns.map { $0 == total ? -1.0 : 0 }
        for (index, unknown) in unknowns.enumerated() where unknown.grouping == fine {
          let isPart = total.grouping.allSatisfy { unknown.members[$0] == total.members[$0] }
          if isPart { row[index] += 1 }
        }
        if row.contains(where: { $0 != 0 }) { rows.append(row) }
      }
    }
    guard let target = unknowns.firstIndex(of: hidden) else { return true }
    // With the other unknowns eliminated, a row that is left with the target alone determines it.
    var order = unknowns.indices.filter { $0 != target }
    order.append(target)
    var next = 0
    for column in order {
      guard let pivot = (next..<rows.count).first(where: { abs(rows[$0][column]) > 1e-9 }) else {
        if column == target { return false }
        continue
      }
      if column == target { return true }
      rows.swapAt(next, pivot)
      for other in rows.indices where other != next && abs(rows[other][column]) > 1e-9 {
        let factor = rows[other][column] / rows[next][column]
        for index in unknowns.indices { rows[other][index] -= factor * rows[next][index] }
      }
      next += 1
    }
    return false
  }

  private static func cell(_ members: String?...) -> Cell { Cell(members: members) }

  @Test func nothingSmallNothingSuppressed() {
    let cells = Self.published([["a"]: 9, ["b"]: 5], groupings: [[0]], dimensions: 1)
    #expect(DisclosureControl(minimumCell: 5).suppressed(cells).isEmpty)
    #expect(DisclosureControl(minimumCell: 0).suppressed(cells).isEmpty)
  }

  /// 20 - 9 - 8 would be the 3 of the third region.
  @Test func theSmallestOtherCellOfTheRowGoesWithASmallOne() {
    let cells = Self.published([["a"]: 9, ["b"]: 8, ["c"]: 3], groupings: [[0]], dimensions: 1)
    #expect(
      DisclosureControl(minimumCell: 5).suppressed(cells) == [Self.cell("c"), Self.cell("b")])
  }

  @Test func equalCountsGoByMemberOrderAndEmptyCellsDoNotHelp() {
    let cells = Self.published([["a"]: 8, ["b"]: 8, ["c"]: 3, ["d"]: 0], groupings: [[0]], dimensions: 1)
    #expect(
      DisclosureControl(minimumCell: 5).suppressed(cells) == [Self.cell("c"), Self.cell("a")])
  }

  @Test func twoSmallCellsHideEachOther() {
    let cells = Self.published([["a"]: 9, ["b"]: 2, ["c"]: 4], groupings: [[0]], dimensions: 1)
    #expect(
      DisclosureControl(minimumCell: 5).suppressed(cells) == [Self.cell("c"), Self.cell("b")])
  }

  /// 22 - 20 = 2 would be one each.
  @Test func twoCellsThatHaveTooFewTogetherHideAThird() {
    let cells = Self.published([["a"]: 1, ["b"]: 1, ["c"]: 20, ["d"]: 30], groupings: [[0]], dimensions: 1)
    #expect(
      DisclosureControl(minimumCell: 5).suppressed(cells) == [Self.cell("a"), Self.cell("b"), Self.cell("c")])
  }

  /// By trying all numbers: what the total and the printed cells leave for a suppressed one are at least five values.
  @Test func everySuppressedCellOfARowHasFiveValues() {
    for seed in UInt64(1)...200 {
      var generator = SeededGenerator(seed: seed)
      let counts = (0..<Int.random(in: 2...6, using: &generator)).map { _ in Int.random(in: 0...12, using: &generator) }
      let rows = Dictionary(uniqueKeysWithValues: counts.enumerated().map { (["a\($0)"], $1) })
      let cells = Self.published(rows, groupings: [[0]], dimensions: 1)
      let hidden = DisclosureControl(minimumCell: 5).suppressed(cells)
      guard !hidden.contains(Self.cell(nil)) else {
        #expect(counts.reduce(0, +) < 5 + counts.count { $0 > 0 } - 1, "seed \(seed): the total is hidden in need only")
        continue
      }
      let shares = counts.indices.filter { hidden.contains(Self.cell("a\($0)")) }
      let rest = shares.reduce(0) { $0 + counts[$1] }
      for share in shares {
        let others = shares.count - 1
        let values = (1...rest).filter { value in
          // The others have at least 1 each, and nothing if there are none.
          others == 0 ? value == rest : rest - value >= others
        }
        #expect(values.count >= 5 && values.contains(counts[share]), "seed \(seed): \(counts)")
      }
    }
  }

  /// Row and column totals are published: the small cell needs a rectangle of hidden ones.
  @Test func aCrossingHidesARectangle() {
    var counts: [[String]: Int] = [:]
    for (i, region) in ["a", "b", "c"].enumerated() {
      for (j, sector) in ["x", "y", "z"].enumerated() { counts[[region, sector]] = 10 + 3 * i + j }
    }
    counts[["b", "y"]] = 2
    let cells = Self.published(counts, groupings: [[0], [1], [0, 1]], dimensions: 2)
    let hidden = DisclosureControl(minimumCell: 5).suppressed(cells)
    #expect(
      hidden == [Self.cell("b", "y"), Self.cell("a", "y"), Self.cell("b", "x"), Self.cell("a", "x")])
    #expect(!Self.isDetermined(Self.cell("b", "y"), cells, hidden))
  }

  /// Without the totals of rows and columns a single hidden cell is given away by the grand total alone.
  @Test func aCrossingWithoutItsMarginsHidesOneOther() {
    let counts = [["a", "x"]: 9, ["a", "y"]: 2, ["b", "x"]: 7, ["b", "y"]: 12]
    let cells = Self.published(counts, groupings: [[0, 1]], dimensions: 2)
    #expect(
      DisclosureControl(minimumCell: 5).suppressed(cells) == [Self.cell("a", "y"), Self.cell("b", "x")])
  }

  /// Every row and column of the two rectangles hides two cells, and yet the cell that joins them is the difference of
  /// four rows and columns.
  @Test func aChainOfSubtractionsGivesNothingAway() {
    var counts: [[String]: Int] = [:]
    let regions = ["a", "b", "c", "d"]
    let sectors = ["w", "x", "y", "z"]
    for region in regions { for sector in sectors { counts[[region, sector]] = 50 } }
    for (region, sector) in [("a", "w"), ("a", "x"), ("b", "w"), ("b", "x")] { counts[[region, sector]] = 3 }
    for (region, sector) in [("c", "y"), ("c", "z"), ("d", "y"), ("d", "z")] { counts[[region, sector]] = 3 }
    counts[["b", "y"]] = 2
    let cells = Self.published(counts, groupings: [[0], [1], [0, 1]], dimensions: 2)
    let bridge = Self.cell("b", "y")
    let small = Set(cells.filter { $0.n > 0 && $0.n < 5 }.map(\.cell))
    #expect(Self.isDetermined(bridge, cells, small), "the example is one where rows and columns alone do not help")
    let hidden = DisclosureControl(minimumCell: 5).suppressed(cells)
    #expect(hidden.isSuperset(of: small))
    #expect(!Self.isDetermined(bridge, cells, hidden))
  }

  @Test func aTotalThatIsSmallItselfIsHiddenWithItsParts() {
    let cells = Self.published([["a"]: 1, ["b"]: 2], groupings: [[0]], dimensions: 1)
    #expect(DisclosureControl(minimumCell: 5).suppressed(cells).count == 3)
  }

  /// region x sector and region x size both add up to regions, whether or not these are published: 30 + 2 people of
  /// region b in the sectors, 30 of them large.
  @Test func crossingsThatShareADimensionGiveEachOtherAway() {
    var cells = [(cell: Self.cell(nil, nil, nil), n: 132)]
    cells += [("a", "x", 60), ("a", "y", 40), ("b", "x", 20), ("b", "y", 12)].map { (Self.cell($0.0, $0.1, nil), $0.2) }
    cells += [("a", "l", 90), ("a", "s", 10), ("b", "l", 30), ("b", "s", 2)].map { (Self.cell($0.0, nil, $0.1), $0.2) }
    let hidden = DisclosureControl(minimumCell: 5).suppressed(cells)
    #expect(hidden.contains(Self.cell("b", nil, "s")))
    // Either another number of region b is hidden, or one of its sectors.
    #expect(
      hidden.contains { $0.members[0] == "b" && $0 != Self.cell("b", nil, "s") }, "\(hidden.map(\.printedMembers))")
  }

  @Test func noSmallCountOfRandomTablesIsDetermined() {
    for seed in UInt64(1)...150 {
      var generator = SeededGenerator(seed: seed)
      let sizes = [
        Int.random(in: 2...5, using: &generator), Int.random(in: 2...4, using: &generator),
        Int.random(in: 1...3, using: &generator),
      ]
      let groupings =
        [
          [[0], [1], [0, 1]], [[0], [1], [2], [0, 1], [1, 2]], [[0, 1], [0]], [[0, 1, 2], [0], [1, 2]],
          [[0, 1], [1, 2]], [[0, 1], [0, 2], [1, 2]],
        ]
        .randomElement(using: &generator) ?? []
      var counts: [[String]: Int] = [:]
      for i in 0..<sizes[0] {
        for j in 0..<sizes[1] {
          for k in 0..<sizes[2] {
            let isSparse = Int.random(in: 0..<3, using: &generator) == 0
            counts[["a\(i)", "b\(j)", "c\(k)"]] = Int.random(in: 0...(isSparse ? 6 : 40), using: &generator)
          }
        }
      }
      let cells = Self.published(counts, groupings: groupings, dimensions: 3)
      let hidden = DisclosureControl(minimumCell: 5).suppressed(cells)
      for (cell, n) in cells where n > 0 && n < 5 {
        #expect(hidden.contains(cell), "seed \(seed)")
        #expect(!Self.isDetermined(cell, cells, hidden), "seed \(seed): \(cell.printedMembers) in \(groupings)")
      }
      #expect(hidden.isDisjoint(with: cells.filter { $0.n == 0 }.map(\.cell)), "seed \(seed)")
    }
  }
}
