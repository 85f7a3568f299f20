import Ingest
import Normalize
import SurveyModel

/// Compares the keys of the two sides of `related` where they match nothing: rows with 1001 here and rows with 01001
/// there look the same to a reader and are related to nothing.
struct RelatedKeys {
  /// Rows and keys that are looked at: a file that writes its keys otherwise does so from its first rows on.
  private static let looked = 1 << 16

  private struct Form {
    var related: RelatedCondition
    var field: Int
    var counts: RelatedCounts
    /// Keys here that match nothing there.
    var unmatched = ByteDictionary()
  }

  private let table: String
  private var forms: [Form] = []
  private var rows = 0

  /// - Parameters:
  ///   - plan: Of the table whose rows look at others; resolved.
  ///   - counts: Of the forms that are counted by now; the others are not looked at.
  init(plan: TablePlan, use: ConditionUse, counts: [RelatedCondition: RelatedCounts]) {
    table = plan.table.name
    for related in use.looking[table] ?? [] {
      guard let field = plan.keyFields[related.here], let counts = counts[related] else { continue }
      forms.append(Form(related: related, field: field, counts: counts))
    }
  }

  mutating func add(_ batch: CodedBatch) {
    guard !forms.isEmpty, rows < Self.looked else { return }
    let count = min(batch.rowCount, Self.looked - rows)
    rows += count
    let bytes = batch.records.bytes.span
    for index in forms.indices {
      for row in 0..<count where batch.used[row] {
        let key = bytes.extracting(batch.records.range(row: row, column: forms[index].field))
        if !key.isEmpty, !forms[index].counts.knows(key) { _ = forms[index].unmatched.insert(key) }
      }
    }
  }

  var notices: [DataNotice] {
    var notices: [DataNotice] = []
    for form in forms where form.unmatched.count > 0 {
      let (here, there) = (form.related.here, form.related.there)
      guard
        let found = LookAlikes.between(
          form.unmatched.keys.map { (0, $0) }, form.counts.keys.prefix(Self.looked).map { (0, $0) })
      else { continue }
      let more = found.count == 1 ? "" : ", and \(found.count - 1) more such keys"
      let notice = DataNotice(
        table: table, column: here,
        words:
          "\"\(found.one)\" here and \"\(found.other)\" in column \(there) of \(form.related.table) are not related, "
          + "although they differ \(found.difference)\(more): write both alike")
      if !notices.contains(notice) { notices.append(notice) }
    }
    return notices
  }
}

extension RegisterTable {
  /// What its keys and those of the tables that it looks at have in common.
  func relatedNotices(_ use: ConditionUse, _ counts: [RelatedCondition: RelatedCounts]) -> [DataNotice] {
    var keys = RelatedKeys(plan: plan, use: use, counts: counts)
    for batch in batches { keys.add(batch) }
    return keys.notices
  }
}
