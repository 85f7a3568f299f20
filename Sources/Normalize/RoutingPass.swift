import SurveyModel

/// What becomes of the answers of questions that were not asked, once a batch is coded: they are counted, or, where the
/// codebook ignores them, become missing, so that their questions are routed out. A blank cell of an option in a column
/// of its own says "not ticked" only where the question was asked. Where an answer that decides cannot be read, it is not
/// known how those behind it read: they cannot be read either.
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
    var unreadable: AnswerColumn.Code
    /// The name of the column, by which rejections call it.
    var name: String
  }

  /// Answers that are used although `asked-if` is false.
  public struct Counted: Sendable, Equatable {
    public var question: String
    /// Not that the question was not asked: one that decides was left blank.
    public var isGateBlank: Bool
  }

  private let steps: [Step]
  /// What is counted, in the order of the counts.
  public let counted: [Counted]
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
            ignores: codebook.ignoresRoutedOut, unreadable: column.unreadableCode, name: name)
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
    counted = steps.flatMap { step in
      [false, true].filter { $0 || !step.ignores }.map { Counted(question: step.question, isGateBlank: $0) }
    }
    let days = [cycle.referenceDate, cycle.periodFrom, cycle.periodTo].map { $0?.description ?? "" }
    description = changes.isEmpty ? "" : (changes + days).joined(separator: "\n")
  }

  /// What the routing says of the rows of a batch.
  struct Rows {
    /// By what is counted, the rows that have such an answer and count.
    var standing: [RowMask] = []
    /// By position of a column that routing decides about, the rows that were asked.
    var asked: [Int: RowMask] = [:]
  }

  /// - Parameter rejections: Of the answers of the batch, by row; those that routing makes missing are taken out.
  func apply(to batch: inout CodedBatch, rejections: inout [(row: Int, Rejection)]) -> Rows {
    var result = Rows()
    for step in steps {
      let asked = step.asked.truth(of: batch)
      result.asked[step.column] = asked.holds
      if let blank = step.blank {
        let blanks = batch.columns[step.column].rows { $0 == blank }
        batch.columns[step.column].clear(blanks.intersection(asked.fails))
        if let unknown = asked.unknown {
          batch.columns[step.column].set(blanks.intersection(unknown), unreadable: step.unreadable)
        }
      }
      let notAsked = step.notAsked.truth(of: batch)
      if step.ignores {
        batch.columns[step.column].clear(notAsked.holds)
        rejections.removeAll { row, rejection in rejection.column == step.name && notAsked.holds[row] }
        if let unknown = notAsked.unknown {
          let answers = batch.columns[step.column].rows { $0 != AnswerColumn.missingCode }
          batch.columns[step.column].set(answers.intersection(unknown), unreadable: step.unreadable)
        }
      }
      let answers = step.answered.truth(of: batch).holds.intersection(batch.used)
      if !step.ignores { result.standing.append(answers.intersection(notAsked.holds)) }
      result.standing.append(answers.intersection(asked.fails).intersection(notAsked.fails))
    }
    return result
  }
}

extension RowMask {
  fileprivate func intersection(_ other: RowMask) -> RowMask {
    var rows = self
    rows.formIntersection(other)
    return rows
  }
}

extension CodedColumn {
  fileprivate func rows(where isMeant: (AnswerColumn.Code) -> Bool) -> RowMask {
    wide.isEmpty
      ? RowMask(rowCount: narrow.count) { isMeant(AnswerColumn.Code(narrow[$0])) }
      : RowMask(rowCount: wide.count) { isMeant(wide[$0]) }
  }

  /// Makes the answers of some rows missing.
  fileprivate mutating func clear(_ rows: RowMask) { set(rows, to: AnswerColumn.missingCode) }

  fileprivate mutating func set(_ rows: RowMask, unreadable: AnswerColumn.Code) {
    if rows.count > 0 { hasUnreadable = true }
    set(rows, to: unreadable)
  }

  private mutating func set(_ rows: RowMask, to code: AnswerColumn.Code) {
    guard rows.count > 0 else { return }
    for row in 0..<rows.rowCount where rows[row] {
      if wide.isEmpty { narrow[row] = UInt8(truncatingIfNeeded: code) } else { wide[row] = code }
      if !selections.isEmpty { selections[row] = 0 }
      if !numbers.isEmpty { numbers[row] = .nan }
      if !days.isEmpty { days[row] = Self.noDay }
    }
  }
}
