extension Codebook {
  /// Whether the routing of a question decides how its answers are read.
  public func reroutes(_ name: String) -> Bool {
    guard let question = questions[name], question.askedIf != nil else { return false }
    return ignoresRoutedOut || question.part?.blankIsUnticked == true
  }

  /// The answers that are there say that a question was not asked: its `asked-if` is false, and every question that it
  /// names is settled, that is, holds an answer or was itself routed out. nil where it is always asked.
  public func notAsked(_ name: String) -> Condition? {
    guard let asked = questions[name]?.askedIf else { return nil }
    return .all(
      [.not(asked)]
        + asked.namedQuestions.map { gate in
          let isSettled = Condition.empty(column: gate, false)
          return questions[gate]?.askedIf == nil ? isSettled : .any([isSettled, .routedOut(gate)])
        })
  }

  /// Some questions, each after those that decide whether it is asked.
  public func inRoutingOrder(_ names: [String]) -> [String] {
    var ordered: [String] = []
    var seen: Set<String> = []
    let wanted = Set(names)
    func visit(_ name: String) {
      guard seen.insert(name).inserted else { return }
      questions[name]?.askedIf?.namedQuestions.forEach(visit)
      if wanted.contains(name) { ordered.append(name) }
    }
    names.forEach(visit)
    return ordered
  }

  /// Whether the routing of a question, all the way up, looks at other tables.
  public func routingLooksElsewhere(_ name: String) -> Bool {
    routing(behind: .routedOut(name)).contains { !$0.relatedConditions.isEmpty }
  }
}

extension Codebook {
  /// A condition in which every `routed-out` is written out as what it says of answers.
  ///
  /// - Returns: nil where that makes more than `limit` forms.
  public func writingOutRouting(_ condition: Condition, limit: Int = 2000) -> Condition? {
    var left = limit
    return writtenOut(condition, &left)
  }

  private func writtenOut(_ condition: Condition, _ left: inout Int) -> Condition? {
    left -= 1
    guard left > 0 else { return nil }
    switch condition {
    case .routedOut(let name):
      guard let notAsked = notAsked(name) else { return .any([]) }
      return writtenOut(notAsked, &left).map { .all([.empty(column: name, true), $0]) }
    case .any(let parts): return writtenOut(parts, &left).map { .any($0) }
    case .all(let parts): return writtenOut(parts, &left).map { .all($0) }
    case .not(let part): return writtenOut(part, &left).map { .not($0) }
    case .decided(let part): return writtenOut(part, &left).map { .decided($0) }
    default: return condition
    }
  }

  private func writtenOut(_ parts: [Condition], _ left: inout Int) -> [Condition]? {
    var result: [Condition] = []
    for part in parts {
      guard let part = writtenOut(part, &left) else { return nil }
      result.append(part)
    }
    return result
  }
}
