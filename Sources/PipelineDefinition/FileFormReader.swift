import Encodings
import SurveyModel

/// Reads what a table says of its files beside their separators: what stands above the data, and the encoding.
struct FileFormReader {
  /// More than any program writes; a slip is likelier.
  private static let mostHeaderRows = 100
  private static let mostSkippedRows = 1_000_000

  let fields: YAMLFields

  func read(into table: inout TableDefinition) throws(DefinitionError) {
    table.headerRows =
      try number("header-rows", 1...Self.mostHeaderRows, "the row with the names counts as one") ?? table.headerRows
    table.skippedRows =
      try number("skip-rows", 0...Self.mostSkippedRows, "the lines above the header") ?? table.skippedRows
    if let value = fields["header-names"] {
      switch try value.text("`header-names`") {
      case "first": break
      case "joined" where table.headerRows > 1: table.joinsHeaderRows = true
      case "joined":
        throw .conflict(
          value.location, problem: "`header-names: joined` puts the names of several rows together, and there is one",
          advice: "say by `header-rows` how many rows the names stand in")
      case let other:
        throw .badValue(
          value.location, value: other, context: "value of `header-names`", expected: "first or joined",
          nearest: NearestName.suggestion(for: other, among: ["first", "joined"]))
      }
    }
    guard let value = fields["encoding"] else { return }
    let name = try value.text("`encoding`")
    guard TextEncoding(name) != nil else {
      throw .badValue(
        value.location, value: name, context: "value of `encoding`",
        expected: "an encoding that `iconv -l` lists, such as utf-8, utf-16, windows-1252 or latin-1",
        nearest: NearestName.suggestion(for: name.lowercased(), among: TextEncoding.wellKnownNames))
    }
    table.encoding = name
  }

  private func number(
    _ key: String, _ range: ClosedRange<Int>, _ meaning: String
  ) throws(DefinitionError) -> Int? {
    guard let value = fields[key] else { return nil }
    let text = try value.text("`\(key)`")
    guard let number = Int(text), range.contains(number), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .badValue(
        value.location, value: text, context: "value of `\(key)`",
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound): \(meaning)", nearest: nil)
    }
    return number
  }
}
