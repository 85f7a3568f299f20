import OrderedCollections
import SurveyModel

/// Reads a select-many question whose options stand in a column each:
/// `{type: many, columns: {bus: "travel[BUS]"}, ticked: ["Y"], unticked: ["N"], blank: missing}`.
struct ColumnSelectionReader {
  private enum Blank: String, CaseIterable { case missing, unticked }

  let name: String
  let value: YAMLValue
  let fields: YAMLFields
  /// What its other questions, and the codes for no answer, are.
  let codebook: Codebook
  private let labels: [String: String]

  init(name: String, value: YAMLValue, fields: YAMLFields, codebook: Codebook) {
    self.name = name
    self.value = value
    self.fields = fields
    self.codebook = codebook
    let pairs = (try? fields["option-labels"]?.pairs("`option-labels`")) ?? []
    labels = Dictionary(
      pairs.compactMap { pair in
        pair.key.scalarText.flatMap { key in pair.value.scalarText.map { (key, $0) } }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// What readers call an option.
  func label(of option: String) -> String { labels[option] ?? option }

  /// The question, and a question for each option.
  func selection() throws(DefinitionError) -> (ColumnSelection, options: [Question]) {
    guard fields.values["type"]?.scalarText == "many" else {
      throw conflict("question \(name) has `columns` although its type is not `many`", "write `type: many`")
    }
    guard fields["options"] == nil else {
      throw conflict(
        "question \(name) has `options` beside `columns`", "leave `options` out: they are the keys of `columns`")
    }
    let columns = try columns()
    if let labels = fields["option-labels"] {
      for (code, label) in try labels.pairs("`option-labels`") {
        let option = try code.text("an option")
        guard columns[option] != nil else {
          throw .unknownCode(
            code.location, code: option, question: name,
            nearest: NearestName.suggestion(for: option, among: columns.keys))
        }
        _ = try label.text("a label")
      }
    }
    let ticked = try codes("ticked")
    guard !ticked.isEmpty else { throw .missingKey(value.location, key: "ticked", context: "question \(name)") }
    let unticked = try codes("unticked")
    if let both = ticked.first(where: unticked.contains) {
      throw conflict("the code \"\(both)\" of question \(name) is ticked and unticked", "keep one of the two")
    }
    let blank: Blank = try fields.word("blank") ?? .missing
    let isMandatory = try fields["mandatory"]?.truth("value of `mandatory`") ?? false
    let options = columns.map { option, column in
      var question = Question(
        key: column, type: .one, options: ticked + unticked + (blank == .unticked ? [""] : []))
      for code in ticked { question.optionLabels[code] = "ticked" }
      for code in unticked + [""] { question.optionLabels[code] = "not ticked" }
      question.part = Question.Part(question: name, option: option, blankIsUnticked: blank == .unticked)
      return question
    }
    return (ColumnSelection(key: name, columns: columns, ticked: ticked, isMandatory: isMandatory), options)
  }

  private func columns() throws(DefinitionError) -> OrderedDictionary<String, String> {
    var columns: OrderedDictionary<String, String> = [:]
    for (key, column) in try fields.required("columns").pairs("`columns`") {
      let option = try key.text("an option")
      let name = try column.text("a column")
      guard !columns.values.contains(name) else {
        throw .conflict(
          column.location, problem: "the column \(name) stands for two options of question \(self.name)",
          advice: "each option has a column of its own")
      }
      guard !codebook.notApplicable.contains(option) else {
        throw .conflict(
          key.location, problem: "the option \"\(option)\" of question \(self.name) is a code for not applicable",
          advice: "rename the option")
      }
      columns[option] = name
    }
    guard !columns.isEmpty else {
      throw .wrongShape(value.location, context: "`columns`", expected: "a mapping, as in {bus: \"travel[BUS]\"}")
    }
    return columns
  }

  /// The codes for ticked or not ticked. An empty one is said by `blank`, and none may stand for no answer.
  private func codes(_ key: String) throws(DefinitionError) -> [String] {
    let codes = try fields.texts(key)
    let missing = fields["missing"] == nil ? codebook.missing : try fields.texts("missing")
    let notApplicable = fields["not-applicable"] == nil ? codebook.notApplicable : try fields.texts("not-applicable")
    for (place, code) in codes.enumerated() {
      if code.isEmpty {
        throw conflict(
          "`\(key)` of question \(name) holds the empty text",
          key == "ticked" ? "leave it out: a blank cell is no tick" : "write `blank: unticked` instead")
      }
      if codes[..<place].contains(code) {
        throw conflict("`\(key)` of question \(name) lists \"\(code)\" twice", "keep one of the two")
      }
      if missing.contains(code) || notApplicable.contains(code) {
        throw conflict(
          "the code \"\(code)\" of question \(name) is both `\(key)` and a code for no answer",
          "take it out of `\(key)`, or write `missing` on the question without it")
      }
    }
    return codes
  }

  private func conflict(_ problem: String, _ advice: String) -> DefinitionError {
    .conflict(value.location, problem: problem, advice: advice)
  }
}
