import Export
import Normalize
import SurveyModel

/// A condition with all its parts, each with the predicate that counts rows, so that a row can be told why it meets
/// the whole or does not.
struct JudgedCondition {
  private let condition: Condition
  private let predicate: Predicate
  private let parts: [JudgedCondition]
  /// Of `complete`: the mandatory questions, and where they are asked.
  private var mandatory: [(question: String, asked: Predicate?)] = []
  /// Of `related` and `reported`: which rows of the other table are meant.
  private let others: String

  init(_ condition: Condition, in cycle: SurveyCycle, plan: TablePlan, compiler: PredicateCompiler) throws(DataError) {
    self.condition = condition
    if case .related(let related) = condition, let inner = related.condition {
      others = ConditionWords(cycle: cycle, table: related.table).parts(inner).joined(separator: ", ")
    } else {
      others = ""
    }
    predicate = try compiler.predicate(condition)
    var parts: [JudgedCondition] = []
    switch condition {
    case .any(let conditions), .all(let conditions):
      for part in conditions { parts.append(try JudgedCondition(part, in: cycle, plan: plan, compiler: compiler)) }
    case .not(let part), .decided(let part):
      parts.append(try JudgedCondition(part, in: cycle, plan: plan, compiler: compiler))
    case .complete:
      for question in plan.table.codebook?.mandatoryQuestions ?? [] {
        var asked: Predicate?
        if let condition = question.askedIf { asked = try compiler.predicate(condition) }
        mandatory.append((question.key, asked))
      }
    default: break
    }
    self.parts = parts
  }

  func judged(_ batch: CodedBatch) -> Judged {
    Judged(
      condition: condition, others: others, truth: predicate.truth(of: batch), parts: parts.map { $0.judged(batch) },
      mandatory: mandatory.map { ($0.question, $0.asked?.truth(of: batch).holds) })
  }

  /// The condition and its parts over one batch.
  struct Judged {
    fileprivate let condition: Condition
    fileprivate let others: String
    let truth: RowTruth
    var holds: RowMask { truth.holds }
    fileprivate let parts: [Judged]
    fileprivate let mandatory: [(question: String, asked: RowMask?)]

    /// What decides the matter for a row: of parts that must all hold those that do not, of alternatives the first
    /// that does.
    func facts(row: Int, _ answers: AnswerFacts.Judged) -> [AnswerFacts.Fact] {
      switch condition {
      case .all:
        let decisive = holds[row] ? parts : parts.filter { !$0.holds[row] }
        return decisive.flatMap { $0.facts(row: row, answers) }
      case .any:
        let decisive = holds[row] ? parts.filter { $0.holds[row] }.prefix(1) : parts[...]
        return decisive.flatMap { $0.facts(row: row, answers) }
      case .not: return parts.flatMap { $0.facts(row: row, answers) }
      case .decided:
        let facts = parts.flatMap { $0.facts(row: row, answers) }
        let silent = facts.filter(\.isSilence)
        return holds[row] || silent.isEmpty ? facts : silent
      case .answered(let names):
        let decisive = holds[row] ? names : names.filter { !answers.isAnswered($0, row: row) }
        return decisive.map { answers.fact($0, row: row) }
      case .oneOf(let name, _), .includesAll(let name, _), .number(let name, _, _), .date(let name, _, _),
        .routedOut(let name):
        return [answers.fact(name, row: row)]
      case .empty(let name, _):
        let text = answers.text(name, row: row)
        return [
          text.isEmpty ? AnswerFacts.Fact(text: "\(name) is empty", isSilence: false) : answers.fact(name, row: row)
        ]
      case .related(let related): return [AnswerFacts.Fact(text: words(for: related, row), isSilence: false)]
      case .complete: return complete(row, answers)
      }
    }

    /// The unreadable answers because of which it is unknown.
    func unreadable(row: Int, _ answers: AnswerFacts.Judged) -> [AnswerFacts.Fact] {
      guard truth.isUnknown(row) else { return [] }
      switch condition {
      case .any, .all, .not: return parts.flatMap { $0.unreadable(row: row, answers) }
      // Its parts are known once missing answers are taken for none.
      case .decided: return parts.flatMap { $0.facts(row: row, answers) }.filter(\.isUnreadable)
      case .related(let related):
        return [AnswerFacts.Fact(text: "an answer in \(related.table)", isSilence: false, isUnreadable: true)]
      case .complete: return [AnswerFacts.Fact(text: "a mandatory answer", isSilence: false, isUnreadable: true)]
      case .oneOf, .includesAll, .answered, .routedOut, .number, .date, .empty:
        return condition.columns.sorted().filter { answers.isUnreadable($0, row: row) }
          .map { answers.fact($0, row: row) }
      }
    }

    private func complete(_ row: Int, _ answers: AnswerFacts.Judged) -> [AnswerFacts.Fact] {
      if holds[row] { return [AnswerFacts.Fact(text: "every mandatory question is answered", isSilence: false)] }
      let open = mandatory.filter { ($0.asked?[row] ?? true) && !answers.isSettled($0.question, row: row) }
      let names = open.prefix(3).map(\.question).joined(separator: ", ") + (open.count > 3 ? ", …" : "")
      return [
        AnswerFacts.Fact(
          text: "\(open.count) mandatory question\(open.count == 1 ? " is" : "s are") not answered: \(names)",
          isSilence: false)
      ]
    }

    private func words(for related: RelatedCondition, _ row: Int) -> String {
      let such = others.isEmpty ? "" : " where \(others)"
      if related.isReported { return (holds[row] ? "a report" : "no report") + such }
      guard related.atLeast > 1 else { return "\(holds[row] ? "a" : "no") row of \(related.table)\(such)" }
      return "\(holds[row] ? "at least" : "fewer than") \(related.atLeast) rows of \(related.table)\(such)"
    }
  }
}
