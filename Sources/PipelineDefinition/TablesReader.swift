import OrderedCollections
import SurveyModel

/// Reads the `tables` of a pipeline and the codebooks they name.
struct TablesReader {
  static let keys = [
    "path", "layout", "codebook", "respondent", "unit", "roll-up", "submitted", "delimiter", "quote",
    "multiple-separator", "question", "answer", "date-format", "header-rows", "skip-rows", "encoding",
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
      if let table = known[name] { try refuseSeparator(in: read, of: table, at: codebook) }
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
    table.multipleSeparator = try byte(fields, "multiple-separator") ?? table.multipleSeparator
    if let format = fields["date-format"] { table.dateFormat = try dateFormat(format) }
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

  /// No answer could ever hold such a code: it would be taken apart.
  private func refuseSeparator(
    in codebook: Codebook, of table: TableDefinition, at value: YAMLValue
  ) throws(DefinitionError) {
    for question in codebook.questions.values where question.type == .many {
      guard let code = question.options.first(where: { $0.utf8.contains(table.multipleSeparator) }) else { continue }
      throw .conflict(
        value.location,
        problem:
          "the code \"\(code)\" of question \(question.key) holds the `multiple-separator` of table \(table.name)",
        advice: "set `multiple-separator` to a character that no code has")
    }
  }

  private func refuseEqualCharacters(_ table: TableDefinition, at value: YAMLValue) throws(DefinitionError) {
    if table.delimiter == table.multipleSeparator {
      throw .conflict(
        value.location, problem: "`delimiter` equals `multiple-separator` in table \(table.name)",
        advice: "set one of the two: the answers could not be told apart")
    }
    if table.quote == table.delimiter || table.quote == table.multipleSeparator {
      throw .conflict(
        value.location, problem: "`quote` equals another separator in table \(table.name)",
        advice: "choose another character")
    }
  }
}
