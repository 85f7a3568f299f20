import Normalize
import SurveyModel

/// Finds questions of one code that look like tick boxes: the data has a single answer and many blanks. Then every
/// percentage is 100, whatever the boxes say.
struct TickBoxes {
  /// Blanks are many from this share of the rows on.
  private static let leastShare = 0.2

  private let plan: TablePlan
  private let columns: [Int]
  /// By column, rows by code.
  private var counts: [[Int]]
  private var rows = 0

  init(_ plan: TablePlan) {
    self.plan = plan
    columns = plan.answers.indices.filter { plan.table.codebook?.questions[plan.answers[$0].name]?.type == .one }
    counts = columns.map { Array(repeating: 0, count: plan.answers[$0].isValid.count) }
  }

  mutating func add(_ batch: CodedBatch) {
    rows += batch.used.count
    for (place, column) in columns.enumerated() {
      let codes = batch.columns[column].codes
      for row in 0..<batch.rowCount where batch.used[row] { counts[place][Int(codes[row])] += 1 }
    }
  }

  /// What the owner of the data should look at, one line each.
  var lines: [String] {
    columns.enumerated().compactMap { place, position in
      let column = plan.answers[position]
      let counts = counts[place]
      let found = counts.indices.filter { counts[$0] > 0 && column.isValid[$0] }
      let blanks = counts[Int(AnswerColumn.missingCode)]
      guard found.count == 1, let code = column.codes.first(where: { column.number(of: $0).map(Int.init) == found[0] }),
        blanks > 1, Double(blanks) >= Self.leastShare * Double(rows)
      else { return nil }
      let facts = "has the single answer \"\(code)\" (\(counts[found[0]]) rows) and \(blanks) blanks"
      if let part = plan.table.codebook?.questions[column.name]?.part {
        return "\(plan.table.name): the column \(column.name) of question \(part.question) \(facts): "
          + "if a blank cell is an option that was not ticked, write `blank: unticked`"
      }
      return "\(plan.table.name): question \(column.name) \(facts), like a tick box: "
        + "if a blank cell means not ticked, make it an option of a question with `columns` and `blank: unticked`"
    }
  }
}
