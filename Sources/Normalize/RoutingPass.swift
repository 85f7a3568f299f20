import SurveyModel

/// What becomes of the answers of questions that were not asked, once a batch is coded: they are counted, or, where the
/// codebook ignores them, become missing, so that their questions are routed out. A blank cell of an option in a column
/// of its own says "not ticked" only where the question was asked.
public struct RoutingPass: Sendable {
  /// What is done with a question, after those that decide whether it is asked.
  private struct Step: Sendable {
    /// As the codebook calls it.
    var question: String
    var column: Int
    /// Holds where the answers that are there say that the question was not asked.
    var notAsked: Predicate
    var asked: Predicate
    var answered: Predicate
    var ignores: Bool
    /// The code of a blank cell that says "not ticked".
    var blank: AnswerColumn.Code?
  }

  private let steps: [Step]
  /// The questions whose answers are counted, in the order of the counts.
  public let counted: [String]
  /// Everything that changes codes, in words.
  let description: String

  /// - Parameter plan: Resolved against the header.
  /// - Throws: `DataError.unresolved` where a column that decides is not read, a defect of the project.
  public init(cycle: SurveyCycle, plan: TablePlan) throws(DataError) {
    let compiler = PredicateCompiler(cycle: cycle, plan: plan)
    var steps: [Step] = []
    var changes: [String] = []
    if let codebook = plan.table.codebook {
      for name in codebook.inRoutingOrder(plan.answers.map(\.name)) {
        guard let question = codebook.questions[name], let asked = question.askedIf,
          let position = plan.answers.firstIndex(where: { $0.name == name }), let notAsked = codebook.notAsked(name),
          !plan.answers[position].isForCounting
        else { continue }
        let column = plan.answers[position]
        var step: Step
        do throws(DataError) {
          step = Step(
            question: question.part?.question ?? name, column: position, notAsked: try compiler.predicate(notAsked),
            asked: try compiler.predicate(asked), answered: try compiler.predicate(.answered([name])),
            ignores: codebook.ignoresRoutedOut)
        } catch {
          // Nothing depends on what is merely counted.
          if codebook.reroutes(name) { throw error }
          continue
        }
        if column.spelling.blankIsCode { step.blank = column.number(of: "") }
        if codebook.reroutes(name) { changes.append("\(name) \(asked)") }
        steps.append(step)
      }
    }
    self.steps = steps
    counted = steps.filter { !$0.ignores }.map(\.question)
    let days = [cycle.referenceDate, cycle.periodFrom, cycle.periodTo].map { $0?.description ?? "" }
    description = changes.isEmpty ? "" : (changes + days).joined(separator: "\n")
  }

  /// - Returns: By counted question, the rows that count and have an answer although it was not asked.
  func apply(to batch: inout CodedBatch) -> [RowMask] {
    var standing: [RowMask] = []
    for step in steps {
      if let blank = step.blank {
        var unasked = step.asked.truth(of: batch).holds
        unasked.invert()
        unasked.formIntersection(batch.columns[step.column].rows(with: blank))
        batch.columns[step.column].clear(unasked)
      }
      var rows = step.notAsked.truth(of: batch).holds
      if step.ignores {
        batch.columns[step.column].clear(rows)
      } else {
        rows.formIntersection(step.answered.truth(of: batch).holds)
        rows.formIntersection(batch.used)
        standing.append(rows)
      }
    }
    return standing
  }
}

extension CodedColumn {
  fileprivate func rows(with code: AnswerColumn.Code) -> RowMask {
    wide.isEmpty
      ? RowMask(rowCount: narrow.count) { AnswerColumn.Code(narrow[$0]) == code }
      : RowMask(rowCount: wide.count) { wide[$0] == code }
  }

  /// Makes the answers of some rows missing.
  fileprivate mutating func clear(_ rows: RowMask) {
    guard rows.count > 0 else { return }
    for row in 0..<rows.rowCount where rows[row] {
      if wide.isEmpty { narrow[row] = 0 } else { wide[row] = AnswerColumn.missingCode }
      if !selections.isEmpty { selections[row] = 0 }
      if !numbers.isEmpty { numbers[row] = .nan }
      if !days.isEmpty { days[row] = Self.noDay }
    }
  }
}
