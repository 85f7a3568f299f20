import SurveyModel

/// An estimate as it is printed for people: the flags have been acted on, so that a number too imprecise to print is a
/// dash.
public struct PrintedEstimate: Sendable, Equatable {
  /// Rows in the denominator; empty where nothing is to be said of them.
  public var n: String
  /// "79.1", "18"; "–" where it is too imprecise; empty where there is no number.
  public var value: String
  /// "*" where the estimate speaks of a part of the units only.
  public var mark: String
  /// "75.2 – 82.6", "all counted" in a census, "count"; or why there is no number: "not asked", "no data",
  /// "suppressed".
  public var interval: String
  /// Whether the number may be drawn.
  public var isShown: Bool

  public init(_ row: EstimateRow, kind: Indicator.Kind) {
    n = ""
    value = ""
    mark = ""
    interval = ""
    isShown = false
    guard row.status == .ok, let estimate = row.estimate else {
      n = row.status == .noData ? "0" : ""
      interval = row.status.words
      return
    }
    n = row.n.map(String.init) ?? ""
    guard !row.flags.contains(.notShown) else {
      value = Self.tooImprecise
      return
    }
    isShown = true
    value = PrintedNumber.value(estimate, kind: kind)
    if row.flags.contains(.partial) { mark = "*" }
    if kind == .count {
      interval = "count"
    } else if row.flags.contains(.census) {
      interval = "all counted"
    } else if let lower = row.lower, let upper = row.upper {
      interval = PrintedNumber.interval(lower, upper, kind: kind)
    }
  }

  /// Stands in place of a number that is too imprecise to show.
  public static let tooImprecise = "–"
}

extension EstimateStatus {
  /// Why there is no number; empty where there is one.
  public var words: String {
    switch self {
    case .ok: ""
    case .notAsked: "not asked"
    case .noData: "no data"
    case .suppressed: "suppressed"
    case .seriesBreak: "break"
    }
  }
}

extension TrendRow {
  /// Whether a test says that the change is beyond chance: what ▲ and ▼ stand for.
  public var isBeyondChance: Bool {
    test.adjustedPValue != nil && (test.significance == .up || test.significance == .down)
  }

  /// The sign of a change between complete counts, in a word: no test made it.
  public var signWords: String? {
    guard test.adjustedPValue == nil else { return nil }
    return switch test.significance {
    case .up: "up"
    case .down: "down"
    case .noChange: "same"
    case nil: nil
    }
  }

  /// The change in print: "+8.1", with ▲ or ▼ where a test says that it is beyond chance, its sign in a word
  /// where everyone was counted, and ~ where the cycles should be compared with care; "break" where a break lies
  /// between them; empty where there is no change.
  public func printedChange(kind: Indicator.Kind) -> String {
    guard status != .seriesBreak else { return status.words }
    guard status == .ok, let delta else { return "" }
    let text = (test.comparability.isEmpty ? "" : "~") + PrintedNumber.signed(delta, kind: kind)
    if let signWords { return "\(text) \(signWords)" }
    guard isBeyondChance else { return text }
    return text + (test.significance == .up ? " ▲" : " ▼")
  }
}

extension TrendRow {
  /// "-1.2 – 17.4"; empty where there is none, or nothing that could be otherwise.
  public func printedInterval(kind: Indicator.Kind) -> String {
    guard status == .ok, let lower = test.lower, let upper = test.upper, lower < upper else { return "" }
    return PrintedNumber.interval(lower, upper, kind: kind)
  }
}

extension EstimateFlag {
  /// What the flag tells a reader.
  public var words: String {
    switch self {
    case .census: "everyone was counted, so there is no sampling error"
    case .partial: "some strata did not report; the estimate speaks for the others"
    case .reviewNoVariance: "no variance could be estimated; look at the rows before printing"
    case .unreadable: "some answers cannot be read; their rows are left out"
    case .notShown: "too imprecise to show by the NCHS standards"
    case .footnoteComplement: "the complement of this percentage is too imprecise to show"
    case .reviewDF: "fewer than 8 degrees of freedom; look at the design before printing"
    case .review0To100: "0 or 100 percent in the sample; look at the rows before printing"
    }
  }
}
