import Aggregate
import Ingest
import Normalize
import SurveyModel

/// From tallies to finished tables, and whether the data is acceptable.
extension CycleComputation {
  func finish(_ tally: Tally, outcome: TableReading.Outcome) throws -> CycleSummary.Table {
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

  func finish(_ register: RegisterTable) throws -> CycleSummary.Table {
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

  func dimensions(of plan: TablePlan) -> Set<Int> {
    Set(plan.dimensions.indices.filter { plan.dimensions[$0] != nil })
  }

  /// Where each indicator's sums are found: its table, and its place among the asked indicators of that table.
  func places() -> [CycleSums.IndicatorPlace?] {
    var next: [String: Int] = [:]
    return cycle.indicators.map { indicator in
      guard indicator.rule.asked != nil else { return nil }
      let index = next[indicator.table, default: 0]
      next[indicator.table] = index + 1
      return CycleSums.IndicatorPlace(table: indicator.table, index: index)
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
