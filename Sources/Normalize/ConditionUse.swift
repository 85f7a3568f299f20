import SurveyModel

/// Which conditions judge the rows of which table, followed through every `related` form.
public struct ConditionUse: Sendable {
  public let cycle: SurveyCycle
  public private(set) var needs: [String: ColumnNeeds] = [:]
  /// Every `related` form, each before those that contain it.
  public private(set) var related: [RelatedCondition] = []

  /// By table, the forms by which its rows look at others.
  public private(set) var looking: [String: [RelatedCondition]] = [:]

  public init(cycle: SurveyCycle) {
    self.cycle = cycle
    for indicator in cycle.indicators {
      guard let rule = indicator.rule.asked else { continue }
      add(rule.numerator, to: indicator.table)
      add(rule.denominator, to: indicator.table)
      if let eligible = rule.eligible { add(eligible, to: indicator.table) }
    }
    if case .register(let table, let condition) = cycle.design.population {
      touch(table)
      if let condition { add(condition, to: table) }
      for name in cycle.design.strata where cycle.dimensions[name] == nil {
        needs[table]?.add(key: name)
        if cycle.tables[table]?.codebook?.checksAnswers(in: name) == true { needs[table]?.add(question: name) }
      }
    }
    for dimension in cycle.dimensions.values {
      if case .join(let register, _, _, let column) = dimension.source {
        touch(register)
        needs[register]?.add(key: column)
        if let unit = cycle.tables[register]?.unit { needs[register]?.add(key: unit) }
      }
    }
    touch(SurveyCycle.responsesTable)
  }

  /// The `related` forms that a condition on a table needs counted, also those that it reaches through routing.
  public func relatedForms(in condition: Condition, table: String) -> [RelatedCondition] {
    let routing = cycle.tables[table]?.codebook?.routing(behind: condition) ?? []
    return routing.flatMap(\.relatedConditions) + condition.relatedConditions
  }

  /// The tables that are read, the responses last.
  public var tables: [String] {
    cycle.tables.keys.filter { needs[$0] != nil && $0 != SurveyCycle.responsesTable } + [SurveyCycle.responsesTable]
  }

  /// Adds every table that is declared, and every question of the codebooks with its routing.
  public mutating func includeEverything() {
    for (name, table) in cycle.tables {
      touch(name)
      for question in table.codebook?.questions.values.map({ $0 }) ?? [] {
        needs[name]?.addRouting(of: question.key)
        if question.askedIf != nil { add(.routedOut(question.key), to: name) }
      }
    }
  }

  /// Adds the routing of every question that the conditions of the indicators name.
  public mutating func includeRouting() {
    for indicator in cycle.indicators {
      guard let rule = indicator.rule.asked, let codebook = cycle.tables[indicator.table]?.codebook else { continue }
      for condition in [rule.numerator, rule.denominator, rule.eligible].compactMap(\.self) {
        for name in condition.namedQuestions where codebook.questions[name]?.askedIf != nil {
          add(.routedOut(name), to: indicator.table)
        }
      }
    }
  }

  private mutating func touch(_ table: String) {
    if needs[table] == nil, let definition = cycle.tables[table] { needs[table] = ColumnNeeds(table: definition) }
  }

  private mutating func add(_ condition: Condition, to table: String) {
    touch(table)
    needs[table]?.add(condition)
    for inner in relatedForms(in: condition, table: table) {
      touch(inner.table)
      if looking[table]?.contains(inner) != true { looking[table, default: []].append(inner) }
      needs[inner.table]?.add(key: inner.there)
      if let nested = inner.condition { add(nested, to: inner.table) }
      if !related.contains(inner) { related.append(inner) }
    }
  }

  /// Whether other tables, or the population, need the rows of a register.
  public func isLookedUp(_ name: String) -> Bool { isKeyRegister(name) || related.contains { $0.table == name } }

  /// Whether units are looked up in the register, so that each must stand there once.
  public func isKeyRegister(_ name: String) -> Bool {
    if case .register(let table, _) = cycle.design.population, table == name { return true }
    return cycle.dimensions.values.contains {
      if case .join(let register, _, _, _) = $0.source { register == name } else { false }
    }
  }
}
