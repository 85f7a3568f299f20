import SurveyModel

/// What a condition may refer to: the tables of the pipeline and the one whose rows it judges.
struct ConditionScope {
  var tables: [String: TableDefinition]
  var table: String
  /// Columns that the pipeline itself uses beside the codebook's questions, by table.
  var keyColumns: [String: Set<String>]

  func inside(_ table: String) -> ConditionScope {
    ConditionScope(tables: tables, table: table, keyColumns: keyColumns)
  }
}

/// Reads the condition forms of docs/definitions.md and checks every name and code in them.
struct ConditionReader {
  let scope: ConditionScope

  static let dateComparisons: [String: Comparison] = [
    "before": .below, "on-or-before": .atMost, "after": .above, "on-or-after": .atLeast,
  ]
  static let numberComparisons: [String: Comparison] = [
    "at-least": .atLeast, "at-most": .atMost, "above": .above, "below": .below,
  ]
  /// What a bound may be called.
  static let bounds = dateComparisons.keys.sorted() + numberComparisons.keys.sorted() + ["empty", "includes-all"]

  func condition(_ value: YAMLValue) throws(DefinitionError) -> Condition {
    let pairs = try value.pairs("a condition")
    guard !pairs.isEmpty else {
      throw .wrongShape(value.location, context: "a condition", expected: "a mapping with at least one key")
    }
    if let named = try questionForm(pairs) { return named }
    var parts: [Condition] = []
    for (key, value) in pairs {
      try refuseWord(key, before: value)
      parts.append(try part(key: key, value: value))
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private func part(key: YAMLValue, value: YAMLValue) throws(DefinitionError) -> Condition {
    let name = try key.text("a key of a condition")
    switch name {
    case "answered":
      return try answered(value)
    case "routed-out":
      let question = try checkedColumn(value)
      if let selection = selection(question), selection.askedIf != nil { return selection.isRoutedOut }
      guard scope.tables[scope.table]?.codebook?.questions[question]?.askedIf != nil else {
        throw .conflict(
          value.location, problem: "question \(question) is put to everybody, so it is never routed out",
          advice: "give it `asked-if` in the codebook, or leave the form out")
      }
      return .routedOut(question)
    case "any": return .any(try conditions(value, context: "`any`"))
    case "all": return .all(try conditions(value, context: "`all`"))
    case "not": return .not(try condition(value))
    case "decided" where try isCondition(value): return .decided(try condition(value))
    case "related": return try related(value)
    case "reported": return try reported(value)
    default: return try columnForm(key: key, name: name, value: value)
    }
  }

  /// Whether what stands behind `decided` is a condition: bounds and codes speak of a column of that name.
  private func isCondition(_ value: YAMLValue) throws(DefinitionError) -> Bool {
    guard value.isMapping else { return false }
    for (key, _) in try value.pairs("a condition") {
      guard let name = key.scalarText, Self.bounds.contains(name) else { return true }
    }
    return false
  }

  private func answered(_ value: YAMLValue) throws(DefinitionError) -> Condition {
    var questions: [String] = []
    var selections: [Condition] = []
    for element in try value.texts("`answered`") {
      let name = try checkedColumn(element)
      if let selection = selection(name) { selections.append(selection.isAnswered) } else { questions.append(name) }
    }
    guard !questions.isEmpty || !selections.isEmpty else {
      throw .wrongShape(value.location, context: "`answered`", expected: "a question or a list of questions")
    }
    let parts = (questions.isEmpty ? [] : [.answered(questions)]) + selections
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  /// A question that is made of columns.
  func selection(_ name: String) -> ColumnSelection? {
    scope.tables[scope.table]?.codebook?.selections[name]
  }

  private func conditions(_ value: YAMLValue, context: String) throws(DefinitionError) -> [Condition] {
    let values = try value.list(context)
    guard !values.isEmpty else {
      throw .wrongShape(value.location, context: context, expected: "a list of at least one condition")
    }
    var result: [Condition] = []
    for element in values { result.append(try condition(element)) }
    return result
  }

  /// `Q014: a`, `Q014: [a, b]`, `Q126: {includes-all: [a, b]}`, `staff: {at-least: 5}`, `decided: {before: ..}`.
  private func columnForm(key: YAMLValue, name: String, value: YAMLValue) throws(DefinitionError) -> Condition {
    let column = try checkedColumn(key, alsoForms: true)
    guard value.isMapping else { return try anyCode(value, of: column) }
    let pairs = try value.pairs("the bounds of \(column)")
    guard !pairs.isEmpty else {
      throw .wrongShape(value.location, context: "the bounds of \(column)", expected: "at least one bound")
    }
    let parts = try bounds(pairs, of: column)
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private func related(_ value: YAMLValue) throws(DefinitionError) -> Condition {
    let fields = try value.fields("`related`", allowed: ["table", "on", "where", "at-least"])
    let tableValue = try fields.required("table")
    let table = try tableValue.text("`table`")
    guard scope.tables[table] != nil else {
      throw .unknownTable(
        tableValue.location, name: table, nearest: NearestName.suggestion(for: table, among: scope.tables.keys))
    }
    let on = try fields.required("on")
    var here: String
    var there: String
    if on.isMapping {
      let sides = try on.fields("`on`", allowed: ["here", "there"])
      here = try sides.requiredText("here")
      there = try sides.requiredText("there")
    } else {
      here = try on.text("`on`")
      there = here
    }
    var condition: Condition?
    if let inner = fields["where"] {
      condition = try ConditionReader(scope: scope.inside(table)).condition(inner)
    }
    var atLeast = 1
    if let value = fields["at-least"] {
      let number = try value.number("value of `at-least`")
      guard number >= 1, number == number.rounded(), number <= 1e9 else {
        throw .badValue(
          value.location, value: try value.text("`at-least`"), context: "value of `at-least`",
          expected: "a whole number from 1", nearest: nil)
      }
      atLeast = Int(number)
    }
    return .related(RelatedCondition(table: table, here: here, there: there, condition: condition, atLeast: atLeast))
  }

  private func reported(_ value: YAMLValue) throws(DefinitionError) -> Condition {
    let responsesName = SurveyCycle.responsesTable
    guard let responses = scope.tables[responsesName], let there = responses.unit else {
      throw .conflict(
        value.location, problem: "`reported` needs to know whose response a row is",
        advice: "declare `unit` for the table responses")
    }
    guard let here = scope.tables[scope.table]?.unit else {
      throw .conflict(
        value.location, problem: "`reported` needs to know whose row this is",
        advice: "declare `unit` for the table \(scope.table)")
    }
    var parts: [Condition] = []
    for (key, bound) in try value.pairs("`reported`") {
      let name = try key.text("a key of `reported`")
      if let comparison = Self.dateComparisons[name] {
        guard let submitted = responses.submitted else {
          throw .conflict(
            key.location, problem: "`\(name)` needs to know when a response was submitted",
            advice: "declare `submitted` for the table responses")
        }
        parts.append(.date(column: submitted, comparison, try dateReference(bound)))
      } else if name == "complete" {
        if try bound.truth("value of `complete`") {
          parts.append(.complete)
          let selections = responses.codebook?.selections.values.filter(\.isMandatory) ?? []
          parts += selections.map(\.isComplete)
        }
      } else {
        throw .unknownKey(
          key.location, key: name, context: "`reported`",
          nearest: NearestName.suggestion(for: name, among: Self.dateComparisons.keys.sorted() + ["complete"]))
      }
    }
    return .related(
      RelatedCondition(
        table: responsesName, here: here, there: there, condition: parts.isEmpty ? nil : .all(parts),
        isReported: true))
  }

  /// The name of a column of the condition's table: in a table with a codebook, a question of it or a column that
  /// the pipeline declares; elsewhere the header will tell.
  func checkedColumn(_ value: YAMLValue, alsoForms: Bool = false) throws(DefinitionError) -> String {
    let name = try value.text("a question")
    guard let codebook = scope.tables[scope.table]?.codebook, codebook.questions[name] == nil,
      codebook.selections[name] == nil, scope.keyColumns[scope.table]?.contains(name) != true
    else { return name }
    let candidates =
      Array(codebook.questions.keys) + Array(codebook.selections.keys)
      + (alsoForms ? ConditionWord.allCases.map(\.rawValue) + [Self.questionWord] : [])
    throw .unknownQuestion(
      value.location, name: name, table: scope.table, nearest: NearestName.suggestion(for: name, among: candidates))
  }
}
