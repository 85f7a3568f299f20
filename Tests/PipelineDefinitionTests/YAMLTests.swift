import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("YAML as people write it")
struct YAMLTests {
  /// Texts that YAML 1.1 would turn into truths, numbers, days or nothing.
  static let words = [
    "on", "off", "yes", "no", "y", "n", "true", "false", "True", "NO", "null", "~", "0x10", "0o17", "010", "5", "5.0",
    "+5", "1_000", "1e3", ".5", ".inf", ".nan", "2019-10-01", "12:30:45", "1,5", "=", "a b", "<<", "0",
  ]

  @Test("A scalar is the text that was written, plain or quoted", arguments: words)
  func scalars(word: String) throws {
    for written in [word, "\"\(word)\"", "'\(word)'"] {
      // A comma separates items in a flow list unless the text is quoted.
      if word.contains(","), written == word { continue }
      var fixture = DefinitionFixture()
      fixture.change("codebook.yaml", "[yes, no, maybe]", to: "[\(written), other]")
      fixture.change("codebook.yaml", "asked-if: {Q1: yes}", to: "asked-if: {Q1: \(written)}")
      // Neither an option nor a member may be a missing code.
      fixture.change("codebook.yaml", "not-applicable: [false.na]", to: "not-applicable: [false.na, \(written)]")
      fixture.change("indicators.yaml", "{Q1: yes}", to: "{Q1: [\(written)]}")
      fixture.change("p.yaml", "{column: region}", to: "{column: region, labels: labels.yaml}")
      fixture.files["labels.yaml"] = "\(written): \(written)\n"
      let cycle = try fixture.cycle()
      let codebook = try #require(cycle.tables["responses"]?.codebook)
      #expect(codebook.questions["Q1"]?.options == [word, "other"])
      #expect(codebook.questions["Q5"]?.askedIf == .oneOf(column: "Q1", codes: [word]))
      #expect(codebook.notApplicable == ["false.na", word])
      #expect(cycle.indicators[0].rule.asked?.numerator == .oneOf(column: "Q1", codes: [word]))
      #expect(cycle.dimensions["region"]?.labels == [word: word])
    }
  }

  @Test("A key without a value has the empty text")
  func empty() throws {
    var fixture = DefinitionFixture()
    fixture.change("p.yaml", "pipeline: p\n", to: "pipeline: p\ntitle:\n")
    #expect(try fixture.cycle().title == "")
  }

  @Test("Block texts, comments, CRLF line ends and a byte order mark are read")
  func styles() throws {
    var fixture = DefinitionFixture()
    fixture.change("indicators.yaml", "title: First", to: "title: First # not part of it\n  note: >-\n    one\n    two")
    for (name, text) in fixture.files { fixture.files[name] = text.replacing("\n", with: "\r\n") }
    fixture.files["codebook.yaml"] = "\u{FEFF}" + (fixture.files["codebook.yaml"] ?? "")
    let cycle = try fixture.cycle()
    #expect(cycle.indicators[0].title == "First")
    #expect(cycle.indicators[0].note == "one two")
    #expect(cycle.tables["responses"]?.codebook?.questions.count == 7)
  }

  @Test("An alias stands for what it names")
  func aliases() throws {
    var fixture = DefinitionFixture()
    fixture.change("codebook.yaml", "options: [yes, no, maybe]", to: "options: &list [yes, no, maybe]")
    fixture.change("codebook.yaml", "Q7: {type: number}", to: "Q7: {type: number}\n  Q8: {type: one, options: *list}")
    #expect(try fixture.cycle().tables["responses"]?.codebook?.questions["Q8"]?.options == ["yes", "no", "maybe"])
  }

  @Test(
    "Columns are counted in characters of the line",
    arguments: ["abc", "é日本", "🇸🇰🎉", "\u{1F1F8}"])
  func columns(word: String) throws {
    // Unicode scalars are characters to YAML.
    try WrongDefinition.question("", "\"\(word)\": {type: text}\n  Q8: {type: text, ‹labl: x}") {
      .unknownKey($0, key: "labl", context: "question Q8", nearest: "label")
    }.check()
    let line = "  - {id: \"\(word)\", titel: x}\n"
    var fixture = DefinitionFixture()
    fixture.files["indicators.yaml"] = line
    let directory = try TemporaryDirectory()
    let reader = try fixture.write(into: directory)
    let column = line.unicodeScalars.count - "titel: x}\n".unicodeScalars.count + 1
    #expect(
      throws: DefinitionError.unknownKey(
        SourceLocation(file: directory.path(of: "indicators.yaml"), line: 1, column: column), key: "titel",
        context: "an indicator", nearest: "title")
    ) { try reader.cycle(named: "p") }
  }

  @Test(
    "What is no YAML is refused with line and column",
    arguments: [
      ("- {id: x\n  title: [\n", 2, 8), ("a:\n\t- b\n", 2, 1), ("- id: *nobody\n", 1, 7), ("a: b\n---\nc: d\n", 2, 1),
      ("- \"open\n", 2, 1), ("- id: x\n title: y\n", 2, 2), ("- @x\n", 1, 3),
    ])
  func syntax(text: String, line: Int, column: Int) throws {
    var fixture = DefinitionFixture()
    fixture.files["indicators.yaml"] = text
    let directory = try TemporaryDirectory()
    let reader = try fixture.write(into: directory)
    let error = #expect(throws: DefinitionError.self) { try reader.cycle(named: "p") }
    guard case .syntax(let location, let problem)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(location == SourceLocation(file: directory.path(of: "indicators.yaml"), line: line, column: column))
    #expect(!problem.isEmpty && !problem.contains("\n"))
    #expect(error?.exitStatus == .badDefinition)
  }

  @Test("An empty file is refused", arguments: ["", "\n\n", "# only a comment\n"])
  func emptyFile(text: String) throws {
    var fixture = DefinitionFixture()
    fixture.files["indicators.yaml"] = text
    let directory = try TemporaryDirectory()
    let reader = try fixture.write(into: directory)
    #expect(
      throws: DefinitionError.wrongShape(
        SourceLocation(file: directory.path(of: "indicators.yaml")), context: "the file",
        expected: "a YAML mapping, but it is empty")
    ) { try reader.cycle(named: "p") }
  }

  /// 9^9 values in 500 bytes; each level of aliases would take nine times as long as the one before.
  @Test("Aliases that multiply are refused quickly", .limit(minutes: 1))
  func billionLaughs() throws {
    #expect(throws: DefinitionError.self) { try fixture(indicators: bomb(levels: 9)).cycle() }
    #expect(throws: DefinitionError.self) { try fixture(indicators: bomb(levels: 200)).cycle() }
    let directory = try TemporaryDirectory()
    let reader = try fixture(indicators: bomb(levels: 9)).write(into: directory)
    // The first alias with which there are too many.
    let place = SourceLocation(file: directory.path(of: "indicators.yaml"), line: 7, column: 10)
    let clock = ContinuousClock()
    let duration = clock.measure {
      #expect(throws: DefinitionError.tooLarge(place, limit: 1_000_000)) { try reader.cycle(named: "p") }
    }
    #expect(duration < .seconds(20))
  }

  /// Yams compares keys with all that they stand for while it composes, before any limit: each level takes nine times as
  /// long.
  @Test(
    "Aliases that multiply inside a key are refused quickly", .limit(minutes: 1),
    arguments: ["? *a9\n: x\n", "*a9 : x\n", "k: {*a9 : x}\n", "k: [*a9:x]\n", "? [*a9]\n: x\n", "? {k: *a9}\n: x\n"])
  func billionLaughsInKeys(key: String) throws {
    #expect(throws: DefinitionError.self) { try fixture(indicators: bomb(levels: 9) + key).cycle() }
  }

  /// Each stands for little, but releasing what is nested so deep would overflow the stack.
  @Test("A long chain of aliases is refused", arguments: [65, 100_000])
  func chainOfAliases(length: Int) throws {
    var text = "a0: &a0 [x]\n"
    for link in 1...length { text += "a\(link): &a\(link) [*a\(link - 1)]\n" }
    let error = #expect(throws: DefinitionError.self) { try fixture(indicators: text).cycle() }
    guard case .tooLarge(let location, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(location.line == 64)
  }

  @Test("Aliases may be used as often as anybody writes them")
  func usefulAliases() throws {
    var fixture = DefinitionFixture()
    fixture.change("indicators.yaml", "{Q1: yes}", to: "&yes {Q1: yes}")
    for number in 1...500 {
      fixture.files["indicators.yaml", default: ""] += "- {id: more-\(number), title: More, numerator: *yes}\n"
    }
    #expect(try fixture.cycle().indicators.count > 500)
  }

  @Test("A file of more than 16 MB is refused without being read")
  func largeFile() throws {
    var fixture = DefinitionFixture()
    fixture.files["indicators.yaml"] = String(repeating: "# a comment\n", count: 1_500_000)
    let directory = try TemporaryDirectory()
    let reader = try fixture.write(into: directory)
    let error = #expect(throws: DefinitionError.self) { try reader.cycle(named: "p") }
    #expect(error?.summary == "cannot read \(directory.path(of: "indicators.yaml")): it has more than 16 MB")
    #expect(error?.exitStatus == .missingInput)
  }

  @Test("Nesting is limited", arguments: [65, 500, 20_000])
  func nesting(depth: Int) throws {
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(throws: DefinitionError.self) { try fixture(indicators: text).cycle() }
  }

  @Test("Conditions may be nested as deep as anybody writes them")
  func deepConditions() throws {
    var condition = Condition.oneOf(column: "Q1", codes: ["yes"])
    var text = "{Q1: yes}"
    for _ in 0..<50 {
      condition = .not(condition)
      text = "{not: \(text)}"
    }
    var fixture = DefinitionFixture()
    fixture.change("indicators.yaml", "{Q1: yes}", to: text)
    #expect(try fixture.cycle().indicators[0].rule.asked?.numerator == condition)
  }

  private func bomb(levels: Int) -> String {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...levels {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    return text
  }

  private func fixture(indicators: String) -> DefinitionFixture {
    var fixture = DefinitionFixture()
    fixture.files["indicators.yaml"] = indicators
    return fixture
  }
}
