import SurveyModel

/// The units of a finished table, ready to be matched with those of another cycle.
public struct LedgerView: Sendable {
  let ledger: UnitLedger
  let layout: CellLayout
  let codes: TableCodes
  let plan: TallyPlan

  /// The sums of two cycles over the units that are in the denominators of both, indicator by indicator and cell by
  /// cell.
  ///
  /// - Parameters:
  ///   - pairs: Which indicators are the same: their places in the later and the earlier table.
  ///   - dimensions: Which dimensions are the same; nil: all, in the same order.
  ///   - population: Units in both populations by stratum of the later cycle; nil where none is listed.
  /// - Returns: nil where one of the tables has no units that could be found again.
  public static func matched(
    now: FinishedTally, then: FinishedTally, pairs: [(now: Int, then: Int)], dimensions: DimensionPairing? = nil,
    population: [String: Double]?
  ) -> (now: TableSums, then: TableSums)? {
    guard let later = now.ledger, let earlier = then.ledger, later.plan.linksUnits, earlier.plan.linksUnits else {
      return nil
    }
    return MatchedSums(
      later: later, earlier: earlier, nowSums: now.sums, thenSums: then.sums, dimensions: dimensions
    )
    .sums(pairs: pairs, population: population)
  }
}
