import Estimate
import SurveyModel

/// Room to compute the changes of one indicator after the other in; each task has its own.
struct ChangeScratch: Sendable {
  var share = ShareScratch()
  var cell = LinkedCell()
  /// By the name of the cycle, by place of the cell: the shares of the indicator that is looked at. The z of
  /// each are computed once, however many comparisons and slopes it is part of.
  private var shares: [String: [CellShare??]] = [:]

  /// Forgets the indicator before.
  mutating func begin() { shares = [:] }

  /// The share of everyone who answered.
  ///
  /// - Parameter indicator: Its place in the definition of that cycle.
  mutating func share(of estimates: CycleEstimates, indicator: Int, cell: Cell) -> CellShare? {
    guard let estimator = estimates.estimators[indicator] else { return nil }
    guard let place = estimates.place(of: cell, indicator: indicator) else {
      return estimator.share(in: cell, scratch: &share)
    }
    let name = estimates.cycle.name
    if let known = shares[name]?[place] { return known }
    let result = estimates.share(indicator: indicator, place: place)
    let none: [CellShare??] = Array(repeating: nil, count: estimates.cells[indicator].count)
    shares[name, default: none][place] = .some(result)
    return result
  }
}
