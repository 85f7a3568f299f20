import SurveyModel

/// Says which declaration would read a text that is no number as its table writes numbers.
package enum NumberHint {
  /// Longer texts get no hint: they are no numbers with other marks.
  private static let longest = 64

  /// Words to stand behind "not a number"; empty where nothing would help.
  package static func words(for value: String, _ format: NumberFormat) -> String {
    if value.hasPrefix("\u{2212}") { return ": its minus is U+2212; write a hyphen, -" }
    guard value.utf8.count <= longest, value.contains(where: { "0" <= $0 && $0 <= "9" }) else { return "" }
    let mark = mark(in: value, format)
    if let thousands = format.thousands, mark == nil, value.contains(thousands.rawValue) {
      return ": with `thousands: \(thousands.yaml)` groups have three digits"
    }
    let declarations = declarations(reading: value, format)
    guard let mark, !declarations.isEmpty else { return "" }
    return ": it has \(mark); set \(declarations.joined(separator: ", or ")) for the table"
  }

  /// Words to stand behind "not a whole number"; empty where the mark in it does not look like that between thousands.
  static func words(forFraction value: String, _ format: NumberFormat) -> String {
    guard format.thousands == nil, Suspicions.isLikeThousands(Array(value.utf8).span, mark: format.decimal.byte) == true
    else { return "" }
    return ": if \(format.decimal.name) marks thousands, set \(format.exchanged) for the table"
  }

  /// The first mark of a number that the format has not.
  private static func mark(in value: String, _ format: NumberFormat) -> String? {
    for character in value {
      let text = String(character)
      if text == format.decimal.rawValue || text == format.thousands?.rawValue { continue }
      if let mark = NumberFormat.ThousandsMark(rawValue: text) { return mark.name }
    }
    return nil
  }

  /// The keys that make a number of the text, of all such declarations those that change least.
  private static func declarations(reading value: String, _ format: NumberFormat) -> [String] {
    let bytes = Array(value.utf8)
    var found: [(changes: Int, words: String)] = []
    for thousands in [nil] + NumberFormat.ThousandsMark.allCases {
      for decimal in NumberFormat.DecimalMark.allCases where decimal.rawValue != thousands?.rawValue {
        let other = NumberFormat(decimal: decimal, thousands: thousands)
        guard DecimalNumber.read(bytes.span, other) != nil else { continue }
        var words: [String] = []
        if decimal != format.decimal { words.append("`decimal: \"\(decimal.rawValue)\"`") }
        if let thousands, thousands != format.thousands { words.append("`thousands: \(thousands.yaml)`") }
        found.append((words.count, words.joined(separator: " and ")))
      }
    }
    let least = found.map(\.changes).min() ?? 0
    return least == 0 ? [] : found.filter { $0.changes == least }.map(\.words)
  }
}
