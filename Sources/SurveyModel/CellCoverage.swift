/// How many rows (or units) of positive weight lie in each cell, and how many of them are in no denominator because they
/// are not eligible or because an answer that decides cannot be read.
public struct CellCoverage: Sendable, Equatable {
  private let indicatorCount: Int
  /// By place of the cell.
  private let rows: [Int]
  /// By place of the cell, then by indicator; empty where there is none.
  private let ineligible: [Int]
  private let unreadable: [Int]

  /// - Parameters:
  ///   - rows: By place of the cell.
  ///   - ineligible: By place of the cell, then by indicator; empty: none anywhere.
  ///   - unreadable: The same.
  public init(indicatorCount: Int, rows: [Int], ineligible: [Int] = [], unreadable: [Int] = []) {
    self.indicatorCount = indicatorCount
    self.rows = rows
    self.ineligible = ineligible
    self.unreadable = unreadable
  }

  /// Where nothing is known of rows outside denominators.
  public static let none = CellCoverage(indicatorCount: 0, rows: [])

  /// Rows of positive weight.
  public func rows(cell: Int) -> Int { rows.indices.contains(cell) ? rows[cell] : 0 }

  public func ineligible(cell: Int, indicator: Int) -> Int { count(ineligible, cell, indicator) }

  public func unreadable(cell: Int, indicator: Int) -> Int { count(unreadable, cell, indicator) }

  /// Eligible rows that are not decided: neither in the denominator nor unreadable.
  ///
  /// - Parameter inDenominator: Rows of positive weight in the denominator.
  public func missing(cell: Int, indicator: Int, inDenominator: Int) -> Int {
    max(
      0,
      rows(cell: cell) - ineligible(cell: cell, indicator: indicator) - unreadable(cell: cell, indicator: indicator)
        - inDenominator)
  }

  private func count(_ counts: [Int], _ cell: Int, _ indicator: Int) -> Int {
    let place = cell * indicatorCount + indicator
    return counts.indices.contains(place) ? counts[place] : 0
  }
}
