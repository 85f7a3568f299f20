import SurveyModel

/// Numbers the cells in which rows lie: the total, and one member (or crossing of members) of each grouping.
///
/// A cell is found by walking a trie of member numbers, so that a grouping may cross any number of dimensions.
struct CellLayout: Sendable {
  /// For each grouping the positions of its dimensions.
  let groupings: [[Int]]
  private let dimensionCount: Int
  /// Member numbers by dimension of each cell, -1 where the cell does not fix the dimension. Cell 0 is the total.
  private(set) var memberNumbers: [[Int32]]
  private var steps: [Step: Int32] = [:]
  private var cellAtNode: [Int32: Int32] = [:]
  private var nodeCount: Int32

  private struct Step: Hashable {
    var node: Int32
    var member: Int32
  }

  init(groupings: [[Int]], dimensionCount: Int) {
    self.groupings = groupings
    self.dimensionCount = dimensionCount
    memberNumbers = [Array(repeating: -1, count: dimensionCount)]
    nodeCount = Int32(groupings.count)
  }

  /// The cells of a row: the total first, then one for each grouping.
  mutating func cells(of members: (Int) -> Int32, into cells: inout [Int32]) {
    cells.removeAll(keepingCapacity: true)
    cells.append(0)
    for (root, dimensions) in groupings.enumerated() {
      var node = Int32(root)
      for dimension in dimensions {
        let step = Step(node: node, member: members(dimension))
        if let next = steps[step] {
          node = next
        } else {
          steps[step] = nodeCount
          node = nodeCount
          nodeCount += 1
        }
      }
      if let cell = cellAtNode[node] {
        cells.append(cell)
      } else {
        var numbers: [Int32] = Array(repeating: -1, count: dimensionCount)
        for dimension in dimensions { numbers[dimension] = members(dimension) }
        let cell = Int32(memberNumbers.count)
        memberNumbers.append(numbers)
        cellAtNode[node] = cell
        cells.append(cell)
      }
    }
  }

  /// Every cell by name.
  ///
  /// - Parameter name: The member code of a dimension's member number.
  func named(_ name: (_ dimension: Int, _ number: Int32) -> String) -> [Cell: Int] {
    var result: [Cell: Int] = [:]
    for (cell, numbers) in memberNumbers.enumerated() {
      let members = numbers.enumerated().map { dimension, number in number < 0 ? nil : name(dimension, number) }
      result[Cell(members: members)] = cell
    }
    return result
  }
}
