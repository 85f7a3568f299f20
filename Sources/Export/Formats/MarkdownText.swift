import SurveyModel

/// Text for GitHub's Markdown: whatever the definition or the data call something is read as these very words, on its
/// line and in its cell, never as markup.
enum MarkdownText {
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.withVisibleControls.unicodeScalars {
      switch scalar {
      // Cells are cut before anything else is read, and renderers differ in what a backslash before a bar means.
      case "|": result += "&#124;"
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // Nothing else keeps a name from being notified.
      case "@": result += "@<!-- -->"
      case "\\", "`", "*", "_", "[", "]", "~", "#", "$": result += "\\" + String(scalar)
      // An address that is written out would become a link.
      case _ where startsAddress(result, with: scalar): result += "\\" + String(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func startsAddress(_ before: String, with scalar: Unicode.Scalar) -> Bool {
    let starts =
      switch scalar {
      case ":": ["http", "https", "ftp", "mailto", "xmpp"]
      case ".": ["www"]
      default: [String]()
      }
    return starts.contains { before.suffix($0.count).lowercased() == $0 }
  }
}

/// A table of GitHub's Markdown.
struct MarkdownTable {
  enum Alignment { case left, right }

  struct Column {
    var title: String
    var alignment: Alignment
  }

  private(set) var lines: [String]

  /// - Parameter columns: Titles are text, escaped here.
  init(columns: [Column]) {
    lines = [
      Self.line(columns.map { MarkdownText.escaped($0.title) }),
      Self.line(columns.map { $0.alignment == .left ? ":---" : "---:" }),
    ]
  }

  /// One text for each column, escaped here.
  mutating func append(_ cells: [String]) {
    lines.append(Self.line(cells.map(MarkdownText.escaped)))
  }

  private static func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
