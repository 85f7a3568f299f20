import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("A question may be called like a word of conditions")
struct ConditionWordTests {
  static let words = [
    "answered", "decided", "any", "all", "not", "related", "reported", "routed-out", "question", "is", "empty",
    "before",
    "at-least",
  ]

  /// A codebook with a question of each type whose name is the word, under the condition.
  private func condition(_ yaml: String, word: String, type: String) throws -> Condition? {
    var fixture = DefinitionFixture()
    fixture.change("codebook.yaml", "  Q7: {type: number}", to: "  Q7: {type: number}\n  \(word): {\(type)}")
    fixture.change("indicators.yaml", "numerator: {Q1: yes}", to: "denominator: {answered: Q1}\n  numerator: \(yaml)")
    return try fixture.cycle().indicators[0].rule.asked?.numerator
  }

  @Test("Codes and bounds, also several", arguments: words)
  func theForm(word: String) throws {
    let one = "type: one, options: [a, b, c]"
    #expect(
      try condition("{question: \(word), is: [a, b]}", word: word, type: one)
        == .oneOf(column: word, codes: ["a", "b"]))
    #expect(try condition("{is: a, question: \(word)}", word: word, type: one) == .oneOf(column: word, codes: ["a"]))
    #expect(
      try condition("{not: {question: \(word), is: a}}", word: word, type: one)
        == .not(.oneOf(column: word, codes: ["a"])))
    #expect(
      try condition("{any: [{question: \(word), is: a}, {Q1: yes}]}", word: word, type: one)
        == .any([.oneOf(column: word, codes: ["a"]), .oneOf(column: "Q1", codes: ["yes"])]))
    #expect(
      try condition("{question: \(word), at-least: 5, below: 9}", word: word, type: "type: number")
        == .all([.number(column: word, .atLeast, 5), .number(column: word, .below, 9)]))
    #expect(
      try condition("{question: \(word), on-or-after: 2019-10-01}", word: word, type: "type: date")
        == .date(column: word, .atLeast, ConditionFormTests.day("2019-10-01")))
    #expect(
      try condition("{question: \(word), empty: false}", word: word, type: one) == .empty(column: word, false))
    #expect(
      try condition("{question: \(word), includes-all: [a, b]}", word: word, type: "type: many, options: [a, b]")
        == .includesAll(column: word, codes: ["a", "b"]))
    #expect(try condition("{answered: \(word)}", word: word, type: one) == .answered([word]))
    #expect(try condition("{answered: [Q1, \(word)]}", word: word, type: one) == .answered(["Q1", word]))
    #expect(
      try condition("{routed-out: \(word)}", word: word, type: "type: text, asked-if: {Q1: yes}") == .routedOut(word))
  }

  @Test("A code that is a word, and a question of an ordinary name")
  func ordinaryNames() throws {
    let one = "type: one, options: [any, is, question]"
    #expect(try condition("{question: Q1, is: yes}", word: "x", type: one) == .oneOf(column: "Q1", codes: ["yes"]))
    #expect(
      try condition("{question: x, is: [is, any]}", word: "x", type: one) == .oneOf(column: "x", codes: ["is", "any"]))
    #expect(try condition("{question: any}", word: "question", type: one) == .oneOf(column: "question", codes: ["any"]))
    #expect(
      try condition("{question: [any, is], Q1: yes}", word: "question", type: one)
        == .all([.oneOf(column: "question", codes: ["any", "is"]), .oneOf(column: "Q1", codes: ["yes"])]))
    #expect(
      try condition("{question: {empty: true}}", word: "question", type: one) == .empty(column: "question", true))
    #expect(
      try condition("{question: question, is: is}", word: "question", type: one)
        == .oneOf(column: "question", codes: ["is"]))
  }

  @Test("A column of a register without a codebook", arguments: words)
  func registers(word: String) throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "indicators.yaml", "numerator: {Q1: yes}", to: "table: parties\n  numerator: {question: \(word), is: [x, y]}")
    #expect(
      try fixture.cycle().indicators[0].rule.asked?.numerator == .oneOf(column: word, codes: ["x", "y"]))
    #expect(
      try fixture.cycle().indicators[0].rule.asked?.denominator == .decided(.oneOf(column: word, codes: ["x", "y"])))
  }

  @Test(
    "What does not fit the word says how to name the question",
    arguments: [
      ("answered", "{‹answered: a}"), ("answered", "{‹answered: {at-least: 5}}"), ("any", "{‹any: [a, b]}"),
      ("any", "{‹any: a}"), ("any", "{‹any: {empty: true}}"), ("all", "{‹all: b}"), ("all", "{‹all: {above: 1}}"),
      ("not", "{‹not: a}"), ("not", "{‹not: [a, b]}"), ("not", "{‹not: {at-most: 3}}"), ("related", "{‹related: a}"),
      ("related", "{‹related: {at-least: 1}}"), ("reported", "{‹reported: [a, b]}"), ("reported", "{‹reported: a}"),
      ("reported", "{‹reported: {at-least: 5}}"), ("reported", "{‹reported: {empty: false}}"),
      ("routed-out", "{‹routed-out: a}"), ("routed-out", "{Q1: yes, ‹routed-out: {empty: true}}"),
    ])
  func wrongShapes(word: String, yaml: String) throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "codebook.yaml", "  Q7: {type: number}", to: "  Q7: {type: number}\n  \(word): {type: one, options: [a, b]}")
    fixture.change("indicators.yaml", "numerator: {Q1: yes}", to: "denominator: {answered: Q1}\n  numerator: \(yaml)")
    let directory = try TemporaryDirectory()
    let reader = try fixture.write(into: directory)
    let error = DefinitionError.conflict(
      try #require(fixture.mark(in: directory)),
      problem: "`\(word)` is a word of conditions, and what follows does not fit it; "
        + "table responses also has a question of that name",
      advice: "for the question called \(word), write `{question: \(word), is: CODE}`, "
        + "or a bound such as `at-least` in place of `is`")
    #expect(throws: error) { try reader.cycle(named: "p") }
  }

  @Test("reported, in a survey that has units and no such question, and without units")
  func reported() throws {
    #expect(
      try condition("{reported: {before: 2019-10-01}}", word: "reported", type: "type: date")
        == ConditionFormTests.reported([.date(column: "submitted", .below, ConditionFormTests.day("2019-10-01"))]))
    var fixture = DefinitionFixture()
    fixture.change("p.yaml", "    unit: party\n", to: "")
    fixture.change("codebook.yaml", "  Q7: {type: number}", to: "  Q7: {type: number}\n  reported: {type: date}")
    fixture.change(
      "indicators.yaml", "numerator: {Q1: yes}", to: "numerator: {reported: {before: 2019-10-01}}")
    do {
      _ = try fixture.cycle()
      Issue.record("the definition was read")
    } catch {
      #expect((error as? DefinitionError)?.advice?.contains("`{question: reported, is: CODE}`") == true)
    }
  }

  @Test("A column of a table without a codebook, which may be there")
  func withoutCodebook() {
    var fixture = DefinitionFixture()
    fixture.change(
      "indicators.yaml", "numerator: {Q1: yes}", to: "table: parties\n  numerator: {reported: [yes, partly]}")
    #expect(throws: DefinitionError.self) { try fixture.cycle() }
    do {
      _ = try fixture.cycle()
    } catch {
      #expect(
        (error as? DefinitionError)?.advice
          == "for the column called reported, write `{question: reported, is: CODE}`, "
          + "or a bound such as `at-least` in place of `is`")
    }
  }

  @Test(
    "The form itself is checked",
    arguments: [
      .condition("another key", "{question: Q1, ‹iss: yes, empty: false}") {
        .unknownKey($0, key: "iss", context: "the condition on question Q1", nearest: "is")
      },
      .condition("another condition", "{question: Q1, is: yes, ‹Q2: alpha}") {
        .unknownKey($0, key: "Q2", context: "the condition on question Q1", nearest: nil)
      },
      .condition("an unknown code", "{question: Q1, is: [yes, ‹mabe]}") {
        .unknownCode($0, code: "mabe", question: "Q1", nearest: "maybe")
      },
      .condition("an unknown question", "{question: ‹Q10, is: yes}") {
        .unknownQuestion($0, name: "Q10", table: "responses", nearest: "Q1")
      },
      .condition("no code", "{question: Q1, is: ‹[]}") {
        .wrongShape($0, context: "the codes of Q1", expected: "at least one code")
      },
      .condition("half of it", "{question: ‹Q1}") {
        .conflict(
          $0, problem: "the condition does not say what the answer to Q1 is",
          advice: "write `{question: Q1, is: CODE}`, or a bound such as `at-least` in place of `is`")
      },
      .condition("a bound of another type", "{question: Q1, ‹at-least: 5}") {
        .conflict(
          $0, problem: "`at-least` cannot judge Q1, whose type is one",
          advice: "compare it with its codes, or correct its type in the codebook")
      },
    ] as [WrongDefinition])
  func wrongForms(wrong: WrongDefinition) throws { try wrong.check() }
}
