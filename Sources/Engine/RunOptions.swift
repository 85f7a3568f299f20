import Export
import Ingest
import Snapshot
import SurveyModel

/// What an analyst may ask of a run beyond the definition.
public struct RunOptions: Sendable {
  /// The directory with the pipeline definitions.
  public var pipelines: String
  /// Where the results go; nil: `Output/NAME`.
  public var output: String?
  /// In place of the definition's `group-by`, if not nil.
  public var groupings: [[String]]?
  /// Indicators to write and show; empty: all. No number depends on it.
  public var indicators: [String]
  public var method: IntervalMethod?
  public var level: Double?
  /// What is done side by side: cycles, pieces of a cycle's files, and the indicators of the estimates.
  public var threads: Int
  /// Any rejected row or answer fails the run.
  public var strict: Bool
  public var progress: ReadProgress?
  /// Data files of any size are hashed with SHA-256.
  public var usesSHA256 = false
  /// Where column snapshots are kept; nil: nowhere.
  public var cache: SnapshotCache?
  /// Told what reading costs.
  public var meter: StageMeter?
  /// Written beside the CSV files; those of `OutputFormat.forRuns`.
  public var formats: [OutputFormat] = []
  /// A SQLite file to which the run is added once its results are in place; nil: none.
  public var database: String?
  /// The directory of earlier results, with which those of the run have to agree; nil: none.
  public var checkAgainst: String?
  /// Who adds up; nil: this process.
  public var engine: (any SumsEngine)?
  /// Asked before the results are moved into place; nil: the run is not stopped.
  public var stop: RunStop?
  /// Bytes of a file that one worker reads at once. No number depends on it; tests cut small files with it.
  package var bytesPerMorsel = MorselFile.bytesPerMorsel

  public init(
    pipelines: String = "Pipelines", output: String? = nil, groupings: [[String]]? = nil, indicators: [String] = [],
    method: IntervalMethod? = nil, level: Double? = nil, threads: Int = 2, strict: Bool = false,
    progress: ReadProgress? = nil
  ) {
    self.pipelines = pipelines
    self.output = output
    self.groupings = groupings
    self.indicators = indicators
    self.method = method
    self.level = level
    self.threads = threads
    self.strict = strict
    self.progress = progress
  }

  /// Asks for what an earlier run was asked for, wherever nothing else is asked for.
  public mutating func adopt(_ earlier: RunRecord.Options) {
    groupings = groupings ?? earlier.groupings
    if indicators.isEmpty { indicators = earlier.indicators }
    method = method ?? earlier.method.flatMap(IntervalMethod.init)
    level = level ?? earlier.level
  }
}
