import Foundation
import SurveyTestSupport
import Testing

/// Tables of several files, compressed files, and tables with one row an answer.
extension BadInputTests {
  // MARK: - Several files

  private func inParts(_ path: String, more: String = "") -> SurveyFixture {
    SurveyFixture().defining("path: ../data/responses.csv", "path: \(path)\(more)")
  }

  private static let tail = "r9,AAA,1,north,p1,ful,,yes,,,,\nr1,AAA,1,north,p1,full,,yes,,,,\nr10,BBB\n"

  @Test(arguments: ["../data/*r*e*s.csv", "[../data/more.csv, ../data/responses.csv]"])
  func rejectionsNameTheirOwnFileAndKeysCountAcrossFiles(_ path: String) throws {
    let fixture = inParts(path)
    let directory = try fixture.write()
    // In byte order `more` comes first, too.
    let name = path.hasPrefix("[") ? "data/more.csv" : "data/mores.csv"
    try directory.write(fixture.header + "\n" + Self.tail, to: name)
    let run = try CommandRun(["run", "survey"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    let results = FixtureResults(directory: directory)
    #expect(
      try results.rejected == [
        "\(name),2,plan,answer,\"not a code of the codebook; the nearest code is \"\"full\"\"\",ful",
        "\(name),4,,row,\"2 fields, but the header has 12\",",
        "\(responses),2,id,row,a row with this key came before; the first stays,r1",
      ])
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsUsed, rows.rowsRejected) == (11, 9, 2))
    #expect(rows.files.map(\.path) == [name, responses])
    for file in rows.files {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: directory.path(of: file.path)))
      #expect(file.bytes == Int64(bytes.count))
    }
    #expect(Set(rows.files.map(\.hash)).count == 2)
  }

  @Test(arguments: [
    ("id,office", "id,bureau", "2: ", "\"bureau\" where data/a.csv has \"office\""),
    ("plan,routes", "routes,plan", "6: ", "\"routes\" where data/a.csv has \"plan\""),
    (",note", ",note,more", "13: ", "one column more than that of data/a.csv: \"more\""),
    (",note", "", "12: ", "goes on with the column \"note\""),
  ])
  func filesWithDifferentHeadersAre65(_ old: String, _ new: String, _ column: String, _ words: String) throws {
    let fixture = inParts("../data/?.csv")
    try fixture.expectFailure(
      status: 65, at: "data/b.csv:1:\(column)", saying: [words, "the same order"],
      arrange: {
        try $0.write(fixture.responsesText, to: "data/a.csv")
        try $0.write(fixture.header.replacingOccurrences(of: old, with: new) + "\n", to: "data/b.csv")
      })
  }

  @Test func anEmptyOrMissingFileAmongSeveralIs66() throws {
    try inParts("[../data/responses.csv, ../data/b.csv]").expectFailure(
      status: 66, saying: ["data/b.csv is empty"], arrange: { try $0.write("", to: "data/b.csv") })
    try inParts("[../data/responses.csv, ../data/b.csv]").expectFailure(
      status: 66, saying: ["there is no file data/b.csv"])
  }

  @Test(arguments: ["../data/*.tsv", "\"../data/[x-z]*.csv\"", "../none/?.csv"])
  func aPatternWithoutAFileIs66(_ path: String) throws {
    try inParts(path).expectFailure(
      status: 66,
      saying: ["no file matches", path.replacingOccurrences(of: "../", with: "").filter { $0 != "\"" }, "responses"])
  }

  @Test(arguments: ["[../data/responses.csv, ../data/responses.csv]", "[../data/responses.csv, ../data/r*.csv]"])
  func aFileThatIsNamedTwiceIs78(_ path: String) throws {
    try inParts(path).expectFailure(status: 78, saying: ["table responses", responses, "twice"])
  }

  @Test func checkReadsEveryFile() throws {
    let fixture = inParts("../data/[rs]*.csv".quoted)
    let directory = try fixture.write()
    try directory.write(fixture.header + "\nr9,AAA,1,north,p1,none,sea,yes,,,,\n", to: "data/second.csv")
    let check = try CommandRun(["check", "survey"], in: directory.path)
    #expect(check.status == 65)
    #expect(check.output.hasPrefix("data/second.csv:2: routes: routing: the question was not asked"))
    #expect(check.output.contains("responses: 9 rows read"))
  }

  // MARK: - Compressed files

  @Test func aCompressedFileIsReadAndRecordedAsItLies() throws {
    let fixture = inParts("../data/responses.csv.gz")
    let directory = try fixture.write()
    let bytes = gzipped(fixture.responsesText)
    try directory.write(bytes, to: "data/responses.csv.gz")
    #expect(try CommandRun(["run", "survey", "--strict"], in: directory.path).status == 0)
    let rows = try FixtureResults(directory: directory).rows()
    #expect(rows.rowsUsed == 8)
    #expect(rows.files.map(\.path) == ["data/responses.csv.gz"])
    #expect(rows.files.map(\.bytes) == [Int64(bytes.count)])
    #expect(
      try directory.text(of: "Output/survey/estimates.csv")
        == SurveyFixture().results().directory.text(of: "Output/survey/estimates.csv"))
  }

  @Test(arguments: ["truncated", "damaged", "no gzip", "garbage"])
  func aCompressedFileThatIsNotInOrderIs65(_ what: String) throws {
    let fixture = inParts("../data/responses.csv.gz")
    var bytes = gzipped(fixture.responsesText)
    var words = "\(responses).gz"
    switch what {
    case "truncated":
      bytes.removeLast(9)
      words += " ends before its compressed data does"
    case "damaged":
      bytes[bytes.count - 6] ^= 4
      words = "the compressed data of \(words) is damaged: incorrect data check"
    case "no gzip":
      bytes = Array(fixture.responsesText.utf8)
      words += " is not a gzip file"
    default:
      bytes += Array("more\n".utf8)
      words = "something that is not gzip follows the compressed data of \(words)"
    }
    try fixture.expectFailure(
      status: 65, at: words, saying: [], arrange: { [bytes] in try $0.write(bytes, to: "data/responses.csv.gz") })
  }

  @Test func aCompressedFileThatIsMissingOrEmptyIs66() throws {
    let fixture = inParts("../data/responses.csv.gz")
    try fixture.expectFailure(status: 66, saying: ["there is no file \(responses).gz"])
    for bytes in [[], gzipped("")] {
      try fixture.expectFailure(
        status: 66, saying: ["\(responses).gz is empty"], arrange: { try $0.write(bytes, to: "data/responses.csv.gz") })
    }
  }

  @Test func theLineIsThatOfTheUnpackedText() throws {
    let fixture = inParts("../data/responses.csv.gz")
    try fixture.expectFailure(
      status: 65, at: "\(responses).gz:10:6: ", saying: ["closing quote"],
      arrange: {
        try $0.write(
          gzipped(fixture.responsesText + "r9,AAA,1,north,p1,\"full\" ,,yes,,,,\n"), to: "data/responses.csv.gz")
      })
  }

  // MARK: - One row an answer

  private static let longHeader = "question,answer,id,office,weight,stratum,psu"

  /// The fixture's answers, one a row, on lines 2 to 33.
  private func long(adding rows: String...) -> SurveyFixture {
    var fixture = inParts("../data/responses.csv", more: ", layout: long, question: question, answer: answer")
    let names = fixture.header.split(separator: ",").map(String.init)
    var lines: [String] = []
    for row in fixture.rows {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      for (name, answer) in zip(names, fields).dropFirst(5) where !answer.isEmpty {
        for piece in answer.split(separator: "|") {
          lines.append("\(name),\(piece),\(fields[..<5].joined(separator: ","))")
        }
      }
    }
    fixture.header = Self.longHeader
    fixture.rows = lines + rows
    return fixture
  }

  private var lastLine: Int { long().rows.count + 1 }

  @Test func oneRowAnAnswerGivesTheSameNumbers() throws {
    let results = try long().results(["--strict"])
    #expect(
      try results.directory.text(of: "Output/survey/estimates.csv")
        == SurveyFixture().results().directory.text(of: "Output/survey/estimates.csv"))
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsUsed) == (8, 8))
    #expect(try CommandRun(["check", "survey"], in: results.directory.path).status == 0)
  }

  /// A row after the others, what `rejected.csv` says of it, and the rows that are read and rejected.
  struct BadLongRow: CustomTestStringConvertible, Sendable {
    var name: String
    var row: String
    var rejected: String
    var read = 8
    var rowsRejected = 0
    var testDescription: String { name }
  }

  static let badLongRows = [
    BadLongRow(
      name: "an answer that is there", row: "plan,none,r1,AAA,1,north,p1",
      rejected: "plan,answer,this respondent answered the question before; the first stays,none"),
    BadLongRow(
      name: "a code outside the codebook", row: "plan,ful,r9,AAA,1,north,p1",
      rejected: "plan,answer,\"not a code of the codebook; the nearest code is \"\"full\"\"\",ful", read: 9),
    BadLongRow(
      name: "a question outside the codebook", row: "paln,full,r1,AAA,1,north,p1",
      rejected: "paln,answer,\"not a question of the codebook; did you mean \"\"plan\"\"?\",full"),
    BadLongRow(
      name: "no question", row: ",full,r1,AAA,1,north,p1", rejected: ",answer,an answer without a question,full"),
    BadLongRow(
      name: "no respondent", row: "plan,full,,AAA,1,north,p1",
      rejected: "id,row,\"empty, but it must name the row\",", read: 9, rowsRejected: 1),
    BadLongRow(
      name: "too few fields", row: "plan,full", rejected: ",row,\"2 fields, but the header has 7\",", read: 9,
      rowsRejected: 1),
    BadLongRow(
      name: "no weight", row: "plan,full,r9,AAA,,north,p1",
      rejected: "weight,row,\"no weight: write 0 for a row outside the subsample, which keeps its PSU\",", read: 9,
      rowsRejected: 1),
    BadLongRow(
      name: "another weight", row: "trained,yes,r1,AAA,2,north,p1",
      rejected: "weight,row,\"column weight differs from line 2, where it is \"\"1\"\" for this respondent; "
        + "all rows of a respondent must agree\",2", rowsRejected: 1),
    BadLongRow(
      name: "another unit", row: "trained,yes,r1,BBB,1,north,p1",
      rejected: "office,row,\"column office differs from line 2, where it is \"\"AAA\"\" for this respondent; "
        + "all rows of a respondent must agree\",BBB", rowsRejected: 1),
  ]

  @Test(arguments: badLongRows) func aBadRowOfALongTableIsListedWithItsLine(_ bad: BadLongRow) throws {
    let results = try long(adding: bad.row).results()
    #expect(try results.rejected == ["\(responses),\(lastLine + 1),\(bad.rejected)"])
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsRejected) == (bad.read, bad.rowsRejected))
    #expect(rows.answersRejected == (bad.rowsRejected == 0 ? 1 : 0))
    #expect(rows.isBalanced)
  }

  @Test(arguments: ["question", "answer", "id", "weight", "office"])
  func aLongTableThatLacksAColumnIs65(_ name: String) throws {
    var fixture = long()
    fixture.header = fixture.header.replacingOccurrences(of: name, with: "x")
    try fixture.expectFailure(status: 65, at: "\(responses):1: ", saying: ["lacks the column \"\(name)\""])
  }

  @Test func aQuestionThatNoRowOfATableWithoutACodebookNamesIs65() throws {
    let fixture = long().defining("codebook: codebook.yaml, ", "")
    var spoiled = fixture
    spoiled.indicators = fixture.indicators.replacingOccurrences(of: "{trained:", with: "{trainde:")
    try spoiled.expectFailure(
      status: 65, saying: ["no row of table responses answers the question \"trainde\"", "\"trained\"", "codebook"])
  }

  @Test func oneColumnForTwoThingsIs78() throws {
    try inParts("../data/responses.csv", more: ", layout: long, question: plan, answer: plan").expectFailure(
      status: 78, at: "Pipelines/survey.yaml:5:", saying: ["one column of table responses", "two things"])
  }

  @Test func checkListsAnswersThatWereNotAskedWithTheirLine() throws {
    let directory = try long(adding: "routes,sea,r2,BBB,1,north,p1").write()
    let check = try CommandRun(["check", "survey"], in: directory.path)
    #expect(check.status == 65)
    #expect(
      check.output.hasPrefix("\(responses):\(lastLine + 1): routes: routing: the question was not asked"),
      "\(check.output)")
  }
}

extension String {
  fileprivate var quoted: String { "\"\(self)\"" }
}
