import Engine
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("National reports equal R survey")
struct NationalReportsReferenceTests {
  static let cells = ["region", "sector"]

  /// Runs a cycle of the project into a temporary directory.
  private func run(
    _ name: String, method: IntervalMethod? = nil, in directory: TemporaryDirectory
  ) async throws -> String {
    let output = directory.path(of: "\(name)-\(method?.rawValue ?? "default")")
    let options = RunOptions(pipelines: "\(projectDirectory)/Pipelines", output: output, method: method)
    _ = try await PipelineRun(name: name, options: options).run()
    return output
  }

  @Test(
    "Every estimate, standard error, df, design effect and interval of the four cycles",
    arguments: ["cycle-2", "cycle-3", "cycle-4", "cycle-5"])
  func estimates(cycle: String) async throws {
    let directory = try TemporaryDirectory()
    let keys = ["cycle", "indicator"] + Self.cells
    let ours = try KeyedRows("\(try await run(cycle, in: directory))/estimates.csv", keys: keys)
    let all = try KeyedRows(golden("national-reports-estimates.csv"), keys: keys)
    let expected = KeyedRows(rows: all.rows.filter { $0.key[0] == cycle })
    let compared = expectAgreement(
      of: ours, with: expected,
      columns: [
        "status", "n", "n_yes", "population", "estimate", "se", "ci_low", "ci_high", "method", "df", "deff", "n_eff",
        "flag",
      ])
    #expect(compared > 39 * 13, "the golden file must not be empty")
    #expect(ours.rows.keys.count { $0[0] == cycle } == expected.rows.count, "no row that R does not have")
  }

  @Test(
    "Every change since the previous and the baseline cycle, on both bases, adjusted by Holm",
    arguments: ["cycle-3", "cycle-4", "cycle-5"])
  func trends(cycle: String) async throws {
    let directory = try TemporaryDirectory()
    let keys = ["cycle", "compare_to", "role", "basis", "indicator"] + Self.cells
    let ours = try KeyedRows("\(try await run(cycle, in: directory))/trends.csv", keys: keys)
    var compared = 0
    for file in ["national-reports-trends.csv", "national-reports-trends-region-sector.csv"] {
      let all = try KeyedRows(golden(file), keys: keys)
      compared += expectAgreement(
        of: ours, with: KeyedRows(rows: all.rows.filter { $0.key[0] == cycle }),
        columns: [
          "status", "n_then", "n_now", "n_matched", "then", "now", "delta", "se", "ci_low", "ci_high", "df", "p_value",
          "p_adjusted", "significance",
        ])
    }
    #expect(compared > 39 * 14 * 4, "the golden files must not be empty")
  }

  @Test(
    "The interval of each method, and which method it falls back to at 0 and 100 %",
    arguments: [IntervalMethod.wilson, .beta, .wald, .logit, .arcsine])
  func intervals(method: IntervalMethod) async throws {
    let directory = try TemporaryDirectory()
    let keys = ["indicator"] + Self.cells
    let output = try await run("cycle-4", method: method, in: directory)
    let estimates = try KeyedRows("\(output)/estimates.csv", keys: ["cycle"] + keys)
    let ours = KeyedRows(
      rows: Dictionary(
        uniqueKeysWithValues: estimates.rows.filter { $0.key[0] == "cycle-4" }.map {
          ([method.rawValue] + $0.key.dropFirst(), $0.value)
        }))
    let all = try KeyedRows(golden("national-reports-intervals.csv"), keys: ["method_requested"] + keys)
    let compared = expectAgreement(
      of: ours, with: KeyedRows(rows: all.rows.filter { $0.key[0] == method.rawValue }),
      columns: ["method", "ci_low", "ci_high"])
    #expect(compared > 100, "the golden file must not be empty")
  }
}

extension KeyedRows {
  init(rows: [[String]: [String: String]]) { self.rows = rows }
}
