import SurveyModel

/// Compiles conditions of one table. Everything they name has been checked when the definition was read; what has no
/// column here is a mistake of the caller and throws.
public struct PredicateCompiler {
  let cycle: SurveyCycle
  let plan: TablePlan
  /// Answers to `related`: the counts of a condition, once its table has been read.
  let counts: [RelatedCondition: RelatedCounts]

  public init(cycle: SurveyCycle, plan: TablePlan, counts: [RelatedCondition: RelatedCounts] = [:]) {
    self.cycle = cycle
    self.plan = plan
    self.counts = counts
  }

  public func predicate(_ condition: Condition) throws(DataError) -> Predicate {
    var routing = Routing()
    let predicate = try predicate(condition, .plain, &routing)
    return routing.steps.isEmpty ? predicate : .following(routing.steps, predicate)
  }

  /// Whether questions were routed out: each question once in each reading, however many ways lead to it, after those
  /// that decide.
  private struct Routing {
    struct Place: Hashable {
      var question: String
      var reading: ConditionReading
    }

    var steps: [Predicate] = []
    var places: [Place: Int] = [:]
  }

  private func predicate(
    _ condition: Condition, _ reading: ConditionReading, _ routing: inout Routing
  ) throws(DataError) -> Predicate {
    switch condition {
    case .oneOf(let name, let codes):
      let (position, column) = try self.column(name)
      let states = openStates(column, reading, naming: codes)
      guard column.isSelection else { return .code(column: position, accepted: accepted(codes, column), states) }
      return .anySelected(column: position, codes.reduce(0) { $0 | column.bit(of: $1) }, states)
    case .includesAll(let name, let codes):
      let (position, column) = try self.column(name)
      let states = openStates(column, reading, naming: codes)
      // A code that nothing can choose is never among the chosen.
      guard codes.allSatisfy({ column.bit(of: $0) != 0 }) else {
        return .code(column: position, accepted: Array(repeating: false, count: column.codeCount), states)
      }
      return .allSelected(column: position, codes.reduce(0) { $0 | column.bit(of: $1) }, states)
    case .answered(let names):
      var parts: [Predicate] = []
      for name in names {
        let (position, column) = try self.column(name)
        parts.append(.code(column: position, accepted: column.isValid, reading.states(of: column)))
      }
      return .all(parts)
    case .routedOut(let name):
      return try routedOut(name, reading, &routing)
    case .number(let name, let comparison, let bound):
      let (position, column) = try self.column(name)
      return .number(column: position, comparison, bound, openStates(column, reading, naming: []))
    case .date(let name, let comparison, let reference):
      guard let day = cycle.day(reference) else { return .constant(false) }
      let (position, column) = try self.column(name)
      return .day(column: position, comparison, day.daysSinceEpoch, openStates(column, reading, naming: []))
    case .empty(let name, let isEmpty):
      let (position, column) = try self.column(name)
      return .code(
        column: position, accepted: (0..<column.codeCount - 1).map { ($0 == 0) == isEmpty } + [false],
        reading.states(of: column))
    case .any(let conditions): return .any(try predicates(conditions, reading, &routing))
    case .all(let conditions): return .all(try predicates(conditions, reading, &routing))
    case .not(let condition): return .not(try predicate(condition, reading.opposite, &routing))
    case .decided(let condition): return reading.resolved(try decided(condition, &routing))
    case .related(let related):
      guard let field = plan.keyFields[related.here], let counts = counts[related] else {
        throw .unresolved(table: plan.table.name, name: related.here)
      }
      // A missing code is no key, whatever rows of the other table have it.
      let named = counts.ignoring(plan.table.missingTexts(of: related.here))
      return reading.resolved(.related(field: field, named, atLeast: related.atLeast))
    case .complete:
      var parts: [Predicate] = []
      for question in plan.table.codebook?.mandatoryQuestions ?? [] {
        let settled = try settled(question.key, reading, isOpen: false)
        if let asked = question.askedIf {
          parts.append(.any([.not(try predicate(asked, reading.opposite, &routing)), settled]))
        } else {
          parts.append(settled)
        }
      }
      return .all(parts)
    }
  }

  /// Whether a condition comes out true or false. For the form that most definitions have, the codes of one question,
  /// that is a look at the code.
  private func decided(_ condition: Condition, _ routing: inout Routing) throws(DataError) -> Predicate {
    switch condition {
    case .oneOf(let name, let codes), .includesAll(let name, let codes):
      let (position, column) = try self.column(name)
      let listed = Set(codes.compactMap { column.number(of: $0) })
      // A selection may hold a not-applicable code beside others.
      if !column.isSelection || !listed.contains(where: { column.isNotApplicable[Int($0)] }) {
        let accepted = (0..<column.codeCount).map { code in
          column.isValid[code] || (column.isNotApplicable[code] && listed.contains(AnswerColumn.Code(code)))
        }
        return .code(column: position, accepted: accepted, ConditionReading.plain.states(of: column))
      }
    case .number(let name, _, _):
      let (position, column) = try self.column(name)
      return .code(column: position, accepted: column.isValid, ConditionReading.plain.states(of: column))
    case .date(let name, _, let reference) where cycle.day(reference) != nil:
      let (position, column) = try self.column(name)
      return .code(column: position, accepted: column.isValid, ConditionReading.plain.states(of: column))
    case .not(let inner):
      return try decided(inner, &routing)
    default: break
    }
    return .decided(
      DecidedPredicate(
        condition: try predicate(condition, .open, &routing), atBest: try predicate(condition, .atBest, &routing),
        atWorst: try predicate(condition, .atWorst, &routing)))
  }

  /// Missing answers say nothing to a form that names codes or bounds, nor do not-applicable ones that it does not name.
  private func openStates(_ column: AnswerColumn, _ reading: ConditionReading, naming codes: [String]) -> CodeStates {
    let named = Set(codes.compactMap { column.number(of: $0) })
    return reading.states(of: column) { code in
      code == AnswerColumn.missingCode
        || (column.isNotApplicable[code] && (column.isSelection || !named.contains(AnswerColumn.Code(code))))
    }
  }

  /// A question holds an answer; not applicable counts.
  ///
  /// - Parameter isOpen: Whether a missing answer might still settle it.
  private func settled(_ name: String, _ reading: ConditionReading, isOpen: Bool) throws(DataError) -> Predicate {
    let (position, column) = try self.column(name)
    return .code(
      column: position, accepted: zip(column.isValid, column.isNotApplicable).map { $0 || $1 },
      reading.states(of: column) { isOpen && $0 == Int(AnswerColumn.missingCode) })
  }

  /// A question was not put because of answers that are there: it is empty, its `asked-if` is false, and every gate is
  /// settled, that is, holds an answer (not applicable counts) or was itself routed out.
  private func routedOut(
    _ name: String, _ reading: ConditionReading, _ routing: inout Routing
  ) throws(DataError) -> Predicate {
    guard let asked = plan.table.codebook?.questions[name]?.askedIf else { return .constant(false) }
    let key = Routing.Place(question: name, reading: reading)
    if let place = routing.places[key] { return .step(place) }
    let (position, column) = try self.column(name)
    var parts: [Predicate] = [
      .code(
        column: position, accepted: (0..<column.codeCount).map { $0 == Int(AnswerColumn.missingCode) },
        reading.states(of: column)),
      .not(try predicate(asked, reading.opposite, &routing)),
    ]
    for gate in asked.namedQuestions {
      parts.append(
        .any([
          try settled(gate, reading, isOpen: reading.leavesMissingOpen), try routedOut(gate, reading, &routing),
        ]))
    }
    let place = routing.steps.count
    routing.steps.append(.all(parts))
    routing.places[key] = place
    return .step(place)
  }

  private func predicates(
    _ conditions: [Condition], _ reading: ConditionReading, _ routing: inout Routing
  ) throws(DataError) -> [Predicate] {
    var result: [Predicate] = []
    for condition in conditions { result.append(try predicate(condition, reading, &routing)) }
    return result
  }

  private func accepted(_ codes: [String], _ column: AnswerColumn) -> [Bool] {
    var accepted = Array(repeating: false, count: column.codeCount)
    for code in codes {
      if let number = column.number(of: code), number != AnswerColumn.missingCode { accepted[Int(number)] = true }
    }
    return accepted
  }

  private func column(_ name: String) throws(DataError) -> (position: Int, column: AnswerColumn) {
    guard let position = plan.answers.firstIndex(where: { $0.name == name }) else {
      throw .unresolved(table: plan.table.name, name: name)
    }
    return (position, plan.answers[position])
  }
}
