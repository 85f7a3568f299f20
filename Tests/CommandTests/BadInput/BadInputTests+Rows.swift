import Foundation
import SurveyTestSupport
import Testing

/// Rows that are left out, and answers that become missing, while the run goes on.
extension BadInputTests {
  // MARK: - Rejected rows

  /// A row of the responses on line 10, the column that is at fault, and the rest of its line in `rejected.csv`.
  struct BadRow: CustomTestStringConvertible, Sendable {
    var name: String
    var row: String
    var rejected: String
    var testDescription: String { name }
  }

  static let badRows = [
    BadRow(name: "too few fields", row: "r9,AAA,1", rejected: ",row,\"3 fields, but the header has 12\","),
    BadRow(
      name: "too many fields", row: "r9,AAA,1,north,p1,full,,yes,,,,,",
      rejected: ",row,\"13 fields, but the header has 12: if every row ends with a delimiter, end the header with one, "
        + "too\","),
    BadRow(
      name: "duplicate respondent", row: "r1,AAA,1,north,p1,none,,no,,,,",
      rejected: "id,row,a row with this key came before; the first stays,r1"),
    BadRow(
      name: "empty respondent", row: ",AAA,1,north,p1,full,,yes,,,,",
      rejected: "id,row,\"empty, but it must name the row\","),
    BadRow(
      name: "empty unit", row: "r9,,1,north,p1,full,,yes,,,,",
      rejected: "office,row,\"empty, but it must name the row\","),
    BadRow(
      name: "negative weight", row: "r9,AAA,-1,north,p1,full,,yes,,,,",
      rejected: "weight,row,the weight must be a number from 0,-1"),
    BadRow(
      name: "NaN as weight", row: "r9,AAA,NaN,north,p1,full,,yes,,,,",
      rejected: "weight,row,the weight must be a number from 0,NaN"),
    BadRow(
      name: "infinite weight", row: "r9,AAA,1e999,north,p1,full,,yes,,,,",
      rejected: "weight,row,the weight must be a number from 0,1e999"),
    BadRow(
      name: "text as weight", row: "r9,AAA,heavy,north,p1,full,,yes,,,,",
      rejected: "weight,row,the weight must be a number from 0,heavy"),
    BadRow(
      name: "no weight", row: "r9,AAA,,north,p1,full,,yes,,,,",
      rejected: "weight,row,\"no weight: write 0 for a row outside the subsample, which keeps its PSU\","),
    BadRow(
      name: "no stratum", row: "r9,AAA,1,,p1,full,,yes,,,,",
      rejected: "stratum,row,no stratum: give every row of a sample the stratum that it was drawn from,"),
    BadRow(
      name: "no PSU", row: "r9,AAA,1,north,,full,,yes,,,,",
      rejected: "psu,row,no PSU: give every row a PSU; a row that is its own PSU needs an id of its own,"),
    BadRow(
      name: "unknown unit", row: "r9,ZQX,1,north,p1,full,,yes,,,,",
      rejected: "office,row,unknown in register offices,ZQX"),
    BadRow(
      name: "misspelled unit", row: "r9,AAa,1,north,p1,full,,yes,,,,",
      rejected: "office,row,\"unknown in register offices; did you mean \"\"AAA\"\"?\",AAa"),
  ]

  @Test(arguments: badRows)
  func aBadRowIsRejectedAndTheRunGoesOn(_ bad: BadRow) throws {
    let results = try SurveyFixture.adding(bad.row).results()
    #expect(try results.rejected == ["\(responses),10,\(bad.rejected)"])
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsUsed, rows.rowsRejected) == (9, 8, 1))
    #expect(rows.isBalanced)
    // Nothing of it is in any number: the estimates are those without the row.
    let without = try SurveyFixture().results()
    #expect(
      try results.directory.text(of: "Output/survey/estimates.csv")
        == without.directory.text(of: "Output/survey/estimates.csv"))
  }

  @Test func lineNumbersArePhysicalAndInTheOrderOfTheFile() throws {
    var fixture = SurveyFixture()
    fixture.rows[0] += "\"a note\r\nof three\n lines\""
    fixture.rows[1] = fixture.rows[1].replacingOccurrences(of: ",1,", with: ",x,") + "\r\n"
    fixture.rows[2] = fixture.rows[2].replacingOccurrences(of: "full", with: "ful")
    fixture.rows[4] = "r5"
    #expect(
      try fixture.results().rejected == [
        "\(responses),5,weight,row,the weight must be a number from 0,x",
        "\(responses),7,plan,answer,\"not a code of the codebook; the nearest code is \"\"full\"\"\",ful",
        "\(responses),9,,row,\"1 fields, but the header has 12\",",
      ])
  }

  @Test func aUnitThatStandsTwiceInAJoinedRegisterIsRejected() throws {
    var fixture = SurveyFixture()
    fixture.offices += "AAA,asia,1\n"
    let results = try fixture.results()
    #expect(
      try results.rejected == ["\(offices),11,code,row,a row with this key came before; the first stays,AAA"])
    #expect(try results.estimate("P1", region: "africa")["n"] == "4")
    #expect(try results.rows(of: "offices").rowsRejected == 1)
  }

  // MARK: - Weight 0

  /// PSU p4 has no weight left. It still counts in n_h (so the stratum south is not lonely, and its variance has a zero
  /// in it), but its rows are in no n, df or sum.
  @Test func aRowOfWeightZeroIsUsedButInNoSum() throws {
    var fixture = SurveyFixture()
    for row in [6, 7] { fixture.rows[row] = fixture.rows[row].replacingOccurrences(of: ",1,south", with: ",0,south") }
    let results = try fixture.results()
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsUsed, rows.rowsRejected) == (8, 8, 0))
    #expect(try results.rejected.isEmpty)
    let estimate = try results.estimate("P1")
    #expect(estimate["n"] == "6")
    #expect(estimate["n_yes"] == "4")
    #expect(estimate["df"] == "1")
    // Weights 1 1 | 2 2 in the north, 1 1 | 0 0 in the south; yes are r1, r3, r4, r6.
    let p = 6.0 / 8
    let north = [(1 - 2 * p) / 8, (4 - 4 * p) / 8]
    let south = [(1 - 2 * p) / 8, 0]
    let variance = [north, south].reduce(0) { $0 + ($1[0] - $1[1]) * ($1[0] - $1[1]) }
    #expect(areClose(try #require(Double(estimate["estimate"] ?? "")), 100 * p))
    #expect(areClose(try #require(Double(estimate["se"] ?? "")), 100 * variance.squareRoot()))
  }

  // MARK: - Replicate weights

  /// A replicate weight may be 0 or negative; only what is no number is rejected. No column of the file holds any.
  @Test func replicateWeightsThatNoColumnHoldsAreRefused() throws {
    try SurveyFixture().defining(
      "{weight: weight, strata: [stratum], psu: psu}",
      "{weight: weight, replicates: {columns: \"repw*\", type: brr}}"
    ).expectFailure(status: 65, at: "data/responses.csv:1", saying: ["repw*", "replicate weights"])
  }

  // MARK: - Outside the population

  @Test func aUnitOutsideThePopulationIsLeftOutButNotRejected() throws {
    let fixture = SurveyFixture.adding("r9,III,1,south,p4,full,sea,yes,,,,").defining(
      "design: {weight: weight, strata: [stratum], psu: psu}",
      "design: {strata: [region], psu: office, population: {table: offices, where: {member: \"1\"}}}")
    let results = try fixture.results(["--strict"])
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsUsed, rows.rowsOutsidePopulation, rows.rowsRejected) == (9, 8, 1, 0))
    #expect(rows.isBalanced)
    #expect(try results.rejected.isEmpty)
    #expect(try results.estimate("P1")["n"] == "8")
    #expect(try results.estimate("P1")["population"] == "8")
  }

  // MARK: - Rejected answers

  struct BadAnswer: CustomTestStringConvertible, Sendable {
    var column: String
    var value: String
    var reason: String
    var testDescription: String { "\(column): \"\(value)\"" }
  }

  static let badAnswers = [
    BadAnswer(column: "plan", value: "fulll", reason: "not a code of the codebook; the nearest code is \"full\""),
    BadAnswer(column: "plan", value: "zzzzzzzz", reason: "not a code of the codebook"),
    BadAnswer(
      column: "plan", value: " full", reason: "not a code of the codebook: it has a leading space; the code is \"full\""
    ),
    BadAnswer(
      column: "plan", value: "full ",
      reason: "not a code of the codebook: it has a trailing space; the code is \"full\""),
    BadAnswer(
      column: "plan", value: " full ",
      reason: "not a code of the codebook: it has leading and trailing spaces; the code is \"full\""),
    BadAnswer(column: "plan", value: " ", reason: "not a code of the codebook: only spaces"),
    BadAnswer(
      column: "plan", value: "Full",
      reason: "not a code of the codebook; the code is \"full\", which differs in letter case"),
    BadAnswer(
      column: "routes", value: "air|see", reason: "\"see\" is not a code of the codebook; the nearest code is \"sea\""),
    BadAnswer(
      column: "routes", value: "air| sea",
      reason: "\" sea\" is not a code of the codebook: it has a leading space; the code is \"sea\": set "
        + "`multiple-trim: true` or `multiple-separator: \"| \"` for the table"),
    BadAnswer(
      column: "routes", value: "air;sea",
      reason: "not a code of the codebook; set `multiple-separator: \";\"` for the table"),
    BadAnswer(
      column: "visited", value: "2024-02-30",
      reason: "not a date written as yyyy-mm-dd; `date-format` on the table says how its dates are written"),
    BadAnswer(
      column: "visited", value: "05.01.2024",
      reason: "not a date written as yyyy-mm-dd; `date-format: dd.MM.yyyy` on the table reads it"),
    BadAnswer(
      column: "visited", value: "2024-01-05 ", reason: "not a date written as yyyy-mm-dd: it has a trailing space"),
    BadAnswer(column: "staff", value: "three", reason: "not a number"),
    BadAnswer(column: "staff", value: "3.5", reason: "not a whole number"),
    BadAnswer(
      column: "budget", value: "10,5", reason: "not a number: it has a comma; set `decimal: \",\"` for the table"),
    BadAnswer(
      column: "budget", value: "NaN",
      reason: "not a number; if it stands for no answer, write `missing: [\"\", \"NaN\"]` on the question"),
    BadAnswer(column: "budget", value: " 7", reason: "not a number: it has a leading space"),
  ]
  static let indicatorOfColumn = ["plan": "P1", "routes": "P2", "visited": "P4", "staff": "P5", "budget": "P6"]

  @Test(arguments: badAnswers)
  func aBadAnswerIsRejectedAndItsRowStays(_ bad: BadAnswer) throws {
    let columns = ["plan", "routes", "trained", "visited", "staff", "budget", "note"]
    let answers = columns.map { $0 == bad.column ? quoted(bad.value) : $0 == "plan" ? "full" : "" }
    let results = try SurveyFixture.adding("r9,AAA,1,north,p1," + answers.joined(separator: ",")).results()
    #expect(
      try results.rejected == ["\(responses),10,\(bad.column),answer,\(quoted(bad.reason)),\(quoted(bad.value))"])
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsUsed, rows.rowsRejected, rows.answersRejected) == (9, 9, 0, 1))
    // The answer is missing: its indicator has the rows that it had without.
    let indicator = try #require(Self.indicatorOfColumn[bad.column])
    #expect(try results.estimate(indicator)["n"] == SurveyFixture().results().estimate(indicator)["n"])
    if bad.column != "plan" { #expect(try results.estimate("P1")["n"] == "9") }
  }

  private func quoted(_ value: String) -> String {
    value.contains { "\",\n".contains($0) } ? "\"\(value.replacingOccurrences(of: "\"", with: "\"\""))\"" : value
  }

  // MARK: - Routed out

  @Test func anAnswerToAQuestionThatWasNotAskedIsUsedAsGivenAndCheckListsIt() throws {
    let fixture = SurveyFixture.adding("r9,AAA,1,north,p1,none,sea,yes,,,,")
    let results = try fixture.results(["--strict"])
    #expect(try results.rejected.isEmpty)
    let estimate = try results.estimate("P2")
    #expect((estimate["n"], estimate["n_yes"]) == ("6", "4"))

    let check = try CommandRun(["check", "survey"], in: results.directory.path)
    #expect(check.status == 65)
    #expect(check.error.withoutNotes.isEmpty)
    #expect(check.output.hasPrefix("\(responses):10: routes: routing: the question was not asked"))
    #expect(check.output.contains("used as given: \"sea\"\n"))
    #expect(check.output.hasSuffix("1 problem found\n"))
  }

  @Test func checkListsTheProblemsAndTheMostFrequentUnknownValues() throws {
    var fixture = SurveyFixture()
    for row in 0..<3 { fixture.rows[row] = fixture.rows[row].replacingOccurrences(of: ",1,", with: ",heavy,") }
    for number in 9..<21 { fixture.rows.append("r\(number),AAA,1,north,p1,bad\(number),,,,,,") }
    fixture.rows.append("r21,AAA,1,north,p1,bad15,,,,,,")
    let directory = try fixture.write()
    let check = try CommandRun(["check", "survey"], in: directory.path)
    #expect(check.status == 65)
    #expect(check.output.contains("\(responses):2: weight: row: the weight must be a number from 0: \"heavy\"\n"))
    #expect(check.output.contains("\(responses):22: plan: answer: not a code of the codebook"))
    let frequent = try #require(check.output.split(separator: "\n").first { $0.hasPrefix("  \(responses) plan: ") })
    #expect(frequent.hasPrefix("  \(responses) plan: \"bad15\" 2x, \"bad10\" 1x, "))
    #expect(frequent.components(separatedBy: "1x").count == 10)
    #expect(check.output.hasSuffix("15 problems found\n"))
    #expect(!FileManager.default.fileExists(atPath: directory.path(of: "Output")))
  }
}
