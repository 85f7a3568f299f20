import Benchmark
import Engine

/// From definition to files, as `pipeline run` does it without a snapshot.
func runBenchmarks() {
  for threads in [1, 2] {
    runBenchmark("20,000 rows, \(threads) \(threads == 1 ? "thread" : "threads")", threads: threads) {
      try ReferenceFiles()
    }
  }
  runBenchmark("5,000 rows, wide") { try ReferenceFiles(rows: 5000) }
  runBenchmark("5,000 rows, long") {
    let files = try ReferenceFiles(rows: 5000)
    try files.lengthen()
    return files
  }
  runBenchmark("5,000 rows, gzip") {
    let files = try ReferenceFiles(rows: 5000)
    try files.compress()
    return files
  }
  Benchmark("Run, institutions-cycle-4 with its trends") { benchmark in
    let outcome = try await PipelineRun(
      name: "institutions-cycle-4",
      options: RunOptions(pipelines: "\(projectDirectory)/Pipelines", output: Scratch.path("Output"), threads: 1)
    ).run()
    benchmark.expect(outcome.accounting.map(\.responses.used), [3000, 3000, 3000], "used rows")
    benchmark.expect(outcome.trends.isEmpty, false, "no trends")
  }
}

private func runBenchmark(
  _ name: String, threads: Int = 1, files: @escaping @Sendable () throws -> ReferenceFiles
) {
  Benchmark("Run, \(name)") { benchmark, files in
    let outcome = try await PipelineRun(
      name: ReferenceFiles.name,
      options: RunOptions(pipelines: files.directory, output: Scratch.path("Output"), threads: threads)
    ).run()
    benchmark.expect(outcome.accounting.map(\.responses.used), [files.rows], "used rows")
    benchmark.expect(outcome.estimates.map(\.all.count), [39 * 54], "estimates")
  } setup: {
    try files()
  }
}
