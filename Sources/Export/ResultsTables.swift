import SurveyModel

/// Which rows of the results are written; filters never change a number.
public struct ResultsFilter: Sendable {
  /// Indicator ids; empty: all.
  public var indicators: Set<String>

  public init(indicators: Set<String> = []) {
    self.indicators = indicators
  }

  func includes(_ indicator: Indicator) -> Bool { indicators.isEmpty || indicators.contains(indicator.id) }
}

/// `estimates.csv`: one row an estimate, all cycles that ran.
public struct EstimatesTable {
  private var document: CSVDocument
  private let dimensions: [String]
  private let filter: ResultsFilter

  /// - Parameter dimensions: The names of NAME's dimensions; other cycles fill the columns of the same names.
  public init(dimensions: [String], filter: ResultsFilter = ResultsFilter()) {
    self.dimensions = dimensions
    self.filter = filter
    document = CSVDocument(
      header: ["cycle", "indicator", "unit"] + dimensions + [
        "status", "n", "n_yes", "population", "estimate", "se", "ci_low", "ci_high", "level", "method", "df", "deff",
        "n_eff", "flag", "reason",
      ])
  }

  public var bytes: [UInt8] { document.bytes }

  public mutating func append(_ estimates: [CellEstimate], of cycle: SurveyCycle) {
    let names = Array(cycle.dimensions.keys)
    let columns = dimensions.map { names.firstIndex(of: $0) }
    for row in estimates {
      let indicator = cycle.indicators[row.indicator]
      guard filter.includes(indicator) else { continue }
      let estimate = row.estimate
      let isCount = indicator.kind == .count
      let hasRows = estimate.status == .ok || estimate.status == .noData
      let members = row.cell.printedMembers
      document.append(
        [CSVDocument.text(cycle.name), CSVDocument.text(indicator.id), CSVDocument.text(indicator.unit)]
          + columns.map { $0.map { CSVDocument.text(members[$0]) } ?? Dimension.totalMember }
          + [
            estimate.status.rawValue, hasRows ? String(estimate.n) : "", hasRows ? String(estimate.nYes) : "",
            NumberText.text(estimate.population), NumberText.percent(estimate.value, isCount: isCount),
            NumberText.percent(estimate.standardError), NumberText.percent(estimate.interval?.lowerBound),
            NumberText.percent(estimate.interval?.upperBound), NumberText.text(estimate.level),
            estimate.method ?? "", NumberText.text(estimate.degreesOfFreedom),
            NumberText.text(estimate.designEffect), NumberText.text(estimate.effectiveSize),
            estimate.flags.map(\.rawValue).joined(separator: " "), CSVDocument.text(estimate.reason ?? ""),
          ])
    }
  }
}

/// What the rows of changes and of slopes say of a test.
private protocol TestedRow {
  var standardError: Double? { get }
  var interval: ClosedRange<Double>? { get }
  var degreesOfFreedom: Int? { get }
  var pValue: Double? { get }
  var adjustedPValue: Double? { get }
  var significance: Significance? { get }
  var comparability: String? { get }
  var reason: String? { get }
}

extension CellTrend: TestedRow {}
extension CellSlope: TestedRow {}

private let testedHeader = [
  "se", "ci_low", "ci_high", "df", "p_value", "p_adjusted", "significance", "comparability", "reason",
]

extension TestedRow {
  /// In the order of `testedHeader`.
  fileprivate var testedColumns: [String] {
    [
      NumberText.percent(standardError), NumberText.percent(interval?.lowerBound),
      NumberText.percent(interval?.upperBound), NumberText.text(degreesOfFreedom), NumberText.text(pValue),
      NumberText.text(adjustedPValue), significance?.rawValue ?? "", CSVDocument.text(comparability ?? ""),
      CSVDocument.text(reason ?? ""),
    ]
  }
}

/// `trends.csv`: one row a change.
public struct TrendsTable {
  private var document: CSVDocument
  private let cycle: SurveyCycle
  private let filter: ResultsFilter

  public init(cycle: SurveyCycle, filter: ResultsFilter = ResultsFilter()) {
    self.cycle = cycle
    self.filter = filter
    document = CSVDocument(
      header: ["cycle", "compare_to", "role", "basis", "indicator", "unit"] + cycle.dimensions.keys + [
        "status", "n_then", "n_now", "n_matched", "then", "now", "delta",
      ] + testedHeader)
  }

  public var bytes: [UInt8] { document.bytes }

  public mutating func append(_ trends: [CellTrend]) {
    for row in trends {
      let indicator = cycle.indicators[row.indicator]
      guard filter.includes(indicator) else { continue }
      let isCount = indicator.kind == .count
      document.append(
        [
          CSVDocument.text(row.cycle), CSVDocument.text(row.compareTo), row.role.rawValue, row.basis.rawValue,
          CSVDocument.text(indicator.id),
          CSVDocument.text(indicator.unit),
        ] + row.cell.printedMembers.map(CSVDocument.text)
          + [
            row.status.rawValue, NumberText.text(row.nThen), NumberText.text(row.nNow),
            NumberText.text(row.nMatched), NumberText.percent(row.then, isCount: isCount),
            NumberText.percent(row.now, isCount: isCount), NumberText.percent(row.delta, isCount: isCount),
          ] + row.testedColumns)
    }
  }
}

/// `slopes.csv`: one row an indicator and cell, percentage points per year.
public struct SlopesTable {
  private var document: CSVDocument
  private let cycle: SurveyCycle
  private let filter: ResultsFilter

  public init(cycle: SurveyCycle, filter: ResultsFilter = ResultsFilter()) {
    self.cycle = cycle
    self.filter = filter
    document = CSVDocument(
      header: ["indicator", "unit"] + cycle.dimensions.keys + ["cycles", "slope"] + testedHeader)
  }

  public var bytes: [UInt8] { document.bytes }

  public mutating func append(_ slopes: [CellSlope]) {
    for row in slopes {
      let indicator = cycle.indicators[row.indicator]
      guard filter.includes(indicator) else { continue }
      document.append(
        [CSVDocument.text(indicator.id), CSVDocument.text(indicator.unit)]
          + row.cell.printedMembers.map(CSVDocument.text)
          + [
            CSVDocument.text(row.cycles.joined(separator: " ")),
            NumberText.percent(row.slope, isCount: indicator.kind == .count),
          ] + row.testedColumns)
    }
  }
}

/// `rejected.csv`: every row that was left out and every answer that was treated as missing.
public struct RejectedTable {
  private var document = CSVDocument(header: ["file", "line", "column", "scope", "reason", "value"])

  public init() {}

  public var bytes: [UInt8] { document.bytes }

  public mutating func append(_ rejections: [Rejection]) {
    for rejection in rejections {
      document.append([
        CSVDocument.text(rejection.file), String(rejection.line), CSVDocument.text(rejection.column),
        rejection.scope.rawValue,
        CSVDocument.text(rejection.reason), CSVDocument.text(rejection.value),
      ])
    }
  }
}
