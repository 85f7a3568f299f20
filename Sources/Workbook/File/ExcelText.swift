import SurveyModel

/// Texts as Excel takes them: what XML forbids made visible, and no longer than a cell.
enum ExcelText {
  /// In units of UTF-16, as Excel counts.
  static let longestCell = 32_767
  static let longestSheetName = 31

  /// Lines stay lines; every other control character is written out.
  static func cell(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).withVisibleControls }
    // XML has no such characters either, though they control nothing.
    for place in lines.indices where lines[place].unicodeScalars.contains(where: isForbidden) {
      lines[place] = lines[place].unicodeScalars.map { isForbidden($0) ? $0.escaped(asASCII: true) : String($0) }
        .joined()
    }
    return truncated(literal(lines.joined(separator: "\n")), to: longestCell)
  }

  /// The longest beginning that fits, with an ellipsis where something is left out.
  static func truncated(_ text: String, to limit: Int) -> String {
    guard text.utf16.count > limit else { return text }
    var kept = ""
    var count = 0
    for character in text {
      count += character.utf16.count
      guard count < limit else { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// Excel reads `_x0041_` as the letter A; so that it shows what the data says, the underscore is written that way.
  private static func literal(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "_")), text.contains("_x") else { return text }
    return text.replacing(/_(?=x[0-9A-Fa-f]{4}_)/, with: "_x005F_")
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0xFFFE || scalar.value == 0xFFFF }
}

/// The names of a workbook's sheets, made such as Excel takes.
struct SheetNames {
  private var taken: Set<String> = []

  /// At most 31 characters, none of `[]:*?/\`, no apostrophe at an end, and different from all before, ignoring case.
  mutating func unique(_ wanted: String) -> String {
    let forbidden = "[]:*?/\\"
    let scalars = ExcelText.cell(wanted).unicodeScalars.map { scalar in
      forbidden.unicodeScalars.contains(scalar) || scalar == "\n" ? "_" : String(scalar)
    }
    let trimmed = scalars.joined().trimming { $0 == "'" || $0 == " " }
    let base = trimmed.isEmpty ? "Sheet" : trimmed
    var name = ExcelText.truncated(base, to: ExcelText.longestSheetName)
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      let ending = " (\(number))"
      name = ExcelText.truncated(base, to: ExcelText.longestSheetName - ending.utf16.count) + ending
      number += 1
    }
    return name
  }
}

extension String {
  fileprivate func trimming(_ isOutside: (Character) -> Bool) -> String {
    var text = Substring(self)
    while let first = text.first, isOutside(first) { text.removeFirst() }
    while let last = text.last, isOutside(last) { text.removeLast() }
    return String(text)
  }
}
