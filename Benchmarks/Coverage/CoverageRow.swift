import Foundation

/// A line of `docs/intervals.csv`.
struct CoverageRow: Sendable, Equatable {
  var scenario: Scenario
  /// An interval method, or `trend`.
  var method: String
  /// The population's share; of a change: the difference of the two. On the 0..1 scale, as everything here.
  var truth: Double
  var tally: CoverageTally

  static let header =
    "design,n,p,truth,method,overlap,replications,no_interval,coverage,below,above,mean_width,at_end,no_width,"
    + "design_effect\n"

  var line: String {
    func decimals(_ value: Double?, _ places: Int) -> String {
      value.map { String(format: "%.\(places)f", $0) } ?? ""
    }
    let fields = [
      scenario.design.rawValue, "\(scenario.size)", "\(scenario.share)", decimals(truth, 4), method,
      scenario.overlap?.rawValue ?? "", "\(tally.replications)", "\(tally.noInterval)", decimals(tally.coverage, 4),
      decimals(tally.belowShare, 4), decimals(tally.aboveShare, 4), decimals(tally.meanWidth, 4), "\(tally.atEnd)",
      "\(tally.withoutWidth)", decimals(tally.meanDesignEffect, 2),
    ]
    return fields.joined(separator: ",") + "\n"
  }
}
