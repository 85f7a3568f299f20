import SurveyModel

/// What the strata of a table say of one cell, found once for all indicators: each cell asks all its strata.
struct CellPopulation: Sendable {
  /// Units of the declared population in the cell; nil where none is declared or the strata do not tell.
  var units: Double?
  /// In a census the strata whose rows can lie in the cell, ascending; empty elsewhere, where they are not needed.
  var strata: [Int] = []

  /// Of a cell without a table.
  init() {}

  init(of cell: Cell, in sums: TableSums) {
    units = sums.population(of: cell)
    if sums.design == .census { strata = sums.strataInside(cell) }
  }
}
