import Aggregate
import Export
import Ingest
import Normalize
import SurveyModel

/// From the files of one cycle to its sums: registers first, then the responses in one pass (two where a condition of
/// the responses looks at the responses themselves), then the indicators of the registers.
struct CycleComputation {
  let cycle: SurveyCycle
  /// Whether units must be found again in another cycle.
  let linksUnits: Bool
  let strict: Bool
  let progress: ReadProgress?

  private var use: ConditionUse
  private var registers: [String: RegisterTable] = [:]
  private var counts: [RelatedCondition: KeyCounts] = [:]
  private var rejections: [Rejection] = []

  init(cycle: SurveyCycle, linksUnits: Bool, strict: Bool, progress: ReadProgress?) {
    self.cycle = cycle
    self.linksUnits = linksUnits
    self.strict = strict
    self.progress = progress
    use = ConditionUse(cycle: cycle)
  }

  /// - Throws: `RefusedData` around whatever makes the data unacceptable.
  mutating func run() throws -> CycleSummary {
    do {
      let start = ContinuousClock.now
      var summary = try compute()
      summary.readSeconds = (ContinuousClock.now - start) / .seconds(1)
      return summary
    } catch let error as any Failure {
      throw error.exitStatus == .unacceptableData ? RefusedData(cause: error, rejections: rejections) : error
    }
  }

  private mutating func compute() throws -> CycleSummary {
    var tables: [CycleSummary.Table] = []
    for name in use.tables.dropLast() { try load(name, path: []) }
    resolveRegisterCounts()
    let responses = try readResponses()
    tables.append(responses)
    for name in use.tables.dropLast() {
      if let register = registers[name] { tables.append(try finish(register)) }
    }
    for table in tables { try checkAcceptable(table) }
    return CycleSummary(
      cycle: cycle, tables: tables, places: places(), population: populationRegister,
      rejections: rejections)
  }

  /// Reads everything and computes nothing: all questions of the codebooks, and every table that is declared.
  mutating func check() throws -> (CycleAccounting, rejections: [Rejection], routedOut: [Rejection]) {
    var accounting: [(name: String, rows: RowAccounting, answersRejected: Int)] = []
    use.includeEverything()
    for name in use.tables.dropLast() { try load(name, path: []) }
    resolveRegisterCounts()
    for name in use.tables.dropLast() {
      guard let normalizer = registers[name]?.normalizer else { continue }
      accounting.append((name, normalizer.accounting, normalizer.rejections.count { $0.scope == .answer }))
    }
    var routedOut: [Rejection] = []
    var finder: RoutedOutAnswers?
    let outcome = try responsesReading().read(
      joins: joins(), design: designPlan, rejected: &rejections,
      prepare: { plan in finder = try RoutedOutAnswers(cycle: cycle, plan: plan, counts: counts) },
      body: { batch in routedOut += finder?.found(in: batch) ?? [] })
    let normalizer = outcome.normalizer
    accounting.append(
      (
        SurveyCycle.responsesTable, normalizer.accounting,
        normalizer.rejections.count { $0.scope == .answer }
      ))
    return (CycleAccounting(cycle: cycle.name, tables: accounting), rejections, routedOut)
  }

  // MARK: - Registers

  private mutating func load(_ name: String, path: Set<String>) throws {
    guard registers[name] == nil, !path.contains(name), let definition = cycle.tables[name],
      let needs = use.needs[name]
    else { return }
    var joins: [String: JoinedValues] = [:]
    for dimension in cycle.dimensions.values {
      guard case .join(let register, _, _, let column) = dimension.source, register != name else { continue }
      try load(register, path: path.union([name]))
      joins[dimension.name] = registers[register]?.values(of: column)
    }
    var table = definition
    // Where others look a unit up, it must stand there once.
    if isKeyRegister(name), table.respondent == nil { table.respondent = table.unit }
    var batches: [CodedBatch] = []
    let outcome = try TableReading(cycle: cycle, table: table, needs: needs, progress: progress).read(
      joins: joins, design: nil, rejected: &rejections, body: { batches.append($0) })
    registers[name] = RegisterTable(
      name: name, plan: outcome.plan, normalizer: outcome.normalizer, batches: batches, file: outcome.file)
  }

  private func isKeyRegister(_ name: String) -> Bool {
    if case .register(let table, _) = cycle.design.population, table == name { return true }
    return cycle.dimensions.values.contains {
      if case .join(let register, _, _, _) = $0.source { register == name } else { false }
    }
  }

  /// Counts every `related` form whose table is a register and whose own parts are counted.
  private mutating func resolveRegisterCounts() {
    for related in use.related where counts[related] == nil && isReady(related) {
      guard let register = registers[related.table],
        let predicate = try? predicate(related.condition, plan: register.plan)
      else { continue }
      counts[related] = register.counts(of: predicate, key: related.there)
    }
  }

  private func isReady(_ related: RelatedCondition) -> Bool {
    related.condition?.relatedConditions.allSatisfy { counts[$0] != nil } ?? true
  }

  private func predicate(_ condition: Condition?, plan: TablePlan) throws(DataError) -> Predicate {
    guard let condition else { return .constant(true) }
    return try PredicateCompiler(cycle: cycle, plan: plan, counts: counts).predicate(condition)
  }

  private var populationRegister: PopulationRegister? {
    guard case .register(let name, let condition) = cycle.design.population, let register = registers[name],
      let predicate = try? predicate(condition, plan: register.plan)
    else { return nil }
    return register.population(
      strata: cycle.design.strata, dimensions: Array(cycle.dimensions.keys), condition: predicate)
  }

  // MARK: - Responses

  private func responsesReading() throws -> TableReading {
    let name = SurveyCycle.responsesTable
    guard let table = cycle.tables[name], let needs = use.needs[name] else {
      throw DataError.unresolved(table: name, name: name)
    }
    if case .register = cycle.design.population, populationRegister == nil {
      throw EngineError.populationNeedsResponses
    }
    return TableReading(cycle: cycle, table: table, needs: needs, progress: progress)
  }

  private func joins() -> [String: JoinedValues] {
    var joins: [String: JoinedValues] = [:]
    for dimension in cycle.dimensions.values {
      if case .join(let register, _, _, let column) = dimension.source {
        joins[dimension.name] = registers[register]?.values(of: column)
      }
    }
    return joins
  }

  private mutating func readResponses() throws -> CycleSummary.Table {
    let name = SurveyCycle.responsesTable
    let reading = try responsesReading()
    let joins = joins()
    while true {
      let pending = use.related.filter { counts[$0] == nil && $0.table == name && isReady($0) }
      let isLast = responsesConditions.allSatisfy { $0.relatedConditions.allSatisfy { counts[$0] != nil } }
      guard isLast || !pending.isEmpty else { throw DataError.unresolved(table: name, name: "related") }
      var passRejections: [Rejection] = []
      var pass = ResponsesPass(pending: pending)
      var tally: Tally?
      // A pass that only counts sees the same rows again later: its rejections are listed once.
      defer { if isLast { rejections += passRejections } }
      let outcome = try reading.read(
        joins: joins, design: designPlan, rejected: &passRejections,
        prepare: { plan in
          try pass.prepare(plan: plan) { condition, plan in try predicate(condition, plan: plan) }
          if isLast { tally = Tally(plan: try tallyPlan(for: plan)) }
        },
        body: { batch in
          pass.add(batch)
          tally?.add(batch)
        })
      for (related, count) in zip(pending, pass.counts) { counts[related] = count }
      resolveRegisterCounts()
      guard isLast, let tally else { continue }
      return try finish(tally, outcome: outcome)
    }
  }

  private var responsesConditions: [Condition] {
    cycle.indicators.filter { $0.table == SurveyCycle.responsesTable }.compactMap(\.rule.asked).flatMap {
      [$0.numerator, $0.denominator] + [$0.eligible].compactMap(\.self)
    }
  }

  private var designPlan: TablePlan.DesignPlan {
    let design = cycle.design
    let names = Array(cycle.dimensions.keys)
    var plan = TablePlan.DesignPlan(
      weight: design.weight,
      strata: design.strata.map { name in names.firstIndex(of: name).map { .dimension($0) } ?? .column(name) },
      psu: design.psu)
    switch design.population {
    case .column(let column): plan.populationColumn = column
    case .register: plan.population = populationRegister
    case nil: break
    }
    return plan
  }

  private func tallyPlan(for plan: TablePlan) throws -> TallyPlan {
    let isResponses = plan.table.name == SurveyCycle.responsesTable
    let names = Array(cycle.dimensions.keys)
    let groupings = cycle.groupings.map { $0.compactMap { names.firstIndex(of: $0) } }.filter {
      $0.allSatisfy { plan.dimensions[$0] != nil }
    }
    let compiler = PredicateCompiler(cycle: cycle, plan: plan, counts: counts)
    var indicators: [IndicatorPredicates] = []
    for indicator in cycle.indicators where indicator.table == plan.table.name {
      guard let rule = indicator.rule.asked else { continue }
      indicators.append(
        IndicatorPredicates(
          numerator: try compiler.predicate(rule.numerator), denominator: try compiler.predicate(rule.denominator),
          eligible: try rule.eligible.map { condition in try compiler.predicate(condition) }))
    }
    let design: TableSums.Design =
      !isResponses ? .register : cycle.design.population != nil && cycle.design.weight == nil ? .census : .sample
    return TallyPlan(
      indicators: indicators, groupings: groupings, dimensionCount: names.count, design: design,
      rollUp: isResponses ? plan.table.rollUp : .none, hasPSUColumn: isResponses && cycle.design.psu != nil,
      linksUnits: linksUnits && plan.table.unit != nil,
      unitField: isResponses && plan.table.rollUp == .latest ? plan.table.unit.flatMap { plan.keyFields[$0] } : nil)
  }

  // MARK: - Ends

  private func finish(_ tally: Tally, outcome: TableReading.Outcome) throws -> CycleSummary.Table {
    let normalizer = outcome.normalizer
    var sizes: [String: Double]?
    switch cycle.design.population {
    case .register: sizes = populationRegister?.sizes
    case .column:
      sizes = Dictionary(
        uniqueKeysWithValues: normalizer.declaredSizes.enumerated().compactMap { number, size in
          size.map { (normalizer.strata.key(Int32(number)), $0) }
        })
    case nil: break
    }
    let names = Array(cycle.dimensions.keys)
    func stratum(_ name: String) -> Stratum {
      var members: [Int: String] = [:]
      let parts = cycle.design.strata.count == 1 ? [name] : name.components(separatedByString: " x ")
      for (part, source) in zip(parts, cycle.design.strata) where parts.count == cycle.design.strata.count {
        if let position = names.firstIndex(of: source) { members[position] = part }
      }
      return Stratum(name: name, population: sizes.map { $0[name] ?? 0 }, members: members)
    }
    let found = normalizer.strata.keys
    let silent = (sizes ?? [:]).keys.filter { !found.contains($0) }.sorted()
    let finished = tally.finish(
      codes: TableCodes(
        strata: (found + silent).map(stratum), psus: normalizer.psus, members: normalizer.members.map(\.keys)),
      dimensions: dimensions(of: outcome.plan))
    var accounting = normalizer.accounting
    accounting.superseded = tally.superseded.count
    accounting.used -= accounting.superseded
    return CycleSummary.Table(
      name: SurveyCycle.responsesTable, finished: finished, accounting: accounting,
      answersRejected: normalizer.rejections.count { $0.scope == .answer }, superseded: tally.superseded,
      file: outcome.file)
  }

  private func finish(_ register: RegisterTable) throws -> CycleSummary.Table {
    var tally = Tally(plan: try tallyPlan(for: register.plan))
    for batch in register.batches { tally.add(batch) }
    let normalizer = register.normalizer
    return CycleSummary.Table(
      name: register.name,
      finished: tally.finish(
        codes: TableCodes(strata: [Stratum(name: "all")], psus: [], members: normalizer.members.map(\.keys)),
        dimensions: dimensions(of: register.plan)),
      accounting: normalizer.accounting, answersRejected: normalizer.rejections.count { $0.scope == .answer },
      superseded: [], file: register.file)
  }

  private func dimensions(of plan: TablePlan) -> Set<Int> {
    Set(plan.dimensions.indices.filter { plan.dimensions[$0] != nil })
  }

  /// Where each indicator's sums are found: its table, and its place among the asked indicators of that table.
  private func places() -> [CycleSums.IndicatorPlace?] {
    var next: [String: Int] = [:]
    return cycle.indicators.map { indicator in
      guard indicator.rule.asked != nil else { return nil }
      let index = next[indicator.table, default: 0]
      next[indicator.table] = index + 1
      return CycleSums.IndicatorPlace(table: indicator.table, index: index)
    }
  }

  private func checkAcceptable(_ table: CycleSummary.Table) throws(DataError) {
    let accounting = table.accounting
    if strict, accounting.rejected > 0 || table.answersRejected > 0 {
      throw .anyRejected(table: table.name, rows: accounting.rejected, answers: table.answersRejected)
    }
    if Double(accounting.rejected) > cycle.maximumRejected * Double(accounting.read) {
      throw .tooManyRejected(
        table: table.name, rejected: accounting.rejected, read: accounting.read, limit: cycle.maximumRejected)
    }
    if table.name == SurveyCycle.responsesTable, accounting.used == 0 {
      throw .noUsedRow(table: table.name, read: accounting.read)
    }
  }
}

/// The `related` counts that one pass over the responses collects.
private struct ResponsesPass {
  let pending: [RelatedCondition]
  private(set) var counts: [KeyCounts]
  private var predicates: [(predicate: Predicate, field: Int?)] = []

  init(pending: [RelatedCondition]) {
    self.pending = pending
    counts = Array(repeating: KeyCounts(), count: pending.count)
  }

  mutating func prepare(plan: TablePlan, compile: (Condition?, TablePlan) throws -> Predicate) throws {
    predicates = []
    for related in pending {
      predicates.append((try compile(related.condition, plan), plan.keyFields[related.there]))
    }
  }

  mutating func add(_ batch: CodedBatch) {
    for (index, entry) in predicates.enumerated() {
      counts[index].add(batch, meeting: entry.predicate, field: entry.field)
    }
  }
}

extension String {
  /// The parts between a separator that may have several characters.
  fileprivate func components(separatedByString separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
