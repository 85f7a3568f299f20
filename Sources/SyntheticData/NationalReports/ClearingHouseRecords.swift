import Export
import SurveyModel

/// What countries and others published in the Clearing-House, from focal points to news.
struct ClearingHouseRecords {
  struct Record {
    /// Empty for reference records, which belong to no country.
    var iso3: String
    var schema: String
    var category = ""
    var reportCycle: Int?
    var adverseClass = ""
    var publication: Publication
  }

  /// In the order of publication.
  let records: [Record]

  init(
    plan: ReportingPlan, horizon: SurveyDate, decisions: DecisionRegister, organisms: OrganismRegister
  ) throws(SyntheticDataError) {
    var drafts: [Record] = []
    let standing = StandingRecords(seed: plan.seed, horizon: horizon)
    for party in plan.frame.parties {
      drafts += standing.records(of: party)
      drafts += try Self.activities(of: party, plan: plan, horizon: horizon)
    }
    drafts += Self.reports(plan: plan)
    drafts += Self.copies(of: decisions)
    drafts += Self.references(to: organisms, seed: plan.seed, horizon: horizon)
    records = drafts.indices.sorted {
      (drafts[$0].publication.published, $0) < (drafts[$1].publication.published, $1)
    }.map { drafts[$0] }
  }

  var document: CSVDocument {
    var document = CSVDocument(header: [
      "record_id", "iso3", "schema", "category", "report_cycle", "adverse_class", "published_on", "updated_on",
      "withdrawn_on",
    ])
    for (place, record) in records.enumerated() {
      document.append([
        numbered("BCH-", place + 1, digits: 5), record.iso3, record.schema, record.category,
        record.reportCycle.map { "\($0)" } ?? "", record.adverseClass, record.publication.published.description,
        cell(record.publication.updated), cell(record.publication.withdrawn),
      ])
    }
    return document
  }

  /// Experts, news, resources and the like: the busier a Party, and the later the period, the more.
  private static func activities(
    of party: Party, plan: ReportingPlan, horizon: SurveyDate
  ) throws(SyntheticDataError) -> [Record] {
    let schemas: [(word: String, weight: Int)] = [
      ("biosafetyExpert", 22), ("database", 6), ("resource", 24), ("organization", 10), ("laboratoryDetection", 8),
      ("capacityBuildingInitiative", 10), ("biosafetyNews", 14), ("submission", 6),
    ]
    var records: [Record] = []
    for cycle in ReportingPlan.cycles {
      var generator = SeededGenerator(seed: plan.seed, "activities", party.iso3, "\(cycle)")
      let level = Progress(seed: plan.seed).level(of: party, cycle: cycle)
      let first = max(try plan.periodStart(of: cycle), party.inForce)
      let last = try plan.deadline(of: cycle)
      guard first < last, generator.chance(perMille: min(950, max(100, 480 + level / 2))) else { continue }
      for _ in 0..<generator.between(1, 4) {
        let published = generator.day(from: first, to: last)
        var publication = Publication(published: published)
        if generator.chance(perMille: 300) { publication.updated = generator.day(from: published, to: horizon) }
        let withdrawn = published.adding(days: generator.between(300, 4000))
        if generator.chance(perMille: 80), withdrawn <= horizon, publication.updated.map({ $0 < withdrawn }) ?? true {
          publication.withdrawn = withdrawn
        }
        records.append(
          Record(iso3: party.iso3, schema: generator.pick(weighted: schemas), publication: publication))
      }
    }
    return records
  }

  private static func reports(plan: ReportingPlan) -> [Record] {
    ReportingPlan.cycles.flatMap { cycle in
      (plan.firstReports[cycle] ?? []).map { report in
        Record(
          iso3: report.party.iso3, schema: "cpbNationalReport\(cycle)", reportCycle: cycle,
          publication: Publication(published: report.published))
      }
    }
  }

  /// Decisions and risk assessments are records too. An exemption from advance agreement says that an LMO is unlikely
  /// to do harm.
  private static func copies(of register: DecisionRegister) -> [Record] {
    register.decisions.map { decision in
      Record(
        iso3: decision.party.iso3, schema: "biosafetyDecision",
        adverseClass: decision.type == "aia-exemption" ? "unlikely" : "", publication: decision.publication)
    }
      + register.assessments.map { assessment in
        Record(
          iso3: assessment.party.iso3, schema: "nationalRiskAssessment", publication: assessment.publication)
      }
  }

  /// One record for each LMO, and shared resources; a few say that an LMO or trait may do harm.
  private static func references(
    to register: OrganismRegister, seed: UInt64, horizon: SurveyDate
  ) -> [Record] {
    var generator = SeededGenerator(seed: seed, "references")
    var records = register.organisms.map { organism in
      Record(
        iso3: "", schema: "modifiedOrganism", adverseClass: generator.chance(perMille: 70) ? "may-have" : "",
        publication: organism.publication)
    }
    let start = SurveyDate.clearingHouseStart
    for _ in 0..<90 {
      records.append(
        Record(
          iso3: "", schema: generator.pick(weighted: [("resource", 6), ("organization", 3), ("database", 1)]),
          publication: Publication(published: generator.day(from: start, to: horizon))))
    }
    return records
  }
}
