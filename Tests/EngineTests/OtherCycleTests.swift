import SurveyTestSupport
import Testing

/// What an earlier cycle may have of its own.
struct OtherCycleTests {
  @Test func aBreakdownByADimensionThatTheMainCycleLacksDoesNotPassForATotal() async throws {
    let rows = ["r,z,q1,q2", "x,a,1,1", "y,a,0,1", "x,b,1,0", "y,b,1,1"]
    let pipelines = try WrittenPipelines([
      .init(
        name: "now",
        definition: """
          tables: {responses: {path: NAME.csv}}
          dimensions: {r: {column: r}}
          group-by: [[r]]
          trend: {previous: then, overlap: psu}
          """, rows: rows),
      .init(
        name: "then",
        definition: """
          tables: {responses: {path: NAME.csv}}
          dimensions: {z: {column: z}, r: {column: r}}
          group-by: [[z], [z, r], [r]]
          """, rows: rows),
    ])
    let estimates = try await pipelines.run("now").estimates.rows
    #expect(estimates.count == 2 * 2 * 3)
    for cycle in ["now", "then"] {
      for indicator in ["A", "B"] {
        let found = estimates.filter { $0["cycle"] == cycle && $0["indicator"] == indicator }
        #expect(found.map { $0["r"] } == ["_T", "x", "y"])
        #expect(found.map { $0["n"] } == ["4", "2", "2"])
      }
    }
  }
}
