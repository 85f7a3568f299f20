import Ingest
import Normalize
import SurveyModel

/// A register, read once and kept as codes: registers are small, and several conditions look at them.
struct RegisterTable {
  let name: String
  let outcome: TableReading.Outcome
  let batches: [CodedBatch]

  var plan: TablePlan { outcome.plan }
  var normalizer: Normalizer { outcome.normalizer }

  /// The values of a column by the register's unit.
  func values(of column: String) -> JoinedValues {
    var pairs: [(unit: String, value: String)] = []
    let names = NameTexts(column, of: plan)
    forEachUsedRow { batch, row in
      pairs.append((text(plan.table.unit, batch, row), names.name(of: text(column, batch, row)) ?? ""))
    }
    return JoinedValues(register: name, pairs: pairs)
  }

  /// The values of a column by the register's unit, of a unit that stands twice the first; empty for none.
  func texts(of column: String) -> [String: String] {
    var texts: [String: String] = [:]
    let names = NameTexts(column, of: plan)
    forEachUsedRow { batch, row in
      let unit = text(plan.table.unit, batch, row)
      if texts[unit] == nil { texts[unit] = names.name(of: text(column, batch, row)) ?? "" }
    }
    return texts
  }

  /// The units with their strata and whether they belong to the population.
  ///
  /// - Parameter strata: The design's stratum columns or dimensions.
  func population(strata: [String], dimensions: [String], condition: Predicate) -> PopulationRegister {
    var units: [(unit: String, stratum: String, belongs: Bool)] = []
    var undecided: [String] = []
    let texts = strata.map { NameTexts($0, of: plan) }
    for batch in batches {
      let belongs = condition.truth(of: batch)
      for row in 0..<batch.rowCount where batch.used[row] {
        let names = zip(strata, texts).map { name, texts -> String in
          if let position = dimensions.firstIndex(of: name), !batch.members[position].isEmpty {
            return normalizer.members[position].names[Int(batch.members[position][row])]
          }
          return texts.name(of: text(name, batch, row)) ?? Dimension.unknownMember
        }
        let unit = text(plan.table.unit, batch, row)
        units.append((unit, StratumName.joined(names), belongs.holds[row]))
        if belongs.isUnknown(row) { undecided.append(unit) }
      }
    }
    return PopulationRegister(register: name, units: units, undecided: undecided)
  }

  /// How many rows meet a condition, by key.
  func counts(of condition: Predicate, key: String) -> RelatedCounts {
    var counts = RelatedCounts()
    let missing = plan.table.missingTexts(of: key)
    for batch in batches { counts.add(batch, meeting: condition, field: plan.keyFields[key], missing: missing) }
    return counts
  }

  private func text(_ column: String?, _ batch: CodedBatch, _ row: Int) -> String {
    guard let column, let field = plan.keyFields[column] else { return "" }
    return batch.records.text(row: row, column: field)
  }

  private func forEachUsedRow(_ body: (CodedBatch, Int) -> Void) {
    for batch in batches {
      for row in 0..<batch.rowCount where batch.used[row] { body(batch, row) }
    }
  }
}
