import Estimate
import SurveyModel

/// All changes of a run: of one cycle against some earlier ones, and per year, indicator by indicator. Only the
/// adjustment for many comparisons, which is at the end, looks at more than one.
public struct ChangeComputation: Sendable {
  private let comparisons: [(calculator: TrendCalculator, roles: [TrendRole])]
  private let slopes: SlopeCalculator?

  /// - Parameters:
  ///   - comparisons: All of the same later cycle, each with the roles of the earlier one.
  ///   - slopes: Over cycles of which the main one is the same; nil: no slopes.
  public init(comparisons: [(calculator: TrendCalculator, roles: [TrendRole])], slopes: SlopeCalculator?) {
    self.comparisons = comparisons
    self.slopes = slopes
  }

  private struct OfIndicator: Sendable {
    /// By comparison.
    var trends: [[TrendCalculator.CellChanges]]
    var slopes: [CellSlope]
  }

  /// The same numbers as `TrendCalculator.trends` and `SlopeCalculator.slopes`, with the indicators shared out among
  /// tasks. What several of them need, links of PSUs and shares of everyone who answered, is made once.
  ///
  /// - Throws: `EstimateError`, what the provider of sums throws, and `CancellationError`.
  public func changes(
    threads: Int
  ) async throws -> (trends: [CellTrend], slopes: [CellSlope], links: [LinkedPSUs]) {
    var numbers = PSUNumbers()
    let pairs = try comparisons.map { try $0.calculator.pairs(numbers: &numbers) }
    let lines = slopes?.lines(numbers: &numbers) ?? []
    let populations = try slopes?.populationsInBoth() ?? [:]
    let indicators = try await SharedRounds.results(
      max(lines.count, pairs.map(\.count).max() ?? 0), threads: threads, scratch: ChangeScratch.init
    ) { [comparisons, slopes] index, scratch in
      scratch.begin()
      return OfIndicator(
        trends: zip(comparisons, pairs).map { $0.calculator.rows(of: $1[index], scratch: &scratch) },
        slopes: slopes?.rows(of: lines[index], populations: populations, scratch: &scratch) ?? [])
    }
    let trends = comparisons.enumerated().flatMap { place, comparison in
      comparison.calculator.adjusted(indicators.map { $0.trends[place] }, roles: comparison.roles)
    }
    return (trends, slopes?.adjusted(indicators.map(\.slopes)) ?? [], links(numbers: &numbers))
  }

  /// Of the later cycle with each of the others.
  private func links(numbers: inout PSUNumbers) -> [LinkedPSUs] {
    guard let main = comparisons.first?.calculator.now ?? slopes?.main else { return [] }
    var others: [CycleEstimates] = []
    for cycle in comparisons.map(\.calculator.then) + (slopes?.cycles.map(\.estimates) ?? [])
    where cycle.cycle.name != main.cycle.name && !others.contains(where: { $0.cycle.name == cycle.cycle.name }) {
      others.append(cycle)
    }
    return others.compactMap { LinkedPSUs(now: main, then: $0, main: main.cycle, numbers: &numbers) }
  }
}
