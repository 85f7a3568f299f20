import SurveyModel

/// Refuses by name what the definition language knows and the engine does not compute yet, so that nothing that a
/// definition asks for is silently ignored.
enum Support {
  static let widestSelection = 64

  static func check(_ cycle: SurveyCycle, method: IntervalMethod) throws(EngineError) {
    let file = cycle.definitionFiles.first ?? cycle.name
    func refuse(_ what: String, _ advice: String) -> EngineError {
      .notSupportedYet(what: what, file: file, advice: advice)
    }
    if let replicates = cycle.design.replicates {
      throw refuse("the design with replicate weights (\(replicates.type))", "use strata and PSUs")
    }
    if cycle.design.unitWeight != nil {
      throw refuse("`unit-weight`", "leave it out: units weigh 1")
    }
    if cycle.trend.slope != nil { throw refuse("`slope`", "leave it out") }
    if cycle.minimumCell > 0 { throw refuse("`min-cell`", "set it to 0 and suppress small cells by hand") }
    switch method {
    case .wilson, .beta, .wald, .logit, .arcsine: break
    default: throw refuse("the interval method \(method.rawValue)", "use wilson, beta, wald, logit or arcsine")
    }
    for table in cycle.tables.values {
      if table.layout != .wide { throw refuse("`layout: long` (table \(table.name))", "write one row a response") }
      if table.paths.count > 1 || table.paths.contains(where: { $0.contains("*") || $0.contains("?") }) {
        throw refuse("several files in one table (\(table.name))", "join them into one file")
      }
      if let path = table.paths.first, path.hasSuffix(".gz") {
        throw refuse("the compressed file \(path)", "unpack it first: gunzip -k \(path)")
      }
      if table.rollUp != .none && table.rollUp != .latest {
        throw refuse("`roll-up: \(table.rollUp.rawValue)` (table \(table.name))", "use none or latest")
      }
      if table.rollUp == .latest, table.name != SurveyCycle.responsesTable {
        throw refuse("a roll-up of the register \(table.name)", "keep one row a unit in it")
      }
      for question in table.codebook?.questions.values.map({ $0 }) ?? []
      where question.type == .many
        && Set(question.options + (table.codebook?.notApplicable ?? [])).count > widestSelection
      {
        throw refuse("question \(question.key) with more than \(widestSelection) options", "split it")
      }
    }
    let isRolledUp = cycle.tables[SurveyCycle.responsesTable]?.rollUp != RollUp.none
    for related in ConditionUse(cycle: cycle).related
    where isRolledUp && related.table == SurveyCycle.responsesTable && !related.isReported {
      throw refuse("`related` to responses that are rolled up", "use `reported`, or leave the roll-up out")
    }
    for indicator in cycle.indicators {
      if let rollUp = indicator.rollUp, rollUp != cycle.tables[indicator.table]?.rollUp {
        throw refuse("a roll-up of its own for indicator \(indicator.id)", "set the table's `roll-up`")
      }
    }
  }
}
