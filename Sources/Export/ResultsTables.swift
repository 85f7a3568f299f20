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
      document.add(text: cycle.name)
      document.add(text: indicator.id)
      document.add(text: indicator.unit)
      for column in columns { document.add(member: column.flatMap { row.cell.members[$0] }) }
      document.add(estimate.status.rawValue)
      document.add(hasRows ? estimate.n : nil)
      document.add(hasRows ? estimate.nYes : nil)
      document.add(estimate.population)
      document.add(percent: estimate.value, isCount: isCount)
      document.add(percent: estimate.standardError)
      document.add(percent: estimate.interval?.lowerBound)
      document.add(percent: estimate.interval?.upperBound)
      document.add(estimate.level)
      document.add(estimate.method ?? "")
      document.add(estimate.degreesOfFreedom)
      document.add(estimate.designEffect)
      document.add(estimate.effectiveSize)
      document.add(estimate.flags.map(\.rawValue).joined(separator: " "))
      document.add(text: estimate.reason ?? "")
      document.endRow()
    }
  }
}

extension CSVDocument {
  /// The member of a dimension; nil: all together.
  fileprivate mutating func add(member: String?) {
    if let member { add(text: member) } else { add(Dimension.totalMember) }
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

extension CSVDocument {
  /// In the order of `testedHeader`.
  fileprivate mutating func add(tested row: some TestedRow) {
    add(percent: row.standardError)
    add(percent: row.interval?.lowerBound)
    add(percent: row.interval?.upperBound)
    add(row.degreesOfFreedom)
    add(row.pValue)
    add(row.adjustedPValue)
    add(row.significance?.rawValue ?? "")
    add(text: row.comparability ?? "")
    add(text: row.reason ?? "")
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
      document.add(text: row.cycle)
      document.add(text: row.compareTo)
      document.add(row.role.rawValue)
      document.add(row.basis.rawValue)
      document.add(text: indicator.id)
      document.add(text: indicator.unit)
      for member in row.cell.members { document.add(member: member) }
      document.add(row.status.rawValue)
      document.add(row.nThen)
      document.add(row.nNow)
      document.add(row.nMatched)
      document.add(percent: row.then, isCount: isCount)
      document.add(percent: row.now, isCount: isCount)
      document.add(percent: row.delta, isCount: isCount)
      document.add(tested: row)
      document.endRow()
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
      document.add(text: indicator.id)
      document.add(text: indicator.unit)
      for member in row.cell.members { document.add(member: member) }
      document.add(text: row.cycles.joined(separator: " "))
      document.add(percent: row.slope, isCount: indicator.kind == .count)
      document.add(tested: row)
      document.endRow()
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
