import Normalize
import SurveyModel

/// Refuses by name what the definition language knows and the engine does not compute yet, so that nothing that a
/// definition asks for is silently ignored.
enum Support {
  static let widestSelection = 64

  static func check(_ cycle: SurveyCycle) throws(EngineError) {
    let file = cycle.definitionFiles.first ?? cycle.name
    func refuse(_ what: String, _ advice: String) -> EngineError {
      .notSupportedYet(what: what, file: file, advice: advice)
    }
    for table in cycle.tables.values {
      for question in table.codebook?.questions.values.map({ $0 }) ?? []
      where question.type == .many
        && Set(question.options + (table.codebook?.notApplicableCodes(in: question.key) ?? [])).count > widestSelection
      {
        throw refuse("question \(question.key) with more than \(widestSelection) options", "split it")
      }
    }
    for related in ConditionUse(cycle: cycle).related
    where cycle.tables[related.table]?.rollUp != RollUp.none && !related.isReported {
      throw refuse(
        "`related` to table \(related.table), which is rolled up", "use `reported`, or leave the roll-up out")
    }
  }
}
