import Foundation
import Ingest
import SurveyModel
import SurveyTestSupport

@testable import SyntheticData

/// A survey of institutions, written into a directory of its own and read back through the project's own reader.
struct SurveyFiles {
  let directory: TemporaryDirectory
  let survey: InstitutionSurvey

  init(
    seed: UInt64 = 7, draw: Int = 0, responses: Int = 600, cycles: ClosedRange<Int> = 2...5
  ) throws {
    survey = try InstitutionSurvey(
      seed: seed, draw: draw, responses: responses, cycles: cycles, frame: try SampleData.frame())
    directory = try TemporaryDirectory()
    _ = try survey.write(to: directory.path)
  }

  func responses(_ cycle: Int) throws -> [[String: String]] {
    try rows("institutions-cycle-\(cycle)/responses.csv")
  }

  func rows(_ path: String) throws -> [[String: String]] {
    try Self.rows(directory.path(of: path))
  }

  static func rows(_ path: String) throws -> [[String: String]] {
    let table = try SmallTable(contentsOf: path)
    return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
  }

  /// `truth.csv` of a cycle by indicator and cell; a cell without a value is absent.
  func truth(_ cycle: Int) throws -> [String: Double] {
    var truth: [String: Double] = [:]
    for row in try rows("truth.csv") where row["cycle"] == "institutions-cycle-\(cycle)" {
      truth[Self.cell(row)] = Double(row["value"] ?? "")
    }
    return truth
  }

  static func cell(_ row: [String: String]) -> String {
    ["indicator", "region", "sector"].map { row[$0] ?? "" }.joined(separator: " ")
  }

  /// Everybody: the institutions of all networks, sampled or not.
  static func everybody(in population: InstitutionPopulation) -> [(network: InstitutionNetwork, institution: Int)] {
    population.strata.indices.flatMap { stratum in
      (0..<population.strata[stratum].networks).flatMap { number in
        let network = population.network(number, in: stratum)
        return (0..<network.size).map { (network, $0) }
      }
    }
  }
}
