// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds the pipeline builds it with sanitizers: `make fuzz`.

/// What reads bytes that others wrote; products of the pipeline are called as their targets.
let readers = ["SurveyModel", "Kernels", "PipelineDefinition", "Ingest", "Normalize", "Snapshot"]

let package = Package(
  name: "pipeline-fuzzing",
  dependencies: [.package(name: "pipeline", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz", dependencies: readers.map { .product(name: $0, package: "pipeline") }, path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
