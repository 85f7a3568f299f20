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
    let digits = ResultDigits(definitions)
    self.init(
      definitions: definitions, filter: filter, record: record,
      estimates: Self.rows(estimates, of: definitions, filter: filter, digits),
      trends: definitions.first.map { Self.rows(trends, of: $0, filter: filter, digits: digits) } ?? [],
      slopes: definitions.first.map { main in
        slopes.filter { filter.includes(main.indicators[$0.indicator]) }.map {
          digits.limited(SlopeRow($0, of: main), of: main.indicators[$0.indicator])
        }
      } ?? [])
  }

  /// A cell of another cycle that is fixed by a dimension which NAME lacks is left out: without its column it would
  /// pass for one that holds more.
  private static func rows(
    _ estimates: [[CellEstimate]], of definitions: [SurveyCycle], filter: ResultsFilter, _ digits: ResultDigits
  ) -> [EstimateRow] {
    guard let main = definitions.first else { return [] }
    return zip(definitions, estimates).flatMap { cycle, estimates in
      let pairing = DimensionPairing(now: Array(main.dimensions.keys), then: Array(cycle.dimensions.keys))
      return estimates.compactMap { row -> EstimateRow? in
        guard filter.includes(cycle.indicators[row.indicator]), let cell = pairing.now(of: row.cell) else { return nil }
        return digits.limited(
          EstimateRow(row, of: cycle, members: cell.members), of: cycle.indicators[row.indicator])
      }
    }
  }

  /// The changes between two cycles, as rows.
  public static func rows(
    _ trends: [CellTrend], of main: SurveyCycle, filter: ResultsFilter, digits: ResultDigits
  ) -> [TrendRow] {
    trends.filter { filter.includes(main.indicators[$0.indicator]) }.map {
      digits.limited(TrendRow($0, of: main), of: main.indicators[$0.indicator])
    }
  }
}
