import SurveyModel

/// One row of `estimates.csv`: an indicator in a cell in a cycle. Proportions are in percent.
public struct EstimateRow: ResultRow {
  /// The NAME of the cycle's pipeline.
  public var cycle = ""
  /// The id.
  public var indicator = ""
  public var unit = ""
  public var members: [String?] = []
  public var status = EstimateStatus.noData
  public var n: Int?
  public var nYes: Int?
  public var nMissing: Int?
  public var nUnreadable: Int?
  public var population: Double?
  public var estimate: Double?
  public var standardError: Double?
  public var lower: Double?
  public var upper: Double?
  /// Between 0 and 1.
  public var level: Double?
  public var method = ""
  public var degreesOfFreedom: Int?
  public var designEffect: Double?
  public var effectiveSize: Double?
  public var flags: [EstimateFlag] = []
  public var reason = ""

  public init() {}

  public static let columns: [ResultColumn<EstimateRow>] = [
    .text("cycle", { $0.cycle }, { $0.cycle = $1 }, "NAME of the pipeline"),
    .text("indicator", { $0.indicator }, { $0.indicator = $1 }, "id of the indicator"),
    .text("unit", { $0.unit }, { $0.unit = $1 }, "what is counted"),
    .word(
      "status", { $0.status }, { $0.status = $1 }, "whether there is an estimate: ok, no-data, not-asked or suppressed"),
    .count("n", { $0.n }, { $0.n = $1 }, "rows (or units) in the denominator"),
    .count("n_yes", { $0.nYes }, { $0.nYes = $1 }, "those of them in the numerator"),
    .count(
      "n_missing", { $0.nMissing }, { $0.nMissing = $1 }, "eligible rows (or units) that the answers do not decide"),
    .count(
      "n_unreadable", { $0.nUnreadable }, { $0.nUnreadable = $1 },
      "rows (or units) left out because an answer cannot be read"),
    .number(
      "population", .number, { $0.population }, { $0.population = $1 }, "units of the cell in the declared population"),
    .number(
      "estimate", .percent, { $0.estimate }, { $0.estimate = $1 }, "percentage, or the count of a count indicator"),
    .number("se", .points, { $0.standardError }, { $0.standardError = $1 }, "standard error in percentage points"),
    .number("ci_low", .percent, { $0.lower }, { $0.lower = $1 }, "lower end of the confidence interval in percent"),
    .number("ci_high", .percent, { $0.upper }, { $0.upper = $1 }, "upper end of the confidence interval in percent"),
    .number(
      "level", .probability, { $0.level }, { $0.level = $1 }, "confidence level of the interval, between 0 and 1"),
    .text("method", { $0.method }, { $0.method = $1 }, "method of the interval, or census where everyone was counted"),
    .count("df", { $0.degreesOfFreedom }, { $0.degreesOfFreedom = $1 }, "degrees of freedom of the design"),
    .number("deff", .number, { $0.designEffect }, { $0.designEffect = $1 }, "design effect"),
    .number("n_eff", .number, { $0.effectiveSize }, { $0.effectiveSize = $1 }, "effective sample size"),
    .words("flag", { $0.flags }, { $0.flags = $1 }, "what to know before printing the number, separated by spaces"),
    .text("reason", { $0.reason }, { $0.reason = $1 }, "why there is no number, or what to keep in mind"),
  ]
}

extension EstimateRow {
  /// - Parameter members: One entry for each dimension of NAME.
  init(_ row: CellEstimate, of cycle: SurveyCycle, members: [String?]) {
    let indicator = cycle.indicators[row.indicator]
    let source = row.estimate
    let scale = indicator.kind == .count ? 1.0 : 100.0
    let hasRows = source.status == .ok || source.status == .noData
    self.cycle = cycle.name
    self.indicator = indicator.id
    unit = indicator.unit
    self.members = members
    status = source.status
    n = hasRows ? source.n : nil
    nYes = hasRows ? source.nYes : nil
    nMissing = hasRows ? source.nMissing : nil
    nUnreadable = hasRows ? source.nUnreadable : nil
    population = source.population
    estimate = source.value.map { $0 * scale }
    standardError = source.standardError.map { $0 * 100 }
    lower = source.interval.map { $0.lowerBound * 100 }
    upper = source.interval.map { $0.upperBound * 100 }
    level = source.level
    method = source.method ?? ""
    degreesOfFreedom = source.degreesOfFreedom
    designEffect = source.designEffect
    effectiveSize = source.effectiveSize
    flags = source.flags
    reason = source.reason ?? ""
  }
}
