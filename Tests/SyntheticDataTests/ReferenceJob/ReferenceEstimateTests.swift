import SurveyModel
import SurveyTestSupport
import Testing

@testable import SyntheticData

@Suite("What the engine makes of the reference job")
struct ReferenceEstimateTests {
  /// 39 indicators; the total, 5 regions, 8 sectors and 40 crossings.
  @Test(arguments: [0, 50]) func everyIndicatorHasEveryCell(replicates: Int) async throws {
    let files = try ReferenceFiles(ReferenceJobSize(responses: 500, replicates: replicates))
    let (outcome, estimates) = try await files.run()
    #expect(outcome.rejections.isEmpty)
    #expect(estimates.count == 39 * 54)
    #expect(Set(estimates.map { $0["indicator"] }).count == 39)
    for row in estimates where row["sector"] == "_T" {
      #expect(row["status"] == "ok")
      let value = try #require(Double(row["estimate"] ?? ""))
      #expect((1...99).contains(value))
      #expect((Double(row["se"] ?? "") ?? 0) > 0)
    }
  }

  /// Answers within a PSU are alike and weights differ, so variances are larger than in a simple random sample.
  @Test func designEffectsAreAboveOne() async throws {
    let files = try ReferenceFiles(
      ReferenceJobSize(responses: 2000, psus: 100, questions: 60, indicators: 20, regions: 2, sectors: 3))
    let (_, estimates) = try await files.run()
    let effects = estimates.filter { $0["region"] == "_T" && $0["sector"] == "_T" }.compactMap {
      Double($0["deff"] ?? "")
    }
    #expect(effects.count == 20)
    let mean = effects.reduce(0, +) / Double(effects.count)
    #expect(mean > 1.3, "\(mean)")
  }

  /// Regions and sectors differ in what they answer.
  @Test func cellsDiffer() async throws {
    let (_, estimates) = try await ReferenceFiles(
      ReferenceJobSize(responses: 1500, questions: 30, indicators: 10, regions: 2, sectors: 2)
    ).run()
    #expect(estimates.count == 10 * 9)
    for dimension in ["region", "sector"] {
      let other = dimension == "region" ? "sector" : "region"
      let members = estimates.filter { $0[dimension] != "_T" && $0[other] == "_T" }
      let ranges = Dictionary(grouping: members, by: { $0["indicator"] }).values.map { rows in
        let values = rows.compactMap { Double($0["estimate"] ?? "") }
        return (values.max() ?? 0) - (values.min() ?? 0)
      }
      #expect((ranges.max() ?? 0) > 8, "\(dimension) \(ranges)")
    }
  }
}
