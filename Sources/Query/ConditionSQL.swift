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
  func sql(_ condition: Condition, _ reading: ConditionReading = .plain) throws(DataError) -> String {
    switch condition {
    case .oneOf(let name, let codes): return try answer(name).isAny(of: codes, reading)
    case .includesAll(let name, let codes): return try answer(name).includesAll(of: codes, reading)
    case .answered(let names):
      var parts: [String] = []
      for name in names { parts.append(try answer(name).isAnswered(reading)) }
      return joined(parts, "AND", empty: "TRUE")
    case .routedOut(let name):
      guard plan.table.codebook?.questions[name]?.askedIf != nil else { return "FALSE" }
      return dialect.identifier(Names.routedOut(name, reading))
    case .number(let name, let comparison, let bound): return try answer(name).number(comparison, bound, reading)
    case .date(let name, let comparison, let reference):
      guard let day = cycle.day(reference) else { return "FALSE" }
      return try answer(name).day(comparison, day, reading)
    case .empty(let name, let isEmpty):
      let answer = try answer(name)
      return isEmpty ? answer.isMissing(reading) : answer.isNotMissing(reading)
    case .any(let parts): return joined(try list(parts, reading), "OR", empty: "FALSE")
    case .all(let parts): return joined(try list(parts, reading), "AND", empty: "TRUE")
    case .not(let part): return "NOT (\(try sql(part, reading.opposite)))"
    case .decided(let part): return resolved(try decided(part), reading)
    case .related(let related):
      guard let number = self.related[related] else {
        throw .unresolved(table: plan.table.name, name: related.here)
      }
      let (met, open) = ("coalesce(\(Names.related(number)), 0)", "coalesce(\(Names.relatedUnknown(number)), 0)")
      return resolved(
        "CASE WHEN \(met) >= \(related.atLeast) THEN TRUE WHEN \(met) + \(open) >= \(related.atLeast) THEN NULL "
          + "ELSE FALSE END", reading)
    case .complete:
      var parts: [String] = []
      for question in plan.table.codebook?.mandatoryQuestions ?? [] {
        let settled = try answer(question.key).isSettled(reading)
        if let asked = question.askedIf {
          parts.append("(NOT (\(try sql(asked, reading.opposite))) OR \(settled))")
        } else {
          parts.append(settled)
        }
      }
      return joined(parts, "AND", empty: "TRUE")
    }
  }

  /// Whether a condition comes out true or false, whatever the missing answers would have been; null where that depends
  /// on an unreadable answer.
  private func decided(_ condition: Condition) throws(DataError) -> String {
    let open = try sql(condition, .open)
    guard try mayBeUnreadable(condition) else { return "((\(open)) IS NOT NULL)" }
    return "CASE WHEN (\(open)) IS NOT NULL THEN TRUE WHEN (\(try sql(condition, .atBest))) "
      + "OR NOT (\(try sql(condition, .atWorst))) THEN NULL ELSE FALSE END"
  }

  private func resolved(_ expression: String, _ reading: ConditionReading) -> String {
    switch reading.unreadable {
    case .unknown: expression
    case .holds: "coalesce(\(expression), TRUE)"
    case .fails: "coalesce(\(expression), FALSE)"
    }
  }

  /// Whether an unreadable answer may leave a condition unknown.
  private func mayBeUnreadable(_ condition: Condition) throws(DataError) -> Bool {
    if !condition.relatedConditions.isEmpty || !condition.routedQuestions.isEmpty || condition.asksForCompleteness {
      return true
    }
    for name in condition.columns where try answer(name).mayBeUnreadable { return true }
    return false
  }

  /// A question in one reading of the conditions that ask whether it was routed out.
  private struct RoutedQuestion: Hashable {
    var name: String
    var reading: ConditionReading
  }

  /// The columns that say of the questions behind some conditions whether they were routed out, layer by layer: each
  /// question after those that decide whether it is put.
  func routing(behind conditions: [Condition]) throws(DataError) -> [[(name: String, expression: String)]] {
    guard let codebook = plan.table.codebook else { return [] }
    var levels: [RoutedQuestion: Int] = [:]
    var layers: [[(name: String, expression: String)]] = []
    func place(_ question: RoutedQuestion) throws(DataError) -> Int {
      if let known = levels[question] { return known }
      guard let asked = codebook.questions[question.name]?.askedIf else { return -1 }
      let reading = question.reading
      var level = 0
      var parts = [try answer(question.name).isMissing(reading), "NOT (\(try sql(asked, reading.opposite)))"]
      for gate in routed(in: asked, reading.opposite) { level = max(level, try place(gate) + 1) }
      for gate in asked.namedQuestions {
        level = max(level, try place(RoutedQuestion(name: gate, reading: reading)) + 1)
        parts.append("(\(try answer(gate).settlesGate(reading)) OR \(try sql(.routedOut(gate), reading)))")
      }
      levels[question] = level
      while layers.count <= level { layers.append([]) }
      layers[level].append((Names.routedOut(question.name, reading), joined(parts, "AND", empty: "TRUE")))
      return level
    }
    for condition in conditions {
      for question in routed(in: condition, .plain) { _ = try place(question) }
    }
    return layers
  }

  /// The questions that a condition asks about, each in the reading in which it does.
  private func routed(in condition: Condition, _ reading: ConditionReading) -> [RoutedQuestion] {
    switch condition {
    case .routedOut(let name): [RoutedQuestion(name: name, reading: reading)]
    case .any(let parts), .all(let parts): parts.flatMap { routed(in: $0, reading) }
    case .not(let part): routed(in: part, reading.opposite)
    case .decided(let part):
      [ConditionReading.open, .atBest, .atWorst].flatMap { routed(in: part, $0) }
    case .complete:
      (plan.table.codebook?.mandatoryQuestions ?? []).compactMap(\.askedIf).flatMap { routed(in: $0, reading.opposite) }
    default: []
    }
  }

  private func list(_ conditions: [Condition], _ reading: ConditionReading) throws(DataError) -> [String] {
    var parts: [String] = []
    for condition in conditions { parts.append(try sql(condition, reading)) }
    return parts
  }

  private func joined(_ parts: [String], _ word: String, empty: String) -> String {
    parts.isEmpty ? empty : "(" + parts.joined(separator: " \(word) ") + ")"
  }

  private func answer(_ name: String) throws(DataError) -> AnswerSQL {
    guard let column = plan.answers.first(where: { $0.name == name }) else {
      throw .unresolved(table: plan.table.name, name: name)
    }
    return AnswerSQL(
      dialect: dialect, column: column, isRerouted: plan.table.codebook?.reroutes(column.name) == true)
  }
}

extension Condition {
  /// The questions of `routed-out` forms.
  var routedQuestions: [String] {
    switch self {
    case .routedOut(let name): [name]
    case .any(let parts), .all(let parts): parts.flatMap(\.routedQuestions)
    case .not(let part), .decided(let part): part.routedQuestions
    default: []
    }
  }

  var asksForCompleteness: Bool {
    switch self {
    case .complete: true
    case .any(let parts), .all(let parts): parts.contains(where: \.asksForCompleteness)
    case .not(let part), .decided(let part): part.asksForCompleteness
    default: false
    }
  }
}
