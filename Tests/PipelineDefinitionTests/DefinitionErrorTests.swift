import PipelineDefinition
import SurveyModel
import Testing

@Suite("A wrong definition is refused with the place and the nearest right word")
struct DefinitionErrorTests {
  @Test(
    "An unknown key names the nearest one",
    arguments: [
      .top("a key of the pipeline", "‹titel: x") {
        .unknownKey($0, key: "titel", context: "the pipeline", nearest: "title")
      },
      .top("a key like no other", "‹zzzzzzz: x") {
        .unknownKey($0, key: "zzzzzzz", context: "the pipeline", nearest: nil)
      },
      .top("the key of another letter case", "‹Title: x") {
        .unknownKey($0, key: "Title", context: "the pipeline", nearest: "title")
      },
      .top("a merge key", "‹<<: {title: x}") { .unknownKey($0, key: "<<", context: "the pipeline", nearest: nil) },
      .top("a key of the period", "period: {from: 2019-01-01, ‹too: 2019-02-01}") {
        .unknownKey($0, key: "too", context: "`period`", nearest: "to")
      },
      .top("a key of the design", "design:\n  psu: a\n  ‹wieght: w") {
        .unknownKey($0, key: "wieght", context: "`design`", nearest: "weight")
      },
      .top("a key of the population", "design: {population: {‹colum: n}}") {
        .unknownKey($0, key: "colum", context: "`population`", nearest: "column")
      },
      .top("a key of the replicates", "design: {replicates: {columns: w, type: brr, ‹mes: false}}") {
        .unknownKey($0, key: "mes", context: "`replicates`", nearest: "mse")
      },
      .top("a key of the interval", "interval: {‹metod: wilson}") {
        .unknownKey($0, key: "metod", context: "`interval`", nearest: "method")
      },
      .top("a key of the trend", "trend: {‹prevoius: q}") {
        .unknownKey($0, key: "prevoius", context: "`trend`", nearest: "previous")
      },
      .table("a key of a table", "{path: m.csv, ‹delimeter: \";\"}") {
        .unknownKey($0, key: "delimeter", context: "table more", nearest: "delimiter")
      },
      WrongDefinition("a key of a dimension", "p.yaml", "{column: region}", "{column: region, ‹label: x}") {
        .unknownKey($0, key: "label", context: "dimension region", nearest: "labels")
      },
      WrongDefinition("a key of the codebook", "codebook.yaml", "missing: [", "‹not-aplicable: []\nmissing: [") {
        .unknownKey($0, key: "not-aplicable", context: "the codebook", nearest: "not-applicable")
      },
      .question("a key of a question", "Q8: {type: one, ‹optoins: [a]}") {
        .unknownKey($0, key: "optoins", context: "question Q8", nearest: "options")
      },
      .indicator("a key of an indicator", "- id: x\n  title: X\n  ‹numerater: {Q1: yes}\n") {
        .unknownKey($0, key: "numerater", context: "an indicator", nearest: "numerator")
      },
      .indicator(
        "a key of a cycle's entry",
        "- id: x\n  title: X\n  per-cycle: {p: {numerator: {Q1: yes}, ‹elegible: {Q1: no}}}\n"
      ) {
        .unknownKey($0, key: "elegible", context: "the entry of x for p", nearest: "eligible")
      },
      .indicator("a key in the entry of another cycle", "- {id: x, title: X, per-cycle: {q: {‹notasked: x}}}\n") {
        .unknownKey($0, key: "notasked", context: "the entry of x for q", nearest: "not-asked")
      },
      .condition("a key of a relation", "{related: {table: parties, on: party, ‹were: {a: b}}}") {
        .unknownKey($0, key: "were", context: "`related`", nearest: "where")
      },
      .condition("a side of a relation", "{related: {table: parties, on: {here: party, ‹ther: iso3}}}") {
        .unknownKey($0, key: "ther", context: "`on`", nearest: "there")
      },
      .condition("a key of reported", "{reported: {‹onbefore: 2019-10-01}}") {
        .unknownKey($0, key: "onbefore", context: "`reported`", nearest: "before")
      },
      .condition("another key of reported", "{reported: {‹compleet: true}}") {
        .unknownKey($0, key: "compleet", context: "`reported`", nearest: "complete")
      },
      .condition("a bound", "{Q3: {‹at-leest: 5}}") {
        .unknownKey($0, key: "at-leest", context: "the bounds of Q3", nearest: "at-least")
      },
      .condition("a bound of a date", "{Q4: {‹on-or-befor: 2019-10-01}}") {
        .unknownKey($0, key: "on-or-befor", context: "the bounds of Q4", nearest: "on-or-before")
      },
    ] as [WrongDefinition])
  func unknownKeys(wrong: WrongDefinition) throws {
    try wrong.check()
  }

  @Test(
    "A key that stands twice is refused",
    arguments: [
      .top("in the pipeline", "‹title: x\nyear: 2019\ntitle: x") { .duplicateKey($0, key: "title") },
      .question("in a question", "Q8: {‹type: text, type: text}") { .duplicateKey($0, key: "type") },
      WrongDefinition("a question", "codebook.yaml", "  Q7: {", "  ‹Q7: {type: text}\n  Q7: {") {
        .duplicateKey($0, key: "Q7")
      },
      .condition("in a condition", "{‹Q1: yes, Q1: no}") { .duplicateKey($0, key: "Q1") },
      WrongDefinition("quoted once", "p.yaml", "pipeline: p\n", "pipeline: p\n‹title: x\n\"title\": y\n") {
        .duplicateKey($0, key: "title")
      },
    ] as [WrongDefinition])
  func duplicateKeys(wrong: WrongDefinition) throws {
    try wrong.check()
  }

  @Test(
    "A key that stands twice is refused even where only one of the two is quoted and YAML would call it a number")
  func duplicateKeysOfOtherTags() throws {
    for (one, other) in [("1", "\"1\""), ("true", "'true'"), ("~", "\"~\""), ("2019-10-01", "\"2019-10-01\"")] {
      var fixture = DefinitionFixture()
      fixture.change("p.yaml", "{column: region}", to: "{column: region, labels: labels.yaml}")
      fixture.files["labels.yaml"] = "\(one): a\n\(other): b\n"
      #expect(throws: DefinitionError.self, "\(one)") { try fixture.cycle() }
      var codebook = DefinitionFixture()
      codebook.change("codebook.yaml", "  Q7: {", to: "  \(one): {type: text}\n  \(other): {type: date}\n  Q7: {")
      #expect(throws: DefinitionError.self, "\(one)") { try codebook.cycle() }
    }
  }

  @Test(
    "A missing key is named, with the place of its mapping",
    arguments: [
      WrongDefinition("the name", "p.yaml", "pipeline: p\n", "‹title: x\n") {
        .missingKey($0, key: "pipeline", context: "the pipeline")
      },
      WrongDefinition("the indicators", "p.yaml", "", "‹pipeline: p\ntables: {responses: {path: r.csv}}\n") {
        .missingKey($0, key: "indicators", context: "the pipeline")
      },
      WrongDefinition("the tables", "p.yaml", "", "‹pipeline: p\nindicators: indicators.yaml\n") {
        .missingKey($0, key: "tables", context: "the pipeline")
      },
      WrongDefinition("the responses", "p.yaml", "  responses:", "  ‹answers:") {
        .missingKey($0, key: "responses", context: "`tables`")
      },
      .table("a path", "‹{unit: x}") { .missingKey($0, key: "path", context: "table more") },
      .table("the question column", "‹{path: m.csv, layout: long, respondent: r, answer: a}") {
        .missingKey($0, key: "question", context: "table more")
      },
      .table("the answer column", "‹{path: m.csv, layout: long, respondent: r, question: a}") {
        .missingKey($0, key: "answer", context: "table more")
      },
      .table("the respondent of a long table", "‹{path: m.csv, layout: long, question: q, answer: a}") {
        .missingKey($0, key: "respondent", context: "table more")
      },
      WrongDefinition("the column of a dimension", "p.yaml", "{column: region}", "‹{labels: x.yaml}") {
        .missingKey($0, key: "column", context: "dimension region")
      },
      WrongDefinition("the key of a join", "p.yaml", "{column: region}", "‹{join: parties, column: region}") {
        .missingKey($0, key: "on", context: "dimension region")
      },
      .top("the register of a population", "design: {population: ‹{where: {a: b}}}") {
        .missingKey($0, key: "table", context: "`population`")
      },
      .top("the type of replicates", "design: {replicates: ‹{columns: \"w*\"}}") {
        .missingKey($0, key: "type", context: "`replicates`")
      },
      .top("the columns of replicates", "design: {replicates: ‹{type: brr}}") {
        .missingKey($0, key: "columns", context: "`replicates`")
      },
      .top("the weight beside replicates", "design: ‹{replicates: {columns: \"w*\", type: brr}}") {
        .missingKey($0, key: "weight", context: "`design`")
      },
      WrongDefinition("the questions", "codebook.yaml", "", "‹missing: [NA]\n") {
        .missingKey($0, key: "questions", context: "the codebook")
      },
      .question("a type", "Q8: ‹{options: [a]}") { .missingKey($0, key: "type", context: "question Q8") },
      .question("options", "Q8: ‹{type: one}") { .missingKey($0, key: "options", context: "question Q8") },
      .question("options, with an empty list", "Q8: ‹{type: many, options: []}") {
        .missingKey($0, key: "options", context: "question Q8")
      },
      .indicator("an id", "- ‹title: X\n  numerator: {Q1: yes}\n") {
        .missingKey($0, key: "id", context: "an indicator")
      },
      .indicator("a title", "- ‹id: x\n  numerator: {Q1: yes}\n") {
        .missingKey($0, key: "title", context: "an indicator")
      },
      .indicator("a numerator", "- ‹id: x\n  title: X\n  denominator: {Q1: yes}\n") {
        .missingKey($0, key: "numerator", context: "an indicator")
      },
      .indicator("a numerator of a cycle", "- {id: x, title: X, per-cycle: {p: ‹{note: y}}}\n") {
        .missingKey($0, key: "numerator", context: "the entry of x for p")
      },
      .condition("the table of a relation", "{related: ‹{on: party}}") {
        .missingKey($0, key: "table", context: "`related`")
      },
      .condition("the key of a relation", "{related: ‹{table: parties}}") {
        .missingKey($0, key: "on", context: "`related`")
      },
      .condition("a side of a relation", "{related: {table: parties, on: ‹{here: party}}}") {
        .missingKey($0, key: "there", context: "`on`")
      },
    ] as [WrongDefinition])
  func missingKeys(wrong: WrongDefinition) throws {
    try wrong.check()
  }

  @Test(
    "A value of the wrong shape is told what to be",
    arguments: [
      WrongDefinition("the pipeline as a text", "p.yaml", "", "‹p\n") {
        .wrongShape($0, context: "the pipeline", expected: "a mapping, as in {key: value}")
      },
      WrongDefinition("dimensions as a text", "p.yaml", "\n  region: {column: region}", " ‹none") {
        .wrongShape($0, context: "`dimensions`", expected: "a mapping, as in {key: value}")
      },
      .top("a title as a list", "title: ‹[a, b]") {
        .wrongShape($0, context: "`title`", expected: "a single value")
      },
      .top("a year as a mapping", "year: ‹{a: b}") {
        .wrongShape($0, context: "value of `year`", expected: "a single value")
      },
      .top("a design as a list", "design: ‹[weight]") {
        .wrongShape($0, context: "`design`", expected: "a mapping, as in {key: value}")
      },
      .top("strata as a mapping", "design: {strata: ‹{a: b}}") {
        .wrongShape($0, context: "`strata`", expected: "a list, as in [a, b]")
      },
      .top("strata as lists", "design: {strata: [a, ‹[b]]}") {
        .wrongShape($0, context: "`strata`", expected: "a single value")
      },
      WrongDefinition("groupings as a text", "p.yaml", "group-by: [[region]]", "group-by: ‹region") {
        .wrongShape($0, context: "`group-by`", expected: "a list, as in [a, b]")
      },
      WrongDefinition("an empty grouping", "p.yaml", "group-by: [[region]]", "group-by: [[region], ‹[]]") {
        .wrongShape($0, context: "a grouping", expected: "a list of dimensions; the total is always there")
      },
      WrongDefinition("questions as a list", "codebook.yaml", "", "questions: ‹[Q1, Q2]\n") {
        .wrongShape($0, context: "`questions`", expected: "a mapping, as in {key: value}")
      },
      .question("a question as a text", "Q8: ‹text") {
        .wrongShape($0, context: "question Q8", expected: "a mapping, as in {key: value}")
      },
      .indicator("indicators as a mapping", "‹id: x\ntitle: X\n") {
        .wrongShape($0, context: "the indicators", expected: "a list, as in [a, b]")
      },
      .indicator("no indicator", "‹[]\n") {
        .wrongShape($0, context: "the indicators", expected: "a list of at least one")
      },
      .indicator("an indicator as a text", "- ‹I1\n") {
        .wrongShape($0, context: "an indicator", expected: "a mapping, as in {key: value}")
      },
      .condition("a condition as a text", "‹Q1") {
        .wrongShape($0, context: "a condition", expected: "a mapping, as in {key: value}")
      },
      .condition("a condition as a list", "‹[{Q1: yes}]") {
        .wrongShape($0, context: "a condition", expected: "a mapping, as in {key: value}")
      },
      .condition("an empty condition", "‹{}") {
        .wrongShape($0, context: "a condition", expected: "a mapping with at least one key")
      },
      .condition("any of a mapping", "{any: ‹{Q1: yes}}") {
        .wrongShape($0, context: "`any`", expected: "a list, as in [a, b]")
      },
      .condition("any of nothing", "{any: ‹[]}") {
        .wrongShape($0, context: "`any`", expected: "a list of at least one condition")
      },
      .condition("all of nothing", "{all: ‹[]}") {
        .wrongShape($0, context: "`all`", expected: "a list of at least one condition")
      },
      .condition("not of a list", "{not: ‹[{Q1: yes}]}") {
        .wrongShape($0, context: "a condition", expected: "a mapping, as in {key: value}")
      },
      .condition("nothing answered", "{answered: ‹[]}") {
        .wrongShape($0, context: "`answered`", expected: "a question or a list of questions")
      },
      .condition("no code", "{Q1: ‹[]}") {
        .wrongShape($0, context: "the codes of Q1", expected: "at least one code")
      },
      .condition("a list as a code", "{Q1: [yes, ‹[no]]}") {
        .wrongShape($0, context: "the codes of Q1", expected: "a single value")
      },
      .condition("no bound", "{Q3: ‹{}}") {
        .wrongShape($0, context: "the bounds of Q3", expected: "at least one bound")
      },
      .condition("no code to include", "{Q2: {includes-all: ‹[]}}") {
        .wrongShape($0, context: "the codes of Q2", expected: "at least one code")
      },
    ] as [WrongDefinition])
  func wrongShapes(wrong: WrongDefinition) throws {
    try wrong.check()
  }
}
