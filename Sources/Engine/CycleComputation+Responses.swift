import Aggregate
import Ingest
import Normalize
import SurveyModel

/// The responses stream through in one pass, or in as many as conditions on the responses themselves need.
extension CycleComputation {
  func responsesReading() throws -> TableReading {
    let name = SurveyCycle.responsesTable
    guard let table = cycle.tables[name], let needs = use.needs[name] else {
      throw DataError.unresolved(table: name, name: name)
    }
    if case .register = cycle.design.population, populationRegister == nil {
      throw EngineError.populationNeedsResponses
    }
    try populationRegister?.requireDecided()
    return try TableReading(
      cycle: cycle, table: table, needs: needs, hasEachUnitOnce: use.isKeyRegister(name), progress: progress,
      options: options)
  }

  func joins() -> [String: JoinedValues] {
    var joins: [String: JoinedValues] = [:]
    for dimension in cycle.dimensions.values {
      if case .join(let register, _, _, let column) = dimension.source {
        joins[dimension.name] = registers[register]?.values(of: column)
      }
    }
    return joins
  }

  mutating func readResponses() async throws -> CycleSummary.Table {
    var tallies: [RollUp: Tally] = [:]
    var keys: RelatedKeys?
    let outcome = try await passOverResponses(
      prepare: { computation, plan in
        tallies = try computation.tallies(for: plan)
        keys = RelatedKeys(plan: plan, use: computation.use, counts: computation.counts)
        return tallies.mapValues(\.plan)
      },
      take: { batch, bits in
        keys?.add(batch)
        try tallies.add(batch, bits: bits)
      })
    var table = try finish(tallies, outcome: outcome)
    table.notices += keys?.notices ?? []
    return table
  }

  /// Reads the responses as often as their conditions need; the last pass is handed on.
  ///
  /// - Parameters:
  ///   - prepare: Told what is known by then, and the plan.
  ///   - take: Given each batch of the last pass.
  mutating func passOverResponses(
    prepare: (CycleComputation, TablePlan) throws -> [RollUp: TallyPlan], take: MorselReading.Taker
  ) async throws -> TableReading.Outcome {
    let name = SurveyCycle.responsesTable
    let reading = try responsesReading()
    let joins = joins()
    while true {
      let pending = use.related.filter { counts[$0] == nil && $0.table == name && isReady($0) }
      let isLast = responsesConditions.allSatisfy {
        use.relatedForms(in: $0, table: name).allSatisfy { counts[$0] != nil }
      }
      guard isLast || !pending.isEmpty else { throw DataError.unresolved(table: name, name: "related") }
      if !isLast, let path = reading.paths.first(where: FileBytes.isNoFile) {
        throw EngineError.cannotReadAgain(path: path)
      }
      var passRejections: [Rejection] = []
      var pass = ResponsesPass(pending: pending)
      // A pass that only counts sees the same rows again later: its rejections are listed once.
      defer { if isLast { rejections.append(passRejections) } }
      let outcome = try await reading.read(
        TableReading.Request(joins: joins, design: designPlan), rejected: &passRejections,
        prepare: { plan in
          try pass.prepare(plan: plan) { condition, plan in try predicate(condition, plan: plan) }
          return isLast ? try prepare(self, plan) : [:]
        },
        take: { batch, bits in
          pass.add(batch)
          if isLast { try take(batch, bits) }
        })
      for (related, count) in zip(pending, pass.counts) { counts[related] = count }
      resolveRegisterCounts()
      if isLast { return outcome }
      progress?.expect(InputHash.bytes(of: reading.paths), of: cycle.name)
    }
  }

  var responsesConditions: [Condition] {
    cycle.indicators.filter { $0.table == SurveyCycle.responsesTable }.compactMap(\.rule.asked).flatMap {
      [$0.numerator, $0.denominator] + [$0.eligible].compactMap(\.self)
    }
  }

  var designPlan: TablePlan.DesignPlan {
    var plan = TablePlan.DesignPlan(cycle)
    if case .register = cycle.design.population { plan.population = populationRegister }
    return plan
  }
}

/// The `related` counts that one pass over the responses collects.
private struct ResponsesPass {
  let pending: [RelatedCondition]
  private(set) var counts: [RelatedCounts]
  private var predicates: [(predicate: Predicate, field: Int?, missing: MissingTexts)] = []

  init(pending: [RelatedCondition]) {
    self.pending = pending
    counts = Array(repeating: RelatedCounts(), count: pending.count)
  }

  mutating func prepare(plan: TablePlan, compile: (Condition?, TablePlan) throws -> Predicate) throws {
    predicates = []
    for related in pending {
      predicates.append(
        (
          try compile(related.condition, plan), plan.keyFields[related.there],
          plan.table.missingTexts(of: related.there)
        ))
    }
  }

  mutating func add(_ batch: CodedBatch) {
    for (index, entry) in predicates.enumerated() {
      counts[index].add(batch, meeting: entry.predicate, field: entry.field, missing: entry.missing)
    }
  }
}
