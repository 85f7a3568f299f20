import SurveyModel

/// How a condition takes answers that say nothing.
package struct ConditionReading: Hashable, Sendable {
  package enum Truth: Hashable, Sendable {
    case holds, fails, unknown

    package var opposite: Truth {
      switch self {
      case .holds: .fails
      case .fails: .holds
      case .unknown: .unknown
      }
    }
  }

  /// Whether a form on a missing, not-applicable or routed-out answer is unknown; otherwise it is false.
  package var leavesMissingOpen: Bool
  /// What a form on an unreadable answer is.
  package var unreadable: Truth

  /// How numerators and denominators read.
  package static let plain = ConditionReading(leavesMissingOpen: false, unreadable: .unknown)
  /// How `decided` reads: first without an opinion on unreadable answers, then in favour and against.
  package static let open = ConditionReading(leavesMissingOpen: true, unreadable: .unknown)
  package static let atBest = ConditionReading(leavesMissingOpen: true, unreadable: .holds)
  package static let atWorst = ConditionReading(leavesMissingOpen: true, unreadable: .fails)

  /// Inside `not`.
  package var opposite: ConditionReading {
    ConditionReading(leavesMissingOpen: leavesMissingOpen, unreadable: unreadable.opposite)
  }

  /// For a form that is judged by the codes of a column.
  ///
  /// - Parameters:
  ///   - isOpen: By code, whether the form says nothing of such an answer while missing ones are open.
  func states(of column: AnswerColumn, where isOpen: (Int) -> Bool) -> CodeStates {
    let unreadable = Int(column.unreadableCode)
    var unknown = (0..<column.codeCount).map { leavesMissingOpen && $0 != unreadable && isOpen($0) }
    unknown[unreadable] = self.unreadable == .unknown
    let holding = (0..<column.codeCount).map { $0 == unreadable && self.unreadable == .holds }
    return CodeStates(unknown: unknown, holding: holding, unreadable: column.unreadableCode)
  }

  /// For a form about whether there is an answer: it knows missing ones.
  func states(of column: AnswerColumn) -> CodeStates { states(of: column) { _ in false } }

  /// A form that is unknown only because of unreadable answers.
  func resolved(_ predicate: Predicate) -> Predicate {
    switch unreadable {
    case .unknown: predicate
    case .holds: .resolved(predicate, to: true)
    case .fails: .resolved(predicate, to: false)
    }
  }
}
