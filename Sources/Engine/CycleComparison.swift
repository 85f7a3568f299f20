import Estimate
import Export
import PipelineDefinition
import SurveyModel
import Trends

/// The change between any two cycles, whatever their definitions say of `previous` and `baseline`.
public struct CycleComparison: Sendable {
  public let name: String
  public let other: String
  private let reading: CycleReading

  public struct Outcome: Sendable {
    public var now: CycleEstimates
    public var then: CycleEstimates
    /// On both bases.
    public var trends: [CellTrend]
    public var accounting: [CycleAccounting]
    /// How many PSUs are in both; nil where nothing could link them.
    public var link: RunRecord.LinkRecord?
    /// Indicators to show; empty: all.
    public var indicators: [String]
  }

  /// - Parameters:
  ///   - name: The NAME of the cycle that is looked at.
  ///   - other: The NAME of the cycle that it is compared with.
  public init(name: String, other: String, options: RunOptions) {
    self.name = name
    self.other = other
    reading = CycleReading(options: options)
  }

  /// Reads and estimates both cycles; writes nothing.
  ///
  /// - Throws: A `Failure` of some stage, or `CancellationError`.
  public func run() async throws -> Outcome {
    guard name != other else { throw EngineError.comparedWithItself(name) }
    return try await withTaskExecutorPreference(WorkerExecutor()) {
      var main = try reading.mainCycle(name)
      let earlier = try reading.otherCycle(other, comparedWith: main)
      // What the other definition says of these two cycles holds in both directions.
      if main.trend.overlap == nil, earlier.trend.names(name) { main.trend.overlap = earlier.trend.overlap }
      if main.trend.overlap == nil, let key = main.linkingKey {
        throw DefinitionError.overlapUnknown(
          SourceLocation(file: main.definitionFiles.first ?? main.name), key: key)
      }
      let summaries = try await reading.summaries(of: [main, earlier])
      let sums = EmbeddedSums(summaries)
      let estimates = try await reading.estimates(summaries, sums: sums)
      let calculator = try TrendCalculator(
        now: estimates[0], then: estimates[1], sums: sums, level: reading.level(of: main))
      let changes = try await ChangeComputation(comparisons: [(calculator, [.requested])], slopes: nil)
        .changes(threads: reading.options.threads)
      return Outcome(
        now: estimates[0], then: estimates[1], trends: changes.trends, accounting: summaries.map(\.accountingByTable),
        link: changes.links.first?.record, indicators: reading.options.indicators)
    }
  }

  /// Writes the changes as a file like `trends.csv`.
  ///
  /// - Throws: `EngineError.cannotWrite`.
  public static func write(_ outcome: Outcome, to path: String) throws(EngineError) {
    let cycle = outcome.now.cycle
    let rows = Results.rows(
      outcome.trends, of: cycle, filter: ResultsFilter(indicators: Set(outcome.indicators)),
      digits: ResultDigits([cycle, outcome.then.cycle]))
    let table = ResultsTable(rows, dimensions: Array(cycle.dimensions.keys))
    try OutputFile.write(table.bytes, to: path)
  }
}
