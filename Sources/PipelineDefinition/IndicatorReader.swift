import SurveyModel

/// Reads the list of indicators and picks what each says about one cycle.
struct IndicatorReader {
  static let keys = [
    "id", "title", "goal", "kind", "unit", "table", "per-cycle", "numerator", "denominator", "eligible",
    "not-asked", "roll-up", "comparability", "note",
  ]
  static let cycleKeys = ["numerator", "denominator", "eligible", "not-asked", "note"]
  static let longestTitle = 70

  let file: YAMLValue
  let cycle: String
  let scope: ConditionScope

  func indicators() throws(DefinitionError) -> [Indicator] {
    var result: [Indicator] = []
    var ids: Set<String> = []
    for value in try file.list("the indicators") {
      let indicator = try indicator(value)
      guard ids.insert(indicator.id).inserted else {
        throw .duplicateIndicator(value.location, id: indicator.id)
      }
      result.append(indicator)
    }
    guard !result.isEmpty else {
      throw .wrongShape(file.location, context: "the indicators", expected: "a list of at least one")
    }
    return result
  }

  private func indicator(_ value: YAMLValue) throws(DefinitionError) -> Indicator {
    let fields = try value.fields("an indicator", allowed: Self.keys)
    let id = try fields.requiredText("id")
    let titleValue = try fields.required("title")
    let title = try titleValue.text("`title`")
    guard title.count <= Self.longestTitle else {
      throw .badValue(
        titleValue.location, value: title, context: "title", expected: "at most \(Self.longestTitle) characters long",
        nearest: nil)
    }
    let kind: Indicator.Kind = try fields.word("kind") ?? .percentage
    let table = try tableName(fields)
    var indicator = Indicator(
      id: id, title: title, goal: try fields.text("goal"), kind: kind, unit: try fields.text("unit") ?? "row",
      table: table, rule: .notAsked(reason: ""), note: try fields.text("note"))
    indicator.rollUp = try rollUp(fields, table: table)
    if let pairs = fields["comparability"] {
      (indicator.comparability, indicator.breaks) = try comparability(pairs)
    }

    let ruleKeys = ["numerator", "denominator", "eligible", "not-asked"]
    if let perCycle = fields["per-cycle"] {
      if let key = ruleKeys.first(where: { $0 != "eligible" && fields[$0] != nil }), let place = fields[key] {
        throw .conflict(
          place.location, problem: "indicator \(id) has `\(key)` beside `per-cycle`",
          advice: "move it into the cycles that it is true of")
      }
      var found = false
      for (key, entry) in try perCycle.pairs("`per-cycle`") {
        let name = try key.text("a cycle")
        let entryFields = try entry.fields("the entry of \(id) for \(name)", allowed: Self.cycleKeys)
        guard name == cycle else { continue }
        found = true
        indicator.rule = try rule(entryFields, table: table, shared: fields["eligible"], kind: kind)
        indicator.cycleNote = try entryFields.text("note")
      }
      guard found else { throw .noEntryForCycle(value.location, indicator: id, cycle: cycle) }
    } else {
      indicator.rule = try rule(fields, table: table, shared: nil, kind: kind)
    }
    return indicator
  }

  private func rollUp(_ fields: YAMLFields, table: String) throws(DefinitionError) -> RollUp? {
    guard let value = fields["roll-up"], let rollUp: RollUp = try fields.word("roll-up") else { return nil }
    if rollUp != .none, scope.tables[table]?.unit == nil {
      throw .conflict(
        value.location, problem: "an indicator has a roll-up, but its table \(table) has no unit to roll up to",
        advice: "declare `unit` for the table")
    }
    if rollUp == .latest, scope.tables[table]?.submitted == nil {
      throw .conflict(
        value.location, problem: "an indicator keeps the latest row of a unit, but its table \(table) has no date",
        advice: "declare `submitted` for the table")
    }
    return rollUp
  }

  private func tableName(_ fields: YAMLFields) throws(DefinitionError) -> String {
    guard let value = fields["table"] else { return SurveyCycle.responsesTable }
    let table = try value.text("`table`")
    guard scope.tables[table] != nil else {
      throw .unknownTable(
        value.location, name: table, nearest: NearestName.suggestion(for: table, among: scope.tables.keys))
    }
    return table
  }

  private func rule(
    _ fields: YAMLFields, table: String, shared: YAMLValue?, kind: Indicator.Kind
  ) throws(DefinitionError) -> Indicator.Rule {
    if let reason = fields["not-asked"] {
      guard fields["numerator"] == nil, fields["denominator"] == nil else {
        throw .conflict(
          reason.location, problem: "`not-asked` stands beside a numerator or denominator",
          advice: "keep one or the other")
      }
      return .notAsked(reason: try reason.text("`not-asked`"))
    }
    let reader = ConditionReader(scope: scope.inside(table))
    let numeratorValue = try fields.required("numerator")
    let numerator = try reader.condition(numeratorValue)
    let denominator: Condition
    if let value = fields["denominator"] {
      denominator = try reader.condition(value)
    } else {
      denominator = .decided(numerator)
    }
    var eligible: Condition?
    if let value = fields["eligible"] ?? shared { eligible = try reader.condition(value) }
    return .asked(IndicatorRule(numerator: numerator, denominator: denominator, eligible: eligible))
  }

  /// `{cycle-3 -> cycle-4: "the scale gained a step"}`, or `{break: "another question"}` in place of the text.
  private func comparability(
    _ value: YAMLValue
  ) throws(DefinitionError) -> (cautions: [CyclePair: String], breaks: [CyclePair: String]) {
    var result: (cautions: [CyclePair: String], breaks: [CyclePair: String]) = ([:], [:])
    for (key, reason) in try value.pairs("`comparability`") {
      let text = try key.text("a pair of cycles")
      let sides = text.split(separator: "->", omittingEmptySubsequences: false).map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        throw .badValue(
          key.location, value: text, context: "pair of cycles", expected: "written as `cycle-3 -> cycle-4`",
          nearest: nil)
      }
      let pair = CyclePair(then: sides[0], now: sides[1])
      guard reason.isMapping else {
        result.cautions[pair] = try reason.text("a reason, or `{break: a reason}`")
        continue
      }
      let words = try reason.fields("a pair of cycles", allowed: ["break"]).required("break")
      guard pair.then != pair.now else {
        throw .conflict(key.location, problem: "a break stands between \(text)", advice: "name two cycles")
      }
      result.breaks[pair] = try words.text("the reason of a break")
    }
    return result
  }
}
