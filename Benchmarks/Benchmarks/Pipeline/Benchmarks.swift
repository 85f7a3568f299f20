import Benchmark

/// Every stage by itself, in running order, and all of them together.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = Benchmark.Configuration(
    metrics: [.wallClock, .throughput, .cpuTotal], maxDuration: .seconds(3), maxIterations: 1000)
  Benchmark.teardown = { Scratch.remove() }
  scanBenchmarks()
  ingestBenchmarks()
  normalizeBenchmarks()
  aggregateBenchmarks()
  snapshotBenchmarks()
  estimateBenchmarks()
  runBenchmarks()
}

extension Benchmark {
  /// Fails the benchmark where the work has another result than it must have: what computes nothing is fast.
  func expect<Value: Equatable>(_ value: Value, _ expected: Value, _ what: String) {
    if value != expected { error("\(what): \(value) in place of \(expected)") }
  }
}
