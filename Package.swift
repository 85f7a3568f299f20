// swift-tools-version: 6.2
import PackageDescription

// Targets stand in running order: the vocabulary, the definition, the stages from bytes to files,
// the engine that knows their order, and the command line.

let package = Package(
  name: "pipeline",
  products: [
    .executable(name: "pipeline", targets: ["pipeline"]),
    // For those who build on single stages; a product is called as its target.
    .library(name: "Kernels", targets: ["Kernels"]),
    .library(name: "SurveyModel", targets: ["SurveyModel"]),
    .library(name: "PipelineDefinition", targets: ["PipelineDefinition"]),
    .library(name: "Ingest", targets: ["Ingest"]),
    .library(name: "Normalize", targets: ["Normalize"]),
    .library(name: "Snapshot", targets: ["Snapshot"]),
    .library(name: "Aggregate", targets: ["Aggregate"]),
    .library(name: "Estimate", targets: ["Estimate"]),
    .library(name: "Trends", targets: ["Trends"]),
    .library(name: "Export", targets: ["Export"]),
    .library(name: "Engine", targets: ["Engine"]),
    .library(name: "SyntheticData", targets: ["SyntheticData"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // C libraries, each behind one door.
    .systemLibrary(name: "CLibCSV", providers: [.apt(["libcsv-dev"])]),
    .systemLibrary(name: "CZLib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CXXHash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CExchange"),
    .target(name: "CXLSXWriter", linkerSettings: [.linkedLibrary("xlsxwriter")]),
    .systemLibrary(name: "CMinizip", providers: [.apt(["libminizip-dev"])]),
    .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
    .target(
      name: "CBoostMath",
      publicHeadersPath: "include",
      linkerSettings: [.linkedLibrary("m")]
    ),

    // The innermost loops, for each instruction set.
    .target(name: "CKernels", exclude: ["scan_body.h"]),
    .target(name: "Kernels", dependencies: ["CKernels"]),

    // A lock that sanitizers know.
    .target(name: "Locks"),

    // Files that have another name until they are whole.
    .target(name: "PartialFiles", dependencies: [.product(name: "SystemPackage", package: "swift-system")]),

    // iconv behind one door: the names of encodings, and text in any of them as UTF-8.
    .target(name: "Encodings"),

    // The words that all stages share.
    .target(
      name: "SurveyModel",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections")
      ]),
    .target(
      name: "PipelineDefinition",
      dependencies: [
        "SurveyModel", "Encodings", .product(name: "Yams", package: "Yams"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]
    ),

    // The stages.
    .target(
      name: "Ingest",
      dependencies: [
        "SurveyModel", "Encodings", "Kernels", "CLibCSV", "CZLib", "CXXHash",
        .product(name: "SystemPackage", package: "swift-system"),
      ]
    ),
    .target(
      name: "Normalize",
      dependencies: [
        "SurveyModel", "Kernels", "Ingest", "Locks", .product(name: "OrderedCollections", package: "swift-collections"),
      ]
    ),
    .target(
      name: "Snapshot",
      dependencies: [
        "SurveyModel", "Normalize", "PartialFiles", "CXXHash",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Aggregate", dependencies: ["SurveyModel", "Kernels", "Normalize", "Locks"]),
    // From the definition to the same sums by way of somebody else's engine.
    .target(
      name: "Query",
      dependencies: [
        "SurveyModel", "Encodings", "Ingest", "Normalize",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .target(
      name: "Spark",
      dependencies: [
        "SurveyModel", "Ingest", "Query", "Locks", .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Estimate", dependencies: ["SurveyModel", "CBoostMath"]),
    .target(name: "Trends", dependencies: ["SurveyModel", "Estimate"]),
    .target(
      name: "Export",
      dependencies: ["SurveyModel", .product(name: "Crypto", package: "swift-crypto")]
    ),

    // What the templates of pages and messages share.
    .target(name: "Markup", dependencies: [.product(name: "Mustache", package: "swift-mustache")]),

    // The forms that people use, one target each, so that a build takes only the libraries that it needs.
    .target(
      name: "SDMX",
      dependencies: ["SurveyModel", "Export", "Markup", .product(name: "Mustache", package: "swift-mustache")],
      resources: [.embedInCode("Template")]),
    .target(
      name: "Report",
      dependencies: ["SurveyModel", "Export", "Markup", .product(name: "Mustache", package: "swift-mustache")],
      exclude: ["charts.txt"], resources: [.embedInCode("Page")]),
    .target(name: "Workbook", dependencies: ["SurveyModel", "Export", "CXLSXWriter", "CMinizip", "CExpat"]),
    .target(
      name: "Database", dependencies: ["SurveyModel", "Export", .product(name: "GRDB", package: "GRDB.swift")]),

    // Order, concurrency, and what an analyst types.
    .target(
      name: "Engine",
      dependencies: [
        "SurveyModel", "PipelineDefinition", "Ingest", "Normalize", "Snapshot", "Aggregate", "Query", "Spark",
        "Estimate", "Trends", "Export", "Report", "SDMX", "Workbook", "Database", "CExchange", "Locks",
        "PartialFiles",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]
    ),
    .target(
      name: "SyntheticData",
      dependencies: [
        "SurveyModel", "Ingest", "Export", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .executableTarget(
      name: "pipeline",
      dependencies: [
        "SurveyModel", "PipelineDefinition", "Snapshot", "Query", "Spark", "Estimate", "Export", "Engine",
        "SyntheticData", "Locks", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]
    ),
    // How often intervals cover the truth: `make coverage`.
    .executableTarget(
      name: "coverage-study",
      dependencies: [
        "SurveyModel", "Estimate", "Trends", "SyntheticData",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/Coverage", exclude: ["intervals.R"]
    ),
    // A test target for each target, the real binary, and the numbers of R survey.
    .target(
      name: "SurveyTestSupport", dependencies: ["SurveyModel", "Export", "CZLib"], path: "Tests/SurveyTestSupport"),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "SurveyTestSupport"]),
    .testTarget(name: "EncodingsTests", dependencies: ["Encodings", "SurveyTestSupport"]),
    .testTarget(name: "SurveyModelTests", dependencies: ["SurveyModel", "SurveyTestSupport"]),
    .testTarget(
      name: "PipelineDefinitionTests", dependencies: ["PipelineDefinition", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(name: "IngestTests", dependencies: ["Ingest", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(name: "NormalizeTests", dependencies: ["Normalize", "Ingest", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(
      name: "SnapshotTests", dependencies: ["Snapshot", "Normalize", "Ingest", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(
      name: "AggregateTests", dependencies: ["Aggregate", "Normalize", "Ingest", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(
      name: "EstimateTests", dependencies: ["Estimate", "SurveyModel", "SurveyTestSupport"],
      exclude: ["interval-values.R", "interval-values.csv"]),
    .testTarget(
      name: "TrendsTests", dependencies: ["Trends", "Estimate", "SurveyModel", "SurveyTestSupport"],
      exclude: ["p-adjust.R", "p-adjust.csv"]),
    .testTarget(name: "ExportTests", dependencies: ["Export", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(name: "WorkbookTests", dependencies: ["Workbook", "Export", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(name: "SDMXTests", dependencies: ["SDMX", "Markup", "Export", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(name: "ReportTests", dependencies: ["Report", "Export", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(name: "DatabaseTests", dependencies: ["Database", "Export", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "PipelineDefinition", "Ingest", "Normalize", "Snapshot", "Export", "Query", "Spark", "SyntheticData",
        "SurveyModel", "Locks", "SurveyTestSupport",
      ]),
    .testTarget(
      name: "SyntheticDataTests",
      dependencies: ["SyntheticData", "Engine", "PipelineDefinition", "SurveyModel", "Ingest", "SurveyTestSupport"]),
    .testTarget(name: "CommandTests", dependencies: ["pipeline", "Engine", "Export", "Ingest", "SurveyTestSupport"]),
    .testTarget(name: "CoverageTests", dependencies: ["coverage-study", "SurveyModel", "SurveyTestSupport"]),
    .testTarget(
      name: "ReferenceTests", dependencies: ["Engine", "Ingest", "SurveyModel", "SurveyTestSupport"],
      path: "Tests/ReferenceTests"),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
