import Normalize
import SurveyModel

/// Units of a register that a missing code of the codebook names: rows with that key are joined to nothing.
extension CycleComputation {
  /// What looks wrong about a table that has been read, alone and beside the tables that it looks at.
  func notices(about outcome: TableReading.Outcome) -> [DataNotice] {
    outcome.notices + DataNotice.found(in: outcome.normalizer, of: cycle) + missingKeys(outcome)
  }

  private func missingKeys(_ outcome: TableReading.Outcome) -> [DataNotice] {
    let plan = outcome.plan
    var told: Set<[String]> = []
    var notices: [DataNotice] = []
    func tell(_ keys: [String], column: String, other: String, _ consequence: String) {
      guard let key = keys.first, told.insert([column, other]).inserted else { return }
      notices.append(
        DataNotice(
          table: plan.table.name, column: column,
          words: "\"\(key)\" is a missing code here and a key of table \(other): \(consequence); if it is a key, write "
            + "`missing: [\"\"]` on a question \(column) of the codebook"))
    }
    for (dimension, members) in zip(plan.dimensions, outcome.normalizer.members) {
      // Where no row is in the unknown member, none has such a key.
      guard case .join(let key, let joined)? = dimension, members.names.contains(Dimension.unknownMember) else {
        continue
      }
      tell(
        joined.units(in: plan.table.missingTexts(of: key)), column: key, other: joined.register,
        "rows with it are joined to nothing")
    }
    for indicator in cycle.indicators where indicator.table == plan.table.name {
      guard let rule = indicator.rule.asked else { continue }
      for condition in [rule.numerator, rule.denominator] + [rule.eligible].compactMap(\.self) {
        for related in use.relatedForms(in: condition, table: plan.table.name) {
          let keys = counts[related]?.keys(in: plan.table.missingTexts(of: related.here)) ?? []
          tell(keys, column: related.here, other: related.table, "rows with it are related to nothing")
        }
      }
    }
    return notices
  }
}
