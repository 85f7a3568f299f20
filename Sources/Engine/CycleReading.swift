import Estimate
import Foundation
import Ingest
import Logging
import Normalize
import PipelineDefinition
import SurveyModel

/// From the NAMEs of some cycles to their sums and estimates: what every command that computes begins with.
struct CycleReading {
  let options: RunOptions
  private let log = Logger(label: "pipeline.read")

  init(options: RunOptions) {
    self.options = options
  }

  // MARK: - Definitions

  /// The cycle that is asked for, with the options of the command in place of what its definition says.
  func mainCycle(_ name: String) throws -> SurveyCycle {
    var cycle = try DefinitionReader(directory: options.pipelines).cycle(named: name)
    let ids = cycle.indicators.map(\.id)
    for id in options.indicators where !ids.contains(id) {
      throw EngineError.unknownIndicator(id, nearest: NearestName.suggestion(for: id, among: ids))
    }
    if let groupings = options.groupings {
      for name in groupings.joined() where cycle.dimensions[name] == nil {
        throw EngineError.unknownDimension(
          name, nearest: NearestName.suggestion(for: name, among: cycle.dimensions.keys))
      }
      cycle.groupings = groupings
    }
    try Support.check(cycle)
    return cycle
  }

  /// A cycle that the main one is compared with.
  func otherCycle(_ name: String, comparedWith main: SurveyCycle) throws -> SurveyCycle {
    var cycle = try DefinitionReader(directory: options.pipelines).cycle(named: name)
    if options.groupings != nil {
      // What this cycle has no dimension for is told by the rows of the trends.
      cycle.groupings = main.groupings.filter { $0.allSatisfy { cycle.dimensions[$0] != nil } }
    }
    try Support.check(cycle)
    return cycle
  }

  // MARK: - Sums

  /// Ingest, Normalize and Aggregate of all cycles, as many at once as there are threads. The first failure, or a
  /// cancellation, stops the others.
  func summaries(of cycles: [SurveyCycle]) async throws -> [CycleSummary] {
    let linksUnits = cycles.count > 1
    if let progress = options.progress {
      for cycle in cycles {
        for name in ConditionUse(cycle: cycle).tables {
          // What is wrong with a path is told when its table is read.
          let paths = cycle.tables[name].flatMap { try? InputPaths.expanded($0.paths, table: name) } ?? []
          progress.expect(InputHash.bytes(of: paths), of: cycle.name)
        }
      }
    }
    return try await withThrowingTaskGroup(of: (Int, CycleSummary).self) { group in
      var next = 0
      func start() {
        guard next < cycles.count else { return }
        let index = next
        let cycle = cycles[index]
        next += 1
        log.debug("reading \(cycle.name)")
        group.addTask {
          var computation = CycleComputation(
            cycle: cycle, linksUnits: linksUnits, strict: options.strict, progress: options.progress,
            options: ReadingOptions(
              threads: options.threads, usesSHA256: options.usesSHA256, cache: options.cache,
              bytesPerMorsel: options.bytesPerMorsel, meter: options.meter))
          return (index, try await computation.run())
        }
      }
      for _ in 0..<max(1, options.threads) { start() }
      var results: [Int: CycleSummary] = [:]
      while let (index, summary) = try await group.next() {
        results[index] = summary
        log.debug(
          "read \(summary.cycle.name)",
          metadata: Dictionary(
            uniqueKeysWithValues: summary.tables.map {
              ($0.name, "\($0.accounting.used) of \($0.accounting.read) rows")
            }))
        start()
      }
      return cycles.indices.compactMap { results[$0] }
    }
  }

  // MARK: - Estimates

  /// The estimates of all cycles, with the indicators of each shared out among threads.
  func estimates(_ summaries: [CycleSummary], sums: any SumsProvider) async throws -> [CycleEstimates] {
    var results: [CycleEstimates] = []
    for summary in summaries {
      let interval = IntervalRequest(
        method: options.method ?? summary.cycle.interval.method, level: options.level ?? summary.cycle.interval.level)
      results.append(
        try await CycleEstimates.computed(
          cycle: summary.cycle, sums: sums.sums(of: summary.cycle.name, in: .all), interval: interval,
          threads: options.threads))
    }
    return results
  }

  /// The confidence level of changes that belong to a cycle.
  func level(of cycle: SurveyCycle) -> Double { options.level ?? cycle.interval.level }
}

extension EmbeddedSums {
  convenience init(_ summaries: [CycleSummary]) {
    self.init(cycles: Dictionary(uniqueKeysWithValues: summaries.map { ($0.cycle.name, $0) }))
  }
}

extension [CycleSummary] {
  /// What was rejected, in the order of cycles and tables; what several of them read is listed once.
  var distinctRejections: [Rejection] {
    let tables = flatMap(\.rejections)
    var readers: [String: Int] = [:]
    for table in tables { for file in table.files { readers[file, default: 0] += 1 } }
    let again = Set(readers.filter { $0.value > 1 }.keys)
    guard !again.isEmpty else { return tables.flatMap(\.self) }
    var listed: [Rejection: Int] = [:]
    return tables.flatMap { table in
      // A table itself may have equal ones: an engine that knows no lines cannot tell them apart.
      var found: [Rejection: Int] = [:]
      return table.filter { rejection in
        guard again.contains(rejection.file) else { return true }
        found[rejection, default: 0] += 1
        guard let count = found[rejection], count > listed[rejection, default: 0] else { return false }
        listed[rejection] = count
        return true
      }
    }
  }
}

extension [Rejection] {
  /// The files of one table.
  fileprivate var files: Set<String> {
    var files: Set<String> = []
    var last: String?
    for rejection in self where rejection.file != last {
      files.insert(rejection.file)
      last = rejection.file
    }
    return files
  }
}
