import Normalize
import SurveyModel

/// The respondents and units of the responses as they are written, for `check` alone: a run keeps hashes of them.
struct KeyNames {
  private let table: TableDefinition?
  /// By column.
  private var names: [String: ByteDictionary] = [:]

  init(table: TableDefinition?) { self.table = table }

  mutating func add(_ batch: CodedBatch, plan: TablePlan?) {
    guard let plan else { return }
    for column in Set([table?.respondent, table?.unit].compactMap(\.self)) {
      guard let field = plan.keyFields[column] else { continue }
      var known = names.removeValue(forKey: column) ?? ByteDictionary()
      let bytes = batch.records.bytes.span
      for row in 0..<batch.rowCount where batch.used[row] && known.count < LookAlikes.mostNames {
        _ = known.insert(bytes.extracting(batch.records.range(row: row, column: field)))
      }
      names[column] = known
    }
  }

  var notices: [DataNotice] {
    names.sorted { $0.key < $1.key }.flatMap { column, known in
      var found = LookAlikes(known.keys.map { (0, $0) })
      // Those are told with the number of their rows.
      found.rounded = []
      let noun = column == table?.unit ? "units" : "respondents"
      return DataNotice.lookAlikes(found, table: table?.name ?? "", column: column, noun: noun)
    }
  }
}
