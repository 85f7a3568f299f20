import Foundation
import SurveyTestSupport
import Testing

/// What is read as it stands and may have been meant otherwise: `run` says so on standard error, `check` on standard
/// output, and neither a number nor the status changes.
@Suite("Notes about what is read as it stands")
struct AssumptionNotesTests {
  private struct Survey {
    let directory: TemporaryDirectory

    init(
      table: String = "", more: String = "", codebook: String? = nil, indicators: String, rows: [String],
      files: [String: [String]] = [:]
    ) throws {
      directory = try TemporaryDirectory()
      let key = codebook == nil ? "" : ", codebook: codebook.yaml"
      try directory.write(
        """
        pipeline: s
        tables:
          responses: {path: ../s.csv\(key)\(table)}
        \(files.keys.sorted().map { "  \($0): {path: ../\($0).csv}\n" }.joined())\(more)
        reliability: none
        indicators: indicators.yaml

        """, to: "Pipelines/s.yaml")
      if let codebook { try directory.write(codebook + "\n", to: "Pipelines/codebook.yaml") }
      try directory.write(indicators + "\n", to: "Pipelines/indicators.yaml")
      try directory.write(rows.map { $0 + "\n" }.joined(), to: "s.csv")
      for (name, rows) in files { try directory.write(rows.map { $0 + "\n" }.joined(), to: "\(name).csv") }
    }

    func command(_ arguments: String...) throws -> CommandRun { try CommandRun(arguments, in: directory.path) }

    /// Both commands say it.
    func expectNote(_ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      let run = try command("run", "s")
      #expect(run.status == 0, "\(run.error)", sourceLocation: sourceLocation)
      #expect(run.error.contains("note: s: \(words)"), "\(run.error)", sourceLocation: sourceLocation)
      // The second run reads a snapshot.
      #expect(try command("run", "s").error == run.error, sourceLocation: sourceLocation)
      let check = try command("check", "s")
      #expect(check.output.contains("look at \(words)"), "\(check.output)", sourceLocation: sourceLocation)
    }

    func expectNoNote(sourceLocation: SourceLocation = #_sourceLocation) throws {
      let run = try command("run", "s")
      #expect(run.status == 0 && run.error.isEmpty, "\(run.error)", sourceLocation: sourceLocation)
    }
  }

  private static let rich = "- {id: A, title: Rich, numerator: {inc: {at-least: 1000}}}"

  @Test(
    "Numbers all of which have three digits behind the point",
    arguments: [
      ("number", "questions: {inc: {type: number}}"), ("integer", "questions: {inc: {type: integer}}"), ("text", nil),
    ]
      as [(String, String?)])
  func thousands(type: String, codebook: String?) throws {
    func survey(_ numbers: [String], table: String = "") throws -> Survey {
      try Survey(
        table: ", delimiter: \";\"\(table)", codebook: codebook, indicators: Self.rich,
        rows: ["inc;x"] + numbers.map { "\($0);1" })
    }
    let words =
      "table responses, column inc: every number with a point has three digits behind it, such as 25.000, which is read "
      + "as a number between 1 and 1000; if the point marks thousands, write `decimal: \",\"` and `thousands: \".\"`"
    try survey(["25.000", "850", "-1.000", "12.000", "25.000"]).expectNote(words)
    for others in [["25.000", "1.0"], ["25.000", "0.000"], ["25.000", "25.000"], ["25", "1000"]] {
      try survey(others).expectNoNote()
    }
    try survey(["25.000", "1.000"], table: ", decimal: \",\", thousands: \".\"").expectNoNote()
  }

  @Test func aWholeNumberWithAPointNamesTheKeys() throws {
    let survey = try Survey(
      codebook: "questions: {inc: {type: integer}}", indicators: Self.rich, rows: ["inc,x", "1.204,1", "1.5,1"])
    let check = try survey.command("check", "s")
    #expect(check.status == 65)
    #expect(
      check.output.contains(
        "not a whole number: if a point marks thousands, set `decimal: \",\"` and `thousands: \".\"` for the table"))
    #expect(check.output.contains("not a whole number: \"1.5\""), "\(check.output)")
  }

  @Test func weightsThatAreAllOneGroupAndThreeDigitsWhereGroupsAreDeclared() throws {
    func survey(_ weights: [String]) throws -> Survey {
      try Survey(
        table: ", decimal: \",\", thousands: \".\", delimiter: \";\"", more: "design: {weight: w}",
        indicators: "- {id: A, title: A, numerator: {q: \"1\"}}", rows: ["w;q"] + weights.map { "\($0);1" })
    }
    try survey(["1.204", "2.310", "1.000"]).expectNote(
      "table responses, column w: every weight is written like 1.204, which is read as 1204, since the table declares "
        + "`thousands: \".\"`")
    for others in [["1.204", "850"], ["1.204,5", "1.000"], ["1,204", "2,5"]] { try survey(others).expectNoNote() }
  }

  @Test func aPopulationSizeWithAMarkNamesTheKey() throws {
    let survey = try Survey(
      table: ", delimiter: \";\"", more: "design: {strata: [h], population: {column: N}}",
      indicators: "- {id: A, title: A, numerator: {q: \"1\"}}", rows: ["h;N;q", "a;1,000;1", "a;1,000;2"])
    let run = try survey.command("run", "s")
    #expect(run.status == 65)
    #expect(
      run.error.contains(
        "\"1,000\" in column N is no population size for stratum a: it has a comma; set `decimal: \",\"`, or "
          + "`thousands: \",\"` for the table"), "\(run.error)")
  }

  // MARK: - Texts that look like codes

  @Test func textsThatLookLikeTheCodeOfACondition() throws {
    let indicators = "- {id: A, title: One, numerator: {q: \"1\"}}"
    let rows = ["id,q", "a,1", "b,2", "c,1.0", "d,2.0", "e,1.0", "f,01"]
    try Survey(indicators: indicators, rows: rows).expectNote(
      "table responses, column q: holds \"1.0\" (2 rows), which looks like the code \"1\" that a condition or the codebook "
        + "names, and is another text, and 1 more such texts: name both, or list the question in a codebook with "
        + "`type: one`, its `options` and `numeric-codes: true`")
    let text = "questions: {q: {type: text}}"
    try Survey(codebook: text, indicators: indicators, rows: rows).expectNote(
      "table responses, column q: holds \"1.0\" (2 rows)")
    try Survey(
      indicators: "- {id: A, title: Yes, numerator: {q: \"yes\"}}", rows: ["id,q", "a,yes", "b,Yes ", "c,no"]
    ).expectNote("table responses, column q: holds \"Yes \" (1 row), which looks like the code \"yes\"")
    try Survey(indicators: indicators, rows: ["id,q", "a,1", "b,2", "c,11"]).expectNoNote()
    try Survey(
      indicators: "- {id: A, title: One, numerator: {q: [\"1\", \"1.0\", \"01\"]}}", rows: rows
    ).expectNoNote()
  }

  @Test(arguments: ["text", "date"]) func numericCodesOfAQuestionWithoutCodes(type: String) throws {
    let survey = try Survey(
      codebook: "questions: {q: {type: \(type), numeric-codes: true}}",
      indicators:
        "- {id: A, title: A, numerator: {answered: q}, denominator: {any: [{answered: q}, {q: {empty: true}}]}}",
      rows: ["q,x", "2024-01-01,1"])
    let run = try survey.command("run", "s")
    #expect(run.status == 78)
    #expect(
      run.error.contains("codebook.yaml:1:44: question q has `numeric-codes`, but its type is \(type)"), "\(run.error)")
  }

  @Test(
    "Keys of `related` that match nothing and look alike",
    arguments: [
      ("1001", "01001", "only in leading zeros"), ("1.0", "1", "only in \".0\" at the end"),
      ("north", "North", "only in letter case"),
    ])
  func relatedKeys(here: String, there: String, difference: String) throws {
    func survey(_ keys: [String]) throws -> Survey {
      try Survey(
        indicators: "- {id: A, title: A, numerator: {related: {table: reg, on: {here: c, there: k}}}}",
        rows: ["c,q", "\(here),1", "x,1"], files: ["reg": ["k,kind"] + keys.map { "\($0),1" }])
    }
    try survey([there, "y"]).expectNote(
      "table responses, column c: \"\(here)\" here and \"\(there)\" in column k of reg are not related, although they "
        + "differ \(difference): write both alike")
    try survey([there, here]).expectNoNote()
  }

  // MARK: - Long tables

  private static func long(_ codebook: String?, unknown: [String]) throws -> Survey {
    try Survey(
      table: ", layout: long, respondent: form, question: question, answer: answer", more: "max-rejected: 20%",
      codebook: codebook, indicators: "- {id: A, title: A, numerator: {q: \"1\"}}",
      rows: ["form,question,answer"] + (0..<16).map { "\($0),q,\(1 + $0 % 2)" }
        + unknown.enumerated().map { "\(90 + $0),\($1),1" })
  }

  private static let codes = "questions: {q: {type: one, options: [\"1\", \"2\"]}, long_name: {type: text}}"

  @Test("A question name that looks like a used one takes its answers away")
  func unlistedQuestions() throws {
    let many = try Self.long(Self.codes, unknown: Array(repeating: "Q", count: 6)).command("run", "s")
    #expect(many.status == 65)
    expectMessage(
      many.error,
      saying: [
        "6 of 22 answers to question q of table responses stand under \"Q\", which its codebook does not list, more than "
          + "max-rejected 20%", "write one name in the data and in the codebook, or list \"Q\" under `questions`",
      ])
    let few = try Self.long(Self.codes, unknown: ["Q", "q "]).command("run", "s")
    #expect(few.status == 0)
    for name in ["Q", "q "] {
      #expect(
        few.error.contains(
          "note: s: 1 of 17 answers to question q of responses stand under \"\(name)\", which its codebook does not list, "
            + "and are left out; write one name in the data and in the codebook, or list"), "\(few.error)")
    }
    let others = try Self.long(Self.codes, unknown: ["a", "a", "long_nmae", "b", "a"]).command("run", "s")
    #expect(others.status == 0)
    #expect(
      others.error
        == "note: s: table responses, column question: 5 answers stand under 3 names that the codebook does not list, and "
        + "are left out: \"a\" 3x, \"b\" 1x, \"long_nmae\" 1x (like \"long_name\"); list under `questions` what belongs to "
        + "the survey\n", "\(others.error)")
  }

  @Test func withoutACodebookANameLikeAUsedOneIsPointedOut() throws {
    try Self.long(nil, unknown: ["Q", "Q", "other"]).expectNote(
      "table responses, column question: 2 rows of \"Q\" are skipped, although the name looks like that of a question "
        + "which a condition names")
    try Self.long(nil, unknown: ["other"]).expectNoNote()
  }

  // MARK: - Weights that weigh nothing

  @Test(arguments: ["any", "all", "majority"]) func weightsOfRowsWeighNoUnits(rollUp: String) throws {
    func survey(_ design: String) throws -> Survey {
      try Survey(
        table: ", unit: u, roll-up: \(rollUp)", more: "design: {\(design)}",
        indicators: "- {id: A, title: A, numerator: {q: \"1\"}}",
        rows: ["u,q,w,v", "1,1,100,2", "2,2,1,2", "3,2,1,2"])
    }
    let weighted = try survey("weight: w")
    try weighted.expectNote(
      "table responses, column w: weighs no unit of 1 indicator (A) under `roll-up: \(rollUp)`: a unit of several rows "
        + "weighs 1; where units have weights, write `unit-weight`")
    let shown = try weighted.command("show", "s", "--indicator", "A").output
    #expect(shown.contains("each unit weighs 1: the weight w is one of rows, and `unit-weight` is not declared"))
    try survey("weight: w, unit-weight: v").expectNoNote()
  }
}
