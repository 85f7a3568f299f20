import Estimate
import SurveyModel
import Trends

/// The sums of two cycles with one indicator, for the calculator of changes.
struct TwoSamples: SumsProvider {
  var then: TableSums
  var now: TableSums
  /// Units in both populations; nil where none are listed.
  var common: [String: Double]?

  private static let units = UnitKind(table: SurveyCycle.responsesTable, rollUp: .none)
  private static let place = CycleSums.IndicatorPlace(units: units, index: 0)

  func sums(of cycle: String, in basis: SumsBasis) -> CycleSums {
    // Only the basis of all respondents is studied: nothing is matched.
    guard basis == .all else { return CycleSums(places: [nil], tables: [:]) }
    return CycleSums(places: [Self.place], tables: [Self.units: cycle == Self.name(.now) ? now : then])
  }

  func populationInBoth(now: String, then: String) -> [String: Double]? { common }

  /// The change as a run computes it.
  ///
  /// - Throws: `EstimateError`.
  func change(level: Double) throws -> CellTrend? {
    func estimates(_ cycle: StudyCycle) throws -> CycleEstimates {
      try CycleEstimates(cycle: Self.cycle(cycle), sums: sums(of: Self.name(cycle), in: .all))
    }
    let calculator = try TrendCalculator(now: estimates(.now), then: estimates(.then), sums: self, level: level)
    return try calculator.trends(roles: [.previous]).first { $0.basis == .all }
  }

  private static func name(_ cycle: StudyCycle) -> String { "\(cycle)" }

  /// Sums are given, so the conditions are never looked at.
  private static func cycle(_ cycle: StudyCycle) -> SurveyCycle {
    let rule = IndicatorRule(numerator: .complete, denominator: .complete)
    return SurveyCycle(
      name: name(cycle), title: "", cycle: name(cycle),
      tables: [SurveyCycle.responsesTable: TableDefinition(name: SurveyCycle.responsesTable, paths: [])],
      reliability: .none,
      indicators: [Indicator(id: "yes", title: "", table: SurveyCycle.responsesTable, rule: .asked(rule))])
  }
}
