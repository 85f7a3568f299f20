import SurveyModel
import Testing

@testable import SyntheticData

@Suite("Registers agree with each other")
struct RegistersTests {
  let data: SampleData

  init() throws { data = try SampleData.shared.get() }

  @Test(arguments: [
    "parties": "iso3,name,region,cpb_in_force,cpb_withdrawn,sp_party_in_force,ldc,sids,star_eligible",
    "bch-records":
      "record_id,iso3,schema,category,report_cycle,adverse_class,published_on,updated_on,withdrawn_on",
    "decisions": "decision_id,iso3,decision_type,decided_on,published_on,withdrawn_on,amends",
    "risk-assessments": "ra_id,iso3,decision_id,published_on,withdrawn_on",
    "lmos": "lmo_id,unique_identifier,published_on,withdrawn_on",
    "detection-methods": "method_id,lmo_id,origin,published_on,withdrawn_on",
    "compliance-issues": "issue_id,iso3,article,identified_on,meeting,resolved_on",
  ]) func columnsAreThoseOfTheContract(register: String, columns: String) throws {
    #expect(try table(register).header.joined(separator: ",") == columns)
  }

  @Test func codesAreKnown() throws {
    let schemas: Set = [
      "focalPoint", "authority", "biosafetyLaw", "biosafetyDecision", "nationalRiskAssessment", "cpbNationalReport2",
      "cpbNationalReport3", "cpbNationalReport4", "cpbNationalReport5", "biosafetyExpert", "database", "resource",
      "organization", "laboratoryDetection", "modifiedOrganism", "capacityBuildingInitiative", "biosafetyNews",
      "submission",
    ]
    let types: Set = [
      "introduction", "ffp-import", "ffp-domestic", "contained-use", "simplified-procedure", "aia-exemption", "transit",
      "other",
    ]
    let records = try table("bch-records")
    #expect(Set(records.column("schema")) == schemas)
    #expect(Set(records.column("category")) == ["", "CPB-FP1", "BCH-FP", "CPB-A17-FP"])
    #expect(records.rows.allSatisfy { ($0["category"] != "") == ($0["schema"] == "focalPoint") })
    #expect(Set(records.column("report_cycle")) == ["", "2", "3", "4", "5"])
    #expect(Set(records.column("adverse_class")) == ["", "may-have", "unlikely"])
    #expect(Set(try table("decisions").column("decision_type")).isSubset(of: types))
    #expect(Set(try table("detection-methods").column("origin")) == ["bch", "croplife", "eurl-gmff"])
  }

  @Test func keysAreUniqueAndForeignKeysExist() throws {
    let keys = [
      ("bch-records", "record_id"), ("decisions", "decision_id"), ("lmos", "lmo_id"),
      ("detection-methods", "method_id"), ("compliance-issues", "issue_id"), ("parties", "iso3"),
    ]
    for (register, key) in keys {
      let values = try table(register).column(key)
      #expect(Set(values).count == values.count && !values.contains(""), "\(register)")
    }
    let parties = Set(try table("parties").column("iso3"))
    for register in ["decisions", "risk-assessments", "compliance-issues"] {
      #expect(Set(try table(register).column("iso3")).isSubset(of: parties), "\(register)")
    }
    #expect(Set(try table("bch-records").column("iso3")).subtracting(parties) == [""])
    let decisions = Set(try table("decisions").column("decision_id"))
    #expect(Set(try table("risk-assessments").column("decision_id")).isSubset(of: decisions))
    #expect(Set(try table("detection-methods").column("lmo_id")).isSubset(of: Set(try table("lmos").column("lmo_id"))))
  }

  @Test func daysAreInOrder() throws {
    for register in ["bch-records", "decisions", "risk-assessments", "lmos", "detection-methods"] {
      for row in try table(register).rows {
        let published = row["published_on"] ?? ""
        #expect(SurveyDate(published) != nil || register == "detection-methods" && published.isEmpty)
        for end in [row["withdrawn_on"], row["updated_on"]].compactMap({ $0 }) where !end.isEmpty {
          #expect(SurveyDate(end) != nil && end >= published, "\(register) \(row)")
        }
        if let decided = row["decided_on"] { #expect(decided < published) }
      }
    }
    for row in try table("compliance-issues").rows {
      let resolved = row["resolved_on"] ?? ""
      #expect(resolved.isEmpty || resolved > row["identified_on"] ?? "")
    }
  }

  @Test func anAmendedDecisionEndsOnTheDayOfItsSuccessor() throws {
    let rows = try table("decisions").rows
    var amendments = 0
    for row in rows where row["amends"] != "" {
      let older = try #require(rows.first { $0["decision_id"] == row["amends"] })
      #expect(older["withdrawn_on"] == row["published_on"])
      #expect(older["iso3"] == row["iso3"])
      amendments += 1
    }
    #expect(amendments >= 5)
  }

  /// The register shows one report a Party and cycle, on the day of the first submission.
  @Test(arguments: 2...5) func everyReportIsOnRecord(cycle: Int) throws {
    let records = try table("bch-records").rows.filter { $0["report_cycle"] == "\(cycle)" }
    let first = try data.responses(cycle).rows.filter { $0["report_id"]?.hasSuffix("-1") ?? false }
    #expect(records.count == first.count)
    for report in first {
      let record = try #require(records.first { $0["iso3"] == report["party"] })
      #expect(report["submitted"] == "" || record["published_on"] == report["submitted"])
    }
  }

  @Test func numbersAreOfThePlannedOrder() throws {
    #expect((300...600).contains(try table("decisions").rows.count))
    #expect((150...250).contains(try table("lmos").rows.count))
    #expect((40...70).contains(try table("compliance-issues").rows.count))
    #expect((10...60).contains(try table("bch-records").column("adverse_class").count { $0 != "" }))
    #expect(try table("compliance-issues").column("resolved_on").count { $0 != "" } >= 10)
    #expect(try table("detection-methods").column("published_on").contains(""))
  }

  private func table(_ register: String) throws -> SampleData.Table {
    try data.table("registers/\(register).csv")
  }
}
