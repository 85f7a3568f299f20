import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// Small files as people have them, through the real binary: missing codes, dates, and columns of the design.
@Suite("Missing codes, dates and design columns as files have them")
struct MissingCodeAndDateTests {
  /// A survey of one file.
  struct Survey {
    var table = ""
    var codebook: String?
    var more = ""
    var indicators = "- {id: A, title: Yes, numerator: {y: \"1\"}}\n"
    var rows: [String]

    func write() throws -> TemporaryDirectory {
      let directory = try TemporaryDirectory()
      let book = codebook == nil ? "" : ", codebook: codebook.yaml"
      try directory.write(
        "pipeline: s\ntables: {responses: {path: s.csv\(book)\(table)}}\nindicators: indicators.yaml\n\(more)\n",
        to: "Pipelines/s.yaml")
      try directory.write(indicators, to: "Pipelines/indicators.yaml")
      if let codebook { try directory.write(codebook, to: "Pipelines/codebook.yaml") }
      try directory.write(rows.map { $0 + "\n" }.joined(), to: "Pipelines/s.csv")
      return directory
    }

    /// - Returns: The run, and its rows of estimates by member of `g`.
    func run(
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (run: CommandRun, estimates: [String: [String: String]]) {
      let directory = try write()
      let run = try CommandRun(["run", "s", "--threads", "2"], in: directory.path)
      #expect(run.status == 0, "\(run.error)", sourceLocation: sourceLocation)
      guard run.status == 0 else { return (run, [:]) }
      let table = try SmallTable(contentsOf: directory.path(of: "Output/s/estimates.csv"))
      let rows = table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
      return (run, Dictionary(rows.map { ($0["g"] ?? "_T", $0) }) { first, _ in first })
    }

    func refusal(_ status: Int32, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
      let directory = try write()
      let run = try CommandRun(["run", "s"], in: directory.path)
      #expect(run.status == status, "\(run.error)", sourceLocation: sourceLocation)
      #expect(run.error.split(separator: "\n").count <= 2, "\(run.error)", sourceLocation: sourceLocation)
      return run.error
    }

    func check() throws -> CommandRun {
      let directory = try write()
      return try CommandRun(["check", "s"], in: directory.path)
    }
  }

  // MARK: - A code that is an option and stands for no answer

  private static func scores(_ more: String) -> Survey {
    let options = (0...10).map { "\"\($0)\"" }.joined(separator: ", ")
    return Survey(
      codebook: "missing: [\"\", \"9\"]\nquestions:\n  nps: {type: one, options: [\(options)]\(more)}\n",
      indicators: "- {id: A, title: Promoters, numerator: {nps: [\"9\", \"10\"]}}\n",
      rows: ["nps", "9", "10", "5", "5"])
  }

  @Test func anOptionThatIsAMissingCodeIsRefused() throws {
    let error = try Self.scores("").refusal(78)
    #expect(error.contains("\"9\" is an option of question nps and a missing code of the codebook"))
    #expect(error.contains("write `missing: [\"\"]` on the question"))
    #expect(error.contains("codebook.yaml:3:"))
    let own = try Self.scores(", missing: [\"\", \"5\", \"88\"]").refusal(78)
    #expect(own.contains("\"5\" is an option of question nps and a missing code"))
    #expect(own.contains("write `missing: [\"\", \"88\"]`"))
  }

  @Test func aQuestionsOwnMissingCodesReplaceThoseOfTheCodebook() throws {
    let total = try #require(Self.scores(", missing: [\"\"]").run().estimates["_T"])
    #expect((total["n"], total["n_yes"], total["estimate"]) == ("4", "2", "50"))
  }

  @Test(
    "A not-applicable code that is a missing code is refused",
    arguments: [
      ("missing: [\"\", na]\nnot-applicable: [na]\nquestions: {y: {type: text}}\n", "\"na\" is a not-applicable code"),
      ("not-applicable: [\"\"]\nquestions: {y: {type: text}}\n", "an empty field is always missing"),
      ("missing: [na]\nquestions: {y: {type: text, not-applicable: [na]}}\n", "of question y"),
      (
        "not-applicable: [na]\nquestions: {y: {type: text, missing: [na]}}\n",
        "give the question its own `not-applicable`"
      ),
    ])
  func notApplicableAndMissing(codebook: String, words: String) throws {
    #expect(try Survey(codebook: codebook, rows: ["y", "1"]).refusal(78).contains(words))
  }

  @Test func aQuestionsOwnNotApplicableCodesReplaceThoseOfTheCodebook() throws {
    let survey = Survey(
      codebook: "not-applicable: [na]\nquestions: {y: {type: one, options: [\"1\", \"2\"], not-applicable: [no]}}\n",
      more: "max-rejected: 100%",
      indicators: "- {id: A, title: Yes, numerator: {y: [\"1\", no]}, denominator: {y: [\"1\", \"2\", no]}}\n",
      rows: ["y", "1", "2", "no", "na"])
    let total = try #require(survey.run().estimates["_T"])
    #expect((total["n"], total["n_yes"]) == ("3", "2"))
  }

  // MARK: - Missing codes that may be numbers

  private static func ages(_ question: String, _ ages: [Int]) -> Survey {
    Survey(
      codebook: "missing: [\"\", \"98\", \"99\"]\nquestions: {age: \(question), y: {type: text}}\n",
      indicators: "- {id: A, title: Yes, numerator: {y: \"1\"}, denominator: {age: {at-least: 60}}}\n",
      rows: ["age,y"] + ages.map { "\($0),\($0 >= 98 && $0 < 100 ? 1 : 0)" })
  }

  @Test func missingCodesWithinTheRangeOfTheNumbersAreAskedAbout() throws {
    let words =
      "table responses, column age: 98, 99 are missing codes here, and the other answers go from 20 to 100: 2 answers were "
      + "read as missing; if they are numbers like the others, write `missing: [\"\"]` on the question"
    let survey = Self.ages("{type: integer}", [20, 61, 97, 98, 99, 100])
    let check = try survey.check()
    #expect(check.status == 0 && check.output.contains("look at \(words)"), "\(check.output)")
    let (run, estimates) = try survey.run()
    #expect(run.error.split(separator: "\n").count == 1 && run.error.contains("note: s: \(words)"), "\(run.error)")
    #expect(estimates["_T"]?["n"] == "3")
    let ((answered, mended), again) = (
      try Self.ages("{type: integer, missing: [\"\"]}", [20, 61, 97, 98, 99, 100]).run(), 5
    )
    #expect(answered.error.isEmpty && mended["_T"]?["n"] == "\(again)" && mended["_T"]?["estimate"] == "40")
  }

  @Test(
    "Codes far from the numbers are codes, and a question that declares them has said so",
    arguments: [
      ("{type: integer}", [15, 20, 49, 98, 99], false), ("{type: integer}", [61, 70, 98, 99], false),
      ("{type: integer}", [20, 61, 70, 98, 99], true), ("{type: integer}", [20, 61, 97, 100], false),
      ("{type: integer, missing: [\"\", \"98\", \"99\"]}", [20, 61, 97, 98, 99], false),
      ("{type: integer, missing: [\"\", \"98\", \"99\"]}", [20, 61, 97, 98, 99, 100], true),
      ("{type: text}", [20, 61, 97, 98, 99, 100], true),
    ])
  func doubtfulCodes(question: String, ages: [Int], isAsked: Bool) throws {
    #expect(try Self.ages(question, ages).run().run.error.isEmpty != isAsked)
  }

  // MARK: - Columns of the design

  @Test func rowsWithoutAPSUAreRejected() throws {
    var survey = Survey(
      more: "design: {psu: psu}", rows: ["psu,y", "1,1", "1,0", "2,1", "2,1", ",1", ",1", ",0", ",0"])
    let error = try survey.refusal(65)
    #expect(error.contains("4 of 8 rows of table responses were rejected, more than max-rejected 1%"))
    #expect(error.contains("4 of them: column psu: no PSU: give every row a PSU"))
    #expect(error.contains("a row that is its own PSU needs an id of its own"))
    survey.more += "\nmax-rejected: 50%"
    let total = try #require(survey.run().estimates["_T"])
    #expect((total["n"], total["df"]) == ("4", "1"))
  }

  @Test func missingCodesAreNoRegionNoStratumAndNoPSU() throws {
    let rows = ["g,h,c,y", "north,1,1,1", "north,1,2,0", "NA,1,3,1", ",1,4,1", "north,NA,5,1", "north,1,NA,1"]
    let survey = Survey(
      codebook: "missing: [\"\", \"NA\"]\nquestions: {y: {type: text}}\n",
      more: """
        dimensions: {g: {column: g}}
        group-by: [[g]]
        design: {strata: [h], psu: c}
        max-rejected: 50%
        """, rows: rows)
    let estimates = try survey.run().estimates
    #expect(estimates.keys.sorted() == ["_T", "_U", "north"])
    #expect(estimates["_U"]?["n"] == "2" && estimates["north"]?["n"] == "2" && estimates["_T"]?["n"] == "4")
    var own = survey
    own.codebook = "missing: [\"\", \"NA\"]\nquestions: {y: {type: text}, g: {type: text, missing: [\"\"]}}\n"
    #expect(try own.run().estimates.keys.sorted() == ["NA", "_T", "_U", "north"])
  }

  @Test func aLabelOfAMissingCodeIsRefused() throws {
    let survey = Survey(
      codebook: "missing: [\"\", \"NA\"]\nquestions: {y: {type: text}}\n",
      more: "dimensions: {g: {column: g, labels: labels.yaml}}", rows: ["g,y", "NA,1"])
    let directory = try survey.write()
    try directory.write("NA: Namibia\nZA: South Africa\n", to: "Pipelines/labels.yaml")
    let run = try CommandRun(["run", "s"], in: directory.path)
    #expect(run.status == 78 && run.error.contains("\"NA\" is a member of dimension g and a missing code of column g"))
  }

  @Test func aCensusKeepsUnitsWithoutAStratum() throws {
    let directory = try Survey(
      table: ", unit: u}, people: {path: people.csv, unit: u",
      more: "design: {strata: [h], population: {table: people}, lonely-psu: adjust}",
      rows: ["u,h,y", "a,1,1", "b,1,0", "c,,1", "d,,1"]
    ).write()
    try directory.write("u,h\na,1\nb,1\nc,\nd,\ne,\n", to: "Pipelines/people.csv")
    let run = try CommandRun(["run", "s"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    let record = try directory.text(of: "Output/s/run.json")
    #expect(record.contains("\"_U\""))
  }

  @Test(arguments: ["", "NA"]) func aBlankWeightSaysWhatToWrite(blank: String) throws {
    let survey = Survey(
      codebook: "missing: [\"\", \"NA\"]\nquestions: {y: {type: text}}\n", more: "design: {weight: w, psu: c}",
      rows: ["c,w,y", "1,1.5,1", "1,2,0", "2,1,1", "3,\(blank),1", "4,\(blank),"])
    let error = try survey.refusal(65)
    #expect(error.contains("2 of 5 rows") && error.contains("2 of them: column w: no weight"), "\(error)")
    #expect(error.contains("write 0 for a row outside the subsample, which keeps its PSU"), "\(error)")
  }

  // MARK: - Dates and times

  private static func reports(_ dates: (String, String), table: String = "") -> Survey {
    Survey(
      table: ", unit: unit, submitted: sent, roll-up: latest\(table)",
      rows: ["unit,sent,y", "h1,\(dates.0),1", "h1,\(dates.1),0", "h2,,0"])
  }

  @Test(
    "The later instant is the latest row",
    arguments: [
      ("2024-03-02T10:00:00", "2024-03-01T10:00:00", "50"), ("2024-03-02T09:00:00+02:00", "2024-03-02T08:00:00Z", "0"),
      ("2024-03-02T09:00:00Z", "2024-03-02T10:30:00+02:00", "50"),
      ("2024-03-02 10:00:00.2", "2024-03-02 10:00:00.1", "50"),
      ("2024-03-02", "2024-03-02", "0"), ("2024-03-02", "", "50"),
    ])
  func latest(one: String, other: String, estimate: String) throws {
    #expect(try Self.reports((one, other)).run().estimates["_T"]?["estimate"] == estimate)
  }

  /// Whether an unreadable date lies before a day is not known: the row leaves the base.
  @Test func anUnreadableDateOfARegisterIsNeitherBeforeNorAfter() throws {
    let directory = try Survey(
      table: "}, register: {path: register.csv, unit: id", more: "max-rejected: 50%",
      indicators: """
        - id: A
          title: In force
          table: register
          numerator: {not: {withdrawn: {on-or-before: 2024-01-01}}}
          denominator: {id: {empty: false}}

        """, rows: ["y", "1"]
    ).write()
    try directory.write("id,withdrawn\na,\nb,2023-05-01\nc,21/02/2023\n", to: "Pipelines/register.csv")
    let run = try CommandRun(["run", "s"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    let table = try SmallTable(contentsOf: directory.path(of: "Output/s/estimates.csv"))
    let row = Dictionary(uniqueKeysWithValues: zip(table.header, try #require(table.rows.first)))
    #expect((row["n"], row["n_yes"], row["n_unreadable"]) == ("2", "1", "1"))
    let rejected = try directory.text(of: "Output/s/rejected.csv")
    #expect(rejected.contains("`date-format: dd/MM/yyyy` on the table reads it"), "\(rejected)")
  }

  @Test func aDateFormatReadsWhatItSays() throws {
    let survey = Self.reports(("21/02/2023 10:00", "03/02/2023 11:00"), table: ", date-format: dd/MM/yyyy HH:mm")
    #expect(try survey.run().estimates["_T"]?["estimate"] == "50")
  }

  @Test func aUnitWithAnUnreadableDateIsRefused() throws {
    let error = try Self.reports(("2024-03-02", "01/03/2024")).refusal(65)
    #expect(error.contains("s.csv:3: unit h1 has another row on line 2"), "\(error)")
    #expect(error.contains("\"01/03/2024\" is no date that can be read"))
    #expect(error.contains("write `date-format: dd/MM/yyyy` or `date-format: MM/dd/yyyy` for the table"))
  }

  @Test(
    "A date format that could mean two days is refused",
    arguments: [("dd/mm/yyyy", "MM is the month and mm the minute"), ("dd/MM/yy", "four digits"), ("DD.MM.YYYY", "DD")])
  func wrongFormats(format: String, words: String) throws {
    let error = try Self.reports(("", ""), table: ", date-format: \(format)").refusal(78)
    #expect(error.contains(words), "\(error)")
  }

  // MARK: - Names

  @Test(
    "Names that look alike are pointed out on one line",
    arguments: [
      (["01001", "1001"], "leading zeros"), (["north", "North"], "letter case"), (["north", "north "], "spaces"),
      (["new town", "new\u{A0} town"], "spaces"), (["1001", "1001.0"], "\".0\""),
    ])
  func namesThatLookAlike(names: [String], difference: String) throws {
    for (more, noun) in [
      ("dimensions: {g: {column: g}}\ngroup-by: [[g]]", "members"), ("design: {strata: [g]}", "strata"),
      ("design: {psu: g}", "PSUs"),
    ] {
      let survey = Survey(more: more, rows: ["g,y"] + (names + names).enumerated().map { "\($1),\($0 % 2)" })
      let (run, _) = try survey.run()
      let lines = run.error.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].hasPrefix("note: s: table responses, column g: \""), "\(run.error)")
      #expect(run.error.contains("are two \(noun), although they differ only in \(difference)"), "\(run.error)")
      #expect(try survey.check().output.contains("look at table responses, column g: \""))
    }
  }

  @Test func unitsThatLookAlikeArePointedOutByCheck() throws {
    let survey = Survey(table: ", respondent: id, unit: u", rows: ["id,u,y", "1,A7,1", "2,a7,0", "3,B,0"])
    let check = try survey.check()
    #expect(check.status == 0 && check.output.contains("\"A7\" and \"a7\" are two units"), "\(check.output)")
  }

  @Test func idsThatASpreadsheetRoundedArePointedOut() throws {
    let rows = ["c,y"] + (0..<16).map { "3.\(26611 + $0 / 4)E+18,\($0 % 2)" }
    let psus = Survey(more: "design: {psu: c}", rows: rows)
    #expect(try psus.run().run.error.contains("column c: 4 PSUs have names such as 3.26611E+18"))
    #expect(try psus.check().output.contains("4 PSUs have names such as 3.26611E+18"))
    let units = Survey(table: ", unit: c", rows: rows)
    let error = try units.run().run.error
    #expect(error.contains("column c: 16 rows have a name such as 3.26611E+18"), "\(error)")
  }

  @Test func weightsWithAPointBetweenThousandsArePointedOut() throws {
    func run(_ weights: [String]) throws -> String {
      try Survey(more: "design: {weight: w}", rows: ["w,y"] + weights.map { "\($0),1" } + ["1,0"]).run().run.error
    }
    #expect(
      try run(["1.204", "980", "2.310"]).contains("column w: every weight with a point has three digits behind it"))
    for weights in [["1.204", "0.980"], ["1.204", "2.3"], ["1.204", "2310"], ["1204", "980"]] {
      #expect(try run(weights).isEmpty)
    }
  }
}
