import SurveyTestSupport

/// A CSV file as some program may write it: its own line ends, blank lines, quotes where none are needed, line breaks
/// in quoted fields. It knows on which physical line each record starts.
struct WrittenFile {
  private(set) var bytes: [UInt8] = []
  private var line = 1
  private let lineEnd: String
  private let endsLastLine: Bool
  private let hasBlankLines: Bool

  static let breaks = ["\n", "\r\n", "\r"]

  init(using generator: inout SeededGenerator) {
    lineEnd = Self.breaks[Int.random(in: 0..<3, using: &generator)]
    endsLastLine = Bool.random(using: &generator)
    hasBlankLines = Bool.random(using: &generator)
    if Bool.random(using: &generator) { bytes = [0xEF, 0xBB, 0xBF] }
  }

  /// - Returns: The line on which the record starts.
  @discardableResult
  mutating func append(_ fields: [String], using generator: inout SeededGenerator) -> Int {
    while hasBlankLines, Int.random(in: 0..<6, using: &generator) == 0 {
      bytes += Array(lineEnd.utf8)
      line += 1
    }
    let start = line
    let texts = fields.map { field in
      let needsQuotes = field.utf8.contains { ",\"\n\r".utf8.contains($0) }
      // A record of one empty field would be a blank line.
      let isQuoted = needsQuotes || Int.random(in: 0..<5, using: &generator) == 0
      return isQuoted ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }
    bytes += Array((texts.joined(separator: ",") + lineEnd).utf8)
    line += fields.reduce(1) { $0 + Self.lineBreaks(in: $1) }
    return start
  }

  /// The file, whose last line may lack its end.
  var whole: [UInt8] { endsLastLine ? bytes : Array(bytes.dropLast(lineEnd.utf8.count)) }

  /// LF, CRLF and CR each are one.
  private static func lineBreaks(in text: String) -> Int {
    text.replacing("\r\n", with: "\n").utf8.count { $0 == 0x0A || $0 == 0x0D }
  }

  /// What people write into remarks, also what separates fields and lines elsewhere.
  static func remark(using generator: inout SeededGenerator) -> String {
    let pieces = ["", "a", "\u{FC}", " ", ",", "\"", "\"\"", ";"] + breaks
    return (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
      pieces[Int.random(in: 0..<pieces.count, using: &generator)] + "x"
    }.joined()
  }
}
