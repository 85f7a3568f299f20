import Engine
import Estimate
import Export
import SurveyModel

/// One cell of a breakdown that `--by` asked for, as `--json` prints it: its members and its row of `estimates.csv`, with
/// the changes of the basis `all`.
struct SummaryBreakdown: Encodable {
  /// Codes by the name of the dimension.
  var members: [String: String]
  /// The labels of the members, as the table prints them.
  var label: String
  var status: String
  var n: Int?
  var nMissing: Int?
  var nUnreadable: Int?
  var estimate: Double?
  var ciLow: Double?
  var ciHigh: Double?
  var flags: [String]
  var reason: String?
  var changes: [Change]

  struct Change: Encodable {
    var compareTo: String
    var role: String
    var delta: Double?
    var significance: String?
  }

  /// In the order of the outputs.
  static func all(of indicator: Int, in outcome: RunOutcome, _ main: CycleEstimates) -> [SummaryBreakdown] {
    let cycle = main.cycle
    let id = cycle.indicators[indicator].id
    let changes = Dictionary(
      grouping: outcome.results.trends.filter { $0.cycle == cycle.name && $0.indicator == id && $0.basis == .all },
      by: \.members)
    let labels = Dictionary(main.cells[indicator].map { ($0.members, cycle.label(of: $0)) }) { first, _ in first }
    return outcome.results.estimates.filter { $0.cycle == cycle.name && $0.indicator == id && !$0.isTotal }.map { row in
      SummaryBreakdown(
        members: Dictionary(
          zip(cycle.dimensions.keys, row.members).compactMap { name, code in code.map { (name, $0) } }
        ) { first, _ in first },
        label: labels[row.members] ?? "", status: row.status.rawValue, n: row.n,
        nMissing: row.nMissing, nUnreadable: row.nUnreadable, estimate: row.estimate,
        ciLow: row.lower, ciHigh: row.upper, flags: row.flags.map(\.rawValue),
        reason: row.reason.isEmpty ? nil : row.reason,
        changes: (changes[row.members] ?? []).map {
          Change(
            compareTo: $0.compareTo, role: $0.role.rawValue, delta: $0.delta,
            significance: $0.test.significance?.rawValue)
        })
    }
  }
}
