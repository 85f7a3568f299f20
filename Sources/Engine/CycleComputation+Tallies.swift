import Aggregate
import Normalize
import SurveyModel

/// What is added up while a table is read: one tally for each roll-up that its indicators use.
extension CycleComputation {
  /// - Throws: `DataError` where a condition or the factors of replicate weights do not fit the table.
  func tallies(for plan: TablePlan) throws -> [RollUp: Tally] {
    // The table's own roll-up says which rows are superseded, also where no indicator uses it.
    var rollUps: Set<RollUp> = [plan.table.rollUp]
    for indicator in cycle.indicators where indicator.table == plan.table.name && indicator.rule.asked != nil {
      rollUps.insert(cycle.units(of: indicator).rollUp)
    }
    var result: [RollUp: Tally] = [:]
    for rollUp in rollUps { result[rollUp] = Tally(plan: try tallyPlan(for: plan, rollUp: rollUp)) }
    return result
  }

  private func tallyPlan(for plan: TablePlan, rollUp: RollUp) throws -> TallyPlan {
    let isResponses = plan.table.name == SurveyCycle.responsesTable
    let names = Array(cycle.dimensions.keys)
    let groupings = cycle.groupings.map { $0.compactMap { names.firstIndex(of: $0) } }.filter {
      $0.allSatisfy { plan.dimensions[$0] != nil }
    }
    let compiler = PredicateCompiler(cycle: cycle, plan: plan, counts: counts)
    var indicators: [IndicatorPredicates] = []
    for indicator in cycle.indicators
    where cycle.units(of: indicator) == UnitKind(table: plan.table.name, rollUp: rollUp) {
      guard let rule = indicator.rule.asked else { continue }
      indicators.append(
        IndicatorPredicates(
          numerator: try compiler.predicate(rule.numerator), denominator: try compiler.predicate(rule.denominator),
          eligible: try rule.eligible.map { condition in try compiler.predicate(condition) }))
    }
    return TallyPlan(
      indicators: indicators, groupings: groupings, dimensionCount: names.count,
      design: isResponses ? try responsesDesign(plan, rollUp: rollUp) : .register, rollUp: rollUp,
      hasPSUColumn: isResponses && cycle.design.psu != nil, linksUnits: linksUnits && plan.table.unit != nil,
      unitField: rollUp == .none ? nil : plan.table.unit.flatMap { plan.keyFields[$0] },
      submittedField: rollUp == .latest ? plan.table.submitted.flatMap { plan.keyFields[$0] } : nil,
      isSimpleRandomSample: isResponses && cycle.design.isSimpleRandomSample(after: rollUp))
  }

  private func responsesDesign(_ plan: TablePlan, rollUp: RollUp) throws -> TableSums.Design {
    if let replicates = plan.design?.replicates, let columns = plan.design?.replicateColumns {
      guard let scheme = replicates.scheme(columns: columns) else {
        throw DataError.replicateCount(
          columns: columns.count, scales: replicates.replicateScales?.count ?? 0,
          SourceLocation(file: cycle.definitionFiles.first ?? cycle.name))
      }
      return .replicates(scheme)
    }
    return cycle.design.isCensus(after: rollUp) ? .census : .sample
  }
}

extension [RollUp: Tally] {
  /// Adds a batch to every tally.
  mutating func add(_ batch: CodedBatch) throws(DataError) {
    for rollUp in keys { try self[rollUp]?.add(batch) }
  }

  /// Adds a batch whose bits are known.
  mutating func add(_ batch: CodedBatch, bits: BitsByRollUp) throws(DataError) {
    for (rollUp, bits) in bits { try self[rollUp]?.add(batch, bits: bits) }
  }
}
