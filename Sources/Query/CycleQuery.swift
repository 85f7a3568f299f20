import Ingest
import Normalize
import SurveyModel

/// The query of one cycle: the views from its tables down to what its indicators count, and the statements whose answers
/// are its sums and the accounting of its rows.
public struct CycleQuery: Sendable {
  public let cycle: SurveyCycle
  public let dialect: Dialect
  /// Whether units must be found again in another cycle.
  public let linksUnits: Bool
  /// Each after those that it reads.
  public private(set) var views: [QueryView] = []
  let prefix: String
  private let use: ConditionUse
  private var tables: [String: TableQuery] = [:]
  private(set) var kinds: [UnitKind: SumsStatement] = [:]

  /// - Parameters:
  ///   - sources: Of every table that the cycle reads.
  ///   - prefix: Before the names of the views, so that several cycles stand side by side.
  /// - Throws: `IngestError` or `DataError` where a header does not fit the definition, `QueryError` where the definition
  ///   asks for what a query cannot do.
  public init(
    cycle: SurveyCycle, sources: [String: TableSource], dialect: Dialect, linksUnits: Bool, prefix: String = ""
  ) throws {
    self.cycle = cycle
    self.dialect = dialect
    self.linksUnits = linksUnits
    self.prefix = prefix
    use = ConditionUse(cycle: cycle)
    for name in use.tables {
      guard let source = sources[name], let table = cycle.tables[name] else { continue }
      try QueryError.checkForm(of: table, source, dialect: dialect)
    }
    for name in use.tables.dropLast() where use.isLookedUp(name) { try plan(name, sources, path: []) }
    for name in use.tables { try plan(name, sources, path: []) }
    try compile()
  }

  /// The tables that are read, the responses last.
  public var tableNames: [String] { use.tables }

  func table(_ name: String) -> TableQuery? { tables[name] }

  /// How often the statements about a table read its files, if nothing is rejected.
  public func readings(of name: String) -> Int {
    let accounting = kinds.contains { $0.key.table == name && $0.value.carriesAccounting } ? 0 : 1
    return 1 + accounting + (tables[name]?.repeatedKeys.count ?? 0)
  }

  // MARK: - Plans

  /// In the order in which the embedded engine reads registers, which decides what two that join each other know.
  private mutating func plan(_ name: String, _ sources: [String: TableSource], path: Set<String>) throws {
    guard tables[name] == nil, !path.contains(name), let table = cycle.tables[name], let needs = use.needs[name],
      let source = sources[name]
    else { return }
    let isResponses = name == SurveyCycle.responsesTable
    var joins: [String: JoinedValues] = [:]
    for dimension in cycle.dimensions.values {
      guard case .join(let register, _, _, _) = dimension.source, register != name else { continue }
      try plan(register, sources, path: path.union([name]))
      if tables[register] != nil { joins[dimension.name] = JoinedValues(register: register, pairs: []) }
    }
    let header = Header(names: source.header, path: source.paths.first ?? name, table: name)
    var plan = TablePlan(
      table: table, needs: needs, dimensions: TablePlan.dimensions(of: cycle, in: header, joins: joins),
      design: isResponses ? TablePlan.DesignPlan(cycle) : nil)
    plan.hasEachUnitOnce = use.isKeyRegister(name)
    _ = try plan.resolve(header)
    try QueryError.check(plan.columnNames, table: name, dialect: dialect)
    if let design = plan.design, let replicates = design.replicates,
      replicates.scheme(columns: design.replicateColumns) == nil
    {
      throw DataError.replicateCount(
        columns: design.replicateColumns.count, scales: replicates.replicateScales?.count ?? 0,
        SourceLocation(file: cycle.definitionFiles.first ?? cycle.name))
    }
    tables[name] = TableQuery(cycle: cycle, plan: plan, source: source, dialect: dialect, prefix: prefix)
    if !isResponses { order.append(name) }
  }

  /// Registers in the order in which their views can be made.
  private var order: [String] = []

  // MARK: - Views

  private mutating func compile() throws {
    let numbers = Dictionary(uniqueKeysWithValues: use.related.enumerated().map { ($1, $0) })
    for name in order { views += try tables[name]?.views(isLookedUp: use.isLookedUp(name)) ?? [] }
    let responses = SurveyCycle.responsesTable
    // A form may look at the responses, whose rows need the population, whose condition may look at registers.
    for (number, related) in use.related.enumerated() where !looksAtResponses(related) {
      try addCounts(of: related, number: number, numbers)
    }
    if case .register(let name, let condition) = cycle.design.population, let table = tables[name] {
      if let condition, use.relatedForms(in: condition, table: name).contains(where: looksAtResponses) {
        throw QueryError.populationNeedsResponses(file: cycle.definitionFiles.first ?? cycle.name)
      }
      views.append(try population(table, condition: condition, numbers))
    }
    views += try tables[responses]?.views(isLookedUp: false) ?? []
    for (number, related) in use.related.enumerated() where looksAtResponses(related) {
      try addCounts(of: related, number: number, numbers)
    }
    for name in use.tables {
      guard let table = tables[name] else { continue }
      let asked = cycle.indicators.enumerated().compactMap { place, indicator in
        indicator.table == name ? indicator.rule.asked.map { (place: place, rule: $0) } : nil
      }
      var rollUps: [RollUp] = [table.plan.table.rollUp]
      for (place, _) in asked {
        let rollUp = cycle.units(of: cycle.indicators[place]).rollUp
        if !rollUps.contains(rollUp) { rollUps.append(rollUp) }
      }
      let units = rollUps.map { rollUp in
        let kind = UnitKind(table: name, rollUp: rollUp)
        return UnitsQuery(
          table: table, rollUp: rollUp,
          indicators: asked.map(\.place).filter { cycle.units(of: cycle.indicators[$0]) == kind })
      }
      let isKept = linksUnits || units.reduce(0) { $0 + $1.readings } > 1
      views.append(try judged(table, indicators: asked, numbers).view(isKept: isKept))
      for units in units {
        if let view = units.view() { views.append(view) }
        kinds[UnitKind(table: name, rollUp: units.rollUp)] = statement(units)
      }
    }
  }

  private func looksAtResponses(_ related: RelatedCondition) -> Bool {
    if related.table == SurveyCycle.responsesTable { return true }
    guard let condition = related.condition else { return false }
    return use.relatedForms(in: condition, table: related.table).contains(where: looksAtResponses)
  }

  private mutating func addCounts(
    of related: RelatedCondition, number: Int, _ numbers: [RelatedCondition: Int]
  ) throws {
    guard let table = tables[related.table] else { return }
    views.append(try judged(table, indicators: [], numbers).counts(of: related, number: number, prefix: prefix))
  }

  private func judged(
    _ table: TableQuery, indicators: [(place: Int, rule: IndicatorRule)], _ numbers: [RelatedCondition: Int]
  ) -> JudgedRows {
    JudgedRows(
      table: table,
      conditions: ConditionSQL(cycle: cycle, plan: table.plan, dialect: dialect, related: numbers), use: use,
      indicators: indicators)
  }

  /// The units of the declared population: unit, parts of the stratum, and whether the unit belongs.
  private func population(
    _ table: TableQuery, condition: Condition?, _ numbers: [RelatedCondition: Int]
  ) throws(DataError) -> QueryView {
    let rows = try judged(table, indicators: [], numbers).rows(judging: condition ?? .all([]))
    let names = Array(cycle.dimensions.keys)
    // A unit whose condition an unreadable answer leaves open is no member; `undecidedPopulation` finds such units.
    var columns = [
      (name: "belongs", expression: "coalesce(\(rows.condition), FALSE)"),
      (name: "is_open", expression: "(\(rows.condition)) IS NULL"),
    ]
    for (number, name) in cycle.design.strata.enumerated() {
      if let position = names.firstIndex(of: name), table.plan.dimensions[position] != nil {
        columns.append((Names.stratum(number), Names.member(position)))
      } else {
        columns.append((Names.stratum(number), table.member(name)))
      }
    }
    // A unit that stands there twice counts once, by its first row.
    let firsts = columns.map { "\(dialect.first($0.expression, by: Names.place)) AS \($0.name)" }
    return QueryView(
      name: prefix + "population",
      query: """
        SELECT \(([Names.unit] + firsts).joined(separator: ", ")) FROM (
        \(rows.query.indented)
        ) AS units WHERE problem IS NULL GROUP BY 1
        """)
  }

  private var strata: [String] { cycle.design.strata.indices.map(Names.stratum) }

  // MARK: - Sums

  private func statement(_ units: UnitsQuery) -> SumsStatement {
    let isResponses = units.table.plan.table.name == SurveyCycle.responsesTable
    let links = linksUnits && units.table.plan.table.unit != nil
    let design = design(of: units)
    let hasPSUs = isResponses && cycle.design.psu != nil
    let grouping: SumsStatement.Grouping =
      if case .replicates(let scheme) = design {
        .replicates(scheme.columns.count)
      } else {
        design.needsPSUs(haveColumn: hasPSUs, linksUnits: links) ? .psu(isColumn: hasPSUs) : .stratum
      }
    return SumsStatement(
      units: units, grouping: grouping, dimensions: dimensions(of: units, without: []), linksUnits: links,
      countsKnown: design == .census,
      hasSizes: units.rollUp == .none && units.table.plan.design?.populationColumn != nil)
  }

  func design(of units: UnitsQuery) -> TableSums.Design {
    guard let plan = units.table.plan.design else { return .register }
    if let replicates = plan.replicates, let scheme = replicates.scheme(columns: plan.replicateColumns) {
      return .replicates(scheme)
    }
    return cycle.design.isCensus(after: units.rollUp) ? .census : .sample
  }

  /// The groupings of the cycle whose dimensions the units have, as positions.
  func groupings(of units: UnitsQuery, without varying: Set<Int>) -> [[Int]] {
    let names = Array(cycle.dimensions.keys)
    return cycle.groupings.map { $0.compactMap { names.firstIndex(of: $0) } }.filter {
      $0.allSatisfy { units.dimensions.contains($0) && !varying.contains($0) }
    }
  }

  private func dimensions(of units: UnitsQuery, without varying: Set<Int>) -> [Int] {
    Set(groupings(of: units, without: varying).joined()).sorted()
  }

  /// The sums of units in which some dimensions vary.
  func statement(_ kind: UnitKind, without varying: Set<Int>) -> SumsStatement? {
    guard let statement = kinds[kind] else { return nil }
    return SumsStatement(
      units: statement.units, grouping: statement.grouping,
      dimensions: dimensions(of: statement.units, without: varying), linksUnits: statement.linksUnits,
      countsKnown: statement.countsKnown, hasSizes: statement.hasSizes)
  }

  /// Under a roll-up, the strata of all rows that count, also of those that later ones replace, and what a column says of
  /// their size: parts, smallest and largest, one that is no number. nil where no column does, or where the sums have it.
  func declaredSizes(of units: UnitsQuery) -> String? {
    guard units.rollUp != .none, units.table.plan.design?.populationColumn != nil else { return nil }
    let groups = strata.isEmpty ? "" : " GROUP BY " + strata.joined(separator: ", ")
    let columns = strata + SumsStatement.sizes.map { "\($0.expression) AS \($0.name)" }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(units.table.view("judged")) WHERE problem IS NULL\(groups)"
  }

  /// How many units of the population each stratum has: its parts, units; nil where no list is declared.
  var populationSizes: String? {
    guard case .register = cycle.design.population else { return nil }
    let groups = strata.isEmpty ? "" : " GROUP BY " + strata.joined(separator: ", ")
    let columns = (strata + ["count(*) AS units"]).joined(separator: ", ")
    return "SELECT \(columns) FROM \(dialect.identifier(prefix + "population")) WHERE belongs\(groups)"
  }

  /// The first unit of which an unreadable answer leaves open whether it belongs to the population, and how many there
  /// are; nil where none is declared.
  var undecidedPopulation: String? {
    guard case .register = cycle.design.population else { return nil }
    return "SELECT min(unit) AS unit, count(*) AS units FROM \(dialect.identifier(prefix + "population")) WHERE is_open"
  }

  /// How many units both populations have, by their stratum here and there: parts here, parts there, units.
  func populationShared(with other: CycleQuery) -> String? {
    guard populationSizes != nil, other.populationSizes != nil else { return nil }
    let columns = strata.map { "a.\($0)" } + other.strata.map { "b.\($0)" }
    let list = (columns.enumerated().map { "\($1) AS part_\($0)" } + ["count(*) AS units"]).joined(separator: ", ")
    return """
      SELECT \(list) FROM \(dialect.identifier(prefix + "population")) AS a
      JOIN \(dialect.identifier(other.prefix + "population")) AS b ON a.unit = b.unit
      WHERE a.belongs AND b.belongs\(columns.isEmpty ? "" : " GROUP BY " + columns.joined(separator: ", "))
      """
  }
}
