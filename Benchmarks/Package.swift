// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds the pipeline downloads what measures it: `make bench`.

/// The stages that are measured one by one; products of the pipeline are called as their targets.
let stages = [
  "Kernels", "SurveyModel", "PipelineDefinition", "Ingest", "Normalize", "Snapshot", "Aggregate", "Estimate", "Trends",
  "Engine", "SyntheticData",
]

let package = Package(
  name: "pipeline-benchmarks",
  dependencies: [
    .package(name: "pipeline", path: ".."),
    // Without its traits: they count allocations by replacing malloc, and what they count is checked in Thresholds/.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "PipelineBenchmarks",
      dependencies: [.product(name: "Benchmark", package: "benchmark")]
        + stages.map { .product(name: $0, package: "pipeline") },
      path: "Benchmarks/Pipeline",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
