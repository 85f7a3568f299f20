import SurveyModel

/// One row of `trends.csv`: the change of an indicator in a cell between two cycles. Proportions are in percent.
public struct TrendRow: TestedRow {
  /// The NAME of the later cycle's pipeline, and of the earlier.
  public var cycle = ""
  public var compareTo = ""
  public var role = TrendRole.requested
  public var basis = TrendBasis.all
  /// The id.
  public var indicator = ""
  public var unit = ""
  public var members: [String?] = []
  public var status = EstimateStatus.noData
  public var nThen: Int?
  public var nNow: Int?
  public var nMatched: Int?
  public var nLinked: Int?
  public var then: Double?
  public var now: Double?
  /// Percentage points, or the difference of two counts.
  public var delta: Double?
  public var test = ChangeTest()

  public init() {}

  public static let columns: [ResultColumn<TrendRow>] =
    [
      .text("cycle", { $0.cycle }, { $0.cycle = $1 }, "NAME of the later cycle's pipeline"),
      .text("compare_to", { $0.compareTo }, { $0.compareTo = $1 }, "NAME of the earlier cycle's pipeline"),
      .word("role", { $0.role }, { $0.role = $1 }, "what the earlier cycle is: previous, baseline or requested"),
      .word(
        "basis", { $0.basis }, { $0.basis = $1 },
        "all who answered in each cycle, or only the matched, who answered in both"),
      .text("indicator", { $0.indicator }, { $0.indicator = $1 }, "id of the indicator"),
      .text("unit", { $0.unit }, { $0.unit = $1 }, "what is counted"),
      .word(
        "status", { $0.status }, { $0.status = $1 },
        "whether there is a change: ok, no-data, not-asked, suppressed, or break in the series"),
      .count("n_then", { $0.nThen }, { $0.nThen = $1 }, "rows (or units) in the denominator of the earlier cycle"),
      .count("n_now", { $0.nNow }, { $0.nNow = $1 }, "rows (or units) in the denominator of the later cycle"),
      .count("n_matched", { $0.nMatched }, { $0.nMatched = $1 }, "units in the denominators of both"),
      .count(
        "n_linked", { $0.nLinked }, { $0.nLinked = $1 },
        "PSUs with a row in the denominators of both; 0 where the definition says that samples are new"),
      .number("then", .percent, { $0.then }, { $0.then = $1 }, "percentage, or count, in the earlier cycle"),
      .number("now", .percent, { $0.now }, { $0.now = $1 }, "percentage, or count, in the later cycle"),
      .number(
        "delta", .points, { $0.delta }, { $0.delta = $1 }, "change in percentage points, or difference of two counts"),
    ] + testColumns
}

extension TrendRow {
  /// - Parameter main: The later cycle.
  public init(_ row: CellTrend, of main: SurveyCycle) {
    let indicator = main.indicators[row.indicator]
    let scale = indicator.kind == .count ? 1.0 : 100.0
    cycle = row.cycle
    compareTo = row.compareTo
    role = row.role
    basis = row.basis
    self.indicator = indicator.id
    unit = indicator.unit
    members = row.cell.members
    status = row.status
    nThen = row.nThen
    nNow = row.nNow
    nMatched = row.nMatched
    nLinked = row.nLinked
    then = row.then.map { $0 * scale }
    now = row.now.map { $0 * scale }
    delta = row.delta.map { $0 * scale }
    test = ChangeTest(row)
  }
}
