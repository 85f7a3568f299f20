import Ingest
import Normalize
import SurveyModel

/// Finds answers to questions that were not asked: they are used as given and listed for review.
struct RoutedOutAnswers {
  let plan: TablePlan
  private var questions: [(name: String, column: Int, field: Int, asked: Predicate, notAsked: Predicate)] = []

  init(
    cycle: SurveyCycle, plan: TablePlan, counts: [RelatedCondition: RelatedCounts]
  ) throws(DataError) {
    self.plan = plan
    let compiler = PredicateCompiler(cycle: cycle, plan: plan, counts: counts)
    for (position, column) in plan.answers.enumerated() {
      guard let condition = plan.table.codebook?.questions[column.name]?.askedIf,
        let notAsked = plan.table.codebook?.notAsked(column.name), let field = plan.keyFields[column.name]
      else { continue }
      questions.append(
        (column.name, position, field, try compiler.predicate(condition), try compiler.predicate(notAsked)))
    }
  }

  func found(in batch: CodedBatch) -> [Rejection] {
    var found: [(row: Int, Rejection)] = []
    for question in questions {
      let valid = plan.answers[question.column].isValid
      let codes = batch.columns[question.column].codes
      let asked = question.asked.truth(of: batch)
      let fails = asked.fails
      let notAsked = question.notAsked.truth(of: batch).holds
      for row in 0..<batch.rowCount where batch.used[row] && valid[Int(codes[row])] && fails[row] {
        let place = batch.records.place(row: row, column: question.field)
        found.append(
          (
            row,
            Rejection(
              file: place.file, line: place.line, column: question.name, scope: .answer,
              reason: notAsked[row]
                ? "the question was not asked (see `asked-if` in the codebook); the answer is used as given"
                : "a question that decides whether this one is asked (`asked-if`) was left blank; the answer is used as "
                  + "given",
              value: batch.records.text(row: row, column: question.field))
          ))
      }
    }
    return found.sorted { $0.row < $1.row }.map(\.1)
  }
}
