import SurveyModel

/// Numbers as people read them: a percentage with one decimal, a whole count. Files for programs print all digits.
public enum PrintedNumber {
  /// "79.1" for 79.08.
  public static func percent(_ percent: Double) -> String {
    let tenths = (percent * 10).rounded()
    guard abs(tenths) < 1e15 else { return percent.shortestText }
    let magnitude = abs(Int(tenths))
    return "\(tenths < 0 ? "-" : "")\(magnitude / 10).\(magnitude % 10)"
  }

  public static func whole(_ number: Double) -> String { number.rounded().shortestText }

  public static func value(_ number: Double, kind: Indicator.Kind) -> String {
    kind == .count ? whole(number) : percent(number)
  }

  /// With its sign, also where it is positive.
  public static func signed(_ number: Double, kind: Indicator.Kind) -> String {
    let text = value(number, kind: kind)
    return number > 0 && !text.hasPrefix("+") ? "+" + text : text
  }

  /// "95" for 0.95.
  public static func level(_ level: Double) -> String {
    let text = percent(level * 100)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  public static func interval(_ lower: Double, _ upper: Double, kind: Indicator.Kind) -> String {
    "\(value(lower, kind: kind)) – \(value(upper, kind: kind))"
  }
}
