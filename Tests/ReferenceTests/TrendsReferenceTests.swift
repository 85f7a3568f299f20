import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// Invented cycles, one case for each way in which two or more of them can be linked; the expected numbers are R's.
@Suite("Changes and slopes equal R")
struct TrendsReferenceTests {
  /// Tests/Reference/README.md says what each of them is.
  static let cases = (1...27).map { String(format: "t%02d", $0) }

  private static let place = ["indicator", "region", "sector"]
  private static let tested = ["se", "ci_low", "ci_high", "df", "p_value", "p_adjusted", "significance"]

  /// Runs the case's latest cycle, which runs those that it is compared with.
  private func run(_ id: String, in directory: TemporaryDirectory) async throws -> String {
    let output = directory.path(of: id)
    let options = RunOptions(pipelines: golden("trends"), output: output)
    _ = try await PipelineRun(name: "\(id)-now", options: options).run()
    return output
  }

  private func expected(_ file: String, of id: String, keys: [String]) throws -> KeyedRows {
    let all = try KeyedRows(golden("trends/\(file)"), keys: ["pipeline"] + keys)
    let own = all.rows.filter { $0.key[0] == "\(id)-now" }
    return KeyedRows(rows: Dictionary(uniqueKeysWithValues: own.map { (Array($0.key.dropFirst()), $0.value) }))
  }

  @Test("Every change on both bases, its error, interval, test and adjustment", arguments: cases)
  func trends(id: String) async throws {
    let directory = try TemporaryDirectory()
    let keys = Self.place + ["compare_to", "role", "basis"]
    let ours = try KeyedRows("\(try await run(id, in: directory))/trends.csv", keys: keys)
    let expected = try expected("expected-trends.csv", of: id, keys: keys)
    let compared = expectAgreement(
      of: ours, with: expected,
      columns: ["status", "n_then", "n_now", "n_matched", "then", "now", "delta", "comparability"] + Self.tested)
    #expect(compared >= 4 * 15, "the golden file must not be empty")
    #expect(Set(ours.rows.keys) == Set(expected.rows.keys), "no row that R does not have")
  }

  @Test("Every slope over three and four cycles", arguments: cases)
  func slopes(id: String) async throws {
    let directory = try TemporaryDirectory()
    let ours = try KeyedRows("\(try await run(id, in: directory))/slopes.csv", keys: Self.place)
    let expected = try expected("expected-slopes.csv", of: id, keys: Self.place)
    _ = expectAgreement(of: ours, with: expected, columns: ["cycles", "slope", "comparability"] + Self.tested)
    #expect(Set(ours.rows.keys) == Set(expected.rows.keys), "no row that R does not have")
    for (key, row) in ours.rows where expected.rows[key]?["slope"] == "" {
      #expect(row["reason"]?.isEmpty == false, "\(key): why there is no slope")
    }
  }

  @Test("The golden files hold every case")
  func allCases() throws {
    let trends = try KeyedRows(golden("trends/expected-trends.csv"), keys: ["pipeline"])
    let slopes = try KeyedRows(golden("trends/expected-slopes.csv"), keys: ["pipeline"])
    #expect(trends.rows.count == Self.cases.count)
    #expect(slopes.rows.count == 13)
  }
}
