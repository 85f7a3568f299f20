import SurveyModel

/// Adds the sums of PSUs, or strata, up to those of the cells in which they lie.
struct CellSums {
  /// What some rows add to a cell and indicator.
  struct Sums {
    var rows: Int
    var rowsYes: Int
    var weight: Double
    var weightYes: Double
    var weightSquared = 0.0
    var weightSquaredYes = 0.0
  }

  private struct Entry {
    var group: Int
    var sums: Sums
  }

  private let groupings: [[Int]]
  private let dimensions: Int
  private let indicators: Int
  /// By cell; the total is cell 0.
  private(set) var places: [Cell: Int]
  /// By cell, by indicator: groups ascending.
  private var entries: [[[Entry]]] = []
  private var replicates: [[ReplicateTotal?]] = []
  /// By cell, and by cell and indicator: rows of positive weight, and those in no denominator.
  private var rows: [Int] = []
  private var ineligible: [Int] = []
  private var unreadable: [Int] = []
  private var directions: [[DirectionSet]] = []

  init(groupings: [[Int]], dimensions: Int, indicators: Int) {
    self.groupings = groupings
    self.dimensions = dimensions
    self.indicators = indicators
    places = [:]
    _ = place(of: Cell.total(dimensions: dimensions))
  }

  mutating func place(of cell: Cell) -> Int {
    if let place = places[cell] { return place }
    let place = places.count
    places[cell] = place
    entries.append(Array(repeating: [], count: indicators))
    replicates.append(Array(repeating: nil, count: indicators))
    rows.append(0)
    ineligible += Array(repeating: 0, count: indicators)
    unreadable += Array(repeating: 0, count: indicators)
    directions.append(Array(repeating: DirectionSet(), count: indicators))
    return place
  }

  /// The cells of rows with these members, by dimension.
  mutating func cells(of members: [Int: String]) -> [Int] {
    var cells = [0]
    for grouping in groupings {
      var cell = Cell.total(dimensions: dimensions)
      for dimension in grouping { cell.members[dimension] = members[dimension] }
      cells.append(place(of: cell))
    }
    return cells
  }

  /// - Parameter group: A PSU or a stratum, not below the last one of the cell.
  mutating func add(_ sums: Sums, group: Int, cell: Int, indicator: Int) {
    guard sums.rows > 0 else { return }
    let last = entries[cell][indicator].count - 1
    guard last >= 0, entries[cell][indicator][last].group == group else {
      entries[cell][indicator].append(Entry(group: group, sums: sums))
      return
    }
    entries[cell][indicator][last].sums.add(sums)
  }

  mutating func add(_ total: ReplicateTotal, cell: Int, indicator: Int) {
    guard total.rows > 0 else { return }
    guard var sum = replicates[cell][indicator] else {
      replicates[cell][indicator] = total
      return
    }
    sum.rows += total.rows
    sum.rowsYes += total.rowsYes
    sum.weight += total.weight
    sum.weightYes += total.weightYes
    for replicate in sum.replicateWeights.indices {
      sum.replicateWeights[replicate] += total.replicateWeights[replicate]
      sum.replicateWeightsYes[replicate] += total.replicateWeightsYes[replicate]
    }
    replicates[cell][indicator] = sum
  }

  mutating func add(rows count: Int, cell: Int) { rows[cell] += count }

  mutating func addLeftOut(unreadable: Int, ineligible: Int, cell: Int, indicator: Int) {
    self.unreadable[cell * indicators + indicator] += unreadable
    self.ineligible[cell * indicators + indicator] += ineligible
  }

  var coverage: CellCoverage {
    CellCoverage(indicatorCount: indicators, rows: rows, ineligible: ineligible, unreadable: unreadable)
  }

  /// Rows whose replicate weights have these directions.
  mutating func add(_ set: DirectionSet, cell: Int, indicator: Int) {
    directions[cell][indicator].formUnion(set)
  }

  func totals(byPSU: Bool) -> [[CellTotals]] {
    entries.map { cell in
      cell.map { entries in
        byPSU
          ? .byPSU(
            entries.map {
              PSUTotal(
                psu: $0.group, rows: $0.sums.rows, rowsYes: $0.sums.rowsYes, weight: $0.sums.weight,
                weightYes: $0.sums.weightYes)
            })
          : .byStratum(
            entries.map {
              StratumTotal(
                stratum: $0.group, rows: $0.sums.rows, rowsYes: $0.sums.rowsYes, weight: $0.sums.weight,
                weightYes: $0.sums.weightYes, weightSquared: $0.sums.weightSquared,
                weightSquaredYes: $0.sums.weightSquaredYes)
            })
      }
    }
  }

  /// - Parameter known: What the directions are.
  func replicateTotals(_ known: ReplicateDirections) -> [[CellTotals]] {
    var ranks: [DirectionSet: Int] = [:]
    return zip(replicates, directions).map { totals, sets in
      zip(totals, sets).map { total, set in
        guard var total else { return .byReplicate(nil) }
        let rank = ranks[set] ?? set.rank(in: known)
        ranks[set] = rank
        // Where directions are left out, no more than there are rows.
        total.rank = min(rank, total.rows)
        return .byReplicate(total)
      }
    }
  }
}

extension CellSums.Sums {
  fileprivate mutating func add(_ other: Self) {
    rows += other.rows
    rowsYes += other.rowsYes
    weight += other.weight
    weightYes += other.weightYes
    weightSquared += other.weightSquared
    weightSquaredYes += other.weightSquaredYes
  }
}
