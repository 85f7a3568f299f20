import SurveyModel

/// Everything that a finished run has to say, with the words that explain it: what all formats are made of.
///
/// The numbers are those that the files print (percent, percentage points), so a report made from the files of a past
/// run is the report of that run.
public struct Results: Sendable {
  /// How the run went: versions, files, the accounting of rows.
  public var record: RunRecord
  /// NAME first, then the cycles that ran with it.
  public var cycles: [ResultsCycle]
  public var dimensions: [ResultsDimension]
  /// Those that were asked for, in the order of the definition.
  public var indicators: [ResultsIndicator]
  /// In the order of `estimates.csv`, and so on.
  public var estimates: [EstimateRow]
  public var trends: [TrendRow]
  public var slopes: [SlopeRow]

  /// The NAME.
  public var pipeline: String { record.pipeline }
  public var title: String { record.title }
  /// The names of the dimensions, as they head the columns.
  public var dimensionNames: [String] { dimensions.map(\.name) }

  /// - Parameters:
  ///   - definitions: Of NAME first, then of the other cycles that ran.
  ///   - filter: Which indicators the rows speak of.
  public init(
    definitions: [SurveyCycle], filter: ResultsFilter = ResultsFilter(), record: RunRecord,
    estimates: [EstimateRow], trends: [TrendRow], slopes: [SlopeRow]
  ) {
    self.record = record
    self.estimates = estimates
    self.trends = trends
    self.slopes = slopes
    cycles = definitions.map { definition in
      ResultsCycle(definition, record: record.cycles.first { $0.name == definition.name })
    }
    guard let main = definitions.first else {
      dimensions = []
      indicators = []
      return
    }
    dimensions = main.dimensions.values.enumerated().map { position, dimension in
      ResultsDimension(dimension, members: Set(estimates.compactMap { $0.members[position] }))
    }
    indicators = main.indicators.filter { filter.includes($0) }.map { ResultsIndicator($0, definitions: definitions) }
  }
}

/// Which rows of the results are written; filters never change a number.
public struct ResultsFilter: Sendable {
  /// Indicator ids; empty: all.
  public var indicators: Set<String>

  public init(indicators: Set<String> = []) {
    self.indicators = indicators
  }

  public func includes(_ indicator: Indicator) -> Bool { includes(indicator.id) }

  func includes(_ id: String) -> Bool { indicators.isEmpty || indicators.contains(id) }
}

/// One cycle that ran.
public struct ResultsCycle: Sendable {
  /// The NAME of its pipeline.
  public var name: String
  public var title: String
  public var year: Double?
  /// What it is to NAME: main, previous, baseline, slope, or several of them.
  public var role: String
  /// Where the rows of each table went.
  public var tables: [RunRecord.TableRecord]
  /// Who was asked and who answered, where the definition declares a population.
  public var strata: [RunRecord.StratumRecord]
  /// Whether everyone was asked, and who is missing did not answer.
  public var isCensus: Bool

  init(_ definition: SurveyCycle, record: RunRecord.CycleRecord?) {
    name = definition.name
    title = definition.title
    year = definition.year
    role = record?.role ?? ""
    tables = record?.tables ?? []
    strata = record?.strata ?? []
    isCensus = record?.isCensus ?? false
  }
}

/// Something that the results are broken down by.
public struct ResultsDimension: Sendable {
  public struct Member: Sendable, Equatable {
    public var code: String
    public var label: String
  }

  public var name: String
  /// In the order of the outputs: as the labels stand, then by bytes, units without a value last.
  public var members: [Member]

  /// The words for a code; the code itself where it has none.
  public func label(of code: String) -> String { labels[code] ?? code }

  private let labels: [String: String]

  init(_ dimension: Dimension, members found: Set<String>) {
    name = dimension.name
    let labelled = dimension.labels.map { Array($0.keys) } ?? []
    let others = found.subtracting(labelled).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    let codes =
      labelled + others.filter { $0 != Dimension.unknownMember }
      + (found.contains(Dimension.unknownMember) && !labelled.contains(Dimension.unknownMember)
        ? [Dimension.unknownMember] : [])
    members = codes.map { code in
      Member(
        code: code, label: dimension.labels?[code] ?? (code == Dimension.unknownMember ? "unknown" : code))
    }
    labels = Dictionary(uniqueKeysWithValues: members.map { ($0.code, $0.label) })
  }
}

/// One indicator with the words that explain it.
public struct ResultsIndicator: Sendable {
  public var id: String
  public var title: String
  /// What it belongs to; empty where the definition says nothing.
  public var goal: String
  public var kind: Indicator.Kind
  public var unit: String
  public var note: String
  private let definitions: [(indicator: Indicator, cycle: SurveyCycle)]

  /// How each cycle computes it, in the order of the cycles that ran. Put into words when it is asked for: a run that
  /// writes CSV needs none.
  public var explanations: [(cycle: String, explanation: Explanation)] {
    definitions.map { ($0.cycle.name, Explanation(of: $0.indicator, in: $0.cycle)) }
  }

  /// The cycles (by NAME) whose value is the first after a break in the series, each with the reason. A cycle that did
  /// not ask is no part of the series.
  public let breaks: [String: String]

  /// The NAMEs of the cycles that asked, by year, cut where the series is interrupted.
  public let segments: [[String]]

  private static func series(
    of definitions: [(indicator: Indicator, cycle: SurveyCycle)]
  ) -> (breaks: [String: String], segments: [[String]]) {
    let asked = definitions.filter { $0.indicator.rule.asked != nil }.sorted {
      ($0.cycle.year ?? 0, $0.cycle.name) < ($1.cycle.year ?? 0, $1.cycle.name)
    }
    let between = SeriesBreaks(definitions.map(\.indicator), cycles: definitions.map(\.cycle))
    var breaks: [String: String] = [:]
    var segments: [[String]] = []
    for (place, later) in asked.enumerated() {
      let reason = place == 0 ? nil : between.reason(between: asked[place - 1].cycle.cycle, and: later.cycle.cycle)
      if let reason { breaks[later.cycle.name] = reason }
      if segments.isEmpty || reason != nil { segments.append([]) }
      segments[segments.count - 1].append(later.cycle.name)
    }
    return (breaks, segments)
  }

  init(_ indicator: Indicator, definitions: [SurveyCycle]) {
    id = indicator.id
    title = indicator.title
    goal = indicator.goal ?? ""
    kind = indicator.kind
    unit = indicator.unit
    note = indicator.note ?? ""
    let found = definitions.compactMap { cycle in
      cycle.indicators.first { $0.id == indicator.id }.map { (indicator: $0, cycle: cycle) }
    }
    self.definitions = found
    (breaks, segments) = Self.series(of: found)
  }
}
