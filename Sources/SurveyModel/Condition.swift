/// A statement about one row of a table, as a definition writes it.
///
/// A missing answer meets no code form and no bound, so `not` of such a form is true. An answer that cannot be read
/// leaves every form about it unknown (docs/statistics.md, "Missing answers and routing").
public indirect enum Condition: Sendable, Hashable {
  /// The answer is one of these codes; for select-many questions, any chosen code is.
  case oneOf(column: String, codes: [String])
  /// All of these codes were chosen.
  case includesAll(column: String, codes: [String])
  /// Each of these questions holds a valid code.
  case answered([String])
  /// The question was not asked because of answers given before it.
  case routedOut(String)
  case number(column: String, Comparison, Double)
  case date(column: String, Comparison, DateReference)
  case empty(column: String, Bool)
  case any([Condition])
  case all([Condition])
  case not(Condition)
  /// The condition comes out true or false, whatever the missing answers would have been.
  case decided(Condition)
  case related(RelatedCondition)
  /// Every mandatory question that was asked is answered or not applicable.
  case complete

  /// The names of the columns of the condition's own table that it reads.
  public var columns: Set<String> {
    switch self {
    case .oneOf(let column, _), .includesAll(let column, _), .number(let column, _, _), .date(let column, _, _),
      .empty(let column, _), .routedOut(let column):
      [column]
    case .answered(let columns): Set(columns)
    case .any(let parts), .all(let parts): parts.reduce(into: []) { $0.formUnion($1.columns) }
    case .not(let part), .decided(let part): part.columns
    case .related(let related): [related.here]
    case .complete: []
    }
  }

  /// The questions that code and bound forms name, in order.
  public var namedQuestions: [String] {
    var names: [String] = []
    func visit(_ condition: Condition) {
      switch condition {
      case .oneOf(let column, _), .includesAll(let column, _), .number(let column, _, _), .date(let column, _, _),
        .routedOut(let column):
        if !names.contains(column) { names.append(column) }
      case .answered(let columns):
        for column in columns where !names.contains(column) { names.append(column) }
      case .any(let parts), .all(let parts): parts.forEach(visit)
      case .not(let part), .decided(let part): visit(part)
      case .empty, .related, .complete: break
      }
    }
    visit(self)
    return names
  }

  /// Every `related` form inside this condition, not those inside their own `where`.
  public var relatedConditions: [RelatedCondition] {
    switch self {
    case .related(let related): [related]
    case .any(let parts), .all(let parts): parts.flatMap(\.relatedConditions)
    case .not(let part), .decided(let part): part.relatedConditions
    default: []
    }
  }
}

public enum Comparison: String, Sendable, Hashable {
  case atLeast, atMost, above, below, equal

  public func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .atLeast: left >= right
    case .atMost: left <= right
    case .above: left > right
    case .below: left < right
    case .equal: left == right
    }
  }
}

/// A day written out, or one of the words that stand for a day of the cycle.
public enum DateReference: Sendable, Hashable {
  case day(SurveyDate)
  case referenceDate
  case periodFrom
  case periodTo
}

/// Enough rows of another table share a key with this row and meet a condition.
public struct RelatedCondition: Sendable, Hashable {
  public var table: String
  /// The key column of this row's table.
  public var here: String
  /// The key column of the other table.
  public var there: String
  public var condition: Condition?
  public var atLeast: Int
  /// True where the definition wrote `reported`: it reads the same but is explained otherwise.
  public var isReported: Bool

  public init(
    table: String, here: String, there: String, condition: Condition?, atLeast: Int = 1, isReported: Bool = false
  ) {
    self.table = table
    self.here = here
    self.there = there
    self.condition = condition
    self.atLeast = atLeast
    self.isReported = isReported
  }
}
