import Aggregate
import Ingest
import Normalize
import SurveyModel

/// From tallies to finished tables, and whether the data is acceptable.
extension CycleComputation {
  func finish(_ tallies: [RollUp: Tally], outcome: TableReading.Outcome) throws -> CycleSummary.Table {
    let normalizer = outcome.normalizer
    var sizes: [String: Double]?
    if case .register = cycle.design.population { sizes = populationRegister?.sizes }
    let found = normalizer.strata.names
    let known = Set(found)
    // A column declares sizes by the number of the stratum, a register by its name.
    let strata = found.enumerated().map { number, name in
      let declared = normalizer.declaredSizes.indices.contains(number) ? normalizer.declaredSizes[number] : nil
      return cycle.stratum(name, population: sizes.map { $0[name] ?? 0 } ?? declared)
    }
    let silent = (sizes ?? [:]).filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
    return summary(
      tallies,
      codes: TableCodes(
        strata: strata + silent.map { cycle.stratum($0.key, population: $0.value) }, psus: normalizer.psus,
        members: normalizer.members.map(\.names)),
      outcome: outcome)
  }

  /// A register that was kept because conditions, joins or the population look at it.
  func finish(_ register: RegisterTable) throws -> CycleSummary.Table {
    var tallies = try self.tallies(for: register.outcome.plan)
    for batch in register.batches { try tallies.add(batch) }
    return finishRegister(tallies, outcome: register.outcome)
  }

  func finishRegister(_ tallies: [RollUp: Tally], outcome: TableReading.Outcome) -> CycleSummary.Table {
    summary(
      tallies,
      codes: TableCodes(
        strata: [Stratum(name: "all")], psus: [], members: outcome.normalizer.members.map(\.names)),
      outcome: outcome)
  }

  private func summary(
    _ tallies: [RollUp: Tally], codes: TableCodes, outcome: TableReading.Outcome
  ) -> CycleSummary.Table {
    let dimensions = dimensions(of: outcome.plan)
    let superseded = tallies[outcome.plan.table.rollUp]?.superseded ?? []
    var accounting = outcome.normalizer.accounting
    accounting.superseded = superseded.count
    accounting.used -= accounting.superseded
    return CycleSummary.Table(
      name: outcome.plan.table.name, tallies: tallies.mapValues { $0.finish(codes: codes, dimensions: dimensions) },
      accounting: accounting, answersRejected: outcome.normalizer.rejections.count { $0.scope == .answer },
      answers: outcome.normalizer.answerAccounting,
      rejectionCause: CycleSummary.Table.rejectionCause(outcome.normalizer.rejections, of: accounting, in: cycle),
      superseded: superseded, notices: outcome.notices + DataNotice.found(in: outcome.normalizer, of: cycle),
      files: outcome.files,
      standing: StandingAnswers(outcome.normalizer))
  }

  func dimensions(of plan: TablePlan) -> Set<Int> {
    Set(plan.dimensions.indices.filter { plan.dimensions[$0] != nil })
  }
}
