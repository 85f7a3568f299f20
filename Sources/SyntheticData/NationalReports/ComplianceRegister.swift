import Export
import SurveyModel

/// Issues of compliance: mostly a report that did not come.
struct ComplianceRegister {
  struct Issue {
    var iso3: String
    var article: String
    var identified: SurveyDate
    var resolved: SurveyDate?
  }

  /// In the order in which they were identified.
  let issues: [Issue]

  init(plan: ReportingPlan, horizon: SurveyDate) throws(SyntheticDataError) {
    let issues = try Self.missingReports(plan: plan, horizon: horizon) + Self.others(plan: plan, horizon: horizon)
    let order = issues.indices.sorted { (issues[$0].identified, $0) < (issues[$1].identified, $1) }
    self.issues = order.map { issues[$0] }
  }

  var document: CSVDocument {
    var document = CSVDocument(header: ["issue_id", "iso3", "article", "identified_on", "meeting", "resolved_on"])
    for (place, issue) in issues.enumerated() {
      document.append([
        numbered("ISS-", place + 1, digits: 3), issue.iso3, issue.article, issue.identified.description,
        meeting(of: issue), cell(issue.resolved),
      ])
    }
    return document
  }

  /// The committee is taken to meet once a year, from 2005 on.
  private func meeting(of issue: Issue) -> String {
    let year = Int(issue.identified.description.prefix(4)) ?? 2005
    return numbered("CC-", max(1, year - 2004), digits: 2)
  }

  /// Some of those who missed a deadline are taken up in the years after it; many are settled when a report arrives.
  private static func missingReports(
    plan: ReportingPlan, horizon: SurveyDate
  ) throws(SyntheticDataError) -> [Issue] {
    var issues: [Issue] = []
    for cycle in ReportingPlan.cycles where cycle < 5 {
      let deadline = try plan.deadline(of: cycle)
      let next = plan.firstReports[cycle + 1] ?? []
      for party in plan.frame.parties(on: deadline) where !plan.hasReported(party, in: cycle) {
        var generator = SeededGenerator(seed: plan.seed, "missing report", party.iso3, "\(cycle)")
        guard generator.chance(perMille: 290) else { continue }
        let identified = deadline.adding(days: generator.between(200, 900))
        let arrived = next.first { $0.party.iso3 == party.iso3 }?.published
        let answered = identified.adding(days: generator.between(200, 1400))
        let settled = [arrived, generator.chance(perMille: 350) ? answered : nil].compactMap { $0 }.min()
        issues.append(
          Issue(
            iso3: party.iso3, article: "Article 33", identified: identified,
            resolved: settled.flatMap { $0 > identified && $0 <= horizon ? $0 : nil }))
      }
    }
    return issues
  }

  private static func others(plan: ReportingPlan, horizon: SurveyDate) throws(SyntheticDataError) -> [Issue] {
    let articles = ["Article 2", "Article 8", "Article 11", "Article 19", "Article 20", "Article 20", "Article 23"]
    let first = try plan.periodStart(of: 2)
    var issues: [Issue] = []
    for party in plan.frame.parties {
      var generator = SeededGenerator(seed: plan.seed, "other issue", party.iso3)
      let level = Progress(seed: plan.seed).level(of: party, cycle: 3)
      guard generator.chance(perMille: min(250, max(40, 120 - level / 6))) else { continue }
      let start = max(first, party.inForce)
      guard start < horizon else { continue }
      let identified = generator.day(from: start, to: horizon)
      let resolved = identified.adding(days: generator.between(200, 1500))
      issues.append(
        Issue(
          iso3: party.iso3, article: generator.pick(articles) ?? "Article 20", identified: identified,
          resolved: generator.chance(perMille: 650) && resolved <= horizon ? resolved : nil))
    }
    return issues
  }
}
