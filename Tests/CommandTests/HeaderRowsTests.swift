import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// Several rows that head a file, as Qualtrics and SurveyMonkey write them.
@Suite("Header rows")
struct HeaderRowsTests {
  private static let names = SurveyFixture().header.split(separator: ",").map(String.init)
  private static let labels = names.map { "\"What do you say of\n\($0)?\"" }.joined(separator: ",")
  private static let identifiers = names.map { "\"{\"\"ImportId\"\":\"\"\($0)\"\"}\"" }.joined(separator: ",")

  private func fixture(above rows: [String], _ keys: String = "") -> SurveyFixture {
    var fixture = SurveyFixture()
    fixture.rows.insert(contentsOf: rows, at: 0)
    return fixture.defining("{path: ../data/responses.csv", "{path: ../data/responses.csv\(keys)")
  }

  @Test func qualtricsWritesThree() throws {
    let rows = fixture(above: [Self.labels, Self.identifiers], ", header-rows: 3")
    let results = try rows.results(["--strict"])
    #expect(try results.rows().rowsUsed == 8)
    #expect(try results.estimate("P1")["estimate"] == "70")
    // Lines count from the beginning of the file: the names, labels that end on the 14th line, identifiers, eight rows.
    var late = rows
    late.rows.append("r9,AAA,heavy,north,p1,full,,yes,,,,")
    #expect(try late.results().rejected.map { $0.hasPrefix("data/responses.csv,24,weight,row,") } == [true])
  }

  @Test func everyFileOfATableHasThem() throws {
    let rows = fixture(above: [Self.labels, Self.identifiers], ", header-rows: 3")
      .defining("path: ../data/responses.csv", "path: [../data/responses.csv, ../data/more.csv.gz]")
    let directory = try rows.write()
    let more = "r10,AAA,1,north,p1,full,,yes,,,,"
    try directory.write(
      gzipped("sep=,\r\n\(rows.header)\r\n\(Self.labels)\n\(Self.identifiers)\n\(more)\n"), to: "data/more.csv.gz")
    let run = try CommandRun(["run", "survey"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    #expect(try FixtureResults(directory: directory).rows().rowsUsed == 9)
    try directory.write(gzipped("office,id\nx,y\nx,y\n"), to: "data/more.csv.gz")
    let other = try CommandRun(["run", "survey"], in: directory.path)
    #expect(other.status == 65)
    expectMessage(other.error, at: "data/more.csv.gz:1:1: the header has the column \"office\" where", saying: [])
  }

  /// The questions in the first row, the options in the second: names repeat in both.
  private static let monkey = [
    "Respondent ID,How did you come?,,How do you go home?,,Was it good?",
    ",Bus,Bicycle,Bus,Bicycle,Response",
    "1,Bus,,Bus,,yes", "2,,Bicycle,Bus,,no", "3,Bus,Bicycle,,Bicycle,yes", "4,Bus,,,Bicycle,yes",
  ]

  private func monkey(_ keys: String, rows: [String] = Self.monkey, file: String = "monkey.csv") throws
    -> TemporaryDirectory
  {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      pipeline: monkey
      tables: {responses: {path: \(file), codebook: codebook.yaml, respondent: Respondent ID\(keys)}}
      reliability: none
      indicators: indicators.yaml

      """, to: "Pipelines/monkey.yaml")
    try directory.write(
      """
      questions:
        there: {type: many, columns: {bus: How did you come? / Bus, bicycle: How did you come? / Bicycle},
          ticked: [Bus, Bicycle], blank: unticked}
        back: {type: many, columns: {bus: How do you go home? / Bus, bicycle: How do you go home? / Bicycle},
          ticked: [Bus, Bicycle], blank: unticked}
        Was it good? / Response: {type: one, options: ["yes", "no"]}

      """, to: "Pipelines/codebook.yaml")
    try directory.write(
      """
      - {id: A, title: There by bus, numerator: {there: bus}}
      - {id: B, title: Back by bus, numerator: {back: bus}}
      - {id: C, title: Good, numerator: {Was it good? / Response: "yes"}}

      """, to: "Pipelines/indicators.yaml")
    let text = rows.map { $0 + "\n" }.joined()
    try directory.write(file.hasSuffix(".gz") ? gzipped(text) : Array(text.utf8), to: "Pipelines/\(file)")
    return directory
  }

  @Test("Names of two rows, put together", arguments: ["monkey.csv", "monkey.csv.gz"])
  func joinedNames(file: String) throws {
    let directory = try monkey(", header-rows: 2, header-names: joined", file: file)
    // The second time from a snapshot, if one was kept.
    for _ in 0..<2 {
      let run = try CommandRun(["run", "monkey"], in: directory.path)
      #expect(run.status == 0, "\(run.error)")
      #expect(!run.error.contains("header"))
      let table = try SmallTable(contentsOf: directory.path(of: "Output/monkey/estimates.csv"))
      let places = ["indicator", "n", "n_yes"].map { table.header.firstIndex(of: $0) ?? 0 }
      #expect(
        table.rows.map { row in places.map { row[$0] } } == [["A", "4", "3"], ["B", "4", "2"], ["C", "4", "3"]])
    }
    #expect(try CommandRun(["check", "monkey"], in: directory.path).status == 0)
  }

  @Test func repeatedNamesBelowAnotherRowNameTheKey() throws {
    let directory = try monkey(", header-rows: 2")
    let text = try directory.text(of: "Pipelines/codebook.yaml").replacingOccurrences(
      of: "How did you come? / ", with: "")
    try directory.write(text, to: "Pipelines/codebook.yaml")
    // Names of the second row are not there, and skipping the first leaves them twice.
    let first = try CommandRun(["run", "monkey"], in: directory.path)
    #expect(first.status == 65)
    let pipeline = try directory.text(of: "Pipelines/monkey.yaml")
    try directory.write(
      pipeline.replacingOccurrences(of: "header-rows: 2", with: "skip-rows: 1")
        .replacingOccurrences(of: ", respondent: Respondent ID", with: ""), to: "Pipelines/monkey.yaml")
    let second = try CommandRun(["run", "monkey"], in: directory.path)
    #expect(second.status == 65)
    #expect(second.error.contains("the header has the column \"Bus\" twice"), "\(second.error)")
    #expect(second.error.contains("write `header-rows: 2` and `header-names: joined` and leave `skip-rows` out"))
  }

  @Test func checkPointsAtNamesInTheSecondRow() throws {
    let directory = try monkey("")
    try directory.write("questions: {Was it good?: {type: text}}\n", to: "Pipelines/codebook.yaml")
    try directory.write(
      "- {id: A, title: Good, numerator: {Was it good?: \"yes\"}}\n", to: "Pipelines/indicators.yaml")
    let rows = Self.monkey.map { $0.replacingOccurrences(of: "Response", with: "Open-Ended Response") }
    try directory.write(rows.map { $0 + "\n" }.joined(), to: "Pipelines/monkey.csv")
    let check = try CommandRun(["check", "monkey"], in: directory.path)
    let all = check.output + check.error
    #expect(all.contains("write `header-rows: 2` and `header-names: joined`"), "\(all)")
  }

  @Test("A file of UTF-8 that is read as something else is pointed out", arguments: ["windows-1252", "utf-8"])
  func doubtfulEncoding(encoding: String) throws {
    let fixture = SurveyFixture().defining(
      "{path: ../data/responses.csv", "{path: ../data/responses.csv, encoding: \(encoding)")
    var rows = fixture
    rows.rows = rows.rows.map { $0.replacingOccurrences(of: "north", with: "Köln") }
    let directory = try rows.write()
    // Once more, where a snapshot would have been.
    for command in ["run", "run", "check"] {
      let run = try CommandRun([command, "survey"], in: directory.path)
      let all = run.output + run.error
      #expect(
        all.contains("is UTF-8 by all that stands in it beyond ASCII, and it was read as windows-1252")
          == (encoding == "windows-1252"), "\(all)")
      #expect(!all.contains("encoding") || all.contains("leave `encoding` out, or write `encoding: utf-8`"))
    }
  }

  @Test func theLongLayoutHasThemToo() throws {
    let directory = try SurveyFixture().write()
    try directory.write(
      """
      pipeline: long
      tables:
        responses: {path: ../data/long.csv, layout: long, respondent: id, question: q, answer: a, header-rows: 2, skip-rows: 1, encoding: latin-1}
      reliability: none
      max-rejected: 50%
      indicators: long-indicators.yaml

      """, to: "Pipelines/long.yaml")
    try directory.write("- {id: L, title: L, numerator: {Größe: ja}}\n", to: "Pipelines/long-indicators.yaml")
    let text = "Über,\"uns\nid;q;a\n1;Größe;ja\n".replacingOccurrences(of: ";", with: ",")
    let rows = "Wer?,Was?,Wie?\n1,Größe,ja\n2,Größe,nein\n2,Größe,\"ja\"\n"
    let all = text.split(separator: "\n").prefix(2).joined(separator: "\n") + "\n" + rows
    try directory.write(Array(try #require(all.data(using: .isoLatin1))), to: "data/long.csv")
    let run = try CommandRun(["run", "long"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    let rejected = try directory.text(of: "Output/long/rejected.csv").split(separator: "\n").dropFirst()
    #expect(rejected.map { $0.hasPrefix("data/long.csv,6,Größe,answer,") } == [true], "\(rejected)")
    #expect(try directory.text(of: "Output/long/estimates.csv").contains("ok,2,1,"))
  }

  @Test("What was read as data is pointed out, with the key", arguments: [0, 1, 2])
  func pointedOut(kind: Int) throws {
    let texts = Self.names.map { "About \($0)" }.joined(separator: ",")
    let rows = [[Self.labels, Self.identifiers], [texts], [Self.names.map { $0.uppercased() }.joined(separator: ",")]]
    let expected = [
      "data/responses.csv:2: the next row has ImportIds: both look like header rows of Qualtrics; write `header-rows: 3`",
      "data/responses.csv:2: this row has texts where codes and numbers belong, and the next has not; write `header-rows: 2`",
      "data/responses.csv:2: this row repeats the names or labels of the columns; write `header-rows: 2`",
    ]
    let directory = try fixture(above: rows[kind]).write()
    let check = try CommandRun(["check", "survey"], in: directory.path)
    #expect(check.status == 65)
    #expect(check.output.contains("look at " + expected[kind]), "\(check.output)")
    let run = try CommandRun(["run", "survey"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.error.contains("note: " + expected[kind]), "\(run.error)")
    // More rejected rows than allowed: the hint says why.
    let strict = try fixture(above: rows[kind]).defining("max-rejected: 50%", "max-rejected: 1%").write()
    let refused = try CommandRun(["run", "survey"], in: strict.path)
    #expect(refused.status == 65)
    expectMessage(refused.error, at: "", saying: ["more than max-rejected", "note: " + expected[kind]])
  }

  @Test func goodFilesArePassedOver() throws {
    let directory = try SurveyFixture().write()
    #expect(!(try CommandRun(["check", "survey"], in: directory.path).output.contains("note:")))
    #expect(!(try CommandRun(["run", "survey"], in: directory.path).output.contains("note:")))
  }

  @Test("A snapshot of a file that was read otherwise is not taken")
  func snapshots() throws {
    let directory = try fixture(above: ["r0,AAA,1,north,p1,full,air,yes,2024-01-05,3,10.5,"]).write()
    let definition = try directory.text(of: "Pipelines/survey.yaml")
    for (keys, used) in [
      ("", 9), (", header-rows: 2", 8), ("", 9), (", encoding: latin-1", 9), (", header-rows: 2", 8),
    ] {
      try directory.write(
        definition.replacingOccurrences(of: "responses.csv,", with: "responses.csv\(keys),"),
        to: "Pipelines/survey.yaml")
      let run = try CommandRun(["run", "survey"], in: directory.path)
      #expect(run.status == 0, "\(run.error)")
      #expect(try FixtureResults(directory: directory).rows().rowsUsed == used)
    }
  }
}
