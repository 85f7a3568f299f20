import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import SyntheticData

@Suite("What the engine makes of the institutions")
struct InstitutionEstimateTests {
  /// A whole population without blanks, each institution with weight 1: every estimate is the truth. So the definitions
  /// and the generator mean the same by every indicator.
  @Test func aCensusGivesTheTruth() async throws {
    let files = try SurveyFiles(responses: 500, cycles: 4...4)
    let population = files.survey.population
    let rows = InstitutionRows(population: population)
    var bytes = Array((InstitutionRows.header.joined(separator: ",") + "\n").utf8)
    for (place, (network, institution)) in SurveyFiles.everybody(in: population).enumerated() {
      rows.append(
        population.answers(of: institution, in: network, cycle: 4), of: institution,
        party: population.party(of: institution, in: network), cycle: 4, number: place + 1,
        columns: rows.columns(
          of: network, networks: population.strata[network.stratum].networks, weight: 1), blanks: nil, to: &bytes)
    }
    try files.directory.write(bytes, to: "institutions-cycle-4/responses.csv")
    let truth = try files.truth(4)
    let estimates = try await estimates(of: files)
    #expect(estimates.count == 12 * 30)
    for row in estimates {
      let value = try #require(truth[SurveyFiles.cell(row)])
      let estimate = try #require(Double(row["estimate"] ?? ""))
      #expect(areClose(estimate, value, relative: 1e-12), "\(SurveyFiles.cell(row))")
      if row["indicator"] != "I.12" { #expect(row["flag"] == "census") }
    }
  }

  /// Of 330 percentages some lie two standard errors off, and hardly one four and a half. Without the weights the totals
  /// do not aim at the truth, and the same test says so.
  @Test func estimatesOfASampleSurroundTheTruth() async throws {
    let files = try SurveyFiles(seed: 11, responses: 20_000, cycles: 4...4)
    let truth = try files.truth(4)
    let weighted = try distances(of: try await estimates(of: files), from: truth)
    #expect(weighted.count == 11 * 30)
    #expect(weighted.values.allSatisfy { abs($0) < 4.5 }, "\(weighted.values.map(abs).max() ?? 0)")
    let within = Double(weighted.values.count { abs($0) < 2 }) / Double(weighted.count)
    #expect((0.88...0.99).contains(within), "\(within)")
    #expect(rootMeanSquareOfTotals(weighted) < 1.5)
    let unweighted = try distances(of: try await estimates(of: files, design: Self.unweighted), from: truth)
    #expect(rootMeanSquareOfTotals(unweighted) > 1.5)
  }

  /// A count is the sum of the weights of those who said yes.
  @Test func aCountAimsAtTheNumberInThePopulation() async throws {
    let files = try SurveyFiles(seed: 12, responses: 5000, cycles: 4...4)
    let truth = try files.truth(4)
    for row in try await estimates(of: files) where row["indicator"] == "I.12" {
      let isTotal = row["region"] == "_T" && row["sector"] == "_T"
      let ratio = (Double(row["estimate"] ?? "") ?? 0) / (try #require(truth[SurveyFiles.cell(row)]))
      #expect(abs(ratio - 1) < (isTotal ? 0.08 : 0.5), "\(SurveyFiles.cell(row))")
    }
  }

  private static let design =
    "{weight: weight, strata: [region, sector], psu: network, population: {column: stratum_size}}"
  private static let unweighted = "{strata: [region, sector], psu: network}"

  /// In standard errors, by indicator and cell.
  private func distances(
    of estimates: [[String: String]], from truth: [String: Double]
  ) throws -> [String: Double] {
    var distances: [String: Double] = [:]
    for row in estimates where row["indicator"] != "I.12" {
      let cell = SurveyFiles.cell(row)
      let value = try #require(truth[cell])
      let estimate = try #require(Double(row["estimate"] ?? ""))
      distances[cell] = (estimate - value) / (try #require(Double(row["se"] ?? "")))
    }
    return distances
  }

  private func rootMeanSquareOfTotals(_ distances: [String: Double]) -> Double {
    let totals = distances.filter { $0.key.hasSuffix("_T _T") }.values
    return (totals.reduce(0) { $0 + $1 * $1 } / Double(totals.count)).squareRoot()
  }

  /// Runs the project's own codebook and indicators by institution over the files.
  private func estimates(
    of files: SurveyFiles, design: String = InstitutionEstimateTests.design
  ) async throws -> [[String: String]] {
    let directory = files.directory
    let definitions = "\(projectDirectory)/Pipelines"
    let all = try String(contentsOfFile: "\(definitions)/institutions/indicators.yaml", encoding: .utf8)
    let byInstitution = try #require(all.components(separatedBy: "\n- id: P.").first)
    try directory.write(byInstitution + "\n", to: "pipelines/indicators.yaml")
    let definition = """
      pipeline: sample
      cycle: cycle-4
      tables:
        responses:
          path: ../institutions-cycle-4/responses.csv
          codebook: \(definitions)/institutions/codebook.yaml
          respondent: response_id
          unit: institution
        parties: {path: ../registers/parties.csv, unit: iso3}
      dimensions:
        region: {join: parties, on: party, column: region}
        sector: {column: sector}
      group-by: [[region], [sector], [region, sector]]
      design: \(design)
      indicators: indicators.yaml

      """
    try directory.write(definition, to: "pipelines/sample.yaml")
    let outcome = try await PipelineRun(
      name: "sample",
      options: RunOptions(
        pipelines: directory.path(of: "pipelines"), output: directory.path(of: "out"), strict: true)
    ).run()
    #expect(outcome.rejections.isEmpty)
    return try SurveyFiles.rows(directory.path(of: "out/estimates.csv"))
  }
}
