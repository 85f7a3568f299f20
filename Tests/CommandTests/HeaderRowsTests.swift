import Foundation
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
