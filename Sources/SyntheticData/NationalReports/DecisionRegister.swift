import Export
import SurveyModel

/// Decisions on LMOs and the risk assessments that are linked to them.
struct DecisionRegister {
  struct Decision {
    var id = ""
    var party: Party
    var type: String
    var decided: SurveyDate
    var publication: Publication
    /// The place of the decision that this one replaces.
    var amends: Int?
  }

  struct Assessment {
    var id: String
    var party: Party
    /// One or several decisions rest on it.
    var decisions: [String]
    var publication: Publication
  }

  /// In the order of publication.
  let decisions: [Decision]
  let assessments: [Assessment]

  private static let types: [(word: String, weight: Int)] = [
    ("introduction", 15), ("ffp-import", 30), ("ffp-domestic", 18), ("contained-use", 13), ("simplified-procedure", 4),
    ("aia-exemption", 6), ("transit", 3), ("other", 11),
  ]
  /// Types that rest on a risk assessment as a rule.
  private static let assessedTypes = ["introduction", "ffp-import", "ffp-domestic", "contained-use", "aia-exemption"]

  init(plan: ReportingPlan, horizon: SurveyDate) {
    var drafts: [Decision] = []
    for party in plan.frame.parties {
      drafts += Self.decisions(of: party, plan: plan, horizon: horizon, before: drafts.count)
    }
    let order = drafts.indices.sorted {
      (drafts[$0].publication.published, $0) < (drafts[$1].publication.published, $1)
    }
    // Numbers follow publication, so the places that `amends` speaks of move.
    var places: [Int: Int] = [:]
    for (place, draft) in order.enumerated() { places[draft] = place }
    decisions = order.enumerated().map { place, draft in
      var decision = drafts[draft]
      decision.id = numbered("DEC-", place + 1)
      decision.amends = decision.amends.flatMap { places[$0] }
      return decision
    }
    assessments = Self.assessments(of: decisions, seed: plan.seed, horizon: horizon)
  }

  var document: CSVDocument {
    var document = CSVDocument(header: [
      "decision_id", "iso3", "decision_type", "decided_on", "published_on", "withdrawn_on", "amends",
    ])
    for decision in decisions {
      document.append([
        decision.id, decision.party.iso3, decision.type, decision.decided.description,
        decision.publication.published.description, cell(decision.publication.withdrawn),
        decision.amends.map { decisions[$0].id } ?? "",
      ])
    }
    return document
  }

  /// One row for each link.
  var assessmentDocument: CSVDocument {
    var document = CSVDocument(header: ["ra_id", "iso3", "decision_id", "published_on", "withdrawn_on"])
    for assessment in assessments {
      for decision in assessment.decisions {
        document.append([
          assessment.id, assessment.party.iso3, decision, assessment.publication.published.description,
          cell(assessment.publication.withdrawn),
        ])
      }
    }
    return document
  }

  private static func decisions(
    of party: Party, plan: ReportingPlan, horizon: SurveyDate, before: Int
  ) -> [Decision] {
    var generator = SeededGenerator(seed: plan.seed, "decisions", party.iso3)
    let level = Progress(seed: plan.seed).level(of: party, cycle: 3)
    guard generator.chance(perMille: min(900, max(150, 430 + level / 2))) else { return [] }
    let latest = horizon.adding(days: -60)
    guard party.inForce < latest else { return [] }
    var decisions: [Decision] = []
    for _ in 0..<generator.between(1, 6 + max(0, level) / 70) {
      let decided = generator.day(from: party.inForce, to: latest)
      let published = min(decided.adding(days: generator.between(5, 400)), horizon)
      decisions.append(
        Decision(
          party: party, type: generator.pick(weighted: types), decided: decided,
          publication: Publication(published: published)))
    }
    decisions.sort { ($0.publication.published, $0.decided, $0.type) < ($1.publication.published, $1.decided, $1.type) }
    for place in decisions.indices {
      let published = decisions[place].publication.published
      let older = decisions.indices.filter {
        decisions[$0].decided < decisions[place].decided && decisions[$0].publication.published < published
          && decisions[$0].publication.withdrawn == nil
      }
      if generator.chance(perMille: 110), let replaced = generator.pick(older) {
        decisions[place].amends = before + replaced
        decisions[place].type = decisions[replaced].type
        decisions[replaced].publication.withdrawn = published
      }
    }
    return decisions
  }

  private static func assessments(of decisions: [Decision], seed: UInt64, horizon: SurveyDate) -> [Assessment] {
    let start = SurveyDate.clearingHouseStart
    var assessments: [Assessment] = []
    for decision in decisions {
      var generator = SeededGenerator(seed: seed, "assessment", decision.id)
      let published = decision.publication.published
      let years = Int(published.daysSinceEpoch - start.daysSinceEpoch) / 365
      let share = assessedTypes.contains(decision.type) ? min(850, 380 + 26 * years) : 150
      guard generator.chance(perMille: share) else { continue }
      // Now and then an assessment that is there already serves another decision of the same Party.
      if generator.chance(perMille: 90),
        let known = assessments.lastIndex(where: {
          $0.party.iso3 == decision.party.iso3 && $0.publication.isLive(on: published)
        })
      {
        assessments[known].decisions.append(decision.id)
        continue
      }
      let appeared = min(published.adding(days: generator.between(0, 240)), horizon)
      var publication = Publication(published: appeared)
      if let end = decision.publication.withdrawn, end > appeared, generator.chance(perMille: 500) {
        publication.withdrawn = end
      }
      assessments.append(
        Assessment(
          id: numbered("RA-", assessments.count + 1), party: decision.party, decisions: [decision.id],
          publication: publication))
    }
    return assessments
  }
}
