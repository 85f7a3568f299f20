import Foundation
import SurveyModel

/// How many digits the numbers of a run have: all, or few where a cycle suppresses small cells (`min-cell`), since all
/// digits of a weighted share, or of its standard error, are as good as the counts that it was made of.
///
/// Percentages have one decimal then, what measures precision two significant digits, and counts three where rows have
/// weights; without weights a count is `n_yes`.
public struct ResultDigits: Sendable {
  /// Whether the responses of some cycle have weights; nil: all digits are printed.
  private let responsesAreWeighted: Bool?

  /// - Parameter cycles: All that ran.
  public init(_ cycles: [SurveyCycle]) {
    responsesAreWeighted =
      cycles.contains { $0.minimumCell > 1 }
      ? cycles.contains { cycle in
        let design = cycle.design
        return design.weight != nil || design.unitWeight != nil || design.replicates != nil || design.population != nil
      } : nil
  }

  func limited(_ row: EstimateRow, of indicator: Indicator) -> EstimateRow {
    guard let share = share(of: indicator) else { return row }
    var row = row
    row.estimate = row.estimate.map(share)
    row.lower = row.lower.map(Self.percent)
    row.upper = row.upper.map(Self.percent)
    row.standardError = row.standardError.map(Self.precision)
    row.designEffect = row.designEffect.map(Self.precision)
    row.effectiveSize = row.effectiveSize.map(Self.precision)
    return row
  }

  func limited(_ row: TrendRow, of indicator: Indicator) -> TrendRow {
    guard let share = share(of: indicator) else { return row }
    var row = row
    row.then = row.then.map(share)
    row.now = row.now.map(share)
    row.delta = row.delta.map(share)
    limit(&row.test)
    return row
  }

  func limited(_ row: SlopeRow, of indicator: Indicator) -> SlopeRow {
    guard let share = share(of: indicator) else { return row }
    var row = row
    // A change a year is no count, also where the counts are exact.
    row.slope = row.slope.map { indicator.kind == .count ? Self.rounded($0, digits: 3) : share($0) }
    limit(&row.test)
    return row
  }

  private func limit(_ test: inout ChangeTest) {
    test.standardError = test.standardError.map(Self.precision)
    test.lower = test.lower.map(Self.percent)
    test.upper = test.upper.map(Self.percent)
    test.pValue = test.pValue.map(Self.precision)
    test.adjustedPValue = test.adjustedPValue.map(Self.precision)
  }

  /// What becomes of the percentages or counts of an indicator; nil where all digits are printed.
  private func share(of indicator: Indicator) -> ((Double) -> Double)? {
    guard let responsesAreWeighted else { return nil }
    guard indicator.kind == .count else { return Self.percent }
    guard responsesAreWeighted, indicator.table == SurveyCycle.responsesTable else { return { $0 } }
    return { Self.rounded($0, digits: 3) }
  }

  /// In percent or percentage points. Adding 0 makes -0 a plain 0.
  private static func percent(_ percent: Double) -> Double { (percent * 10).rounded() / 10 + 0 }

  private static func precision(_ number: Double) -> Double { rounded(number, digits: 2) }

  /// By way of the decimal text, which scaling by powers of 10 would miss for the smallest p-values.
  private static func rounded(_ number: Double, digits: Int) -> Double {
    Double(String(format: "%.\(digits - 1)e", number)) ?? number
  }
}
