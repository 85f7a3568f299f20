import Aggregate
import Ingest
import Normalize
import SurveyModel

/// Registers that conditions, joins or the population look at are read first and kept; the others stream through.
extension CycleComputation {
  mutating func load(_ name: String, path: Set<String>) throws {
    guard registers[name] == nil, !path.contains(name), let definition = cycle.tables[name],
      let needs = use.needs[name]
    else { return }
    let joins = try joinedRegisters(of: name, path: path)
    var batches: [CodedBatch] = []
    var rejected: [Rejection] = []
    defer { rejections.append(rejected) }
    let outcome = try TableReading(
      cycle: cycle, table: definition, needs: needs, hasEachUnitOnce: use.isKeyRegister(name), progress: progress,
      options: options
    ).read(joins: joins, design: nil, rejected: &rejected, body: { batches.append($0) })
    registers[name] = RegisterTable(name: name, outcome: outcome, batches: batches)
  }

  private mutating func joinedRegisters(of name: String, path: Set<String>) throws -> [String: JoinedValues] {
    var joins: [String: JoinedValues] = [:]
    for dimension in cycle.dimensions.values {
      guard case .join(let register, _, _, let column) = dimension.source, register != name else { continue }
      try load(register, path: path.union([name]))
      joins[dimension.name] = registers[register]?.values(of: column)
    }
    return joins
  }

  /// Reads a register that only its own indicators look at, in bounded memory.
  mutating func streamRegister(_ name: String) async throws -> CycleSummary.Table? {
    guard let table = cycle.tables[name], let needs = use.needs[name] else { return nil }
    let joins = try joinedRegisters(of: name, path: [])
    var tallies: [RollUp: Tally] = [:]
    var rejected: [Rejection] = []
    defer { rejections.append(rejected) }
    var keys: RelatedKeys?
    let outcome = try await TableReading(
      cycle: cycle, table: table, needs: needs, progress: progress, options: options
    ).read(
      TableReading.Request(joins: joins, design: nil), rejected: &rejected,
      prepare: { plan in
        tallies = try self.tallies(for: plan)
        keys = RelatedKeys(plan: plan, use: use, counts: counts)
        return tallies.mapValues(\.plan)
      },
      take: { batch, bits in
        keys?.add(batch)
        try tallies.add(batch, bits: bits)
      })
    var summary = finishRegister(tallies, outcome: outcome)
    summary.notices += keys?.notices ?? []
    return summary
  }

  /// Counts every `related` form whose table is a register and whose own parts are counted.
  mutating func resolveRegisterCounts() {
    for related in use.related where counts[related] == nil && isReady(related) {
      guard let register = registers[related.table],
        let predicate = try? predicate(related.condition, plan: register.outcome.plan)
      else { continue }
      counts[related] = register.counts(of: predicate, key: related.there)
    }
  }

  func isReady(_ related: RelatedCondition) -> Bool {
    guard let condition = related.condition else { return true }
    return use.relatedForms(in: condition, table: related.table).allSatisfy { counts[$0] != nil }
  }

  func predicate(_ condition: Condition?, plan: TablePlan) throws(DataError) -> Predicate {
    guard let condition else { return .constant(true) }
    return try PredicateCompiler(cycle: cycle, plan: plan, counts: counts).predicate(condition)
  }

  /// The declared population, once the registers that it looks at are counted; nil where none is declared, or where it
  /// depends on the responses.
  func readPopulation() -> PopulationRegister? {
    guard case .register(let name, let condition) = cycle.design.population, let register = registers[name],
      let predicate = try? predicate(condition, plan: register.outcome.plan)
    else { return nil }
    return register.population(
      strata: cycle.design.strata, dimensions: Array(cycle.dimensions.keys), condition: predicate)
  }
}
