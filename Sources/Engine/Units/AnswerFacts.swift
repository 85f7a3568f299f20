import Normalize
import SurveyModel

/// What a row answers to the questions that an indicator names, in words.
struct AnswerFacts {
  /// Something that is so of a row.
  struct Fact: Hashable {
    var text: String
    /// Nothing was answered: that alone says why a row is in no denominator.
    var isSilence: Bool
    /// Something stands there that cannot be read.
    var isUnreadable = false
  }

  private static let longestValue = 60

  private let plan: TablePlan
  /// By question: whether it holds a valid answer, and whether it was skipped by right.
  private var predicates: [String: (answered: Predicate, routedOut: Predicate?)] = [:]

  init(of names: [String], plan: TablePlan, compiler: PredicateCompiler) throws(DataError) {
    self.plan = plan
    for name in names where plan.answers.contains(where: { $0.name == name }) {
      // The routing may look at rows that no condition of the indicator needs counted.
      predicates[name] = (
        try compiler.predicate(.answered([name])), try? compiler.predicate(.routedOut(name))
      )
    }
  }

  private func isNotApplicable(_ text: String, _ name: String) -> Bool {
    plan.table.codebook?.notApplicableCodes(in: name).contains(text) ?? false
  }

  /// The answers of one batch.
  func judged(_ batch: CodedBatch) -> Judged {
    Judged(
      facts: self, batch: batch,
      truths: predicates.mapValues { ($0.answered.truth(of: batch), $0.routedOut?.truth(of: batch)) })
  }

  struct Judged {
    fileprivate let facts: AnswerFacts
    fileprivate let batch: CodedBatch
    fileprivate let truths: [String: (answered: RowTruth, routedOut: RowTruth?)]

    /// As it stands in the file.
    func text(_ name: String, row: Int) -> String {
      facts.plan.keyFields[name].map { batch.records.text(row: row, column: $0) } ?? ""
    }

    func isAnswered(_ name: String, row: Int) -> Bool {
      truths[name]?.answered.holds[row] ?? !text(name, row: row).isEmpty
    }

    /// Whether nothing more is expected of the row there.
    func isSettled(_ name: String, row: Int) -> Bool {
      isAnswered(name, row: row) || facts.isNotApplicable(text(name, row: row), name)
    }

    func isUnreadable(_ name: String, row: Int) -> Bool { truths[name]?.answered.isUnknown(row) ?? false }

    func fact(_ name: String, row: Int) -> Fact {
      let text = text(name, row: row)
      let value = text.count > longestValue ? text.prefix(longestValue) + "…" : text[...]
      if isAnswered(name, row: row) {
        // Only an option in a column of its own takes a blank cell for an answer.
        return Fact(text: text.isEmpty ? "\(name) is blank: not ticked" : "\(name) = \(value)", isSilence: false)
      }
      if isUnreadable(name, row: row) {
        return Fact(text: "\(name) = \(value)", isSilence: false, isUnreadable: true)
      }
      if truths[name]?.routedOut?.holds[row] == true {
        return Fact(text: "\(name) was not asked (routing)", isSilence: true)
      }
      if facts.plan.table.missingTexts(of: name).contains(text) {
        return Fact(text: "\(name) is not answered", isSilence: true)
      }
      if facts.isNotApplicable(text, name) {
        return Fact(text: "\(name) = \(value), which is not applicable", isSilence: true)
      }
      return Fact(text: "\(name) = \(value), which is no valid answer", isSilence: true)
    }
  }
}
