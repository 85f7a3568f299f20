import SurveyModel

/// The register tables of the Clearing-House: invented records that agree with each other and with the reports.
struct Registers {
  let plan: ReportingPlan

  func files() throws(SyntheticDataError) -> [(path: String, contents: [UInt8])] {
    let horizon = try plan.horizon()
    let decisions = DecisionRegister(plan: plan, horizon: horizon)
    let organisms = OrganismRegister(seed: plan.seed, horizon: horizon)
    let records = try ClearingHouseRecords(
      plan: plan, horizon: horizon, decisions: decisions, organisms: organisms)
    let compliance = try ComplianceRegister(plan: plan, horizon: horizon)
    return [
      ("parties.csv", PartyRegister(parties: plan.frame.parties).contents),
      ("bch-records.csv", records.document.bytes),
      ("decisions.csv", decisions.document.bytes),
      ("risk-assessments.csv", decisions.assessmentDocument.bytes),
      ("lmos.csv", organisms.document.bytes),
      ("detection-methods.csv", organisms.methodDocument.bytes),
      ("compliance-issues.csv", compliance.document.bytes),
    ]
  }
}

extension SurveyDate {
  /// The first of January 2004: from about then on there is something to publish.
  static let clearingHouseStart = SurveyDate(daysSinceEpoch: 12_418)
}

/// How long a record stood in the register.
struct Publication {
  var published: SurveyDate
  var updated: SurveyDate?
  var withdrawn: SurveyDate?

  func isLive(on day: SurveyDate) -> Bool {
    published <= day && withdrawn.map { $0 > day } ?? true
  }
}

extension SeededGenerator {
  /// A day between two others, both included.
  mutating func day(from first: SurveyDate, to last: SurveyDate) -> SurveyDate {
    first.adding(days: below(Int(last.daysSinceEpoch - first.daysSinceEpoch) + 1))
  }
}

/// A name with a number that is padded, so that sorting by name is sorting by number.
func numbered(_ prefix: String, _ number: Int, digits: Int = 4) -> String {
  let text = String(number)
  return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text
}
