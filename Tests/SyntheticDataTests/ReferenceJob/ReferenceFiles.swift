import Engine
import Ingest
import SurveyTestSupport

@testable import SyntheticData

/// A reference job, written into a directory of its own.
struct ReferenceFiles {
  let directory: TemporaryDirectory
  let written: [(path: String, bytes: Int)]

  init(seed: UInt64 = 2026, _ size: ReferenceJobSize) throws {
    directory = try TemporaryDirectory()
    written = try ReferenceJob(seed: seed, size: size).write(to: directory.path)
  }

  /// The responses, read back through the project's own reader.
  func responses() throws -> (header: [String], rows: [[String]]) {
    let table = try SmallTable(contentsOf: directory.path(of: "responses.csv"))
    return (table.header, table.rows)
  }

  func run() async throws -> (outcome: RunOutcome, estimates: [[String: String]]) {
    let outcome = try await PipelineRun(
      name: "reference-job",
      options: RunOptions(pipelines: directory.path, output: directory.path(of: "out"), strict: true)
    ).run()
    return (outcome, try SurveyFiles.rows(directory.path(of: "out/estimates.csv")))
  }
}
