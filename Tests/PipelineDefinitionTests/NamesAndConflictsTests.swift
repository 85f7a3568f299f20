import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("A definition names only what there is")
struct UnknownNameTests {
  @Test(
    "An unknown code, question, table or dimension names the nearest",
    arguments: [
      .condition("a code", "{Q1: [yes, ‹mabe]}") {
        .unknownCode($0, code: "mabe", question: "Q1", nearest: "maybe")
      },
      .condition("a code of other case", "{Q1: ‹Yes}") {
        .unknownCode($0, code: "Yes", question: "Q1", nearest: "yes")
      },
      .condition("a code with a space", "{Q1: ‹\"yes \"}") {
        .unknownCode($0, code: "yes ", question: "Q1", nearest: "yes")
      },
      .condition("a code like no other", "{Q1: ‹implementation.none}") {
        .unknownCode($0, code: "implementation.none", question: "Q1", nearest: nil)
      },
      .condition("the missing code", "{Q1: ‹NA}") { .unknownCode($0, code: "NA", question: "Q1", nearest: "no") },
      .condition("a not-applicable code misspelled", "{Q1: ‹false.ma}") {
        .unknownCode($0, code: "false.ma", question: "Q1", nearest: "false.na")
      },
      .condition("a code of select-many", "{Q2: {includes-all: [alpha, ‹betta]}}") {
        .unknownCode($0, code: "betta", question: "Q2", nearest: "beta")
      },
      .condition("a code inside a relation", "{related: {table: responses, on: party, where: {Q1: ‹yess}}}") {
        .unknownCode($0, code: "yess", question: "Q1", nearest: "yes")
      },
      .question("a code in routing", "Q8: {type: text, asked-if: {Q1: ‹mayby}}") {
        .unknownCode($0, code: "mayby", question: "Q1", nearest: "maybe")
      },
      .question(
        "a code of a gate further down", "Q8: {type: text, asked-if: {Q9: ‹aa}}\n  Q9: {type: one, options: [a]}"
      ) {
        .unknownCode($0, code: "aa", question: "Q9", nearest: "a")
      },
      .question("an option label", "Q8: {type: one, options: [good, bad], option-labels: {‹goood: Good}}") {
        .unknownCode($0, code: "goood", question: "Q8", nearest: "good")
      },
      .condition("a question", "{‹Q10: yes}") {
        .unknownQuestion($0, name: "Q10", table: "responses", nearest: "Q1")
      },
      .condition("a form misspelled", "{‹anserwed: Q1}") {
        .unknownQuestion($0, name: "anserwed", table: "responses", nearest: "answered")
      },
      .condition("an answered question", "{answered: [Q1, ‹Q9]}") {
        .unknownQuestion($0, name: "Q9", table: "responses", nearest: "Q1")
      },
      .condition("a routed-out question", "{routed-out: ‹q5}") {
        .unknownQuestion($0, name: "q5", table: "responses", nearest: "Q5")
      },
      .condition("deep inside", "{not: {any: [{Q1: yes}, {all: [{‹Q0: yes}]}]}}") {
        .unknownQuestion($0, name: "Q0", table: "responses", nearest: "Q1")
      },
      .question("a gate", "Q8: {type: text, asked-if: {‹gate: yes}}") {
        .unknownQuestion($0, name: "gate", table: "responses", nearest: nil)
      },
      .condition("a related table", "{related: {table: ‹partys, on: party}}") {
        .unknownTable($0, name: "partys", nearest: "parties")
      },
      .indicator("the table of an indicator", "- {id: x, title: X, table: ‹party, numerator: {a: b}}\n") {
        .unknownTable($0, name: "party", nearest: nil)
      },
      WrongDefinition("a joined register", "p.yaml", "{column: region}", "{join: ‹partis, on: party, column: region}") {
        .unknownTable($0, name: "partis", nearest: "parties")
      },
      WrongDefinition(
        "a table in the key of a join", "p.yaml", "{column: region}",
        "{join: parties, on: {‹response: party, default: iso3}, column: region}"
      ) {
        .unknownTable($0, name: "response", nearest: "responses")
      },
      WrongDefinition("a dimension", "p.yaml", "group-by: [[region]]", "group-by: [[region], [region, ‹regoin]]") {
        .unknownDimension($0, name: "regoin", nearest: "region")
      },
    ] as [WrongDefinition])
  func unknown(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("The register of a population must be a table")
  func population() throws {
    try WrongDefinition.top("", "design: {population: {table: ‹partys}}") {
      .unknownTable($0, name: "partys", nearest: "parties")
    }.check()
  }

  @Test("An indicator is defined once, and speaks about the cycle")
  func indicators() throws {
    try WrongDefinition.indicator(
      "", "- {id: x, title: X, numerator: {Q1: yes}}\n- ‹{id: x, title: Y, numerator: {Q1: no}}\n"
    ) { .duplicateIndicator($0, id: "x") }.check()
    try WrongDefinition.indicator("", "- ‹{id: x, title: X, per-cycle: {cycle-3: {numerator: {Q1: yes}}}}\n") {
      .noEntryForCycle($0, indicator: "x", cycle: "p")
    }.check()
  }
}

@Suite("Two things that exclude each other are refused")
struct ConflictTests {
  private static func conflict(
    _ problem: String, _ advice: String
  ) -> @Sendable (SourceLocation) -> DefinitionError {
    { .conflict($0, problem: problem, advice: advice) }
  }

  static let tables: [WrongDefinition] = [
    .table(
      "delimiter and separator without quotes", "‹{path: m.csv, delimiter: \"|\", quote: none}",
      conflict(
        "`multiple-separator` holds the `delimiter` of table more, which has no quotes",
        "set one of the two: the answers could not be told apart")),
    .table(
      "a delimiter within the separator", "‹{path: m.csv, multiple-separator: \", \", quote: none}",
      conflict(
        "`multiple-separator` holds the `delimiter` of table more, which has no quotes",
        "set one of the two: the answers could not be told apart")),
    .table(
      "a point for two things", "{path: m.csv, thousands: ‹\".\"}",
      conflict("`thousands` and `decimal` are a point both", "add `decimal: \",\"`")),
    .table(
      "a comma for two things", "{path: m.csv, decimal: \",\", thousands: ‹\",\"}",
      conflict("`thousands` and `decimal` are a comma both", "write another mark")),
    .table(
      "quote and delimiter", "‹{path: m.csv, quote: \",\"}",
      conflict("`quote` equals another separator in table more", "choose another character")),
    .table(
      "quote and separator", "‹{path: m.csv, quote: \"|\"}",
      conflict("`quote` equals another separator in table more", "choose another character")),
    .table(
      "a roll-up without a unit", "‹{path: m.csv, roll-up: any}",
      conflict("table more has a roll-up but no unit to roll up to", "declare `unit`")),
    .table(
      "the latest without a date", "‹{path: m.csv, unit: u, roll-up: latest}",
      conflict(
        "table more keeps the latest row of a unit but does not say which date decides", "declare `submitted`")),
    .table(
      "a question column in a wide table", "‹{path: m.csv, question: q}",
      conflict("`question` and `answer` belong to the long layout", "add `layout: long`")),
  ]

  static let longTables: [WrongDefinition] = [
    "respondent: r, question: q, answer: q", "respondent: q, question: q, answer: a",
    "respondent: a, question: q, answer: a", "respondent: r, question: q, answer: a, unit: q",
    "respondent: r, question: q, answer: a, submitted: a",
  ].map { keys in
    .table(
      "one column of a long table for two things: \(keys)", "‹{path: m.csv, layout: long, \(keys)}",
      conflict("one column of table more is named for two things", "`question` and `answer` are columns of their own"))
  }

  static let pipelines: [WrongDefinition] = [
    WrongDefinition(
      "a name that is not the file's", "p.yaml", "pipeline: p\n", "pipeline: ‹cycle-4\n",
      conflict("`pipeline: cycle-4` stands in a file named p.yaml", "make the two names equal")),
    WrongDefinition(
      "on without join", "p.yaml", "{column: region}", "{column: region, on: ‹party}",
      conflict("`on` stands without `join`", "name the register in `join`")),
    WrongDefinition(
      "a dimension called like a column of the results", "p.yaml", "  region: {column: region}",
      "  region: {column: region}\n  ‹status: {column: status}",
      conflict(
        "the results have a column status already",
        "give the dimension another name; `column` says what it reads")),
    WrongDefinition(
      "a join to a table without a unit", "p.yaml",
      "{path: parties.csv, unit: iso3}\ndimensions:\n  region: {column: region}",
      "{path: parties.csv}\ndimensions:\n  region: {join: ‹parties, on: party, column: region}",
      conflict(
        "the register parties is joined by its unit, which is not declared", "declare `unit` for the table parties")),
    WrongDefinition(
      "a dimension twice in a grouping", "p.yaml", "group-by: [[region]]", "group-by: [[region, ‹region]]",
      conflict("the dimension region stands twice in one grouping", "keep one of the two")),
    WrongDefinition(
      "a grouping twice", "p.yaml", "group-by: [[region]]", "group-by: [[region], ‹[region]]",
      conflict("the grouping region stands twice", "keep one of the two")),
    .top(
      "a population by column and by table", "design: {population: ‹{column: n, table: parties}}",
      conflict("`population` names a column and a table", "keep one of the two")),
    .top(
      "replicates and a population",
      "design: {population: {column: n}, replicates: ‹{columns: \"w*\", type: brr}}",
      conflict(
        "replicate weights and a population exclude each other",
        "replicate weights carry the finite population correction already: leave `population` out")),
    .top(
      "a comparison with itself", "trend: {previous: ‹p}",
      conflict("p is compared with itself", "name another pipeline, or leave it out")),
  ]

  static let conditions: [WrongDefinition] = [
    .condition(
      "routed out of a question that is put to everybody", "{routed-out: ‹Q1}",
      conflict(
        "question Q1 is put to everybody, so it is never routed out",
        "give it `asked-if` in the codebook, or leave the form out")),
    .condition(
      "a number bound on codes", "{Q1: {‹at-least: 5}}",
      conflict(
        "`at-least` cannot judge Q1, whose type is one",
        "compare it with its codes, or correct its type in the codebook")),
    .condition(
      "a date bound on a number", "{Q3: {‹before: 2019-10-01}}",
      conflict(
        "`before` cannot judge Q3, whose type is integer",
        "compare it with its codes, or correct its type in the codebook")),
    .condition(
      "a number bound on a date", "{Q4: {‹above: 5}}",
      conflict(
        "`above` cannot judge Q4, whose type is date",
        "compare it with its codes, or correct its type in the codebook")),
    .condition(
      "all of one", "{Q1: {‹includes-all: [yes, no]}}",
      conflict(
        "`includes-all` cannot judge Q1, whose type is one",
        "compare it with its codes, or correct its type in the codebook")),
    .condition(
      "bounds that no number meets", "{Q3: {‹at-least: 18, at-most: 10}}",
      conflict(
        "no answer to Q3 meets these bounds: at least 18 and at most 10",
        "correct the bounds; answers that meet either of two conditions are `any`")),
    .condition(
      "bounds that only their end would meet", "{Q7: {‹above: 0.5, at-most: 0.5}}",
      conflict(
        "no answer to Q7 meets these bounds: above 0.5 and at most 0.5",
        "correct the bounds; answers that meet either of two conditions are `any`")),
    .condition(
      "bounds that no day meets", "{Q4: {‹after: 2019-10-01, before: 2019-10-01}}",
      conflict(
        "no answer to Q4 meets these bounds: after 2019-10-01 and before 2019-10-01",
        "correct the bounds; answers that meet either of two conditions are `any`")),
    .condition(
      "a number that stands for no answer", "{Q3: ‹NA}",
      conflict(
        "NA stands for no answer to Q3", "to ask for answers that are missing, write `{Q3: {empty: true}}`")),
    .indicator(
      "a numerator beside the cycles", "- {id: x, title: X, numerator: ‹{Q1: yes}, per-cycle: {p: {not-asked: y}}}\n",
      conflict("indicator x has `numerator` beside `per-cycle`", "move it into the cycles that it is true of")),
    .indicator(
      "not asked, and a numerator", "- {id: x, title: X, per-cycle: {p: {numerator: {Q1: yes}, not-asked: ‹why}}}\n",
      conflict("`not-asked` stands beside a numerator or denominator", "keep one or the other")),
  ]

  static let codebooks: [WrongDefinition] = [
    .question(
      "options of a text", "Q8: ‹{type: text, options: [a]}",
      conflict(
        "question Q8 has options although its type is text",
        "make its type `one` or `many`, or leave the options out")),
    .question(
      "an option twice", "Q8: ‹{type: one, options: [a, b, a]}",
      conflict("question Q8 lists the option \"a\" twice", "keep one of the two")),
    .question(
      "routing to itself", "‹Q8: {type: text, asked-if: {answered: Q8}}",
      conflict("the routing of question Q8 leads back to itself", "correct `asked-if`")),
    .question(
      "routing in a ring of three",
      "‹Q8: {type: text, asked-if: {answered: Q9}}\n  Q9: {type: text, asked-if: {not: {answered: Q10}}}\n"
        + "  Q10: {type: text, asked-if: {any: [{Q1: yes}, {Q8: x}]}}",
      conflict("the routing of question Q8 leads back to itself", "correct `asked-if`")),
  ]

  static let spellings: [WrongDefinition] = [
    .question(
      "two codes that are one number", "Q8: ‹{type: one, options: [\"1\", \"01\"], numeric-codes: true}",
      conflict(
        "the codes \"1\" and \"01\" of question Q8 are one number",
        "keep one of the two, or write `numeric-codes: false` for the question")),
    .question(
      "numeric codes of a text", "Q8: {type: text, numeric-codes: ‹true}",
      conflict(
        "question Q8 has `numeric-codes`, but its type is text",
        "make its type `one` and list its codes under `options`, or leave it out: texts are compared as they stand")),
    .question(
      "columns of a question of one code", "Q8: ‹{type: one, columns: {a: c}, ticked: [x]}",
      conflict("question Q8 has `columns` although its type is not `many`", "write `type: many`")),
    .question(
      "columns and options", "Q8: ‹{type: many, options: [a], columns: {a: c}, ticked: [x]}",
      conflict("question Q8 has `options` beside `columns`", "leave `options` out: they are the keys of `columns`")),
    .question("columns without ticked", "Q8: ‹{type: many, columns: {a: c}}") {
      .missingKey($0, key: "ticked", context: "question Q8")
    },
    .question(
      "ticked without columns", "Q8: ‹{type: many, options: [a], ticked: [x]}",
      conflict(
        "question Q8 has `ticked` but no `columns`", "add `columns: {OPTION: COLUMN, ..}`, or leave it out")),
    .question(
      "a code that is ticked and unticked", "Q8: ‹{type: many, columns: {a: c}, ticked: [x], unticked: [y, x]}",
      conflict("the code \"x\" of question Q8 is ticked and unticked", "keep one of the two")),
    .question(
      "a blank cell as a code", "Q8: ‹{type: many, columns: {a: c}, ticked: [x], unticked: [\"\"]}",
      conflict("`unticked` of question Q8 holds the empty text", "write `blank: unticked` instead")),
    .question(
      "a code for no answer", "Q8: ‹{type: many, columns: {a: c}, ticked: [x], unticked: [NA]}",
      conflict(
        "the code \"NA\" of question Q8 is both `unticked` and a code for no answer",
        "take it out of `unticked`, or write `missing` on the question without it")),
    .question(
      "a column for two options", "Q8: {type: many, columns: {a: c, b: ‹c}, ticked: [x]}",
      conflict(
        "the column c stands for two options of question Q8", "each option has a column of its own")),
    .question(
      "a column that is a question", "‹Q8: {type: many, columns: {a: Q1}, ticked: [x]}",
      conflict("Q1 is two questions, or a question and a column of one", "name it once")),
    .question("a word for blank cells", "Q8: {type: many, columns: {a: c}, ticked: [x], blank: ‹untick}") {
      .badValue(
        $0, value: "untick", context: "value of `blank`", expected: "one of missing, unticked", nearest: "unticked")
    },
    .condition("an option that the columns lack", "{Q9: ‹buss}") {
      .unknownCode($0, code: "buss", question: "Q9", nearest: "bus")
    },
    .condition(
      "a number bound on columns", "{Q9: {‹at-least: 5}}",
      conflict(
        "`at-least` cannot judge Q9, whose type is many",
        "compare it with its codes, or correct its type in the codebook")),
  ]

  @Test("In how answers are written", arguments: spellings)
  func inSpellings(wrong: WrongDefinition) throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "codebook.yaml", "  Q6: {type: text}\n",
      to: "  Q6: {type: text}\n  Q9: {type: many, columns: {bus: c1, train: c2}, ticked: [x]}\n")
    try wrong.check(in: fixture)
  }

  @Test("A question made of columns is read as conditions on its columns")
  func columnSelection() throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "codebook.yaml", "  Q7: {type: number}\n",
      to: "  Q7: {type: number}\n"
        + "  T: {type: many, columns: {bus: c1, train: c2}, ticked: [x, y], asked-if: {Q1: yes}, label: Ways}\n")
    fixture.change(
      "indicators.yaml", "{Q1: yes}",
      to: "{all: [{T: bus}, {T: {includes-all: [bus, train]}}, {answered: T}, {routed-out: T}]}")
    let cycle = try fixture.cycle()
    let bus = Condition.oneOf(column: "c1", codes: ["x", "y"])
    #expect(
      cycle.indicators.first?.rule.asked?.numerator
        == .all([
          bus, .all([bus, .oneOf(column: "c2", codes: ["x", "y"])]), .any([.answered(["c1"]), .answered(["c2"])]),
          .all([.routedOut("c1"), .routedOut("c2")]),
        ]))
    let option = cycle.tables["responses"]?.codebook?.questions["c2"]
    #expect(option?.label == "Ways: train" && option?.askedIf == .oneOf(column: "Q1", codes: ["yes"]))
  }

  /// Whoever follows it question by question would run out of stack.
  @Test("Routing that leads through thousands of questions is refused")
  func longRouting() throws {
    func questions(_ count: Int) -> [String] {
      ["  R0: {type: text}\n"] + (1..<count).map { "  R\($0): {type: text, asked-if: {answered: R\($0 - 1)}}\n" }
    }
    // In either order: what was followed already is not followed again.
    for list in [questions(20_000), questions(20_000).reversed()] {
      var fixture = DefinitionFixture()
      fixture.files["codebook.yaml", default: ""] += list.joined()
      let error = #expect(throws: DefinitionError.self) { try fixture.cycle() }
      guard case .conflict(_, let problem, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(problem.hasSuffix("leads through more than 1000 questions"))
    }
    var fixture = DefinitionFixture()
    fixture.files["codebook.yaml", default: ""] += questions(1000).reversed().joined()
    _ = try fixture.cycle()
  }

  @Test("In a table", arguments: tables + longTables)
  func inTables(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("In a pipeline", arguments: pipelines)
  func inPipelines(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("In a condition or an indicator", arguments: conditions)
  func inConditions(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("In a codebook", arguments: codebooks)
  func inCodebooks(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("Questions that share a gate are not circular, however many roads lead to it")
  func diamond() throws {
    var fixture = DefinitionFixture()
    // 2^40 roads from the last question to the first.
    let steps = (8..<48).map { "  Q\($0): {type: text, asked-if: {answered: [Q\($0 - 1), Q\($0 - 2)]}}\n" }
    fixture.change("codebook.yaml", "  Q7: {type: number}\n", to: "  Q7: {type: number}\n" + steps.joined())
    #expect(try fixture.cycle().tables["responses"]?.codebook?.questions.count == 47)
  }

  @Test(
    "A word for a day needs its day",
    arguments: [
      ("reference-date", "add `reference-date`"), ("period-from", "add `period: {from: ..}`"),
      ("period-to", "add `period: {to: ..}`"),
    ])
  func undeclaredDays(word: String, advice: String) throws {
    let places = [
      "numerator: {Q4: {before: \(word)}}",
      "numerator: {Q1: yes}\n  denominator: {not: {any: [{Q4: {after: \(word)}}]}}",
      "numerator: {Q1: yes}\n  eligible: {related: {table: parties, on: party, where: {d: {after: \(word)}}}}",
      "numerator: {Q1: yes}\n  denominator: {reported: {before: \(word)}}",
    ]
    for place in places {
      var fixture = DefinitionFixture()
      fixture.change("indicators.yaml", "numerator: {Q1: yes}", to: place)
      let directory = try TemporaryDirectory()
      let reader = try fixture.write(into: directory)
      #expect(
        throws: DefinitionError.conflict(
          SourceLocation(file: directory.path(of: "p.yaml"), line: 1, column: 1),
          problem: "a condition speaks of a day that the pipeline does not declare", advice: advice), "\(place)"
      ) { try reader.cycle(named: "p") }
    }
    var population = DefinitionFixture()
    population.change(
      "p.yaml", "pipeline: p\n",
      to: "pipeline: p\ndesign: {population: {table: parties, where: {d: {after: \(word)}}}}\n")
    #expect(throws: DefinitionError.self) { try population.cycle() }
  }

  @Test(
    "A word for a day in routing needs its day as well")
  func undeclaredDaysInRouting() throws {
    var fixture = DefinitionFixture()
    fixture.change(
      "codebook.yaml", "Q5: {type: one, options: [\"true\", \"false\"], asked-if: {Q1: yes}}",
      to: "Q5: {type: one, options: [\"true\", \"false\"], asked-if: {Q4: {before: reference-date}}}")
    fixture.change("indicators.yaml", "numerator: {Q1: yes}", to: "numerator: {routed-out: Q5}")
    #expect(throws: DefinitionError.self) { try fixture.cycle() }
  }

  @Test("reported needs to know whose response a row is, and when it came")
  func reported() throws {
    var noUnit = DefinitionFixture()
    noUnit.change("p.yaml", "    unit: party\n", to: "")
    noUnit.change("indicators.yaml", "{Q1: yes}", to: "{Q1: yes}\n  denominator: {reported: {complete: true}}")
    #expect(advice(on: noUnit) == "declare `unit` for the table responses")
    var noHere = DefinitionFixture()
    noHere.change("p.yaml", "{path: parties.csv, unit: iso3}", to: "{path: parties.csv}")
    noHere.change(
      "indicators.yaml", "numerator: {Q1: yes}",
      to: "table: parties\n  numerator: {reported: {complete: true}}\n  denominator: {a: b}")
    #expect(advice(on: noHere) == "declare `unit` for the table parties")
    var noDate = DefinitionFixture()
    noDate.change("p.yaml", "    submitted: submitted\n", to: "")
    noDate.change("indicators.yaml", "{Q1: yes}", to: "{Q1: yes}\n  denominator: {reported: {before: 2019-10-01}}")
    #expect(advice(on: noDate) == "declare `submitted` for the table responses")
  }

  private func advice(on fixture: DefinitionFixture) -> String? {
    do {
      _ = try fixture.cycle()
      return nil
    } catch {
      return (error as? DefinitionError)?.advice
    }
  }
}
