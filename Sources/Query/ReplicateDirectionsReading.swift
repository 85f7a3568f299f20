import SurveyModel

/// Reads the answer to a `ReplicateDirectionsStatement`.
struct ReplicateDirectionsReading {
  private(set) var directions: ReplicateDirections
  /// Of all rows, whatever their denominators.
  private(set) var all = DirectionSet()
  private let width: Int
  private let leading: Int

  /// - Parameter leading: How many columns stand before the bits.
  init(width: Int, leading: Int) {
    self.width = width
    self.leading = leading
    directions = ReplicateDirections(width: width)
  }

  /// One row of the answer, with the directions that it adds to each indicator.
  struct Group {
    var row: AnswerRow
    var sets: [DirectionSet]
  }

  mutating func groups(_ answer: [AnswerRow], indicators: Int) throws(QueryError) -> [Group] {
    let start = leading + indicators
    // Numbered in one order, whatever that of the answer was.
    var rows: [(key: [String], row: AnswerRow, ratios: [Double], number: Int)] = []
    for row in answer {
      var ratios: [Double] = []
      let size = try row.number(start + width).squareRoot()
      for replicate in 0..<width { ratios.append(try row.number(start + replicate) * size) }
      rows.append(
        (
          (0..<leading).map { row.text($0) ?? "" }, row, ratios, try row.count(start + width + 1)
        ))
    }
    rows.sort {
      $0.key != $1.key ? $0.key.lexicographicallyPrecedes($1.key) : $0.number < $1.number
    }
    var groups: [Group] = []
    for row in rows {
      // The last one says that there are more, which have a direction of their own each.
      let isMore = row.number > ReplicateDirectionsStatement.most(replicates: width)
      let number = directions.numbers(of: row.ratios, rows: 1)[0]
      var sets = Array(repeating: DirectionSet(), count: indicators)
      for indicator in 0..<indicators {
        if try row.row.count(leading + indicator) > 0 { sets[indicator].insert(number) }
        if isMore { for _ in 0..<width { sets[indicator].insert(ReplicateDirections.beyond) } }
      }
      all.insert(number)
      groups.append(Group(row: row.row, sets: sets))
    }
    return groups
  }
}
