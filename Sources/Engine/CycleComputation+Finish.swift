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
    let names = Array(cycle.dimensions.keys)
    func stratum(_ name: String, size: Double?) -> Stratum {
      var members: [Int: String] = [:]
      let parts = StratumName.parts(of: name, count: cycle.design.strata.count)
      for (part, source) in zip(parts, cycle.design.strata) {
        if let position = names.firstIndex(of: source) { members[position] = part }
      }
      return Stratum(name: name, population: size, members: members)
    }
    let found = normalizer.strata.names
    let known = Set(found)
    // A column declares sizes by the number of the stratum, a register by its name.
    let strata = found.enumerated().map { number, name in
      let declared = normalizer.declaredSizes.indices.contains(number) ? normalizer.declaredSizes[number] : nil
      return stratum(name, size: sizes.map { $0[name] ?? 0 } ?? declared)
    }
    let silent = (sizes ?? [:]).filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
    return summary(
      tallies,
      codes: TableCodes(
        strata: strata + silent.map { stratum($0.key, size: $0.value) }, psus: normalizer.psus,
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
      superseded: superseded, files: outcome.files)
  }

  func dimensions(of plan: TablePlan) -> Set<Int> {
    Set(plan.dimensions.indices.filter { plan.dimensions[$0] != nil })
  }

  /// Where each indicator's sums are found: among the asked indicators that count the same units.
  func places() -> [CycleSums.IndicatorPlace?] {
    var next: [UnitKind: Int] = [:]
    return cycle.indicators.map { indicator in
      guard indicator.rule.asked != nil else { return nil }
      let units = cycle.units(of: indicator)
      let index = next[units, default: 0]
      next[units] = index + 1
      return CycleSums.IndicatorPlace(units: units, index: index)
    }
  }

  func checkAcceptable(_ table: CycleSummary.Table) throws(DataError) {
    let accounting = table.accounting
    guard accounting.isBalanced else { throw .unbalanced(table: table.name) }
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
