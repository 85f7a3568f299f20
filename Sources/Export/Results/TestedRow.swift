import SurveyModel

/// Whether a change is beyond chance, and by how much it may be off; in percentage points (a year).
public struct ChangeTest: Sendable, Equatable {
  public var standardError: Double?
  public var lower: Double?
  public var upper: Double?
  public var degreesOfFreedom: Int?
  public var pValue: Double?
  /// Holds for all comparisons of the run together.
  public var adjustedPValue: Double?
  public var significance: Significance?
  /// Why the cycles are not quite comparable; empty: they are.
  public var comparability = ""
  public var reason = ""

  public init() {}
}

/// A row that speaks of a change.
public protocol TestedRow: ResultRow {
  /// The id.
  var indicator: String { get }
  var test: ChangeTest { get set }
}

extension TestedRow {
  /// The last columns of `trends.csv` and `slopes.csv`.
  static var testColumns: [ResultColumn<Self>] {
    [
      .number(
        "se", .points, { $0.test.standardError }, { $0.test.standardError = $1 }, "standard error in percentage points"),
      .number(
        "ci_low", .points, { $0.test.lower }, { $0.test.lower = $1 },
        "lower end of the confidence interval in percentage points"),
      .number(
        "ci_high", .points, { $0.test.upper }, { $0.test.upper = $1 },
        "upper end of the confidence interval in percentage points"),
      .count("df", { $0.test.degreesOfFreedom }, { $0.test.degreesOfFreedom = $1 }, "degrees of freedom"),
      .number(
        "p_value", .probability, { $0.test.pValue }, { $0.test.pValue = $1 },
        "probability of such a change or a larger one by chance"),
      .number(
        "p_adjusted", .probability, { $0.test.adjustedPValue }, { $0.test.adjustedPValue = $1 },
        "the same, adjusted for the number of comparisons"),
      .word(
        "significance", { $0.test.significance }, { $0.test.significance = $1 },
        "up or down where the change is beyond chance, else no-change"),
      .text(
        "comparability", { $0.test.comparability }, { $0.test.comparability = $1 },
        "why the cycles are not quite comparable"),
      .text("reason", { $0.test.reason }, { $0.test.reason = $1 }, "why there is no number, or what to keep in mind"),
    ]
  }
}

/// What a computed change and a computed slope say of their test. Proportions are on the 0..1 scale.
protocol ComputedTest {
  var standardError: Double? { get }
  var interval: ClosedRange<Double>? { get }
  var degreesOfFreedom: Int? { get }
  var pValue: Double? { get }
  var adjustedPValue: Double? { get }
  var significance: Significance? { get }
  var comparability: String? { get }
  var reason: String? { get }
}

extension CellTrend: ComputedTest {}
extension CellSlope: ComputedTest {}

extension ChangeTest {
  init(_ source: some ComputedTest) {
    standardError = source.standardError.map { $0 * 100 }
    lower = source.interval.map { $0.lowerBound * 100 }
    upper = source.interval.map { $0.upperBound * 100 }
    degreesOfFreedom = source.degreesOfFreedom
    pValue = source.pValue
    adjustedPValue = source.adjustedPValue
    significance = source.significance
    comparability = source.comparability ?? ""
    reason = source.reason ?? ""
  }
}
