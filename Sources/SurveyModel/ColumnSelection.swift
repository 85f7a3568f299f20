import OrderedCollections

/// A select-many question whose options stand in a column each. For every option the codebook has a question of its
/// own, named like the column, that takes one of the codes for ticked and not ticked; conditions that name the whole
/// question are made of conditions on these.
public struct ColumnSelection: Sendable {
  public var key: String
  /// By option, in the questionnaire's order, its column.
  public var columns: OrderedDictionary<String, String>
  /// The codes of a ticked option.
  public var ticked: [String]
  public var askedIf: Condition?
  public var isMandatory: Bool

  public init(
    key: String, columns: OrderedDictionary<String, String>, ticked: [String], askedIf: Condition? = nil,
    isMandatory: Bool = false
  ) {
    self.key = key
    self.columns = columns
    self.ticked = ticked
    self.askedIf = askedIf
    self.isMandatory = isMandatory
  }

  /// An option that one of these codes names is ticked; any other code, one for not applicable, stands in a column.
  public func includesAny(of codes: [String]) -> Condition {
    let others = codes.filter { columns[$0] == nil }
    var parts = codes.compactMap { columns[$0] }.map { Condition.oneOf(column: $0, codes: ticked) }
    if !others.isEmpty { parts += columns.values.map { .oneOf(column: $0, codes: others) } }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  public func includesAll(of codes: [String]) -> Condition {
    let parts = codes.map { includesAny(of: [$0]) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  /// Some option says whether it is ticked.
  public var isAnswered: Condition { .any(columns.values.map { .answered([$0]) }) }

  public var isRoutedOut: Condition { .all(columns.values.map { .routedOut($0) }) }

  public func isEmpty(_ isEmpty: Bool) -> Condition {
    let parts = columns.values.map { Condition.empty(column: $0, isEmpty) }
    return isEmpty ? .all(parts) : .any(parts)
  }

  /// Whether it is answered or not applicable where it was asked.
  public var isComplete: Condition {
    askedIf.map { .any([.not($0), isEmpty(false)]) } ?? isEmpty(false)
  }
}
