import SurveyModel

/// Questions whose true answer the frame or the reporting plan already knows; nobody gets them wrong or leaves them
/// out.
enum KnownFacts {
  static func answer(to lineage: Lineage, report: Report, deadline: SurveyDate) -> String? {
    switch lineage.root {
    case "cycle-2/Q012": word(report.isParty)
    case "cycle-3/Q198", "cycle-5/Q159":
      word(report.party.supplementaryInForce.map { $0 <= max(deadline, supplementaryStart) } ?? false)
    case "cycle-3/Q205": word(report.reportedBefore)
    case "cycle-5/Q117": report.party.starEligible == "1" ? nil : "false.na"
    default: nil
    }
  }

  /// The Supplementary Protocol waited years for its fortieth member: whoever was bound on its first day had joined
  /// long before, and says so in earlier reports.
  private static let supplementaryStart = SurveyDate(daysSinceEpoch: 17_595)

  private static func word(_ truth: Bool) -> String { truth ? "true" : "false" }
}
