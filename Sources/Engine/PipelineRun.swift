import Database
import Estimate
import Export
import Foundation
import Ingest
import Logging
import Normalize
import SurveyModel
import SystemPackage
import Trends

/// One run of a pipeline, from definition to files. The flow is `stages()`.
public struct PipelineRun: Sendable {
  public static let version = "0.2.0-dev"

  public let name: String
  public let options: RunOptions
  private let reading: CycleReading
  private let log = Logger(label: "pipeline.run")

  public init(name: String, options: RunOptions) {
    self.name = name
    self.options = options
    reading = CycleReading(options: options)
  }

  /// Runs NAME and the cycles that its trends need, and moves the results into place.
  ///
  /// - Throws: A `Failure` of some stage, or `CancellationError`. The previous results are untouched then, unless it
  ///   is `NotInDatabase`.
  public func run() async throws -> RunOutcome {
    try await withTaskExecutorPreference(WorkerExecutor()) { try await stages() }
  }

  private func stages() async throws -> RunOutcome {
    var clock = StageClock()
    let cycles = try definitions()
    if let database = options.database { try check(database) }
    let check = try options.checkAgainst.map {
      try ResultsCheck(against: $0, name: name, pipelines: options.pipelines)
    }
    let directory = try ResultsDirectory(path: outputPath)
    options.stop?.leaves(directory.cleanUp)
    try requireNoInputInOutput(cycles)
    for path in [rejectionsPath, differencesPath] { OutputFile.removeAbandoned(of: path) }
    clock.lap("definition")
    let (summaries, sums) = try await listingRejections(cycles) { try await self.sums(of: cycles) }
    clock.lap("read, normalize and aggregate")
    let estimates = try await listingRejections(of: summaries) {
      try await reading.estimates(summaries, sums: sums)
    }
    clock.lap("estimate")
    log.debug("estimated", metadata: ["estimates": "\(estimates.reduce(0) { $0 + $1.all.count })"])
    let (trends, slopes, links) = try await listingRejections(of: summaries) {
      try await changes(estimates, sums: sums).changes(threads: options.threads)
    }
    clock.lap("trends")
    var outcome = RunOutcome(
      estimates: estimates, trends: trends, slopes: slopes, accounting: summaries.map(\.accountingByTable),
      rejections: summaries.distinctRejections, output: outputPath,
      indicators: options.indicators, timings: clock.laps,
      results: Results(
        definitions: cycles, filter: ResultsFilter(indicators: Set(options.indicators)),
        record: record(of: cycles, summaries: summaries, links: links, clock: clock), estimates: estimates.map(\.all),
        trends: trends,
        slopes: slopes))
    outcome.notices = summaries.flatMap { summary in
      (DataNotice.found(in: summary.cycle) + summary.tables.flatMap(\.notices))
        .map { "\(summary.cycle.name): \($0.line)" }
    }
    if let now = summaries.first {
      outcome.notices += summaries.dropFirst().flatMap { then in
        DataNotice.found(between: now, and: then).map { "\(now.cycle.name): \($0.line)" }
      }
    }
    outcome.notices += summaries.filter(\.hidesWhoReported).map { summary in
      "\(summary.cycle.name): a stratum has fewer than \(summary.cycle.minimumCell) (min-cell), so the table of who "
        + "reported is left out of report, workbook and run.json"
    }
    if options.engine != nil {
      outcome.notices.append(
        "with --engine a run looks for no tick boxes, look-alike codes or empty rows; `pipeline check \(name)` does")
    }
    outcome.headerHints = try headerHints(cycles)
    outcome.comparison = try listingDifferences { try check?.compare(outcome.results) }
    try export(&outcome.results, rejections: outcome.rejections, to: directory)
    try Task.checkCancellation()
    try options.stop?.beginMoving()
    try directory.commit(outcome.results.record.outputs.map(\.path))
    log.debug("moved the results into place", metadata: ["directory": "\(outcome.output)"])
    for path in [rejectionsPath, differencesPath] { OutputFile.remove(path) }
    if let database = options.database { try add(outcome.results, to: database) }
    return outcome
  }

  // MARK: - Definitions

  /// NAME first, then previous, then baseline, then the others of its slopes, each once.
  func definitions() throws -> [SurveyCycle] {
    let main = try reading.mainCycle(name)
    var cycles = [main]
    let others = [main.trend.previous, main.trend.baseline].compactMap(\.self) + (main.trend.slope ?? [])
    for other in others where !cycles.contains(where: { $0.name == other }) {
      cycles.append(try reading.otherCycle(other, comparedWith: main))
    }
    for cycle in cycles where main.trend.slope?.contains(cycle.name) == true && cycle.year == nil {
      throw EngineError.noYear(cycle: cycle.name, file: cycle.definitionFiles.first ?? cycle.name)
    }
    return cycles
  }

  // MARK: - Sums

  /// What the cycles add up to, and who answers for it: this process, or the engine that was asked for.
  private func sums(of cycles: [SurveyCycle]) async throws -> ([CycleSummary], any SumsProvider) {
    let matched = cycles.map(\.name).filter { [cycles[0].trend.previous, cycles[0].trend.baseline].contains($0) }
    if let engine = options.engine {
      return try await engine.withSession(options) { session in
        try await QueryReading(engine: session, options: options).sums(of: cycles, matchedWith: matched)
      }
    }
    let summaries = try await reading.summaries(of: cycles)
    let sums = EmbeddedSums(summaries)
    try await sums.match(now: name, with: matched, threads: options.threads)
    return (summaries, sums)
  }

  // MARK: - Trends

  /// From the previous cycle and the baseline, and per year.
  private func changes(_ estimates: [CycleEstimates], sums: any SumsProvider) throws -> ChangeComputation {
    guard let now = estimates.first else { return ChangeComputation(comparisons: [], slopes: nil) }
    let level = reading.level(of: now.cycle)
    var comparisons: [(TrendCalculator, [TrendRole])] = []
    for then in estimates.dropFirst() {
      var roles: [TrendRole] = []
      if now.cycle.trend.previous == then.cycle.name { roles.append(.previous) }
      if now.cycle.trend.baseline == then.cycle.name { roles.append(.baseline) }
      // A cycle that runs for the slopes alone.
      guard !roles.isEmpty else { continue }
      comparisons.append((try TrendCalculator(now: now, then: then, sums: sums, level: level), roles))
    }
    return ChangeComputation(comparisons: comparisons, slopes: slopes(estimates, sums: sums, level: level))
  }

  /// Over the cycles that the definition names, or all that ran; none where these are fewer than three.
  private func slopes(_ estimates: [CycleEstimates], sums: any SumsProvider, level: Double) -> SlopeCalculator? {
    guard let main = estimates.first else { return nil }
    let cycles = estimates.filter { main.cycle.trend.slope?.contains($0.cycle.name) ?? true }
    guard cycles.count > 2 else { return nil }
    return SlopeCalculator(main: main, cycles: cycles, sums: sums, level: level)
  }

  // MARK: - Files

  private var outputPath: String { options.output ?? PastRun.directory(of: name) }

  /// The same without the `/` that shells add: what stands beside the directory has names made of it.
  private var outputName: String {
    let path = FilePath(outputPath).lexicallyNormalized()
    // What is no name of its own, such as `..`.
    guard path.lastComponent?.kind == .regular else { return URL(fileURLWithPath: outputPath).standardizedFileURL.path }
    return path.string
  }

  /// - Parameter results: Told the hashes of the files.
  private func export(
    _ results: inout Results, rejections: [Rejection], to directory: borrowing ResultsDirectory
  ) throws {
    var rejected = RejectedTable()
    rejected.append(rejections)
    let names = results.dimensionNames
    let files = [
      ("estimates.csv", ResultsTable(results.estimates, dimensions: names).bytes),
      ("trends.csv", ResultsTable(results.trends, dimensions: names).bytes),
      ("slopes.csv", ResultsTable(results.slopes, dimensions: names).bytes),
      ("rejected.csv", rejected.bytes),
    ]
    for (name, bytes) in files { try directory.write(bytes, to: name) }
    results.record.outputs = files.map {
      RunRecord.FileRecord(path: $0.0, bytes: Int64($0.1.count), hash: FileHash.hash(of: $0.1))
    }
    for format in options.formats {
      guard let name = format.resultsName else { continue }
      let finished = results
      results.record.outputs += try directory.write(name) { try format.write(finished, to: $0) }
    }
    try directory.write(try results.record.json(), to: ResultsDirectory.recordName)
  }

  /// What is wrong with the file is told before anything is computed.
  private func check(_ database: String) throws {
    if liesInOutput(database) { throw EngineError.liesInOutput(path: database, directory: outputPath) }
    try ResultsDatabase.check(database)
  }

  /// The run would remove it with the previous results.
  private func requireNoInputInOutput(_ cycles: [SurveyCycle]) throws(EngineError) {
    let tables = cycles.flatMap(\.tables.values)
    // What lies on another machine is told by its address.
    let data = tables.flatMap { table in
      (try? InputPaths.expanded(table.paths, table: table.name)) ?? table.paths
    }.filter { !$0.contains("://") }
    for path in data + cycles.flatMap(\.definitionFiles) where liesInOutput(path) {
      throw .liesInOutput(path: path, directory: outputPath)
    }
  }

  private func liesInOutput(_ path: String) -> Bool {
    let file = URL(fileURLWithPath: path)
    // Links above a file that is not there yet are followed by name.
    let places = [file, file.deletingLastPathComponent()].map { $0.resolvingSymlinksInPath().pathComponents }
    let output = URL(fileURLWithPath: outputPath).resolvingSymlinksInPath().pathComponents
    return places.contains { $0.starts(with: output) }
  }

  /// Keeps the run beside earlier ones and those of other pipelines.
  private func add(_ results: Results, to database: String) throws(NotInDatabase) {
    do {
      try ResultsDatabase.write(results, to: database)
    } catch {
      throw NotInDatabase(cause: error, output: outputPath)
    }
  }

  /// What run.json says, before the files that are written beside it.
  private func record(
    of cycles: [SurveyCycle], summaries: [CycleSummary], links: [LinkedPSUs], clock: StageClock
  ) -> RunRecord {
    let main = cycles[0]
    return RunRecord(
      pipeline: name, title: main.title, version: Self.version, started: clock.started, finished: clock.now,
      hostCores: ProcessInfo.processInfo.activeProcessorCount,
      options: RunRecord.Options(
        indicators: options.indicators, groupings: options.groupings, method: options.method?.rawValue,
        level: options.level, threads: options.threads, strict: options.strict,
        engine: options.engine?.record ?? .local),
      definitions: DefinitionFiles.records(of: cycles),
      cycles: summaries.map { $0.record(role: role(of: $0.cycle, main: main)) },
      links: links.map(\.record), outputs: [],
      timings: Dictionary(clock.laps.map { ($0.stage, $0.seconds) }) { $0 + $1 })
  }

  private func role(of cycle: SurveyCycle, main: SurveyCycle) -> String {
    if cycle.name == main.name { return "main" }
    var roles: [String] = []
    if cycle.name == main.trend.previous { roles.append("previous") }
    if cycle.name == main.trend.baseline { roles.append("baseline") }
    return roles.isEmpty ? "slope" : roles.joined(separator: ", ")
  }

  /// Where the data is refused, the list of what was rejected until then is left beside the output directory.
  private func listingRejections<Result>(
    of summaries: [CycleSummary] = [], _ cycles: [SurveyCycle] = [], _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let failure as any Failure where failure.exitStatus == .unacceptableData {
      try writeRejections(summaries.distinctRejections + ((failure as? RefusedData)?.rejections ?? []))
      // The data is refused already: a hint that cannot be had changes nothing.
      guard var refused = failure as? RefusedData, let hint = (try? headerHints(cycles))?.first else { throw failure }
      refused.hint = hint.words
      throw refused
    }
  }

  /// What another engine reads may lie elsewhere.
  private func headerHints(_ cycles: [SurveyCycle]) throws -> [HeaderHint] {
    guard options.engine == nil else { return [] }
    var hints: [HeaderHint] = []
    for cycle in cycles {
      for hint in try HeaderHint.found(in: cycle, tables: ConditionUse(cycle: cycle).tables) where !hints.contains(hint)
      {
        hints.append(hint)
      }
    }
    return hints
  }

  /// Where the list of rejections goes when the data is refused; the next success removes it.
  private var rejectionsPath: String {
    outputName + ".rejected.csv"
  }

  private func writeRejections(_ rejections: [Rejection]) throws(EngineError) {
    var table = RejectedTable()
    table.append(rejections)
    try OutputFile.write(table.bytes, to: rejectionsPath)
  }

  /// Where the results are not those that they are compared with, the list of differences is left beside the output
  /// directory.
  private func listingDifferences<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var failure as ResultsDiffer {
      failure.list = differencesPath
      try OutputFile.write(failure.csv, to: differencesPath)
      throw failure
    }
  }

  /// Where the list of differences goes; the next success removes it.
  private var differencesPath: String { outputName + ".differences.csv" }
}

extension CycleSummary.Table {
  var account: CycleAccounting.Table {
    CycleAccounting.Table(
      name: name, rows: accounting, answersRejected: answersRejected, answers: answers, leftOut: leftOut)
  }
}

extension CycleSummary {
  var accountingByTable: CycleAccounting {
    CycleAccounting(
      cycle: cycle.name, tables: tables.map(\.account), standing: tables.compactMap(\.standing))
  }

  func record(role: String) -> RunRecord.CycleRecord {
    RunRecord.CycleRecord(
      name: cycle.name, role: role,
      tables: tables.map {
        RunRecord.TableRecord(
          table: $0.name, files: $0.files, accounting: $0.accounting, answersRejected: $0.answersRejected,
          answers: $0.answers, superseded: $0.superseded)
      }, strata: strata, isCensus: declaredPopulation?.design == .census, readSeconds: readSeconds)
  }

  /// The sums of the responses that know how many there are in the population; nil where none is declared.
  private var declaredPopulation: TableSums? {
    (table(SurveyCycle.responsesTable)?.tallies ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }
      .map(\.value.sums).first { sums in sums.strata.contains { $0.population != nil } }
  }

  /// Whether the sizes of the strata would tell how many answered in a suppressed cell; the others and the total give
  /// away a single one.
  var hidesWhoReported: Bool {
    declaredPopulation?.sampledPSUs.contains { $0 > 0 && $0 < cycle.minimumCell } ?? false
  }

  /// Who was asked and who answered, where a population is declared and nothing is given away.
  private var strata: [RunRecord.StratumRecord] {
    guard let declared = declaredPopulation, !hidesWhoReported else { return [] }
    let names = Array(cycle.dimensions.keys)
    return declared.strata.enumerated().map { number, stratum in
      RunRecord.StratumRecord(
        name: stratum.name, members: Dictionary(uniqueKeysWithValues: stratum.members.map { (names[$0], $1) }),
        sampled: declared.sampledPSUs[number], population: stratum.population ?? 0)
    }
  }
}

extension LinkedPSUs {
  var record: RunRecord.LinkRecord {
    RunRecord.LinkRecord(
      cycle: cycle, compareTo: compareTo, overlap: overlap.rawValue, psusNow: now, psusThen: then, psusInBoth: inBoth)
  }
}

/// Seconds by stage.
struct StageClock {
  struct Lap: Sendable {
    var stage: String
    var seconds: Double
  }

  let started = Date()
  private let start = ContinuousClock.now
  private(set) var laps: [Lap] = []
  private var last = ContinuousClock.now

  /// As many seconds after the start as have passed, also where the system's clock was set meanwhile.
  var now: Date { started.addingTimeInterval((ContinuousClock.now - start) / .seconds(1)) }

  mutating func lap(_ stage: String) {
    let now = ContinuousClock.now
    laps.append(Lap(stage: stage, seconds: (now - last) / .seconds(1)))
    last = now
  }
}
