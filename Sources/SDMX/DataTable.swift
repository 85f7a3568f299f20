import Export
import SurveyModel

/// `data.csv`: one observation a row, as SDMX-CSV 2.0.
struct DataTable {
  private var document: CSVDocument
  private let structure: DataStructure
  private let kinds: [String: Indicator.Kind]
  /// By indicator: the cycles whose value is the first after a break, with the reason.
  private let breaks: [String: [String: String]]

  var bytes: [UInt8] { document.bytes }

  init(_ results: Results, structure: DataStructure) throws(SDMXError) {
    self.structure = structure
    kinds = Dictionary(results.indicators.map { ($0.id, $0.kind) }) { first, _ in first }
    breaks = Dictionary(results.indicators.map { ($0.id, $0.breaks) }) { first, _ in first }
    document = CSVDocument(
      header: ["STRUCTURE", "STRUCTURE_ID", "ACTION"] + structure.dimensions.map(\.id)
        + [Component.timePeriod.id, Component.obsValue.id] + Component.attributes.map(\.id))
    for row in results.estimates { try add(row) }
    // A cycle that is both the previous and the baseline is compared once.
    var compared: Set<Comparison> = []
    for row in results.trends
    where compared.insert(Comparison(row)).inserted { try add(row) }
    for row in results.slopes { try add(row) }
  }

  private struct Comparison: Hashable {
    var cycles: [String]
    var basis: TrendBasis
    var indicator: String
    var members: [String?]

    init(_ row: TrendRow) {
      cycles = [row.cycle, row.compareTo]
      basis = row.basis
      indicator = row.indicator
      members = row.members
    }
  }

  // MARK: - Rows

  private mutating func add(_ row: EstimateRow) throws(SDMXError) {
    var observation = try observation(of: row, indicator: row.indicator, unit: row.unit, cycle: row.cycle)
    observation.flag = row.flags.map(\.rawValue).joined(separator: " ")
    observation.comment = row.reason
    observation.status =
      ObservationStatus(missing: row.status) ?? (row.flags.contains(.notShown) ? .lowReliability : .normal)
    if row.status == .ok, let reason = breaks[row.indicator]?[row.cycle] {
      observation.status = .seriesBreak
      observation.comment = [reason, row.reason].filter { !$0.isEmpty }.joined(separator: "; ")
    }
    add(observation, .value, row.estimate, isKept: true)
    observation.method = row.method
    observation.level = row.level
    add(observation, .standardError, row.standardError)
    add(observation, .lower, row.lower)
    add(observation, .upper, row.upper)
    observation.method = ""
    observation.level = nil
    // Counts are what they are, whatever the estimate is worth.
    observation.status = .normal
    observation.flag = ""
    observation.comment = ""
    add(observation, .count, row.n.map(Double.init))
    add(observation, .countYes, row.nYes.map(Double.init))
  }

  private mutating func add(_ row: TrendRow) throws(SDMXError) {
    var observation = try observation(of: row, indicator: row.indicator, unit: row.unit, cycle: row.cycle)
    observation.comparedWith = try period(of: row.compareTo)
    observation.basis = BasisOfComparison(row.basis)
    explain(&observation, row.test, missing: ObservationStatus(missing: row.status))
    add(observation, .change, row.delta, isKept: true)
    add(observation, .changeStandardError, row.test.standardError)
    add(observation, .changeLower, row.test.lower)
    add(observation, .changeUpper, row.test.upper)
    add(observation, .changePValue, row.test.adjustedPValue)
  }

  private mutating func add(_ row: SlopeRow) throws(SDMXError) {
    let cycles = row.cycles.split(separator: " ").map(String.init)
    // Where too few cycles have an estimate there is no slope, and no pair of periods to file it under.
    guard let first = cycles.first, let last = cycles.last, first != last else { return }
    var observation = try observation(of: row, indicator: row.indicator, unit: row.unit, cycle: last)
    observation.comparedWith = try period(of: first)
    observation.basis = .all
    explain(&observation, row.test, missing: nil)
    add(observation, .slope, row.slope, isKept: true)
    add(observation, .slopeStandardError, row.test.standardError)
    add(observation, .slopeLower, row.test.lower)
    add(observation, .slopeUpper, row.test.upper)
    add(observation, .slopePValue, row.test.adjustedPValue)
  }

  private func explain(_ observation: inout Observation, _ test: ChangeTest, missing: ObservationStatus?) {
    observation.status = missing ?? (test.comparability.isEmpty ? .normal : .definitionDiffers)
    observation.comment = [test.comparability, test.reason].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private func observation(
    of row: some ResultRow, indicator: String, unit: String, cycle: String
  ) throws(SDMXError) -> Observation {
    Observation(
      members: row.members.map(DataStructure.member), indicator: Identifier.code(indicator),
      kind: kinds[indicator] ?? .percentage, unit: unit,
      period: try period(of: cycle))
  }

  private func period(of cycle: String) throws(SDMXError) -> String {
    guard let period = structure.periods[cycle] else { throw .unknownCycle(cycle) }
    return period
  }

  // MARK: - Columns

  /// All that an observation says beside what it measures and its value.
  private struct Observation {
    var members: [String]
    var indicator: String
    var kind: Indicator.Kind
    var unit: String
    var period: String
    var comparedWith = BasisOfComparison.notApplicable.rawValue
    var basis = BasisOfComparison.notApplicable
    var status = ObservationStatus.normal
    var method = ""
    var level: Double?
    var flag = ""
    var comment = ""
  }

  /// - Parameter isKept: Whether there is a row also where there is no value, to say why.
  private mutating func add(
    _ observation: Observation, _ measure: MeasureCode, _ value: Double?, isKept: Bool = false
  ) {
    let value = value.flatMap { $0.isFinite ? $0 : nil }
    guard value != nil || isKept else { return }
    // A row that promises a value and has none is missing it.
    let status: ObservationStatus =
      value == nil
        && (observation.status == .normal || observation.status == .lowReliability
          || observation.status == .definitionDiffers)
      ? .missing : observation.status
    let confidentiality = status == .suppressed ? ConfidentialityStatus.confidential : .free
    document.add("dataflow")
    document.add("\(structure.agency):\(structure.dataflowID)(\(DataStructure.version))")
    document.add("I")
    document.add(structure.frequency.rawValue)
    for member in observation.members { document.add(member) }
    document.add(observation.indicator)
    document.add(measure.rawValue)
    document.add(observation.comparedWith)
    document.add(observation.basis.rawValue)
    document.add(observation.period)
    document.add(value)
    document.add(status.rawValue)
    document.add(confidentiality.rawValue)
    document.add(measure.unit(of: observation.kind).rawValue)
    document.add(UnitMultiplier.units.rawValue)
    document.add(text: observation.unit.withVisibleControls)
    document.add(text: observation.method.withVisibleControls)
    document.add(observation.level)
    document.add(observation.flag)
    document.add(text: observation.comment.withVisibleControls)
    document.endRow()
  }
}
