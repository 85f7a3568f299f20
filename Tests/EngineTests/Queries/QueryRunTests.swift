import Engine
import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// A pipeline that runs as queries gives what it gives otherwise: every number to 1e-12, and everything that was rejected.
@Suite("Runs by way of DuckDB")
struct QueryRunTests {
  /// What runs of both engines say.
  private func compare(_ name: String, pipelines: String) async throws {
    let directory = try TemporaryDirectory()
    func run(_ engine: (any SumsEngine)?, _ output: String) async throws -> RunOutcome {
      var options = RunOptions(pipelines: pipelines, output: directory.path(of: output))
      options.engine = engine
      return try await PipelineRun(name: name, options: options).run()
    }
    let embedded = try await run(nil, "embedded")
    let queried = try await run(DuckDB(), "queried")
    let comparison = ResultsComparison(from: embedded.results, to: queried.results)
    #expect(comparison.differences.prefix(20) == [], "\(comparison.differences.count) of \(comparison.count)")
    #expect(comparison.count > 100)
    func listed(_ outcome: RunOutcome) -> [String] {
      outcome.rejections.map { "\($0.file) \($0.column) \($0.scope) \($0.reason) \($0.value)" }.sorted()
    }
    #expect(listed(queried) == listed(embedded))
    #expect(queried.rejections.allSatisfy { $0.line == 0 })
  }

  @Test(arguments: ["cycle-2", "cycle-3", "cycle-4", "cycle-5", "institutions-cycle-4", "nhanes"])
  func thePipelinesOfTheProject(name: String) async throws {
    try await compare(name, pipelines: "\(projectDirectory)/Pipelines")
  }

  @Test(arguments: UInt64(1)...4) func aSmallSurvey(seed: UInt64) async throws {
    let survey = try SmallSurvey(seed: seed)
    try await compare("now", pipelines: survey.directory.path(of: "pipelines"))
  }
}
