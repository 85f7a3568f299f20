import PipelineDefinition
import SurveyModel
import Testing

@Suite("Every form of a condition reads as the table of forms says")
struct ConditionFormTests {
  struct Form: Sendable, CustomTestStringConvertible {
    var yaml: String
    var table: String
    var condition: Condition
    var testDescription: String { "\(yaml) on \(table)" }

    init(_ yaml: String, on table: String = "responses", _ condition: Condition) {
      self.yaml = yaml
      self.table = table
      self.condition = condition
    }
  }

  static func day(_ text: String) -> DateReference {
    SurveyDate(text).map { .day($0) } ?? .periodTo
  }

  static func reported(_ parts: [Condition]?, here: String = "party") -> Condition {
    .related(
      RelatedCondition(
        table: "responses", here: here, there: "party", condition: parts.map { .all($0) }, isReported: true))
  }

  static let answers: [Form] = [
    Form("{Q1: [yes, no]}", .oneOf(column: "Q1", codes: ["yes", "no"])),
    Form("{Q1: yes}", .oneOf(column: "Q1", codes: ["yes"])),
    Form("{Q1: false.na}", .oneOf(column: "Q1", codes: ["false.na"])),
    Form("{Q2: [beta]}", .oneOf(column: "Q2", codes: ["beta"])),
    Form("{Q2: {includes-all: [alpha, beta]}}", .includesAll(column: "Q2", codes: ["alpha", "beta"])),
    Form("{Q2: {includes-all: alpha}}", .includesAll(column: "Q2", codes: ["alpha"])),
    Form("{Q3: 18}", .number(column: "Q3", .equal, 18)),
    Form("{Q7: [0.5, 1e3]}", .any([.number(column: "Q7", .equal, 0.5), .number(column: "Q7", .equal, 1000)])),
    Form("{Q3: false.na}", .oneOf(column: "Q3", codes: ["false.na"])),
    Form(
      "{Q3: [false.na, 7]}",
      .any([.number(column: "Q3", .equal, 7), .oneOf(column: "Q3", codes: ["false.na"])])),
    Form("{Q4: 2019-10-01}", .date(column: "Q4", .equal, day("2019-10-01"))),
    Form("{Q4: reference-date}", .date(column: "Q4", .equal, .referenceDate)),
    Form("{Q6: any text}", .oneOf(column: "Q6", codes: ["any text"])),
    Form("{party: [AUT, NO]}", .oneOf(column: "party", codes: ["AUT", "NO"])),
    Form("{region: AFR}", .oneOf(column: "region", codes: ["AFR"])),
    Form("{answered: Q1}", .answered(["Q1"])),
    Form("{answered: [Q1, Q2]}", .answered(["Q1", "Q2"])),
    Form("{routed-out: Q5}", .routedOut("Q5")),
  ]

  static let bounds: [Form] = [
    Form("{Q3: {at-least: 5}}", .number(column: "Q3", .atLeast, 5)),
    Form("{Q3: {at-most: -5}}", .number(column: "Q3", .atMost, -5)),
    Form("{Q7: {above: 0.5}}", .number(column: "Q7", .above, 0.5)),
    Form("{Q7: {below: 1e3}}", .number(column: "Q7", .below, 1000)),
    Form("{staff: {at-least: 5}}", on: "parties", .number(column: "staff", .atLeast, 5)),
    Form("{Q4: {before: 2019-10-01}}", .date(column: "Q4", .below, day("2019-10-01"))),
    Form("{Q4: {on-or-before: reference-date}}", .date(column: "Q4", .atMost, .referenceDate)),
    Form("{Q4: {after: period-from}}", .date(column: "Q4", .above, .periodFrom)),
    Form("{Q4: {on-or-after: period-to}}", .date(column: "Q4", .atLeast, .periodTo)),
    Form("{withdrawn_on: {empty: true}}", on: "parties", .empty(column: "withdrawn_on", true)),
    Form("{Q6: {empty: false}}", .empty(column: "Q6", false)),
    Form(
      "{Q3: {at-least: 5, below: 10}}",
      .all([.number(column: "Q3", .atLeast, 5), .number(column: "Q3", .below, 10)])),
    Form(
      "{Q4: {after: 2019-01-31, empty: false}}",
      .all([.date(column: "Q4", .above, day("2019-01-31")), .empty(column: "Q4", false)])),
  ]

  static let compounds: [Form] = [
    Form("{any: [{Q1: yes}, {answered: Q3}]}", .any([.oneOf(column: "Q1", codes: ["yes"]), .answered(["Q3"])])),
    Form("{all: [{Q1: yes}]}", .all([.oneOf(column: "Q1", codes: ["yes"])])),
    Form("{not: {Q1: yes}}", .not(.oneOf(column: "Q1", codes: ["yes"]))),
    Form(
      "{not: {not: {any: [{Q1: yes}]}}}", .not(.not(.any([.oneOf(column: "Q1", codes: ["yes"])])))),
    Form(
      "{Q1: yes, answered: Q3, not: {Q2: alpha}}",
      .all([
        .oneOf(column: "Q1", codes: ["yes"]), .answered(["Q3"]), .not(.oneOf(column: "Q2", codes: ["alpha"])),
      ])),
    Form("{any: [{answered: Q5}, {routed-out: Q5}]}", .any([.answered(["Q5"]), .routedOut("Q5")])),
  ]

  static let tables: [Form] = [
    Form(
      "{related: {table: parties, on: party}}",
      .related(RelatedCondition(table: "parties", here: "party", there: "party", condition: nil))),
    Form(
      "{related: {table: parties, on: {here: party, there: iso3}, where: {staff: {above: 1}, big: yes}, at-least: 3}}",
      .related(
        RelatedCondition(
          table: "parties", here: "party", there: "iso3",
          condition: .all([.number(column: "staff", .above, 1), .oneOf(column: "big", codes: ["yes"])]), atLeast: 3))),
    Form(
      "{related: {table: responses, on: {here: iso3, there: party}, where: {Q1: yes}}}", on: "parties",
      .related(
        RelatedCondition(
          table: "responses", here: "iso3", there: "party", condition: .oneOf(column: "Q1", codes: ["yes"])))),
    Form(
      "{related: {table: parties, on: iso3, where: {related: {table: responses, on: party, where: {routed-out: Q5}}}}}",
      .related(
        RelatedCondition(
          table: "parties", here: "iso3", there: "iso3",
          condition: .related(
            RelatedCondition(table: "responses", here: "party", there: "party", condition: .routedOut("Q5")))))),
    Form("{reported: {}}", on: "parties", reported(nil, here: "iso3")),
    Form(
      "{reported: {on-or-before: reference-date}}", on: "parties",
      reported([.date(column: "submitted", .atMost, .referenceDate)], here: "iso3")),
    Form("{reported: {complete: true}}", reported([.complete])),
    Form("{reported: {complete: false}}", reported(nil)),
    Form(
      "{reported: {on-or-before: reference-date, complete: true}}", on: "parties",
      reported([.date(column: "submitted", .atMost, .referenceDate), .complete], here: "iso3")),
    Form(
      "{reported: {after: period-from, before: 2019-10-01}}",
      reported([
        .date(column: "submitted", .above, .periodFrom), .date(column: "submitted", .below, day("2019-10-01")),
      ])),
  ]

  @Test("As a numerator", arguments: answers + bounds + compounds + tables)
  func numerators(form: Form) throws {
    #expect(try rule(form, key: "numerator").numerator == form.condition)
  }

  @Test("As a denominator or an eligibility it reads the same", arguments: answers + bounds + compounds + tables)
  func otherPlaces(form: Form) throws {
    #expect(try rule(form, key: "denominator").denominator == form.condition)
    #expect(try rule(form, key: "eligible").eligible == form.condition)
  }

  @Test("A table without a codebook takes any column and any text as a code")
  func withoutCodebook() throws {
    let form = Form("{schema: [any, text], decided: {before: 2019-10-01}}", on: "parties", .complete)
    #expect(
      try rule(form, key: "numerator").numerator
        == .all([
          .oneOf(column: "schema", codes: ["any", "text"]), .date(column: "decided", .below, Self.day("2019-10-01")),
        ]))
  }

  @Test(
    "Routing takes any condition on the codebook's questions",
    arguments: answers.prefix(6) + bounds.prefix(4) + compounds.prefix(4))
  func routing(form: Form) throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "codebook.yaml", "  Q7: {type: number}", to: "  Q7: {type: number}\n  Q8: {type: text, asked-if: \(form.yaml)}")
    #expect(try fixture.cycle().tables["responses"]?.codebook?.questions["Q8"]?.askedIf == form.condition)
  }

  @Test(
    "Routing may depend on whether another question was routed out")
  func routedOutInRouting() throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "codebook.yaml", "  Q7: {type: number}",
      to: "  Q7: {type: number}\n  Q8: {type: text, asked-if: {routed-out: Q5}}")
    #expect(try fixture.cycle().tables["responses"]?.codebook?.questions["Q8"]?.askedIf == .routedOut("Q5"))
  }

  @Test("The default denominator is that the numerator is decided")
  func defaultDenominator() throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "indicators.yaml", "numerator: {Q1: yes}", to: "numerator: {Q3: {above: 1}, any: [{Q1: yes}, {Q2: alpha}]}")
    #expect(
      try fixture.cycle().indicators[0].rule.asked?.denominator
        == .decided(
          .all([
            .number(column: "Q3", .above, 1),
            .any([.oneOf(column: "Q1", codes: ["yes"]), .oneOf(column: "Q2", codes: ["alpha"])]),
          ])))
  }

  @Test("`decided` holds a condition; bounds behind it judge a column of that name")
  func decided() throws {
    func denominator(_ text: String) throws -> Condition? {
      var fixture = DefinitionFixture()
      fixture.change(
        "indicators.yaml", "numerator: {Q1: yes}",
        to: "table: parties\n  numerator: {star: 1}\n  denominator: \(text)")
      return try fixture.cycle().indicators[0].rule.asked?.denominator
    }
    #expect(try denominator("{decided: {star: 1}}") == .decided(.oneOf(column: "star", codes: ["1"])))
    #expect(
      try denominator("{not: {decided: {any: [{star: 1}, {other: {at-least: 2}}]}}}")
        == .not(
          .decided(.any([.oneOf(column: "star", codes: ["1"]), .number(column: "other", .atLeast, 2)]))))
    let day = try #require(SurveyDate("2019-10-01"))
    #expect(
      try denominator("{decided: {on-or-before: 2019-10-01}}") == .date(column: "decided", .atMost, .day(day)))
    #expect(try denominator("{decided: [a, b]}") == .oneOf(column: "decided", codes: ["a", "b"]))
  }

  @Test("Eligibility may stand once for all cycles, and a cycle's own comes first")
  func sharedEligibility() throws {
    func eligible(_ entry: String) throws -> Condition? {
      var fixture = DefinitionFixture()
      fixture.change(
        "indicators.yaml", "numerator: {Q1: yes}",
        to: "eligible: {answered: Q3}\n  per-cycle: {p: {numerator: {Q1: yes}\(entry)}}")
      return try fixture.cycle().indicators[0].rule.asked?.eligible
    }
    #expect(try eligible("") == .answered(["Q3"]))
    #expect(try eligible(", eligible: {answered: Q4}") == .answered(["Q4"]))
  }

  private func rule(_ form: Form, key: String) throws -> IndicatorRule {
    var fixture = DefinitionFixture()
    fixture.change(
      "p.yaml", "pipeline: p\n",
      to: "pipeline: p\nreference-date: 2019-10-01\nperiod: {from: 2015-11-01, to: 2019-09-30}\n")
    let other = form.table == "responses" ? "{answered: Q1}" : "{any_column: x}"
    let lines = ["numerator", "denominator", "eligible"].map { "  \($0): \($0 == key ? form.yaml : other)" }
    fixture.change(
      "indicators.yaml", "  numerator: {Q1: yes}",
      to: "  table: \(form.table)\n" + lines.joined(separator: "\n"))
    return try #require(try fixture.cycle().indicators[0].rule.asked)
  }
}
