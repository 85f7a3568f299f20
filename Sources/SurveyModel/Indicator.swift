/// What a definition says of one indicator.
public struct Indicator: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// The weighted share of the denominator that meets the numerator, in percent.
    case percentage
    /// The weighted number of rows that meet the numerator.
    case count
  }

  public var id: String
  public var title: String
  public var goal: String?
  public var kind: Kind
  /// What is counted, as a word; it changes no number.
  public var unit: String
  public var table: String
  /// How this cycle computes it.
  public var rule: Rule
  /// Overrides the table's roll-up.
  public var rollUp: RollUp?
  /// Reasons why two cycles are not quite comparable, by (then, now).
  public var comparability: [CyclePair: String]
  /// Reasons why two cycles are not comparable at all, by (then, now).
  public var breaks: [CyclePair: String] = [:]
  public var note: String?
  /// The note of this cycle alone.
  public var cycleNote: String?

  public init(
    id: String, title: String, goal: String? = nil, kind: Kind = .percentage, unit: String = "row", table: String,
    rule: Rule, rollUp: RollUp? = nil, comparability: [CyclePair: String] = [:], note: String? = nil,
    cycleNote: String? = nil
  ) {
    self.id = id
    self.title = title
    self.goal = goal
    self.kind = kind
    self.unit = unit
    self.table = table
    self.rule = rule
    self.rollUp = rollUp
    self.comparability = comparability
    self.note = note
    self.cycleNote = cycleNote
  }

  public enum Rule: Sendable {
    case asked(IndicatorRule)
    case notAsked(reason: String)

    public var asked: IndicatorRule? {
      if case .asked(let rule) = self { rule } else { nil }
    }
  }
}

/// Which rows an indicator counts. The numerator is evaluated only inside the denominator.
public struct IndicatorRule: Sendable {
  public var numerator: Condition
  public var denominator: Condition
  /// Units that cannot be in the denominator by right have a known status all the same; nil: all are eligible.
  public var eligible: Condition?

  public init(numerator: Condition, denominator: Condition, eligible: Condition? = nil) {
    self.numerator = numerator
    self.denominator = denominator
    self.eligible = eligible
  }
}

/// An earlier and a later cycle, by the names that `per-cycle` uses.
public struct CyclePair: Sendable, Hashable {
  public var then: String
  public var now: String

  public init(then: String, now: String) {
    self.then = then
    self.now = now
  }
}

/// How several rows of a unit become one.
public enum RollUp: String, Sendable, CaseIterable {
  case none, latest, any, all, majority

  /// The unit is made of all its rows, and weighs what the unit weighs, not what a row does.
  public var combinesRows: Bool { self == .any || self == .all || self == .majority }
}
