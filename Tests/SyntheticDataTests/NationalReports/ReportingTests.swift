import SurveyModel
import Testing

@testable import SyntheticData

@Suite("Who reports, and when")
struct ReportingTests {
  let data: SampleData
  private let deadlines = [2: "2011-09-30", 3: "2015-10-31", 4: "2019-10-01", 5: "2026-02-28"]

  init() throws { data = try SampleData.shared.get() }

  @Test(arguments: [2: 143, 3: 105, 4: 125, 5: 125]) func asManyPartiesReportAsPlanned(
    cycle: Int, reporters: Int
  ) throws {
    let members = try members(of: cycle)
    let reporting = Set(try data.responses(cycle).column("party"))
    #expect(reporting.count { members[$0] != nil } == reporters)
    #expect(reporting.count { members[$0] == nil } == (cycle < 5 ? 2 : 0))
  }

  /// Regions differ as they did in 2007: more reports from Europe than from elsewhere.
  @Test(arguments: 2...5) func europeReportsMore(cycle: Int) throws {
    let members = try members(of: cycle)
    let reporting = Set(try data.responses(cycle).column("party"))
    func share(_ regions: Set<String>) -> Double {
      let asked = members.filter { regions.contains($0.value) }.map(\.key)
      return Double(asked.count { reporting.contains($0) }) / Double(asked.count)
    }
    #expect(share(["CEE", "WEOG"]) > share(["AFR", "APR", "GRULAC"]) + 0.05)
  }

  @Test func onePartyNeverReports() throws {
    let plan = try ReportingPlan(seed: 2026, frame: data.frame)
    let silent = try #require(plan.silentParty)
    for cycle in 2...5 { #expect(try !data.responses(cycle).column("party").contains(silent)) }
  }

  @Test(arguments: 2...5) func reportIdentifiersAreUnique(cycle: Int) throws {
    let identifiers = try data.responses(cycle).column("report_id")
    #expect(Set(identifiers).count == identifiers.count)
    #expect(identifiers.allSatisfy { $0.hasPrefix("NR\(cycle)-") })
  }

  /// Of the five pairs a cycle one shares its day and one lacks the older date; every later row has other answers.
  @Test(arguments: 2...5) func someReportTwice(cycle: Int) throws {
    let rows = try data.responses(cycle).rows
    let again = rows.filter { $0["report_id"]?.hasSuffix("-2") ?? false }
    #expect(again.count == 5)
    var sameDay = 0
    var undated = 0
    for later in again {
      let older = try #require(rows.first { $0["party"] == later["party"] && $0["report_id"] != later["report_id"] })
      let days = (older["submitted"] ?? "", later["submitted"] ?? "")
      if days.0 == days.1 { sameDay += 1 }
      if days.0.isEmpty { undated += 1 }
      #expect(days.0 <= days.1 && !days.1.isEmpty)
      #expect(later.count { older[$0.key] != $0.value && $0.key.hasPrefix("Q") } >= 3)
    }
    #expect(sameDay == 1)
    #expect(undated == 1)
  }

  @Test(arguments: 2...5) func someReportLate(cycle: Int) throws {
    let deadline = try #require(deadlines[cycle])
    let days = try data.responses(cycle).rows.filter { $0["report_id"]?.hasSuffix("-1") ?? false }
      .compactMap { $0["submitted"] }.filter { !$0.isEmpty }
    #expect((0.05...0.27).contains(Double(days.count { $0 > deadline }) / Double(days.count)))
    #expect(days.allSatisfy { SurveyDate($0) != nil && $0 <= "2026-08-31" })
  }

  @Test(arguments: 2...5) func oneCellHasASingleReporter(cycle: Int) throws {
    let plan = try ReportingPlan(seed: 2026, frame: data.frame)
    let lead = try #require(plan.sectors.onlyTradeLead)
    let region = Dictionary(data.frame.parties.map { ($0.iso3, $0.region) }, uniquingKeysWith: { first, _ in first })
    let cell = try data.responses(cycle).rows.filter { row in
      row["sector"] == "trade" && row["party"].flatMap { region[$0] } == "CEE"
    }
    #expect(Set(cell.compactMap { $0["party"] }) == [lead])
  }

  @Test func sectorsMostlyStay() throws {
    var same = 0
    var both = 0
    for cycle in 3...5 {
      let then = try data.latest(cycle - 1)
      for (party, row) in try data.latest(cycle) {
        guard let before = then[party] else { continue }
        both += 1
        if before["sector"] == row["sector"] { same += 1 }
      }
    }
    #expect((0.9..<1).contains(Double(same) / Double(both)))
  }

  /// Region by Party, of those bound by the Protocol at the deadline.
  private func members(of cycle: Int) throws -> [String: String] {
    let day = try #require(deadlines[cycle].flatMap { SurveyDate($0) })
    return Dictionary(
      data.frame.parties(on: day).map { ($0.iso3, $0.region) }, uniquingKeysWith: { first, _ in first })
  }
}
