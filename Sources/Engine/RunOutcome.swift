import Estimate
import Export
import SurveyModel

/// Everything a finished run has to say: what the terminal shows.
public struct RunOutcome: Sendable {
  /// NAME first, then the cycles that it is compared with.
  public var estimates: [CycleEstimates]
  public var trends: [CellTrend]
  /// Changes per year; empty where fewer than three cycles ran.
  public var slopes: [CellSlope]
  public var accounting: [CycleAccounting]
  public var rejections: [Rejection]
  /// The directory of the results.
  public var output: String
  /// The indicators to show; empty: all.
  public var indicators: [String]
  /// Seconds by stage, in running order.
  public var stageSeconds: [(stage: String, seconds: Double)]
  /// What the files were made of.
  public var results: Results
  /// What the owner of the data should look at, one line each, of all cycles.
  public internal(set) var notices: [String] = []
  /// With the earlier results that were to be compared; nil: there were none.
  public internal(set) var comparison: ResultsComparison?
  /// First rows that look like header rows and were read as data.
  public internal(set) var headerHints: [HeaderHint] = []

  init(
    estimates: [CycleEstimates], trends: [CellTrend], slopes: [CellSlope],
    accounting: [CycleAccounting], rejections: [Rejection],
    output: String, indicators: [String], timings: [StageClock.Lap], results: Results
  ) {
    self.estimates = estimates
    self.trends = trends
    self.slopes = slopes
    self.accounting = accounting
    self.rejections = rejections
    self.output = output
    self.indicators = indicators
    stageSeconds = timings.map { ($0.stage, $0.seconds) }
    self.results = results
  }
}

/// Where the rows of each table of a cycle went.
public struct CycleAccounting: Sendable {
  public var cycle: String
  public var tables: [Table]

  /// Where the rows of one table went, and what became of its answers.
  public struct Table: Sendable {
    public var name: String
    public var rows: RowAccounting
    public var answersRejected: Int
    /// Of columns with rejected answers.
    public var answers: [AnswerAccounting] = []
    /// Why rows were rejected.
    public var leftOut: [LeftOutRows] = []
  }
  /// By table that has some: answers that stand where the routing did not ask.
  public var standing: [StandingAnswers] = []

  /// The accounting of the responses.
  public var responses: RowAccounting {
    tables.first { $0.name == SurveyCycle.responsesTable }?.rows ?? RowAccounting()
  }
}
