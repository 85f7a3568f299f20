import Estimate
import Export
import Foundation
import Logging
import PipelineDefinition
import SurveyModel
import Trends

/// One run of a pipeline, from definition to files. The flow is `stages()`.
public struct PipelineRun: Sendable {
  public static let version = "0.1.0"

  public let name: String
  public let options: RunOptions
  private let log = Logger(label: "pipeline.run")

  public init(name: String, options: RunOptions) {
    self.name = name
    self.options = options
  }

  /// Runs NAME and the cycles that its trends need, and moves the results into place.
  ///
  /// - Throws: A `Failure` of some stage, or `CancellationError`. The previous results are untouched then.
  public func run() async throws -> RunOutcome {
    try await withTaskExecutorPreference(WorkerExecutor()) { try await stages() }
  }

  private func stages() async throws -> RunOutcome {
    var clock = StageClock()
    let cycles = try definitions()
    let directory = try ResultsDirectory(path: options.output ?? "Output/\(name)")
    clock.lap("definition")
    let summaries = try await listingRejections { try await read(cycles) }
    clock.lap("read, normalize and aggregate")
    let sums = EmbeddedSums(cycles: Dictionary(uniqueKeysWithValues: summaries.map { ($0.cycle.name, $0) }))
    let estimates = try await listingRejections(of: summaries) { () throws -> [CycleEstimates] in
      try summaries.map { summary -> CycleEstimates in
        try Task.checkCancellation()
        return try CycleEstimates(
          cycle: summary.cycle, sums: sums.sums(of: summary.cycle.name, in: .all), interval: interval(of: summary.cycle)
        )
      }
    }
    clock.lap("estimate")
    log.debug("estimated", metadata: ["estimates": "\(estimates.reduce(0) { $0 + $1.all.count })"])
    let trends = try await listingRejections(of: summaries) { try self.trends(estimates, sums: sums) }
    clock.lap("trends")
    let outcome = RunOutcome(
      estimates: estimates, trends: trends, accounting: summaries.map(\.accountingByTable),
      rejections: distinctRejections(summaries), output: options.output ?? "Output/\(name)",
      indicators: options.indicators, timings: clock.laps)
    try export(outcome, summaries: summaries, to: directory, started: clock.started, timings: clock.laps)
    try Task.checkCancellation()
    try directory.commit()
    log.debug("moved the results into place", metadata: ["directory": "\(outcome.output)"])
    try? FileManager.default.removeItem(atPath: rejectionsPath)
    return outcome
  }

  // MARK: - Definitions

  /// NAME first, then previous, then baseline, each once.
  func definitions() throws -> [SurveyCycle] {
    let reader = DefinitionReader(directory: options.pipelines)
    var main = try reader.cycle(named: name)
    try apply(options, to: &main)
    var cycles = [main]
    for other in [main.trend.previous, main.trend.baseline].compactMap(\.self)
    where !cycles.contains(where: { $0.name == other }) {
      var cycle = try reader.cycle(named: other)
      if options.groupings != nil { cycle.groupings = main.groupings }
      cycles.append(cycle)
    }
    for cycle in cycles { try Support.check(cycle, method: options.method ?? cycle.interval.method) }
    return cycles
  }

  private func apply(_ options: RunOptions, to cycle: inout SurveyCycle) throws(EngineError) {
    let ids = cycle.indicators.map(\.id)
    for id in options.indicators where !ids.contains(id) {
      throw .unknownIndicator(id, nearest: NearestName.suggestion(for: id, among: ids))
    }
    guard let groupings = options.groupings else { return }
    for name in groupings.flatMap(\.self) where cycle.dimensions[name] == nil {
      throw .unknownDimension(name, nearest: NearestName.suggestion(for: name, among: cycle.dimensions.keys))
    }
    cycle.groupings = groupings
  }

  private func interval(of cycle: SurveyCycle) -> IntervalRequest {
    IntervalRequest(
      method: options.method ?? cycle.interval.method, level: options.level ?? cycle.interval.level)
  }

  // MARK: - Reading

  /// Ingest, Normalize and Aggregate of all cycles, as many at once as there are threads. The first failure, or a
  /// cancellation, stops the others.
  private func read(_ cycles: [SurveyCycle]) async throws -> [CycleSummary] {
    let linksUnits = cycles.count > 1
    if let progress = options.progress {
      for cycle in cycles {
        for path in cycle.tables.values.compactMap(\.paths.first) {
          let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.int64Value
          progress.expect(size ?? 0, of: cycle.name)
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
            cycle: cycle, linksUnits: linksUnits, strict: options.strict, progress: options.progress)
          return (index, try computation.run())
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

  /// What was rejected, in the order of cycles and files; registers that several cycles read are listed once.
  private func distinctRejections(_ summaries: [CycleSummary]) -> [Rejection] {
    var seen: Set<Rejection> = []
    return summaries.flatMap(\.rejections).filter { seen.insert($0).inserted }
  }

  // MARK: - Trends

  private func trends(_ estimates: [CycleEstimates], sums: EmbeddedSums) throws -> [CellTrend] {
    guard let now = estimates.first else { return [] }
    var result: [CellTrend] = []
    for then in estimates.dropFirst() {
      try Task.checkCancellation()
      var roles: [TrendRole] = []
      if now.cycle.trend.previous == then.cycle.name { roles.append(.previous) }
      if now.cycle.trend.baseline == then.cycle.name { roles.append(.baseline) }
      result += try TrendCalculator(
        now: now, then: then, sums: sums, level: options.level ?? now.cycle.interval.level
      ).trends(roles: roles)
    }
    return result
  }

  // MARK: - Files

  private func export(
    _ outcome: RunOutcome, summaries: [CycleSummary], to directory: borrowing ResultsDirectory, started: Date,
    timings: [StageClock.Lap]
  ) throws {
    guard let main = outcome.estimates.first?.cycle else { return }
    let filter = ResultsFilter(indicators: Set(options.indicators))
    var estimates = EstimatesTable(dimensions: Array(main.dimensions.keys), filter: filter)
    for cycle in outcome.estimates { estimates.append(cycle.all, of: cycle.cycle) }
    var trends = TrendsTable(cycle: main, filter: filter)
    trends.append(outcome.trends)
    var rejected = RejectedTable()
    rejected.append(outcome.rejections)
    let files = [
      ("estimates.csv", estimates.bytes), ("trends.csv", trends.bytes), ("rejected.csv", rejected.bytes),
    ]
    for (name, bytes) in files { try directory.write(bytes, to: name) }
    let record = RunRecord(
      pipeline: name, title: main.title, version: Self.version, started: started, finished: Date(),
      hostCores: ProcessInfo.processInfo.activeProcessorCount,
      options: RunRecord.Options(
        indicators: options.indicators, groupings: options.groupings, method: options.method?.rawValue,
        level: options.level, threads: options.threads, strict: options.strict),
      definitions: definitionRecords(summaries.map(\.cycle)),
      cycles: summaries.map { $0.record(role: role(of: $0.cycle, main: main)) },
      outputs: files.map {
        RunRecord.FileRecord(path: $0.0, bytes: Int64($0.1.count), hash: FileHash.hash(of: $0.1))
      },
      timings: Dictionary(timings.map { ($0.stage, $0.seconds) }) { $0 + $1 })
    try directory.write(try record.json(), to: ResultsDirectory.recordName)
  }

  private func definitionRecords(_ cycles: [SurveyCycle]) -> [RunRecord.FileRecord] {
    var paths: [String] = []
    for path in cycles.flatMap(\.definitionFiles) where !paths.contains(path) { paths.append(path) }
    return paths.map { path in
      let bytes = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
      return RunRecord.FileRecord(path: path, bytes: Int64(bytes.count), hash: FileHash.hash(of: bytes))
    }
  }

  private func role(of cycle: SurveyCycle, main: SurveyCycle) -> String {
    if cycle.name == main.name { return "main" }
    return cycle.name == main.trend.previous
      ? (cycle.name == main.trend.baseline ? "previous, baseline" : "previous") : "baseline"
  }

  /// Where the data is refused, the list of what was rejected until then is left beside the output directory.
  private func listingRejections<Result>(
    of summaries: [CycleSummary] = [], _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let failure as any Failure where failure.exitStatus == .unacceptableData {
      try writeRejections(distinctRejections(summaries) + ((failure as? RefusedData)?.rejections ?? []))
      throw failure
    }
  }

  /// Where the list of rejections goes when the data is refused; the next success removes it.
  private var rejectionsPath: String {
    (options.output ?? "Output/\(name)") + ".rejected.csv"
  }

  private func writeRejections(_ rejections: [Rejection]) throws(EngineError) {
    var table = RejectedTable()
    table.append(rejections)
    do {
      try Data(table.bytes).write(to: URL(fileURLWithPath: rejectionsPath), options: .atomic)
    } catch {
      throw .cannotCreate(path: rejectionsPath, reason: FileProblem.words(for: error))
    }
  }
}

extension CycleSummary {
  var accountingByTable: CycleAccounting {
    CycleAccounting(cycle: cycle.name, tables: tables.map { ($0.name, $0.accounting, $0.answersRejected) })
  }

  func record(role: String) -> RunRecord.CycleRecord {
    RunRecord.CycleRecord(
      name: cycle.name, role: role,
      tables: tables.map {
        RunRecord.TableRecord(
          table: $0.name, files: [$0.file], accounting: $0.accounting, answersRejected: $0.answersRejected,
          superseded: $0.superseded)
      }, readSeconds: readSeconds)
  }
}

/// Seconds by stage.
struct StageClock {
  struct Lap: Sendable {
    var stage: String
    var seconds: Double
  }

  let started = Date()
  private(set) var laps: [Lap] = []
  private var last = ContinuousClock.now

  mutating func lap(_ stage: String) {
    let now = ContinuousClock.now
    laps.append(Lap(stage: stage, seconds: (now - last) / .seconds(1)))
    last = now
  }
}
