import Export
import Foundation
import SurveyModel

/// The results, arranged to be looked up by those who fill the sheets.
struct WorkbookFacts {
  let results: Results
  /// The cycles that the main one is compared with: previous, then baseline.
  let comparisons: [Comparison]
  /// Of the main cycle.
  private let estimates: [Key: EstimateRow]
  let absences: Absences
  private let kinds: [String: Indicator.Kind]
  /// Of everyone, on the basis of all.
  private let changes: [ChangeKey: TrendRow]

  struct Comparison {
    var role: TrendRole
    /// What heads the column.
    var title: String
  }

  private struct Key: Hashable {
    var indicator: String
    var members: [String?]
  }

  private struct ChangeKey: Hashable {
    var indicator: String
    var role: TrendRole
  }

  init(_ results: Results) {
    self.results = results
    absences = Absences(results)
    kinds = Dictionary(results.indicators.map { ($0.id, $0.kind) }) { first, _ in first }
    let main = results.cycles.first?.name
    estimates = Dictionary(
      results.estimates.lazy.filter { $0.cycle == main }.map {
        (Key(indicator: $0.indicator, members: $0.members), $0)
      }
    ) { first, _ in first }
    let totals = results.trends.filter { $0.isTotal && $0.basis == .all }
    changes = Dictionary(totals.map { (ChangeKey(indicator: $0.indicator, role: $0.role), $0) }) { first, _ in first }
    var comparisons: [Comparison] = []
    var compared: Set<String> = []
    for role in [TrendRole.previous, .baseline] {
      guard let other = totals.first(where: { $0.role == role })?.compareTo, compared.insert(other).inserted else {
        continue
      }
      let title = results.cycles.first { $0.name == other }.map(results.shortTitle(of:)) ?? other
      comparisons.append(Comparison(role: role, title: "change since " + title))
    }
    self.comparisons = comparisons
  }

  // MARK: - Rows

  /// An estimate of the main cycle.
  func estimate(_ indicator: String, _ members: [String?]) -> EstimateRow? {
    estimates[Key(indicator: indicator, members: members)]
  }

  func total(_ indicator: String) -> EstimateRow? { estimate(indicator, everyone) }

  /// The change of everyone since another cycle.
  func change(_ indicator: String, _ role: TrendRole) -> TrendRow? {
    changes[ChangeKey(indicator: indicator, role: role)]
  }

  /// nil for an indicator that only another cycle knows.
  func kind(of indicator: String) -> Indicator.Kind? { kinds[indicator] }

  var everyone: [String?] { [String?](repeating: nil, count: results.dimensions.count) }

  /// The members of a cell that one dimension fixes.
  func members(_ position: Int, _ code: String) -> [String?] {
    var members = everyone
    members[position] = code
    return members
  }

  /// The dimensions (by position) that the main cycle was broken down by on their own, in the order of the definition.
  var singleDimensions: [Int] {
    let found = Set(estimates.keys.map(\.members)).compactMap { members in
      let fixed = members.indices.filter { members[$0] != nil }
      return fixed.count == 1 ? fixed.first : nil
    }
    return Set(found).sorted()
  }

  /// The totals that a chart may show, with what to call them.
  var drawnEstimates: [(label: String, estimate: EstimateRow)] {
    results.indicators.filter { $0.kind == .percentage }.compactMap { indicator in
      total(indicator.id).flatMap { row in
        // A chart with a gap among its points is one of which something is missing.
        let isNumber = [row.estimate, row.lower, row.upper].allSatisfy { $0?.isFinite ?? true }
        return isNumber && PrintedEstimate(row, kind: .percentage).isShown
          ? ("\(indicator.id)  \(indicator.title)", row) : nil
      }
    }
  }

  // MARK: - Words

  /// "95% interval"; without its level where that differs between estimates.
  var intervalTitle: String {
    results.level.map { "\(PrintedNumber.level($0))% interval" } ?? "interval"
  }

  /// What "·" separates under the title.
  var subtitle: String {
    let cycles = results.cycles.map { cycle in
      cycle.name + (cycle.year.map { " (\($0.shortestText))" } ?? "")
    }
    var parts = ["computed \(results.record.finished) by pipeline \(results.record.version)"]
    if let main = cycles.first { parts.insert(main, at: 0) }
    if cycles.count > 1 { parts.append("with " + cycles.dropFirst().joined(separator: ", ")) }
    return parts.joined(separator: "  ·  ")
  }

  /// Since 1970; the first day of the file format where the record has no time.
  var secondsWhenStarted: Int {
    let firstDay = 315_532_800
    guard let date = try? Date(results.record.started, strategy: .iso8601) else { return firstDay }
    return Int(date.timeIntervalSince1970)
  }
}
