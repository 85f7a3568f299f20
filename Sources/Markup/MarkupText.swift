import Mustache

/// Text as HTML and XML 1.0 take it: markup escaped, and characters that no document may have replaced by U+FFFD.
///
/// Scalar by scalar: the library's own escape goes by grapheme clusters, and a `<` with a combining mark is another one.
public struct MarkupText: MustacheContentType {
  public init() {}

  /// Makes templates that begin with `{{% CONTENT_TYPE: MARKUP}}` escape their values so.
  public static func register() { MustacheContentTypes.register(MarkupText(), named: "MARKUP") }

  public func escapeText(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // A reader would make a line feed of it.
      case "\r": result += "&#13;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
