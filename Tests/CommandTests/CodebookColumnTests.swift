import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// Columns of dimensions, strata, PSUs, weights and keys that the codebook speaks of, through the real binary.
@Suite("Columns of dimensions and of the design follow the codebook")
struct CodebookColumnTests {
  typealias Survey = MissingCodeAndDateTests.Survey

  private static let byRegion = "dimensions: {g: {column: g}}\ngroup-by: [[g]]\n"
  private static let region = "questions: {g: {type: one, options: [\"1\", \"2\"]}, y: {type: text}}\n"

  // MARK: - What the question of the column refuses

  @Test func aRegionThatIsNoOptionCountsUnderMaxRejected() throws {
    let rows = ["g,y", "1,1", "1,0", "2,1", "North,0", "7,1"]
    let error = try Survey(codebook: Self.region, more: Self.byRegion, rows: rows).refusal(65)
    #expect(
      error.contains(
        "2 of 5 answers in column g of table responses cannot be read, more than max-rejected 1%: \"7\" 1x, \"North\" 1x"
      ))
    let (run, estimates) = try Survey(
      codebook: Self.region, more: Self.byRegion + "max-rejected: 50%", rows: rows
    ).run()
    #expect(estimates.keys.sorted() == ["1", "2", "_T", "_U"])
    #expect(estimates["_T"]?["n"] == "5" && estimates["_U"]?["n"] == "2" && estimates["_U"]?["n_yes"] == "1")
    #expect(
      run.error == "note: s: 2 of 5 answers in column g of responses cannot be read and are left out: \"7\" 1x, "
        + "\"North\" 1x; broken down by g their rows are in _U\n")
  }

  @Test func anAnswerOfADimensionThatAnIndicatorReadsIsCountedOnce() throws {
    var survey = Survey(
      codebook: Self.region, more: Self.byRegion + "max-rejected: 50%",
      indicators: "- {id: A, title: First, numerator: {g: \"1\"}}\n", rows: ["g,y", "1,1", "2,1", "x,1"])
    survey.table = ", unit: y"
    let directory = try survey.write()
    let run = try CommandRun(["run", "s"], in: directory.path)
    #expect(run.status == 0 && run.error.contains("1 of 3 answers in column g"), "\(run.error)")
    let rejected = try SmallTable(contentsOf: directory.path(of: "Output/s/rejected.csv"))
    #expect(rejected.rows.count == 1)
  }

  @Test func aStratumOrPSUThatIsNoOptionRejectsTheRow() throws {
    let book = "questions: {h: {type: one, options: [a, b]}, c: {type: integer}, y: {type: text}}\n"
    let rows = ["h,c,y", "a,1,1", "a,2,0", "b,1,1", "b,2,1", "B,1,1", "b,x,0"]
    var survey = Survey(codebook: book, more: "design: {strata: [h], psu: c}", rows: rows)
    #expect(try survey.refusal(65).contains("2 of 6 rows of table responses were rejected"))
    survey.more += "\nmax-rejected: 50%"
    let (run, estimates) = try survey.run()
    #expect(estimates["_T"]?["n"] == "4" && estimates["_T"]?["df"] == "2")
    #expect(
      run.error.split(separator: "\n") == [
        "note: s: 1 of 6 rows of responses is left out: column c is \"x\" 1x: no PSU: not a number",
        "note: s: 1 of 6 rows of responses is left out: column h is \"B\" 1x: no stratum: not a code of the codebook; the "
          + "code is \"b\", which differs in letter case",
      ])
  }

  @Test func aRegistersValueThatIsNoOptionIsUnknown() throws {
    let survey = Survey(
      table: ", unit: u}, offices: {path: offices.csv, unit: o, codebook: offices.yaml",
      more: "dimensions: {g: {join: offices, on: u, column: g}}\ngroup-by: [[g]]\nmax-rejected: 50%\n",
      rows: ["u,y", "a,1", "b,1", "c,0", "d,0"])
    let directory = try survey.write()
    try directory.write("o,g\na,1\nb,1.0\nc,North\nd,9.0\n", to: "Pipelines/offices.csv")
    try directory.write(
      "numeric-codes: true\nmissing: [\"\", \"9\"]\nquestions: {g: {type: one, options: [\"1\", \"2\"]}}\n",
      to: "Pipelines/offices.yaml")
    let run = try CommandRun(["run", "s"], in: directory.path)
    #expect(
      run.status == 0 && run.error.contains("1 of 3 answers in column g of offices cannot be read"), "\(run.error)")
    #expect(run.error.contains("broken down by g their rows are in _U"))
    let table = try SmallTable(contentsOf: directory.path(of: "Output/s/estimates.csv"))
    let places = ["g", "n", "n_yes"].compactMap { table.header.firstIndex(of: $0) }
    #expect(
      table.rows.map { row in places.map { row[$0] } } == [["_T", "4", "2"], ["1", "2", "2"], ["_U", "2", "0"]])
  }

  // MARK: - Codes that are numbers

  @Test("With numeric-codes a member is its code, and 9.0 a missing code", arguments: [".", ","])
  func numericMembers(mark: String) throws {
    let rows = ["g;h;y", "1;1;1", "1#0;1#0;0", "01;1#00;1", "2#00;2;1", "2;2#0;0", "9#0;2;1", "2;9#0;1"]
    let (run, estimates) = try Survey(
      table: ", delimiter: \";\", decimal: \"\(mark)\"",
      codebook: "numeric-codes: true\nmissing: [\"\", \"9\"]\n"
        + Self.region.replacingOccurrences(of: "{g", with: "{h: {type: one, options: [\"1\", \"2\"]}, g"),
      more: Self.byRegion + "max-rejected: 50%\ndesign: {strata: [g, h]}\n",
      rows: rows.map { $0.replacingOccurrences(of: "#", with: mark) }
    ).run()
    #expect(estimates.keys.sorted() == ["1", "2", "_T"])
    #expect(estimates["1"]?["n"] == "3" && estimates["2"]?["n"] == "2")
    // Rows without a stratum: a part of it is the missing code.
    #expect(run.error.split(separator: "\n").filter { $0.contains("left out: column") }.count == 2, "\(run.error)")
  }

  @Test("9.0 names no PSU and is no weight", arguments: [true, false])
  func numericMissingCodes(isNumeric: Bool) throws {
    let (run, estimates) = try Survey(
      codebook: "numeric-codes: \(isNumeric)\nmissing: [\"\", \"9\"]\nquestions: {y: {type: text}}\n",
      more: "design: {psu: c, weight: w}\nmax-rejected: 60%\n",
      rows: ["c,w,y", "1,1.0,1", "2,2.5,0", "9.0,1,1", "3,9.0,1", "3,9.00000000,1", "4,9.5,1"]
    ).run()
    let lines = run.error.split(separator: "\n")
    #expect(estimates["_T"]?["n"] == (isNumeric ? "3" : "4"))
    if isNumeric {
      #expect(lines.count == 2 && lines.allSatisfy { $0.contains("(a missing code of the codebook") }, "\(run.error)")
    } else {
      #expect(lines.count == 3, "\(run.error)")
      #expect(lines[0].contains("column w is \"9.0\" 1x: 9.0 looks like the missing code 9: set `numeric-codes: true`"))
      #expect(
        lines[2] == "note: s: table responses, column c: \"9.0\" is one of the PSUs, although it is the number of the "
          + "missing code 9: set `numeric-codes: true` in the codebook")
    }
  }

  @Test(arguments: ["98", "98.0", "98,00"]) func aMissingNumberWithinTheRangeIsAskedAbout(text: String) throws {
    let survey = Survey(
      table: ", delimiter: \";\"\(text.contains(",") ? ", decimal: \",\"" : "")",
      codebook: "missing: [\"\", \"98\"]\nnumeric-codes: true\nquestions: {age: {type: integer}}\n",
      indicators: "- {id: A, title: Old, numerator: {age: {at-least: 60}}}\n",
      rows: ["age", "20", "61", "101", text, text])
    let words = "98 is a missing code here, and the other answers go from 20 to 101: 2 answers were read as missing"
    #expect(try survey.run().run.error.contains(words))
    #expect(try survey.check().output.contains(words))
  }

  // MARK: - Rows that are left out

  @Test func rowsThatAreLeftOutAreToldByColumnAndReason() throws {
    let (run, _) = try Survey(
      table: ", respondent: id", codebook: "missing: [\"\", \"98\"]\nquestions: {y: {type: text}}\n",
      more: "design: {psu: c, weight: w}\nmax-rejected: 80%\n",
      rows: [
        "id,c,w,y", "1,1,1,1", "2,2,1,0", "98,1,1,0", "4,98,1,1", "5,98,1,1", "6,,1,1", "7,1,\"1,5\",1", "7,3,1,1",
        "7,3,1,0", "8,1",
      ]
    ).run()
    let left = "rows of responses is left out:"
    let expected = [
      "note: s: 2 of 10 rows of responses are left out: column c is \"98\" 2x: no PSU (a missing code of the codebook; ",
      "note: s: 1 of 10 \(left) 2 fields, but the header has 4",
      "note: s: 1 of 10 \(left) column c is empty: no PSU: give every row a PSU; ",
      "note: s: 1 of 10 \(left) column id is \"7\" 1x: a row with this key came before; the first stays",
      "note: s: 1 of 10 \(left) column id is \"98\" 1x: empty, but it must name the row (a missing code of the codebook",
      "note: s: 1 more row of responses is left out for 1 other reason, which rejected.csv lists",
    ]
    let lines = run.error.split(separator: "\n")
    #expect(lines.count == expected.count && zip(lines, expected).allSatisfy { $0.hasPrefix($1) }, "\(run.error)")
    #expect(run.error.contains("`missing: [\"\"]` on a question c makes it a value"))
  }

  // MARK: - Keys that are missing codes

  @Test("A missing code is no key of a register, unless its question says so", arguments: [false, true])
  func missingKeys(isDeclared: Bool) throws {
    let survey = Survey(
      table: "}, places: {path: places.csv, unit: k",
      codebook:
        "missing: [\"\", \"NA\"]\nquestions: {y: {type: text}\(isDeclared ? ", c: {type: text, missing: [\"\"]}" : "")}\n",
      more: "dimensions: {g: {join: places, on: c, column: g}}\ngroup-by: [[g]]\n",
      indicators: "- {id: A, title: Listed, numerator: {related: {table: places, on: {here: c, there: k}}}}\n",
      rows: ["c,y", "NA,1", "DE,0", ",1", "NA,1"])
    let directory = try survey.write()
    try directory.write("k,g\nNA,Africa\nDE,Europe\n", to: "Pipelines/places.csv")
    let run = try CommandRun(["run", "s"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    let table = try SmallTable(contentsOf: directory.path(of: "Output/s/estimates.csv"))
    let places = ["g", "n", "n_yes"].compactMap { table.header.firstIndex(of: $0) }
    let rows = table.rows.map { row in places.map { row[$0] }.joined(separator: " ") }
    #expect(
      rows == (isDeclared ? ["_T 4 3", "Africa 2 2", "Europe 1 1", "_U 1 0"] : ["_T 4 1", "Europe 1 1", "_U 3 0"]))
    let words =
      "note: s: table responses, column c: \"NA\" is a missing code here and a key of table places: rows with it are joined to "
      + "nothing; if it is a key, write `missing: [\"\"]` on a question c of the codebook\n"
    #expect(run.error == (isDeclared ? "" : words))
  }

  // MARK: - Strata of two cycles

  @Test func strataThatAreWrittenOtherwiseInTheOtherCycleAreTold() throws {
    let directory = try TemporaryDirectory()
    func write(_ name: String, _ strata: [String], codebook: Bool, _ more: String) throws {
      try directory.write(
        """
        pipeline: \(name)
        tables: {responses: {path: \(name).csv\(codebook ? ", codebook: codebook.yaml" : "")}}
        design: {strata: [h], psu: c}
        indicators: indicators.yaml
        \(more)

        """, to: "Pipelines/\(name).yaml")
      let rows = strata.flatMap { stratum in (1...4).map { "\(stratum),\($0),\($0 % 2)" } }
      try directory.write((["h,c,y"] + rows).map { $0 + "\n" }.joined(), to: "Pipelines/\(name).csv")
    }
    try directory.write("- {id: A, title: Yes, numerator: {y: \"1\"}}\n", to: "Pipelines/indicators.yaml")
    try directory.write(
      "numeric-codes: true\nquestions: {h: {type: one, options: [\"1\", \"2\"]}, y: {type: text}}\n",
      to: "Pipelines/codebook.yaml")
    func run(_ then: [String], _ now: [String], codebook: Bool = false, overlap: String = "psu") throws -> String {
      try write("then", then, codebook: codebook, "")
      try write("now", now, codebook: codebook, "trend: {previous: then, overlap: \(overlap)}")
      let run = try CommandRun(["run", "now"], in: directory.path)
      #expect(run.status == 0, "\(run.error)")
      return run.error
    }
    let words = "are two strata, whose PSUs are not linked with each other, although they differ only in"
    #expect(
      try run(["North", "South"], ["north", "South"]).contains(
        "\"north\" here and \"North\" in then \(words) letter case"))
    #expect(
      try run(["1", "2"], ["1.0", "2.0"]).contains(
        "\"1.0\" here and \"1\" in then \(words) \".0\" at the end, and so is 1 more"))
    #expect(try run(["1", "2"], ["1.0", "2.0"], overlap: "none").isEmpty)
    #expect(try run(["1", "2"], ["1.0", "2.0"], codebook: true).isEmpty)
    let trends = try SmallTable(contentsOf: directory.path(of: "Output/now/trends.csv"))
    let place = try #require(trends.header.firstIndex(of: "n_linked"))
    #expect(trends.rows.first?[place] == "8")
  }
}
