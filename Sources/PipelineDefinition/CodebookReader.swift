import OrderedCollections
import SurveyModel

/// What becomes of an answer that stands where the routing asked nothing.
private enum RoutedOutUse: String, CaseIterable { case use, ignore }

/// Reads a codebook file. Routing is checked against the questions of the same codebook.
struct CodebookReader {
  static let keys = ["missing", "not-applicable", "numeric-codes", "answers-when-routed-out", "questions"]
  static let questionKeys = [
    "type", "options", "option-labels", "asked-if", "section", "label", "mandatory", "compare-to", "missing",
    "not-applicable",
    "numeric-codes", "columns", "ticked", "unticked", "blank",
  ]

  let file: YAMLValue

  /// - Parameter scope: The table that the codebook belongs to, and the others that routing may look at.
  func codebook(scope: ConditionScope) throws(DefinitionError) -> Codebook {
    let fields = try file.fields("the codebook", allowed: Self.keys)
    var codebook = Codebook()
    if fields["missing"] != nil { codebook.missing = try fields.texts("missing") }
    codebook.notApplicable = try fields.texts("not-applicable")
    let missing = Set(codebook.missing)
    for value in try fields["not-applicable"]?.texts("`not-applicable`") ?? [] {
      try refuseBoth(value, missing: missing, context: "")
    }
    codebook.numericCodes = try fields["numeric-codes"]?.truth("value of `numeric-codes`") ?? false
    codebook.ignoresRoutedOut = try fields.word("answers-when-routed-out") == RoutedOutUse.ignore
    let pairs = try fields.required("questions").pairs("`questions`")
    for (key, value) in pairs {
      let name = try key.text("a question")
      for question in try questions(name, value, codebook: &codebook) {
        let isKnown = codebook.selections[question.key] != nil
        if codebook.questions.updateValue(question, forKey: question.key) != nil || isKnown {
          throw .conflict(
            key.location, problem: "\(question.key) is two questions, or a question and a column of one",
            advice: "name it once")
        }
        try refuseEqualNumbers(in: codebook, question: question.key, at: value)
      }
    }
    // Routing may name questions that stand further down, and what they are routed by, so it is read when all are
    // known; until then it is known only that they are routed.
    var routings: [(name: String, routing: YAMLValue)] = []
    for (key, value) in pairs {
      guard let name = key.scalarText, let routing = try value.fields(name, allowed: Self.questionKeys)["asked-if"]
      else { continue }
      routings.append((name, routing))
    }
    for (name, _) in routings { codebook.setRouting(.all([]), of: name) }
    var scope = scope
    scope.tables[scope.table]?.codebook = codebook
    let reader = ConditionReader(scope: scope)
    for (name, routing) in routings { codebook.setRouting(try reader.condition(routing), of: name) }
    try refuseCircularRouting(in: codebook, pairs: pairs)
    for (name, routing) in routings {
      for key in codebook.selections[name].map({ Array($0.columns.values) }) ?? [name]
      where codebook.reroutes(key) && codebook.routingLooksElsewhere(key) {
        throw .conflict(
          routing.location,
          problem: "the routing of question \(name) looks at another table, so its answers cannot be read by it",
          advice: "leave `answers-when-routed-out: ignore` or `blank: unticked` out, or name questions in `asked-if`")
      }
    }
    return codebook
  }

  /// A not-applicable code that were a missing code, too, would never be found.
  private func refuseBoth(_ value: YAMLValue, missing: Set<String>, context: String) throws(DefinitionError) {
    let code = try value.text("`not-applicable`")
    guard code.isEmpty || missing.contains(code) else { return }
    throw .conflict(
      value.location, problem: "\"\(code)\" is a not-applicable code and a missing code\(context)",
      advice: code.isEmpty
        ? "leave it out: an empty field is always missing" : "leave it out of `not-applicable` or of `missing`")
  }

  /// The question's own codes for "no answer" and "not applicable", and whether they fit its options.
  private func readMissing(
    _ fields: YAMLFields, into question: inout Question, of codebook: Codebook, at value: YAMLValue
  ) throws(DefinitionError) {
    if fields["missing"] != nil { question.missing = try fields.texts("missing") }
    if fields["not-applicable"] != nil { question.notApplicable = try fields.texts("not-applicable") }
    let missing = Set(question.missing ?? codebook.missing)
    for code in try fields["not-applicable"]?.texts("`not-applicable`") ?? [] {
      try refuseBoth(code, missing: missing, context: " of question \(question.key)")
    }
    if question.notApplicable == nil, question.missing != nil,
      let code = codebook.notApplicable.first(where: missing.contains)
    {
      throw .conflict(
        value.location,
        problem: "\"\(code)\" is a missing code of question \(question.key) and a not-applicable code of the codebook",
        advice: "give the question its own `not-applicable`, which may be []")
    }
    guard let option = question.options.first(where: { $0.isEmpty || missing.contains($0) }) else { return }
    let options = Set(question.options)
    let rest = (question.missing ?? codebook.missing).filter { !options.contains($0) && !$0.isEmpty }
    let list = ([""] + rest).map { "\"\($0)\"" }.joined(separator: ", ")
    throw .conflict(
      value.location,
      problem: option.isEmpty
        ? "question \(question.key) has an empty option, but an empty field is always missing"
        : "\"\(option)\" is an option of question \(question.key) and a missing code"
          + (question.missing == nil ? " of the codebook" : ""),
      advice: option.isEmpty
        ? "leave it out: a condition can ask for `empty: true`"
        : "write `missing: [\(list)]` on the question if \"\(option)\" is an answer there, or leave the option out")
  }

  /// A question, or one for each option of one that is made of columns.
  private func questions(
    _ name: String, _ value: YAMLValue, codebook: inout Codebook
  ) throws(DefinitionError) -> [Question] {
    let fields = try value.fields("question \(name)", allowed: Self.questionKeys)
    guard fields["columns"] != nil else { return [try question(name, value, of: codebook)] }
    let reader = ColumnSelectionReader(name: name, value: value, fields: fields, codebook: codebook)
    let (selection, options) = try reader.selection()
    if codebook.questions[name] != nil {
      throw .conflict(
        value.location, problem: "\(name) is two questions, or a question and a column of one", advice: "name it once")
    }
    codebook.selections[name] = selection
    var common = Question(key: name, type: .one)
    try readCommon(fields, into: &common)
    try readMissing(fields, into: &common, of: codebook, at: value)
    return options.map { option in
      var question = option
      question.missing = common.missing
      question.notApplicable = common.notApplicable
      question.section = common.section
      question.numericCodes = common.numericCodes
      question.comparesTo = common.comparesTo
      question.label = "\(common.label ?? name): \(reader.label(of: option.part?.option ?? ""))"
      return question
    }
  }

  private func question(_ name: String, _ value: YAMLValue, of codebook: Codebook) throws(DefinitionError) -> Question {
    let fields = try value.fields("question \(name)", allowed: Self.questionKeys)
    guard let type: AnswerType = try fields.word("type") else {
      throw .missingKey(value.location, key: "type", context: "question \(name)")
    }
    var question = Question(key: name, type: type)
    question.options = try fields.texts("options")
    switch type {
    case .one, .many:
      guard !question.options.isEmpty else {
        throw .missingKey(value.location, key: "options", context: "question \(name)")
      }
    case .text, .integer, .number, .date:
      guard fields["options"] == nil else {
        throw .conflict(
          value.location, problem: "question \(name) has options although its type is \(type.rawValue)",
          advice: "make its type `one` or `many`, or leave the options out")
      }
    }
    try readMissing(fields, into: &question, of: codebook, at: value)
    var seen: Set<String> = []
    for option in question.options where !seen.insert(option).inserted {
      throw .conflict(
        value.location, problem: "question \(name) lists the option \"\(option)\" twice", advice: "keep one of the two")
    }
    if let labels = fields["option-labels"] {
      for (code, label) in try labels.pairs("`option-labels`") {
        let option = try code.text("an option")
        guard seen.contains(option) else {
          throw .unknownCode(
            code.location, code: option, question: name,
            nearest: NearestName.suggestion(for: option, among: question.options))
        }
        question.optionLabels[option] = try label.text("a label")
      }
    }
    if type == .text || type == .date, let codes = fields["numeric-codes"] {
      throw .conflict(
        codes.location, problem: "question \(name) has `numeric-codes`, but its type is \(type.rawValue)",
        advice: type == .text
          ? "make its type `one` and list its codes under `options`, or leave it out: texts are compared as they stand"
          : "leave it out: a date has no codes that are numbers")
    }
    for key in ["ticked", "unticked", "blank"] where fields[key] != nil {
      throw .conflict(
        value.location, problem: "question \(name) has `\(key)` but no `columns`",
        advice: "add `columns: {OPTION: COLUMN, ..}`, or leave it out")
    }
    try readCommon(fields, into: &question)
    return question
  }

  private func readCommon(_ fields: YAMLFields, into question: inout Question) throws(DefinitionError) {
    question.section = try fields.text("section")
    question.label = try fields.text("label")
    question.isMandatory = try fields["mandatory"]?.truth("value of `mandatory`") ?? false
    question.numericCodes = try fields["numeric-codes"]?.truth("value of `numeric-codes`")
    if let earlier = fields["compare-to"] {
      question.comparesTo = try comparisons(earlier)
    }
  }

  /// Under `numeric-codes` an answer could be either of two codes that are one number.
  private func refuseEqualNumbers(
    in codebook: Codebook, question name: String, at value: YAMLValue
  ) throws(DefinitionError) {
    guard let question = codebook.questions[name], question.numericCodes ?? codebook.numericCodes else { return }
    var known: [Double: String] = [:]
    var codes: Set<String> = []
    let others = codebook.notApplicableCodes(in: name) + codebook.missingCodes(in: name)
    for code in question.options + others where codes.insert(code).inserted {
      guard let number = CodeNumber.read(code), let other = known.updateValue(code, forKey: number) else { continue }
      throw .conflict(
        value.location,
        problem: "the codes \"\(other)\" and \"\(code)\" of question \(name) are one number",
        advice: "keep one of the two, or write `numeric-codes: false` for the question")
    }
  }

  /// `{cycle-3: Q014, values: {old: new}}`.
  private func comparisons(
    _ value: YAMLValue
  ) throws(DefinitionError) -> OrderedDictionary<String, EarlierQuestion> {
    var result: OrderedDictionary<String, EarlierQuestion> = [:]
    var renamed: OrderedDictionary<String, String> = [:]
    for (key, target) in try value.pairs("`compare-to`") {
      let name = try key.text("a cycle")
      if name == "values" {
        for (old, new) in try target.pairs("`values`") {
          renamed[try old.text("a code")] = try new.text("a code")
        }
      } else {
        result[name] = EarlierQuestion(key: try target.text("a question"))
      }
    }
    for cycle in result.keys { result[cycle]?.values = renamed }
    return result
  }

  /// Questions one behind the other that decide whether a question is asked. A questionnaire has a handful, and
  /// following them takes a step down the stack for each.
  static let routingLimit = 1000

  /// A question whose routing leads back to itself would never be asked.
  private func refuseCircularRouting(
    in codebook: Codebook, pairs: [(key: YAMLValue, value: YAMLValue)]
  ) throws(DefinitionError) {
    var walk = RoutingWalk(codebook: codebook, limit: Self.routingLimit)
    for (key, _) in pairs {
      guard let start = key.scalarText else { continue }
      do throws(RoutingWalk.Problem) {
        // The options of a question share its routing.
        _ = try walk.length(from: codebook.selections[start]?.columns.values.first ?? start)
      } catch {
        switch error {
        case .circle(let culprit):
          throw .conflict(
            key.location, problem: "the routing of question \(culprit) leads back to itself",
            advice: "correct `asked-if`")
        case .tooLong:
          throw .conflict(
            key.location,
            problem: "the routing of question \(start) leads through more than \(Self.routingLimit) questions",
            advice: "let `asked-if` name the question that decides")
        }
      }
    }
  }
}

extension Codebook {
  /// All options of a question that is made of columns have its routing.
  fileprivate mutating func setRouting(_ condition: Condition, of name: String) {
    for key in selections[name].map({ Array($0.columns.values) }) ?? [name] { questions[key]?.askedIf = condition }
    selections[name]?.askedIf = condition
  }
}

/// Follows the routing of questions all the way up.
private struct RoutingWalk {
  enum Problem: Error {
    case circle(String)
    case tooLong
  }

  let codebook: Codebook
  let limit: Int
  private var path: Set<String> = []
  /// By question that was followed to the end, how many questions stand on the longest way up, itself included.
  private var known: [String: Int] = [:]

  init(codebook: Codebook, limit: Int) {
    self.codebook = codebook
    self.limit = limit
  }

  mutating func length(from name: String) throws(Problem) -> Int {
    if let length = known[name] { return length }
    guard path.insert(name).inserted else { throw .circle(name) }
    guard path.count <= limit else { throw .tooLong }
    var length = 1
    for gate in codebook.questions[name]?.askedIf?.namedQuestions ?? [] {
      length = max(length, try self.length(from: gate) + 1)
      guard length <= limit else { throw .tooLong }
    }
    path.remove(name)
    known[name] = length
    return length
  }
}
