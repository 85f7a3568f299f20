import SurveyModel

/// What stands behind the name of a question: answers, or bounds.
extension ConditionReader {
  /// The answer is one of some codes; of a question that is made of columns, one of its options is ticked.
  func anyCode(_ value: YAMLValue, of column: String) throws(DefinitionError) -> Condition {
    if let selection = selection(column) { return selection.includesAny(of: try codes(value, of: column)) }
    switch question(column)?.type {
    case .integer, .number:
      return try anyOf(value, column) { value throws(DefinitionError) in
        .number(column: column, .equal, try value.number("an answer to \(column), which is a number"))
      }
    case .date:
      return try anyOf(value, column) { value throws(DefinitionError) in
        .date(column: column, .equal, try dateReference(value))
      }
    case .one, .many, .text, nil: return .oneOf(column: column, codes: try codes(value, of: column))
    }
  }

  /// Numbers and days are compared by what they are, so that 18.0 is 18; the codes for "not applicable" as texts.
  private func anyOf(
    _ value: YAMLValue, _ column: String, equal: (YAMLValue) throws(DefinitionError) -> Condition
  ) throws(DefinitionError) -> Condition {
    let codebook = scope.tables[scope.table]?.codebook
    let notApplicable = codebook?.notApplicableCodes(in: column) ?? []
    let missing = scope.tables[scope.table]?.missingCodes(of: column) ?? []
    let elements = try value.texts("the answers to \(column)")
    guard !elements.isEmpty else {
      throw .wrongShape(value.location, context: "the answers to \(column)", expected: "at least one answer")
    }
    var parts: [Condition] = []
    var codes: [String] = []
    for element in elements {
      let text = try element.text("an answer to \(column)")
      if notApplicable.contains(text) {
        codes.append(text)
        continue
      }
      guard !missing.contains(text) else {
        throw .conflict(
          element.location, problem: "\(text.isEmpty ? "an empty answer" : text) stands for no answer to \(column)",
          advice: "to ask for answers that are missing, write `{\(column): {empty: true}}`")
      }
      parts.append(try equal(element))
    }
    if !codes.isEmpty { parts.append(.oneOf(column: column, codes: codes)) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  func question(_ column: String) -> Question? { scope.tables[scope.table]?.codebook?.questions[column] }

  func bounds(
    _ pairs: [(key: YAMLValue, value: YAMLValue)], of column: String
  ) throws(DefinitionError) -> [Condition] {
    let selection = selection(column)
    var parts: [Condition] = []
    for (boundKey, bound) in pairs {
      let boundName = try boundKey.text("a bound of \(column)")
      if let comparison = Self.dateComparisons[boundName] {
        try requireType(of: column, among: [.date, .text], at: boundKey, form: boundName)
        parts.append(.date(column: column, comparison, try dateReference(bound)))
      } else if let comparison = Self.numberComparisons[boundName] {
        try requireType(of: column, among: [.integer, .number, .text], at: boundKey, form: boundName)
        parts.append(.number(column: column, comparison, try bound.number("bound of \(column)")))
      } else if boundName == "empty" {
        let isEmpty = try bound.truth("value of `empty`")
        parts.append(selection?.isEmpty(isEmpty) ?? .empty(column: column, isEmpty))
      } else if boundName == "includes-all" {
        try requireType(of: column, among: [.many], at: boundKey, form: boundName)
        let codes = try codes(bound, of: column)
        parts.append(selection?.includesAll(of: codes) ?? .includesAll(column: column, codes: codes))
      } else {
        throw .unknownKey(
          boundKey.location, key: boundName, context: "the bounds of \(column)",
          nearest: NearestName.suggestion(for: boundName, among: Self.bounds))
      }
    }
    if let pair = Contradiction(in: parts) {
      throw .conflict(
        pairs[0].key.location, problem: "no answer to \(column) meets these bounds: \(pair.words)",
        advice: "correct the bounds; answers that meet either of two conditions are `any`")
    }
    return parts
  }

  func codes(_ value: YAMLValue, of column: String) throws(DefinitionError) -> [String] {
    let codebook = scope.tables[scope.table]?.codebook
    let question = question(column)
    let isCoded = question?.type == .one || question?.type == .many
    let options = selection(column).map { Array($0.columns.keys) } ?? (isCoded ? question?.options : nil)
    let known = options.map { $0 + (codebook?.notApplicableCodes(in: column) ?? []) }
    let valid = known.map { Set($0) }
    var codes: [String] = []
    for element in try value.texts("the codes of \(column)") {
      let code = try element.text("a code of \(column)")
      if let known, valid?.contains(code) == false {
        throw .unknownCode(
          element.location, code: code, question: column, nearest: NearestName.suggestion(for: code, among: known))
      }
      codes.append(code)
    }
    guard !codes.isEmpty else {
      throw .wrongShape(value.location, context: "the codes of \(column)", expected: "at least one code")
    }
    return codes
  }

  func dateReference(_ value: YAMLValue) throws(DefinitionError) -> DateReference {
    switch try value.text("a date") {
    case "reference-date": return .referenceDate
    case "period-from": return .periodFrom
    case "period-to": return .periodTo
    case let text:
      guard let day = SurveyDate(text) else {
        throw .badValue(
          value.location, value: text, context: "date",
          expected: "a day such as 2019-10-01, or reference-date, period-from or period-to",
          nearest: NearestName.suggestion(for: text, among: ["reference-date", "period-from", "period-to"]))
      }
      return .day(day)
    }
  }

  private func requireType(
    of column: String, among types: [AnswerType], at key: YAMLValue, form: String
  ) throws(DefinitionError) {
    guard let type = selection(column) == nil ? question(column)?.type : .many, !types.contains(type) else { return }
    throw .conflict(
      key.location, problem: "`\(form)` cannot judge \(column), whose type is \(type.rawValue)",
      advice: "compare it with its codes, or correct its type in the codebook")
  }
}
