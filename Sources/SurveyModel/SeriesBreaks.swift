/// Which breaks in the series of an indicator lie between two cycles.
///
/// A break is declared between two cycles, and the span of two others holds it if the earlier one is not after its
/// start and the later one not before its end. The order of cycles is that of their years; of a cycle whose year is
/// unknown that of the declared pairs; failing that the order of names that differ in a number, as `cycle-2` and
/// `cycle-3`. A break whose place stays unknown counts: a change that is left out harms less than a wrong one.
public struct SeriesBreaks: Sendable {
  private var years: [String: Double] = [:]
  private var reasons: [CyclePair: String] = [:]
  private var pairs: Set<CyclePair> = []

  /// - Parameters:
  ///   - indicators: What the cycles' definitions say of one indicator.
  ///   - cycles: Those that tell their years.
  public init(_ indicators: [Indicator], cycles: [SurveyCycle]) {
    for cycle in cycles {
      years.merge(cycle.yearsOfOthers) { known, _ in known }
      if let year = cycle.year { years[cycle.cycle] = year }
    }
    for indicator in indicators {
      reasons.merge(indicator.breaks) { known, _ in known }
      pairs.formUnion(indicator.comparability.keys)
      pairs.formUnion(indicator.breaks.keys)
    }
  }

  /// Why nothing can be compared between two cycles, by the names that `per-cycle` uses; nil where it can.
  public func reason(between one: String, and other: String) -> String? {
    guard !reasons.isEmpty, one != other else { return nil }
    let (first, last) = isBefore(other, one) == true ? (other, one) : (one, other)
    let found = reasons.filter { pair, _ in
      isNotAfter(first, pair.then) && isNotAfter(pair.now, last)
    }
    let words = found.sorted { ($0.key.then, $0.key.now) < ($1.key.then, $1.key.now) }.map { pair, reason in
      "break \(pair.then) -> \(pair.now): \(reason)"
    }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  private func isNotAfter(_ one: String, _ other: String) -> Bool { one == other || isBefore(one, other) ?? true }

  /// nil: unknown.
  private func isBefore(_ one: String, _ other: String) -> Bool? {
    if let first = years[one], let second = years[other], first != second { return first < second }
    if leads(one, to: other) { return true }
    if leads(other, to: one) { return false }
    guard let first = NumberedName(one), let second = NumberedName(other), first.rest == second.rest,
      first.number != second.number
    else { return nil }
    return first.number < second.number
  }

  /// Whether declared pairs lead from one cycle to another.
  private func leads(_ one: String, to other: String) -> Bool {
    var reached: Set<String> = [one]
    var open = [one]
    while let next = open.popLast() {
      for pair in pairs where pair.then == next && reached.insert(pair.now).inserted { open.append(pair.now) }
    }
    return one != other && reached.contains(other)
  }
}

/// A name with one number in it.
private struct NumberedName {
  var rest: String
  var number: Int

  init?(_ name: String) {
    let digits = name.filter { ("0"..."9").contains($0) }
    guard let number = Int(digits), name.contains(digits) else { return nil }
    self.number = number
    rest = name.filter { !("0"..."9").contains($0) }
  }
}
