import Benchmark
import Engine
import Estimate
import Foundation
import SurveyModel
import Trends

/// From sums to percentages with errors and intervals, and to changes.
func estimateBenchmarks() {
  Benchmark("Estimate, 39 indicators in 54 cells, 2,000 PSUs") { benchmark, input in
    let estimates = try CycleEstimates(cycle: input.cycle, sums: input.sums)
    benchmark.stopMeasurement()
    benchmark.expect(estimates.all.count { $0.estimate.standardError != nil }, 39 * 54, "standard errors")
  } setup: {
    try await referenceEstimates()
  }

  Benchmark("Trends, institutions-cycle-4 to -3, all who answered") { benchmark, pair in
    let trends = try pair.calculator.trends(roles: [.previous])
    benchmark.expect(trends.count { $0.delta != nil }, pair.changes, "changes")
  } setup: {
    try InstitutionPair(await finishedRun("institutions-cycle-4", in: "\(projectDirectory)/Pipelines").estimates)
  }
}

/// The directory of the pipeline's package.
let projectDirectory = String(#filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" })

/// Runs a pipeline once, to have what the later stages are handed.
private func finishedRun(_ name: String, in pipelines: String) async throws -> RunOutcome {
  try await PipelineRun(
    name: name, options: RunOptions(pipelines: pipelines, output: Scratch.path("Output"), threads: 1)
  ).run()
}

private func referenceEstimates() async throws -> CycleEstimates {
  let outcome = try await finishedRun(ReferenceFiles.name, in: ReferenceFiles().directory)
  guard let estimates = outcome.estimates.first else { throw Unprepared("the run has no estimates") }
  return estimates
}

/// Two cycles of the invented survey of institutions whose PSUs overlap.
private struct InstitutionPair {
  let calculator: TrendCalculator
  /// Cells of both cycles with an estimate.
  let changes: Int

  init(_ estimates: [CycleEstimates]) throws {
    guard estimates.count > 1 else { throw Unprepared("the run has one cycle") }
    let (now, then) = (estimates[0], estimates[1])
    calculator = try TrendCalculator(now: now, then: then, sums: UnmatchedSums(cycles: [now, then]), level: 0.95)
    changes = now.all.count { row in
      let id = now.cycle.indicators[row.indicator].id
      guard let place = then.cycle.indicators.firstIndex(where: { $0.id == id }) else { return false }
      return row.estimate.value != nil && then.estimate(indicator: place, cell: row.cell)?.value != nil
    }
  }
}

/// The sums of all who answered. Matching units needs the ledgers of a run; the whole run measures that.
private struct UnmatchedSums: SumsProvider {
  let cycles: [CycleEstimates]

  func sums(of cycle: String, in basis: SumsBasis) throws -> CycleSums {
    guard let sums = cycles.first(where: { $0.cycle.name == cycle })?.sums else {
      throw Unprepared("no cycle \(cycle)")
    }
    return basis == .all ? sums : CycleSums(places: sums.places, tables: [:])
  }

  func populationInBoth(now: String, then: String) throws -> [String: Double]? { nil }
}
