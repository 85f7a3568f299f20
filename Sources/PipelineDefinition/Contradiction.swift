import SurveyModel

/// Two bounds of one question that no answer meets: `{at-least: 18, at-most: 10}`.
struct Contradiction {
  let words: String

  /// - Parameter parts: Bounds that must all hold. Days of a cycle, such as `reference-date`, differ between cycles and
  ///   are not compared.
  init?(in parts: [Condition]) {
    var numbers = Limits<Double>()
    var days = Limits<SurveyDate>()
    for part in parts {
      switch part {
      case .number(_, let comparison, let bound): numbers.add(comparison, bound)
      case .date(_, let comparison, .day(let day)): days.add(comparison, day)
      default: break
      }
    }
    if let (lower, upper) = numbers.contradiction {
      words = "\(lower.words(.numbers)) and \(upper.words(.numbers))"
    } else if let (lower, upper) = days.contradiction {
      words = "\(lower.words(.days)) and \(upper.words(.days))"
    } else {
      return nil
    }
  }

  /// The tightest bounds below and above.
  private struct Limits<Value: Comparable> {
    struct Limit {
      var value: Value
      var isIncluded: Bool
      var isLower: Bool

      enum Kind { case numbers, days }

      func words(_ kind: Kind) -> String {
        let word =
          switch (kind, isLower, isIncluded) {
          case (.numbers, true, true): "at least"
          case (.numbers, true, false): "above"
          case (.numbers, false, true): "at most"
          case (.numbers, false, false): "below"
          case (.days, true, true): "on or after"
          case (.days, true, false): "after"
          case (.days, false, true): "on or before"
          case (.days, false, false): "before"
          }
        return "\(word) \((value as? Double)?.shortestText ?? "\(value)")"
      }
    }

    private var lower: Limit?
    private var upper: Limit?

    mutating func add(_ comparison: Comparison, _ value: Value) {
      if comparison == .atLeast || comparison == .above || comparison == .equal {
        let limit = Limit(value: value, isIncluded: comparison != .above, isLower: true)
        if lower.map({ $0.value < value || ($0.value == value && !limit.isIncluded) }) ?? true { lower = limit }
      }
      if comparison == .atMost || comparison == .below || comparison == .equal {
        let limit = Limit(value: value, isIncluded: comparison != .below, isLower: false)
        if upper.map({ value < $0.value || ($0.value == value && !limit.isIncluded) }) ?? true { upper = limit }
      }
    }

    var contradiction: (lower: Limit, upper: Limit)? {
      guard let lower, let upper else { return nil }
      let isMet = lower.value < upper.value || (lower.value == upper.value && lower.isIncluded && upper.isIncluded)
      return isMet ? nil : (lower, upper)
    }
  }
}
