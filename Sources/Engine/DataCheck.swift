import Ingest
import Normalize
import PipelineDefinition
import SurveyModel

/// Reads all data of a pipeline against its codebooks and computes nothing: every problem with its place, and for each
/// column the unknown values that are most frequent.
public struct DataCheck: Sendable {
  public static let valuesShown = 10

  public struct Report: Sendable {
    public var cycle: String
    public var accounting: CycleAccounting
    /// Rows and answers that a run would reject.
    public var rejections: [Rejection]
    /// Answers to questions that were not asked; a run uses them as given.
    public var routedOutAnswers: [Rejection]
    /// What is no error, but should be looked at, one line each.
    public var notices: [String]
    /// By column of a file: its unknown values, the most frequent first.
    public var unknownValues: [(file: String, column: String, values: [(value: String, count: Int)])]

    /// First rows that look like header rows.
    public var headerHints: [HeaderHint] = []

    public var hasProblems: Bool { !rejections.isEmpty || !routedOutAnswers.isEmpty }
  }

  public let name: String
  public let pipelines: String

  public init(name: String, pipelines: String) {
    self.name = name
    self.pipelines = pipelines
  }

  /// - Throws: A `Failure` where a file cannot be read as CSV at all, or the definition is wrong.
  public func run() throws -> Report {
    let cycle = try DefinitionReader(directory: pipelines).cycle(named: name)
    try Support.check(cycle)
    var computation = CycleComputation(cycle: cycle, linksUnits: false, strict: false, progress: nil)
    let (accounting, rejections, routedOut, notices) = try computation.check()
    var report = Report(
      cycle: name, accounting: accounting, rejections: rejections, routedOutAnswers: routedOut,
      notices: notices,
      unknownValues: frequentValues(rejections))
    report.headerHints = try HeaderHint.found(in: cycle, tables: Array(cycle.tables.keys))
    return report
  }

  private func frequentValues(
    _ rejections: [Rejection]
  ) -> [(file: String, column: String, values: [(value: String, count: Int)])] {
    var counts: [[String]: [String: Int]] = [:]
    var order: [[String]] = []
    for rejection in rejections where rejection.scope == .answer {
      let key = [rejection.file, rejection.column]
      if counts[key] == nil { order.append(key) }
      counts[key, default: [:]][rejection.value, default: 0] += 1
    }
    return order.map { key in
      let values = (counts[key] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      return (key[0], key[1], values.prefix(Self.valuesShown).map { ($0.key, $0.value) })
    }
  }
}
