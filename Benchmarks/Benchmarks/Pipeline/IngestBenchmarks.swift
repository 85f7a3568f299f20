import Benchmark
import Ingest

/// Splitting a file into records: our morsels, and libcsv on the same file beside them.
func ingestBenchmarks() {
  Benchmark("Split, 20,000 rows, morsels") { benchmark, stages in
    var rows = 0
    var scanner = stages.scanner
    var batch: RecordBatch?
    for index in 0..<stages.file.morselCount {
      let morsel = try scanner.read(index, of: stages.file, reusing: batch)
      rows += morsel.records.rowCount
      batch = morsel.records
    }
    benchmark.expect(rows, ReferenceFiles.rows, "rows")
  } setup: {
    try Stages(ReferenceFiles())
  }

  Benchmark("Split, 20,000 rows, libcsv") { benchmark, stages in
    var rows = 0
    _ = try RecordReader(path: stages.file.path, table: "responses").read(
      choose: { _ in stages.columns }, body: { rows += $0.rowCount })
    benchmark.expect(rows, ReferenceFiles.rows, "rows")
  } setup: {
    try Stages(ReferenceFiles())
  }
}
