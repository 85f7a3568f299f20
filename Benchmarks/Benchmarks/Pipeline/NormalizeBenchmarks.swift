import Benchmark
import Ingest
import Normalize

/// Answers as codes: one worker that has seen nothing yet.
func normalizeBenchmarks() {
  Benchmark("Normalize, 20,000 rows") { benchmark, input in
    var used = 0
    var coder = try RowCoder(plan: input.plan)
    for records in input.records { used += coder.code(records).batch.used.count }
    benchmark.expect(used, ReferenceFiles.rows, "used rows")
  } setup: {
    try NormalizeInput()
  }
}

private struct NormalizeInput {
  let plan: TablePlan
  let records: [RecordBatch]

  init() throws {
    let stages = try Stages(ReferenceFiles())
    plan = stages.plan
    records = try stages.records()
  }
}
