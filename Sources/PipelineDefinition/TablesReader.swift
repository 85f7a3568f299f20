import OrderedCollections
import SurveyModel

/// Reads the `tables` of a pipeline and the codebooks they name.
struct TablesReader {
  static let keys = [
    "path", "layout", "codebook", "respondent", "unit", "roll-up", "submitted", "delimiter", "quote",
    "multiple-separator", "multiple-trim", "decimal", "thousands", "question", "answer", "date-format", "header-rows",
    "header-names", "skip-rows", "encoding",
  ]

  let directory: String

  func tables(
    _ value: YAMLValue, files: inout DefinitionTexts
  ) throws(DefinitionError) -> OrderedDictionary<String, TableDefinition> {
    var result: OrderedDictionary<String, TableDefinition> = [:]
    let pairs = try value.pairs("`tables`")
    for (key, body) in pairs {
      let name = try key.text("a table")
      result[name] = try table(name, body)
    }
    // Routing in a codebook may look at any table, so codebooks are read when all tables are known.
    let known = Dictionary(uniqueKeysWithValues: result.map { ($0.key, $0.value) })
    for (key, body) in pairs {
      guard let name = key.scalarText, let codebook = try body.fields("table \(name)", allowed: Self.keys)["codebook"]
      else { continue }
      let path = body.path(beside: try codebook.filePath("`codebook`"))
      let columns = known.mapValues { Set([$0.respondent, $0.unit, $0.submitted].compactMap(\.self)) }
      let read = try CodebookReader(
        file: files.read(path, referredFrom: codebook.location)
      ).codebook(scope: ConditionScope(tables: known, table: name, keyColumns: columns))
      if let table = known[name] {
        try refuseSeparator(in: read, of: table, at: codebook)
        if table.layout != .wide, let question = read.selections.keys.first {
          throw .conflict(
            codebook.location,
            problem: "question \(question) is made of columns, and table \(name) has one row for each answer",
            advice: "give the question `options`: each row holds one of the chosen codes")
        }
      }
      result[name]?.codebook = read
    }
    guard result[SurveyCycle.responsesTable] != nil else {
      throw .missingKey(value.location, key: SurveyCycle.responsesTable, context: "`tables`")
    }
    return result
  }

  private func table(_ name: String, _ value: YAMLValue) throws(DefinitionError) -> TableDefinition {
    let fields = try value.fields("table \(name)", allowed: Self.keys)
    var paths: [String] = []
    for path in try fields.required("path").texts("`path`") { paths.append(try path.filePath("`path`")) }
    guard !paths.isEmpty else {
      throw .missingKey(value.location, key: "path", context: "table \(name)")
    }
    var table = TableDefinition(name: name, paths: paths.map { YAMLValue.path($0, from: directory) })
    table.respondent = try fields.text("respondent")
    table.unit = try fields.text("unit")
    table.submitted = try fields.text("submitted")
    table.rollUp = try fields.word("roll-up") ?? .none
    try readLayout(fields, into: &table, at: value)
    table.delimiter = try byte(fields, "delimiter") ?? table.delimiter
    table.declaresDelimiter = fields["delimiter"] != nil
    try FileFormReader(fields: fields).read(into: &table)
    if let quote = fields["quote"], quote.scalarText == "none" {
      table.quote = nil
    } else {
      table.quote = try byte(fields, "quote") ?? table.quote
    }
    if let format = fields["date-format"] { table.dateFormat = try dateFormat(format) }
    table.multipleSeparator = try separator(fields) ?? table.multipleSeparator
    table.multipleTrim = try fields["multiple-trim"]?.truth("value of `multiple-trim`") ?? false
    table.numbers = try numbers(fields)
    try refuseEqualCharacters(table, at: value)
    if table.rollUp != .none, table.unit == nil {
      throw .conflict(
        value.location, problem: "table \(name) has a roll-up but no unit to roll up to", advice: "declare `unit`")
    }
    if table.rollUp == .latest, table.submitted == nil {
      throw .conflict(
        value.location, problem: "table \(name) keeps the latest row of a unit but does not say which date decides",
        advice: "declare `submitted`")
    }
    return table
  }

  private func readLayout(
    _ fields: YAMLFields, into table: inout TableDefinition, at value: YAMLValue
  ) throws(DefinitionError) {
    switch try fields.text("layout") ?? "wide" {
    case "wide":
      guard fields["question"] == nil, fields["answer"] == nil else {
        throw .conflict(
          value.location, problem: "`question` and `answer` belong to the long layout", advice: "add `layout: long`")
      }
    case "long":
      let respondent = try fields.requiredText("respondent")
      let question = try fields.requiredText("question")
      let answer = try fields.requiredText("answer")
      let keys = [respondent, table.unit, table.submitted]
      guard question != answer, !keys.contains(question), !keys.contains(answer) else {
        throw .conflict(
          value.location, problem: "one column of table \(table.name) is named for two things",
          advice: "`question` and `answer` are columns of their own")
      }
      table.layout = .long(respondent: respondent, question: question, answer: answer)
    case let text:
      throw .badValue(
        try fields.required("layout").location, value: text, context: "layout", expected: "wide or long",
        nearest: NearestName.suggestion(for: text, among: ["wide", "long"]))
    }
  }

  private func dateFormat(_ value: YAMLValue) throws(DefinitionError) -> DateFormat {
    let pattern = try value.text("`date-format`")
    do throws(DateFormat.Problem) {
      return try DateFormat(pattern: pattern)
    } catch {
      throw .conflict(value.location, problem: error.problem, advice: error.advice)
    }
  }

  private func byte(_ fields: YAMLFields, _ key: String) throws(DefinitionError) -> UInt8? {
    guard let value = fields[key] else { return nil }
    let text = try value.text("`\(key)`")
    guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte != 0x0A, byte != 0x0D, byte != 0 else {
      throw .badValue(
        value.location, value: text, context: "value of `\(key)`", expected: "a single ASCII character", nearest: nil)
    }
    return byte
  }

  /// Any characters but those that end a line.
  private func separator(_ fields: YAMLFields) throws(DefinitionError) -> String? {
    guard let value = fields["multiple-separator"] else { return nil }
    let text = try value.text("`multiple-separator`")
    guard (1...16).contains(text.unicodeScalars.count), !text.utf8.contains(where: { [0, 0x0A, 0x0D].contains($0) })
    else {
      throw .badValue(
        value.location, value: text, context: "value of `multiple-separator`",
        expected: "one to 16 characters other than line breaks", nearest: nil)
    }
    return text
  }

  /// `decimal` and `thousands`. Which of the two a lone mark is cannot be guessed.
  private func numbers(_ fields: YAMLFields) throws(DefinitionError) -> NumberFormat {
    var format = NumberFormat.plain
    if let value = fields["decimal"] {
      let text = try value.text("`decimal`")
      guard let mark = NumberFormat.DecimalMark(rawValue: text) else {
        throw .badValue(
          value.location, value: text, context: "value of `decimal`", expected: "\".\" or \",\"", nearest: nil)
      }
      format.decimal = mark
    }
    if let value = fields["thousands"] {
      let text = try value.text("`thousands`")
      guard let mark = NumberFormat.ThousandsMark(rawValue: text) else {
        let marks = NumberFormat.ThousandsMark.allCases.map(\.yaml).joined(separator: ", ")
        throw .badValue(
          value.location, value: text, context: "value of `thousands`", expected: "one of \(marks)", nearest: nil)
      }
      format.thousands = mark
      guard mark.rawValue != format.decimal.rawValue else {
        throw .conflict(
          value.location, problem: "`thousands` and `decimal` are \(mark.name) both",
          advice: mark == .point ? "add `decimal: \",\"`" : "write another mark")
      }
    }
    return format
  }

  /// No answer could ever hold such a code: it would be taken apart, or trimmed.
  private func refuseSeparator(
    in codebook: Codebook, of table: TableDefinition, at value: YAMLValue
  ) throws(DefinitionError) {
    let separator = table.multipleSeparator
    // A last separator says nothing, also without the spaces at its end.
    let bare = String(separator.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    for question in codebook.questions.values where question.type == .many {
      for code in question.options {
        if code.contains(bytes: separator) || (!bare.isEmpty && code.hasSuffix(bare)) {
          throw .conflict(
            value.location,
            problem:
              "the code \"\(code)\" of question \(question.key) holds the `multiple-separator` of table \(table.name)",
            advice:
              "set `multiple-separator` to characters that no code has (several, such as \"; \", if the file has them), "
              + "or export one column for each option and list them under `columns`")
        }
        if table.multipleTrim, let first = code.first, let last = code.last, [first, last].contains(where: \.isTrimmed)
        {
          throw .conflict(
            value.location,
            problem: "the code \"\(code)\" of question \(question.key) begins or ends with a space",
            advice: "leave the space out: `multiple-trim` of table \(table.name) ignores it")
        }
      }
    }
  }

  private func refuseEqualCharacters(_ table: TableDefinition, at value: YAMLValue) throws(DefinitionError) {
    func holds(_ byte: UInt8) -> Bool { table.multipleSeparator.utf8.contains(byte) }
    if table.quote == nil, holds(table.delimiter) {
      throw .conflict(
        value.location,
        problem: "`multiple-separator` holds the `delimiter` of table \(table.name), which has no quotes",
        advice: "set one of the two: the answers could not be told apart")
    }
    if table.quote == table.delimiter || table.quote.map(holds) == true {
      throw .conflict(
        value.location, problem: "`quote` equals another separator in table \(table.name)",
        advice: "choose another character")
    }
  }
}

extension String {
  /// Whether the bytes of another text stand in it, whatever characters they are part of.
  fileprivate func contains(bytes other: String) -> Bool {
    let (bytes, part) = (Array(utf8), Array(other.utf8))
    guard bytes.count >= part.count else { return false }
    return (0...(bytes.count - part.count)).contains { bytes[$0..<($0 + part.count)].elementsEqual(part) }
  }
}

extension Character {
  /// Whether `multiple-trim` ignores it at the ends of a code.
  fileprivate var isTrimmed: Bool { self == " " || self == "\t" }
}
