import SurveyModel

/// A table for the terminal: fixed columns are as wide as their widest text, one flexible column takes what is left.
struct TextTable {
  enum Alignment { case left, right }

  struct Column {
    var title: String
    var alignment: Alignment
    var isFlexible = false
  }

  static let gap = 2

  let columns: [Column]
  private var rows: [[String]] = []

  init(columns: [Column]) {
    self.columns = columns
  }

  /// Labels may come from data: they stay on their line and tell the terminal nothing.
  mutating func append(_ cells: [String]) { rows.append(cells.map(\.withVisibleControls)) }

  /// The lines, none wider than `width` unless the fixed columns alone are.
  func lines(width: Int) -> [String] {
    var widths = columns.indices.map { index in
      ([columns[index].title] + rows.map { $0[index] }).map(\.displayWidth).max() ?? 0
    }
    if let flexible = columns.firstIndex(where: \.isFlexible) {
      let others = widths.indices.filter { $0 != flexible }.reduce(0) { $0 + widths[$1] }
      let available = width - others - Self.gap * (columns.count - 1)
      widths[flexible] = min(widths[flexible], max(8, available))
    }
    func line(_ cells: [String]) -> String {
      let parts = columns.indices.map { index -> String in
        let text = cells[index].truncated(to: widths[index])
        let padding = String(repeating: " ", count: max(0, widths[index] - text.displayWidth))
        return columns[index].alignment == .left ? text + padding : padding + text
      }
      return String(
        parts.joined(separator: String(repeating: " ", count: Self.gap)).reversed().drop { $0 == " " }.reversed())
    }
    let rule = String(
      repeating: "─", count: min(width, widths.reduce(0, +) + Self.gap * (columns.count - 1)))
    return [line(columns.map(\.title)), rule] + rows.map(line)
  }
}

extension String {
  /// Columns on a terminal: two for wide East Asian characters and pictures, none for marks that combine.
  var displayWidth: Int {
    reduce(0) { width, character in
      guard let scalar = character.unicodeScalars.first else { return width }
      switch scalar.value {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        return width + 2
      default:
        return width + (scalar.properties.generalCategory == .nonspacingMark ? 0 : 1)
      }
    }
  }

  func truncated(to width: Int) -> String {
    guard displayWidth > width else { return self }
    var result = ""
    var used = 0
    for character in self {
      let next = String(character).displayWidth
      if used + next > width - 1 { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  /// The lines of a paragraph, broken at spaces; what follows stands under its first letter.
  func wrapped(to width: Int, indent: String = "") -> [String] {
    let hanging = indent + String(repeating: " ", count: prefix { $0 == " " || $0 == "-" }.count)
    var lines: [String] = []
    var line = indent
    var isFirst = true
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      if !isFirst, line.displayWidth + 1 + String(word).displayWidth > width {
        lines.append(line)
        line = hanging + word
      } else {
        line += (isFirst ? "" : " ") + word
      }
      isFirst = false
    }
    return lines + [line]
  }
}
