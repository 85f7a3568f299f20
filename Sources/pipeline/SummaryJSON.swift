import Engine
import Estimate
import Export
import Foundation
import SurveyModel

/// The summary as JSON: totals of every indicator, their changes, the breakdowns that were asked for, and the accounting.
struct SummaryJSON: Encodable {
  struct Row: Encodable {
    var id: String
    var title: String
    var unit: String
    var status: String
    /// nil where the cell is suppressed.
    var n: Int?
    /// Eligible rows that are not decided, and those left out because an answer cannot be read.
    var nMissing: Int?
    var nUnreadable: Int?
    var estimate: Double?
    var ciLow: Double?
    var ciHigh: Double?
    var flags: [String]
    var reason: String?
    var changes: [Change]
    /// Where `--by` asked for them.
    var breakdowns: [SummaryBreakdown]?
    /// What is to be said of breakdowns that the indicator lacks.
    var missingBreakdowns: [String]?
  }

  struct Change: Encodable {
    var compareTo: String
    var role: String
    var basis: String
    var status: String
    var nLinked: Int?
    var delta: Double?
    var ciLow: Double?
    var ciHigh: Double?
    var significance: String?
    var comparability: String?
    var reason: String?
  }

  struct Rows: Encodable {
    var cycle: String
    var table: String
    var read: Int
    var used: Int
    var superseded: Int
    var outsidePopulation: Int
    var rejected: Int
    var answersRejected: Int
  }

  /// With earlier results, where `--check-against` names some.
  struct Check: Encodable {
    var values: Int
    /// Those that differ in their last digits.
    var close: Int
    var largestRelativeDifference: Double
  }

  var pipeline: String
  var title: String
  var output: String
  var indicators: [Row]
  var accounting: [Rows]
  /// How many PSUs are the same in two cycles.
  var links: [RunRecord.LinkRecord]
  var check: Check?

  init?(_ outcome: RunOutcome, isBreakdownRequested: Bool) {
    guard let main = outcome.estimates.first else { return nil }
    pipeline = main.cycle.name
    title = main.cycle.title
    output = outcome.output
    let total = Cell.total(dimensions: main.cycle.dimensions.count)
    let absences = Absences(outcome.results)
    let totals = Dictionary(
      outcome.results.estimates.lazy.filter { $0.cycle == main.cycle.name && $0.isTotal }.map { ($0.indicator, $0) }
    ) { first, _ in first }
    let changes = Dictionary(grouping: outcome.results.trends.lazy.filter(\.isTotal), by: \.indicator)
    indicators = main.cycle.indicators.enumerated().compactMap { index, indicator in
      guard outcome.indicators.isEmpty || outcome.indicators.contains(indicator.id),
        let estimate = main.estimate(indicator: index, cell: total)
      else { return nil }
      let row = totals[indicator.id]
      return Row(
        id: indicator.id, title: indicator.title, unit: indicator.unit, status: estimate.status.rawValue,
        n: estimate.status == .suppressed ? nil : estimate.n,
        nMissing: estimate.status == .suppressed ? nil : estimate.nMissing,
        nUnreadable: estimate.status == .suppressed ? nil : estimate.nUnreadable,
        estimate: row?.estimate, ciLow: row?.lower, ciHigh: row?.upper, flags: estimate.flags.map(\.rawValue),
        reason: estimate.reason,
        changes: (changes[indicator.id] ?? []).map { trend in
          Change(
            compareTo: trend.compareTo, role: trend.role.rawValue, basis: trend.basis.rawValue,
            status: trend.status.rawValue, nLinked: trend.nLinked, delta: trend.delta, ciLow: trend.test.lower,
            ciHigh: trend.test.upper, significance: trend.test.significance?.rawValue,
            comparability: trend.test.comparability.isEmpty ? nil : trend.test.comparability,
            reason: trend.test.reason.isEmpty ? nil : trend.test.reason)
        },
        breakdowns: isBreakdownRequested ? SummaryBreakdown.all(of: index, in: outcome, main) : nil,
        missingBreakdowns: isBreakdownRequested
          ? absences.missing(main.cycle.groupings, indicator: indicator.id, cycle: main.cycle.name) : nil)
    }
    links = outcome.results.record.links ?? []
    check = outcome.comparison.map {
      Check(values: $0.count, close: $0.closeCount, largestRelativeDifference: $0.largestClose)
    }
    accounting = outcome.accounting.flatMap { cycle in
      cycle.tables.map {
        Rows(
          cycle: cycle.cycle, table: $0.name, read: $0.rows.read, used: $0.rows.used, superseded: $0.rows.superseded,
          outsidePopulation: $0.rows.outsidePopulation, rejected: $0.rows.rejected, answersRejected: $0.answersRejected)
      }
    }
  }

  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
