import Aggregate
import Ingest
import Normalize
import SurveyModel

/// From tallies to finished tables, and whether the data is acceptable.
extension CycleComputation {
  func finish(_ tallies: [RollUp: Tally], outcome: TableReading.Outcome) throws -> CycleSummary.Table {
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
      let parts = StratumName.parts(of: name, count: cycle.design.strata.count)
      for (part, source) in zip(parts, cycle.design.strata) {
        if let position = names.firstIndex(of: source) { members[position] = part }
      }
      return Stratum(name: name, population: sizes.map { $0[name] ?? 0 }, members: members)
    }
    let found = normalizer.strata.keys
    let silent = (sizes ?? [:]).keys.filter { !found.contains($0) }.sorted()
    return summary(
      tallies,
      codes: TableCodes(
        strata: (found + silent).map(stratum), psus: normalizer.psus, members: normalizer.members.map(\.keys)),
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
        strata: [Stratum(name: "all")], psus: [], members: outcome.normalizer.members.map(\.keys)),
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
