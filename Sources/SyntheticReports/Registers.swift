import Export
import SurveyModel

/// The register tables of the Clearing-House: invented records that agree with each other and with the reports.
struct Registers {
  let plan: ReportingPlan

  func files() throws(SyntheticReportsError) -> [(path: String, contents: [UInt8])] {
    let horizon = try plan.horizon()
    let decisions = DecisionRegister(plan: plan, horizon: horizon)
    let organisms = OrganismRegister(seed: plan.seed, horizon: horizon)
    let records = try ClearingHouseRecords(
      plan: plan, horizon: horizon, decisions: decisions, organisms: organisms)
    let compliance = try ComplianceRegister(plan: plan, horizon: horizon)
    return [
      ("parties.csv", parties()),
      ("bch-records.csv", records.document.bytes),
      ("decisions.csv", decisions.document.bytes),
      ("risk-assessments.csv", decisions.assessmentDocument.bytes),
      ("lmos.csv", organisms.document.bytes),
      ("detection-methods.csv", organisms.methodDocument.bytes),
      ("compliance-issues.csv", compliance.document.bytes),
    ]
  }

  /// The frame without its notes on confidence, with every date a whole day.
  private func parties() -> [UInt8] {
    var document = CSVDocument(header: [
      "iso3", "name", "region", "cpb_in_force", "cpb_withdrawn", "sp_party_in_force", "ldc", "sids", "star_eligible",
    ])
    for party in plan.frame.parties {
      document.append([
        party.iso3, party.name, party.region, party.inForce.description, cell(party.withdrawn),
        cell(party.supplementaryInForce), party.isLeastDeveloped ? "1" : "0", party.isSmallIsland ? "1" : "0",
        party.starEligible,
      ])
    }
    return document.bytes
  }
}

/// A day as a cell of a CSV file; no day is an empty cell.
func cell(_ day: SurveyDate?) -> String {
  day.map { "\($0)" } ?? ""
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
