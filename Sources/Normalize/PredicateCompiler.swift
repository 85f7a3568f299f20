import SurveyModel

/// Compiles conditions of one table. Everything they name has been checked when the definition was read; what has no
/// column here is a mistake of the caller and throws.
public struct PredicateCompiler {
  let cycle: SurveyCycle
  let plan: TablePlan
  /// Answers to `related`: the counts of a condition, once its table has been read.
  let counts: [RelatedCondition: KeyCounts]

  public init(cycle: SurveyCycle, plan: TablePlan, counts: [RelatedCondition: KeyCounts] = [:]) {
    self.cycle = cycle
    self.plan = plan
    self.counts = counts
  }

  public func predicate(_ condition: Condition) throws(DataError) -> Predicate {
    var routing = Routing()
    let predicate = try predicate(condition, &routing)
    return routing.steps.isEmpty ? predicate : .following(routing.steps, predicate)
  }

  /// Whether questions were routed out: each question once, however many ways lead to it, after those that decide.
  private struct Routing {
    var steps: [Predicate] = []
    var places: [String: Int] = [:]
  }

  private func predicate(_ condition: Condition, _ routing: inout Routing) throws(DataError) -> Predicate {
    switch condition {
    case .oneOf(let name, let codes):
      let (position, column) = try self.column(name)
      guard column.isSelection else { return .code(column: position, accepted: accepted(codes, column)) }
      return .anySelected(column: position, codes.reduce(0) { $0 | column.bit(of: $1) })
    case .includesAll(let name, let codes):
      let (position, column) = try self.column(name)
      // A code that nothing can choose is never among the chosen.
      guard codes.allSatisfy({ column.bit(of: $0) != 0 }) else { return .constant(false) }
      return .allSelected(column: position, codes.reduce(0) { $0 | column.bit(of: $1) })
    case .answered(let names):
      var parts: [Predicate] = []
      for name in names {
        let (position, column) = try self.column(name)
        parts.append(.code(column: position, accepted: column.isValid))
      }
      return .all(parts)
    case .routedOut(let name):
      return try routedOut(name, &routing)
    case .number(let name, let comparison, let bound):
      return .number(column: try column(name).position, comparison, bound)
    case .date(let name, let comparison, let reference):
      guard let day = cycle.day(reference) else { return .constant(false) }
      return .day(column: try column(name).position, comparison, day.daysSinceEpoch)
    case .empty(let name, let isEmpty):
      let (position, column) = try self.column(name)
      return .code(column: position, accepted: column.isValid.indices.map { ($0 == 0) == isEmpty })
    case .any(let conditions): return .any(try predicates(conditions, &routing))
    case .all(let conditions): return .all(try predicates(conditions, &routing))
    case .not(let condition): return .not(try predicate(condition, &routing))
    case .related(let related):
      guard let field = plan.keyFields[related.here], let counts = counts[related] else {
        throw .unresolved(table: plan.table.name, name: related.here)
      }
      return .related(field: field, counts, atLeast: related.atLeast)
    case .complete:
      var parts: [Predicate] = []
      for question in plan.table.codebook?.mandatoryQuestions ?? [] {
        let (position, column) = try self.column(question.key)
        let settled = Predicate.code(
          column: position, accepted: zip(column.isValid, column.isNotApplicable).map { $0 || $1 })
        if let asked = question.askedIf {
          parts.append(.any([.not(try predicate(asked, &routing)), settled]))
        } else {
          parts.append(settled)
        }
      }
      return .all(parts)
    }
  }

  /// A question was not put because of answers that are there: it is empty, its `asked-if` is false, and every gate is
  /// settled, that is, holds an answer (not applicable counts) or was itself routed out.
  private func routedOut(_ name: String, _ routing: inout Routing) throws(DataError) -> Predicate {
    guard let asked = plan.table.codebook?.questions[name]?.askedIf else { return .constant(false) }
    if let place = routing.places[name] { return .step(place) }
    let (position, column) = try self.column(name)
    var parts: [Predicate] = [
      .code(column: position, accepted: column.isValid.indices.map { $0 == 0 }),
      .not(try predicate(asked, &routing)),
    ]
    for gate in asked.namedQuestions {
      let (position, column) = try self.column(gate)
      let settled = Predicate.code(
        column: position, accepted: zip(column.isValid, column.isNotApplicable).map { $0 || $1 })
      parts.append(.any([settled, try routedOut(gate, &routing)]))
    }
    let place = routing.steps.count
    routing.steps.append(.all(parts))
    routing.places[name] = place
    return .step(place)
  }

  private func predicates(
    _ conditions: [Condition], _ routing: inout Routing
  ) throws(DataError) -> [Predicate] {
    var result: [Predicate] = []
    for condition in conditions { result.append(try predicate(condition, &routing)) }
    return result
  }

  private func accepted(_ codes: [String], _ column: AnswerColumn) -> [Bool] {
    var accepted = Array(repeating: false, count: column.isValid.count)
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
