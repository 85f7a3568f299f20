import SurveyModel

extension Results {
  /// The results of a run that has just ended.
  ///
  /// - Parameters:
  ///   - definitions: Of NAME first, then of the other cycles that ran.
  ///   - estimates: By cycle, in the same order.
  public init(
    definitions: [SurveyCycle], filter: ResultsFilter, record: RunRecord, estimates: [[CellEstimate]],
    trends: [CellTrend], slopes: [CellSlope]
  ) {
    let hidesCells = definitions.contains { $0.minimumCell > 1 }
    self.init(
      definitions: definitions, filter: filter, record: record,
      estimates: Self.rows(estimates, of: definitions, filter: filter, hidesCells),
      trends: definitions.first.map { Self.rows(trends, of: $0, filter: filter, hidesCells: hidesCells) } ?? [],
      slopes: definitions.first.map { main in
        slopes.filter { filter.includes(main.indicators[$0.indicator]) }.map { slope in
          var row = SlopeRow(slope, of: main)
          if hidesCells { row.limitDigits(kind: main.indicators[slope.indicator].kind) }
          return row
        }
      } ?? [])
  }

  /// A cell of another cycle that is fixed by a dimension which NAME lacks is left out: without its column it would
  /// pass for one that holds more.
  private static func rows(
    _ estimates: [[CellEstimate]], of definitions: [SurveyCycle], filter: ResultsFilter, _ hidesCells: Bool
  ) -> [EstimateRow] {
    guard let main = definitions.first else { return [] }
    return zip(definitions, estimates).flatMap { cycle, estimates in
      let pairing = DimensionPairing(now: Array(main.dimensions.keys), then: Array(cycle.dimensions.keys))
      return estimates.compactMap { row -> EstimateRow? in
        guard filter.includes(cycle.indicators[row.indicator]), let cell = pairing.now(of: row.cell) else { return nil }
        var result = EstimateRow(row, of: cycle, members: cell.members)
        if hidesCells { result.limitDigits(kind: cycle.indicators[row.indicator].kind) }
        return result
      }
    }
  }

  /// The changes between two cycles, as rows.
  ///
  /// - Parameter hidesCells: Whether a cycle that ran suppresses small cells (`min-cell`).
  public static func rows(
    _ trends: [CellTrend], of main: SurveyCycle, filter: ResultsFilter, hidesCells: Bool
  ) -> [TrendRow] {
    trends.filter { filter.includes(main.indicators[$0.indicator]) }.map { trend in
      var row = TrendRow(trend, of: main)
      if hidesCells { row.limitDigits(kind: main.indicators[trend.indicator].kind) }
      return row
    }
  }
}
