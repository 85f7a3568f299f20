import Aggregate
import Benchmark
import Normalize
import SurveyModel

/// Adding up rows for each way in which a design needs its sums.
func aggregateBenchmarks() {
  aggregateBenchmark("PSUs")
  aggregateBenchmark("strata") { $0.design.psu = nil }
  aggregateBenchmark("80 replicate weights", replicates: 80)
  aggregateBenchmark("ledger of units") { $0.tables[SurveyCycle.responsesTable]?.unit = "institution" }
}

private func aggregateBenchmark(
  _ name: String, replicates: Int = 0, change: @escaping @Sendable (inout SurveyCycle) -> Void = { _ in }
) {
  Benchmark("Aggregate, 20,000 rows, \(name)") { benchmark, input in
    var tally = Tally(plan: input.plan)
    for batch in input.batches { try tally.add(batch) }
    benchmark.stopMeasurement()
    benchmark.expect(input.rows(of: tally), input.answered, "rows in the first denominator")
  } setup: {
    try AggregateInput(replicates: replicates, change: change)
  }
}

/// Coded rows, and what the first indicator must count.
private struct AggregateInput {
  let plan: TallyPlan
  let batches: [CodedBatch]
  /// Rows that answered the first indicator's question.
  let answered: Int
  private let codes: TableCodes

  init(replicates: Int, change: (inout SurveyCycle) -> Void) throws {
    let files = try ReferenceFiles(replicates: replicates)
    let stages = try Stages(files, change: change)
    let (batches, normalizer) = try stages.coded()
    guard let question = stages.cycle.indicators.first?.rule.asked?.numerator.namedQuestions.first else {
      throw Unprepared("the first indicator names no question")
    }
    plan = try stages.tallyPlan()
    self.batches = batches
    answered = try files.answered(question)
    codes = TableCodes(
      strata: normalizer.strata.names.map { Stratum(name: $0) }, psus: normalizer.psus,
      members: normalizer.members.map(\.names))
  }

  /// Rows in the denominator of the first indicator, in all cells together.
  func rows(of tally: Tally) -> Int {
    let sums = tally.finish(codes: codes, dimensions: [0, 1]).sums
    return switch sums.totals(in: .total(dimensions: 2), indicator: 0) {
    case .byPSU(let totals): totals.reduce(0) { $0 + $1.rows }
    case .byStratum(let totals): totals.reduce(0) { $0 + $1.rows }
    case .byReplicate(let total): total?.rows ?? 0
    }
  }
}
