import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// The invented surveys of Tests/Reference/designs: every design that the engine knows, each a pipeline of its own.
@Suite("Designs of every kind equal R survey and Python svy")
struct DesignsReferenceTests {
  static let folder = "\(projectDirectory)/Tests/Reference/designs"
  static let keys = ["indicator", "area", "kind"]

  /// The pipelines of the folder by name.
  static let designs: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasPrefix("d") && $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test("There are at least 60 designs and 10,000 estimates to compare, and svy knows thousands of them")
  func size() throws {
    #expect(Self.designs.count >= 60)
    var estimates = 0
    var ofSvy = 0
    for design in Self.designs {
      estimates += try expected(design).rows.values.count { $0["estimate"] != "" }
      ofSvy += try svy(design)?.rows.count ?? 0
    }
    #expect(estimates >= 10_000)
    #expect(ofSvy >= 2_000, "svy: \(ofSvy)")
  }

  @Test("Every estimate, standard error, df, design effect and interval by every method", arguments: designs)
  func design(_ name: String) async throws {
    let expected = try expected(name)
    for method in IntervalMethod.allCases {
      guard !expected.rows.isEmpty else {
        try await expectRefusal(of: name, method: method)
        continue
      }
      let ours = try await run(name, method: method)
      let golden = rows(of: expected, method: method)
      _ = ReferenceTests.expectAgreement(
        of: ours, with: golden,
        columns: ["status", "n", "n_yes", "estimate", "se", "df", "deff", "n_eff", "method", "ci_low", "ci_high"])
      #expect(
        ours.rows.values.count { $0["status"] == "ok" } == golden.rows.values.count { $0["status"] == "ok" },
        "\(name): an estimate that R does not have")
      if method == .likelihood { expectNearness(of: ours, toSurveyIn: expected) }
      if let svy = try svy(name) {
        expectAgreement(of: ours, withSvy: svy, method: method)
      }
    }
  }

  /// Runs a design into a directory that is gone afterwards.
  private func run(_ name: String, method: IntervalMethod) async throws -> KeyedRows {
    let directory = try TemporaryDirectory()
    let output = directory.path(of: name)
    _ = try await PipelineRun(
      name: name, options: RunOptions(pipelines: Self.folder, output: output, method: method)
    ).run()
    return try KeyedRows("\(output)/estimates.csv", keys: Self.keys)
  }

  /// A design without expected numbers is one that must not be estimated.
  private func expectRefusal(of name: String, method: IntervalMethod) async throws {
    do {
      _ = try await run(name, method: method)
      Issue.record("\(name) was estimated")
    } catch let error as any Failure {
      #expect(error.exitStatus == .unacceptableData)
    }
  }

  private func expected(_ name: String) throws -> KeyedRows {
    try KeyedRows("\(Self.folder)/expected/\(name).csv", keys: Self.keys)
  }

  /// What svy says, where it agrees with R in its definitions (Tests/Reference/README.md).
  private func svy(_ name: String) throws -> KeyedRows? {
    let path = "\(Self.folder)/expected-svy/\(name).csv"
    return FileManager.default.fileExists(atPath: path) ? try KeyedRows(path, keys: Self.keys) : nil
  }

  /// The expected rows with the columns of estimates.csv for one method.
  private func rows(of expected: KeyedRows, method: IntervalMethod) -> KeyedRows {
    KeyedRows(
      rows: expected.rows.mapValues { row in
        var row = withInterval(of: row, method: method)
        row["status"] = row["n"] == "0" ? "no-data" : "ok"
        row["n_yes"] = row["n_yes"] == "" ? "0" : row["n_yes"]
        // The cases of docs/statistics.md 3.5.
        row["method"] =
          switch row["case"] {
          case "a": "census"
          case "c" where [.wald, .logit, .arcsine].contains(method): "beta"
          default: row["ci_low"] == "" ? "" : method.rawValue
          }
        return row
      })
  }

  /// svy has two of the intervals; where it leaves a value out, R's is compared alone.
  private func expectAgreement(of ours: KeyedRows, withSvy svy: KeyedRows, method: IntervalMethod) {
    let ends = [.beta, .logit].contains(method) ? ["low", "high"] : []
    let columns = ["estimate", "se", "df"].map { ($0, $0) } + ends.map { ("ci_\($0)", "\(method.rawValue)_\($0)") }
    for (column, theirs) in columns {
      let rows = svy.rows.mapValues { [column: $0[theirs] ?? ""] }.filter { $0.value[column] != "" }
      _ = ReferenceTests.expectAgreement(of: ours, with: KeyedRows(rows: rows), columns: [column])
    }
  }

  private func withInterval(of row: [String: String], method: IntervalMethod) -> [String: String] {
    let column = method.rawValue.replacing("-", with: "_")
    var row = row
    for end in ["low", "high"] {
      let own = row["\(column)_\(end)"]
      // Where a method gives what beta gives, only beta's is written.
      row["ci_\(end)"] = own == "" ? row["beta_\(end)"] : own
    }
    return row
  }

  /// survey finds the likelihood interval by interpolating a profile: it is near the definition, not equal to it.
  private func expectNearness(of ours: KeyedRows, toSurveyIn expected: KeyedRows) {
    for (key, row) in expected.rows {
      for end in ["low", "high"] {
        guard let theirs = row["survey_likelihood_\(end)"].flatMap(Double.init) else { continue }
        let bound = ours.rows[key]?["ci_\(end)"].flatMap(Double.init) ?? .infinity
        #expect(abs(bound - theirs) <= 2e-4 * 100, "\(key): ours \(bound), survey \(theirs)")
      }
    }
  }
}
