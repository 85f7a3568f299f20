import Export
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
  /// Cycles that are read, and indicators that are estimated and compared, side by side.
  public var threads: Int
  /// Any rejected row or answer fails the run.
  public var strict: Bool
  public var progress: ReadProgress?

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
}
