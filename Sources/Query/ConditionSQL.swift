import Normalize
import SurveyModel

/// The conditions of a definition on the rows of one table, in SQL: as `PredicateCompiler` compiles them. What they look
/// at in other tables, and the routing of questions, are columns that the layers below have made.
struct ConditionSQL {
  let cycle: SurveyCycle
  let plan: TablePlan
  let dialect: Dialect
  /// By `related` form: the number under which it is counted.
  let related: [RelatedCondition: Int]

  /// - Throws: `DataError.unresolved` where a condition names what the plan does not read, a defect of the project.
  func sql(_ condition: Condition) throws(DataError) -> String {
    switch condition {
    case .oneOf(let name, let codes): return try answer(name).isAny(of: codes)
    case .includesAll(let name, let codes): return try answer(name).includesAll(of: codes)
    case .answered(let names):
      var parts: [String] = []
      for name in names { parts.append(try answer(name).isAnswered) }
      return joined(parts, "AND", empty: "TRUE")
    case .routedOut(let name):
      guard plan.table.codebook?.questions[name]?.askedIf != nil else { return "FALSE" }
      return dialect.identifier(Names.routedOut(name))
    case .number(let name, let comparison, let bound): return try answer(name).number(comparison, bound)
    case .date(let name, let comparison, let reference):
      guard let day = cycle.day(reference) else { return "FALSE" }
      return try answer(name).day(comparison, day)
    case .empty(let name, let isEmpty):
      let answer = try answer(name)
      return isEmpty ? answer.isMissing : answer.isSettled
    case .any(let parts): return joined(try list(parts), "OR", empty: "FALSE")
    case .all(let parts): return joined(try list(parts), "AND", empty: "TRUE")
    case .not(let part): return "NOT (\(try sql(part)))"
    case .related(let related):
      guard let number = self.related[related] else {
        throw .unresolved(table: plan.table.name, name: related.here)
      }
      return "coalesce(\(Names.related(number)), 0) >= \(related.atLeast)"
    case .complete:
      var parts: [String] = []
      for question in plan.table.codebook?.mandatoryQuestions ?? [] {
        let settled = try answer(question.key).isSettled
        if let asked = question.askedIf {
          parts.append("(NOT (\(try sql(asked))) OR \(settled))")
        } else {
          parts.append(settled)
        }
      }
      return joined(parts, "AND", empty: "TRUE")
    }
  }

  /// The columns that say of the questions behind some conditions whether they were routed out, layer by layer: each
  /// question after those that decide whether it is put.
  func routing(behind conditions: [Condition]) throws(DataError) -> [[(name: String, expression: String)]] {
    guard let codebook = plan.table.codebook else { return [] }
    var levels: [String: Int] = [:]
    var layers: [[(name: String, expression: String)]] = []
    func place(_ name: String) throws(DataError) -> Int {
      if let known = levels[name] { return known }
      guard let asked = codebook.questions[name]?.askedIf else { return -1 }
      var level = 0
      var parts = [try answer(name).isMissing, "NOT (\(try sql(asked)))"]
      for gate in asked.namedQuestions + asked.routedQuestions {
        level = max(level, try place(gate) + 1)
      }
      for gate in asked.namedQuestions {
        let settled = try answer(gate).isSettled
        parts.append("(\(settled) OR \(try sql(.routedOut(gate))))")
      }
      levels[name] = level
      while layers.count <= level { layers.append([]) }
      layers[level].append((Names.routedOut(name), joined(parts, "AND", empty: "TRUE")))
      return level
    }
    for condition in conditions {
      var questions = condition.routedQuestions
      if condition.asksForCompleteness {
        questions += codebook.mandatoryQuestions.flatMap { $0.askedIf?.routedQuestions ?? [] }
      }
      for name in questions { _ = try place(name) }
    }
    return layers
  }

  private func list(_ conditions: [Condition]) throws(DataError) -> [String] {
    var parts: [String] = []
    for condition in conditions { parts.append(try sql(condition)) }
    return parts
  }

  private func joined(_ parts: [String], _ word: String, empty: String) -> String {
    parts.isEmpty ? empty : "(" + parts.joined(separator: " \(word) ") + ")"
  }

  private func answer(_ name: String) throws(DataError) -> AnswerSQL {
    guard let column = plan.answers.first(where: { $0.name == name }) else {
      throw .unresolved(table: plan.table.name, name: name)
    }
    return AnswerSQL(dialect: dialect, column: column)
  }
}

extension Condition {
  /// The questions of `routed-out` forms.
  var routedQuestions: [String] {
    switch self {
    case .routedOut(let name): [name]
    case .any(let parts), .all(let parts): parts.flatMap(\.routedQuestions)
    case .not(let part): part.routedQuestions
    default: []
    }
  }

  var asksForCompleteness: Bool {
    switch self {
    case .complete: true
    case .any(let parts), .all(let parts): parts.contains(where: \.asksForCompleteness)
    case .not(let part): part.asksForCompleteness
    default: false
    }
  }
}
