import Normalize
import SurveyModel

/// Numbers the cells in which rows lie: the total, and one member (or crossing of members) of each grouping.
///
/// Rows are added up by part: the rows of a part have the same member in every dimension that a grouping uses, so they
/// lie in the same cells, and one addition a row serves all groupings.
struct CellLayout: Sendable {
  /// For each grouping the positions of its dimensions.
  let groupings: [[Int]]
  private let dimensionCount: Int
  /// The dimensions that some grouping uses, ascending.
  private let usedDimensions: [Int]
  /// Member numbers by dimension of each cell, -1 where the cell does not fix the dimension. Cell 0 is the total.
  private(set) var memberNumbers: [[Int32]]
  /// By part, its cells, the total first.
  private(set) var cellsOfPart: [[Int32]] = []
  private var cellByMembers: [[Int32]: Int32]
  /// By used dimension, pairs of what the dimensions before it make and a member.
  private var steps: [PairDictionary]
  private var partOfStep: [Int32] = []
  private var partOfCell: [Int32: Int32] = [:]

  init(groupings: [[Int]], dimensionCount: Int) {
    self.groupings = groupings
    self.dimensionCount = dimensionCount
    usedDimensions = Set(groupings.joined()).sorted()
    let total = Array(repeating: Int32(-1), count: dimensionCount)
    memberNumbers = [total]
    cellByMembers = [total: 0]
    steps = usedDimensions.map { _ in PairDictionary() }
    if usedDimensions.isEmpty {
      cellsOfPart = [[0]]
      partOfStep = [0]
    }
  }

  /// The parts of some rows.
  ///
  /// - Parameter members: By dimension, the member numbers of the rows.
  mutating func parts(of members: [[Int32]], rows: Int) -> [Int32] {
    var result = Array(repeating: Int32(0), count: rows)
    guard !usedDimensions.isEmpty else { return result }
    for (index, dimension) in usedDimensions.enumerated() {
      var column = members[dimension]
      steps[index].number(result, &column, rows: rows)
      result = column
    }
    let known = partOfStep.count
    guard let last = steps.last, last.pairs.count > known else { return translated(result) }
    for number in known..<last.pairs.count { addPart(members: membersOfStep(Int32(number))) }
    return translated(result)
  }

  /// The part whose rows lie in this cell alone.
  mutating func part(ofCell cell: Int32) -> Int32 {
    if let known = partOfCell[cell] { return known }
    let part = Int32(cellsOfPart.count)
    cellsOfPart.append([cell])
    partOfCell[cell] = part
    return part
  }

  /// Parts of single cells stand between the others, so that a part is not its step.
  private func translated(_ steps: [Int32]) -> [Int32] {
    partOfCell.isEmpty ? steps : steps.map { partOfStep[Int($0)] }
  }

  private func membersOfStep(_ number: Int32) -> [Int32] {
    var members = Array(repeating: Int32(-1), count: dimensionCount)
    var number = number
    for (step, dimension) in zip(steps, usedDimensions).reversed() {
      let pair = step.pairs[Int(number)]
      members[dimension] = pair.second
      number = pair.first
    }
    return members
  }

  private mutating func addPart(members: [Int32]) {
    var cells: [Int32] = [0]
    for dimensions in groupings {
      var numbers: [Int32] = Array(repeating: -1, count: dimensionCount)
      for dimension in dimensions { numbers[dimension] = members[dimension] }
      cells.append(cell(numbers))
    }
    partOfStep.append(Int32(cellsOfPart.count))
    cellsOfPart.append(cells)
  }

  /// The number of a cell, which is numbered now if it is new.
  mutating func cell(_ numbers: [Int32]) -> Int32 {
    if let known = cellByMembers[numbers] { return known }
    let cell = Int32(memberNumbers.count)
    memberNumbers.append(numbers)
    cellByMembers[numbers] = cell
    return cell
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
