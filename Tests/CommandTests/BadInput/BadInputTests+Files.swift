import Foundation
import SurveyTestSupport
import Testing

/// Files that cannot be read, or not as CSV.
extension BadInputTests {
  // MARK: - No file, unreadable, a directory, empty

  @Test func noFileIs66() throws {
    try SurveyFixture().expectFailure(
      status: 66, saying: ["there is no file \(responses)"],
      arrange: { try FileManager.default.removeItem(atPath: $0.path(of: "data/responses.csv")) })
    try SurveyFixture().expectFailure(
      status: 66, saying: ["there is no file \(offices)"],
      arrange: { try FileManager.default.removeItem(atPath: $0.path(of: "data/offices.csv")) })
  }

  @Test func aPathUnderAFileIs66() throws {
    try SurveyFixture().defining("data/responses.csv", "data/responses.csv/part.csv").expectFailure(
      status: 66, at: "cannot read \(responses)/part.csv: ", saying: ["directory"])
  }

  @Test(.enabled(if: geteuid() != 0, "root reads every file"))
  func anUnreadableFileIs66() throws {
    try SurveyFixture().expectFailure(
      status: 66, at: "cannot read \(responses): ", saying: ["ermission"],
      arrange: {
        try FileManager.default.setAttributes(
          [.posixPermissions: 0], ofItemAtPath: $0.path(of: "data/responses.csv"))
      })
  }

  @Test func aDirectoryIs66() throws {
    try SurveyFixture().defining("data/responses.csv", "data").expectFailure(
      status: 66, saying: ["data is a directory"])
  }

  @Test(arguments: ["", "\n\r\n\n", "\u{FEFF}"])
  func anEmptyFileIs66(_ text: String) throws {
    var fixture = SurveyFixture()
    fixture.responses = Array(text.utf8)
    try fixture.expectFailure(status: 66, saying: ["\(responses) is empty", "header"])
    fixture.responses = nil
    fixture.offices = text
    try fixture.expectFailure(status: 66, saying: ["\(offices) is empty"])
  }

  /// A pipe has no size and is not repeatable, but it is no bad input.
  @Test func aPipeIsReadLikeAFile() throws {
    let directory = try SurveyFixture().defining("data/responses.csv", "data/pipe").write()
    let command = try StartedCommand(
      "/bin/sh",
      ["-c", "mkfifo data/pipe; cat data/responses.csv > data/pipe & exec \"$0\" run survey", CommandRun.binary],
      in: directory.path)
    #expect(command.status(within: 20) == 0)
    #expect(try FixtureResults(directory: directory).rows().rowsUsed == 8)
  }

  // MARK: - The header

  @Test(arguments: [
    ("plan", "Plan", true), ("weight", " weight", true), ("office", "bureau", false), ("id", "", false),
  ])
  func aHeaderThatLacksAColumnIs65(_ name: String, _ given: String, hasSuggestion: Bool) throws {
    var fixture = SurveyFixture()
    fixture.header = fixture.header.split(separator: ",").map { $0 == name ? given : String($0) }.joined(separator: ",")
    try fixture.expectFailure(
      status: 65, at: "\(responses):1: ",
      saying: ["responses", "lacks the column \"\(name)\""] + (hasSuggestion ? ["did you mean \"\(given)\""] : []))
  }

  @Test func aRegisterThatLacksAColumnIs65() throws {
    var fixture = SurveyFixture()
    fixture.offices = fixture.offices.replacingOccurrences(of: "code,region", with: "code,area")
    try fixture.expectFailure(status: 65, at: "\(offices):1: ", saying: ["offices", "lacks the column \"region\""])
  }

  @Test func aHeaderWithANamedColumnTwiceIs65() throws {
    var fixture = SurveyFixture()
    fixture.header = fixture.header.replacingOccurrences(of: "note", with: "plan")
    try fixture.expectFailure(status: 65, at: "\(responses):1:12: ", saying: ["\"plan\" twice"])
  }

  @Test func aColumnThatNobodyNamesMayStandTwice() throws {
    var fixture = SurveyFixture()
    fixture.header += ",note"
    fixture.rows = fixture.rows.map { $0 + "," }
    #expect(try fixture.results().rows().rowsUsed == 8)
  }

  // MARK: - Quotes, long records, bytes

  @Test func aQuoteInsideAnUnquotedFieldIs65() throws {
    try SurveyFixture.adding("r9,AAA,1,north,p1,fu\"ll,,yes,,,,").expectFailure(
      status: 65, at: "\(responses):10:6: ", saying: ["quote", "unquoted field"])
  }

  @Test func textAfterAClosingQuoteIs65() throws {
    try SurveyFixture.adding("r9,AAA,1,north,p1,\"full\" ,,yes,,,,").expectFailure(
      status: 65, at: "\(responses):10:6: ", saying: ["closing quote"])
  }

  /// Also in a column that nobody names: quotes decide where every later record begins.
  @Test func aStrayQuoteInAnUnusedColumnIs65OnItsPhysicalLine() throws {
    try SurveyFixture.adding("r9,AAA,1,north,p1,full,,yes,,,,\"two\nlines\" and more").expectFailure(
      status: 65, at: "\(responses):11:12: ", saying: ["closing quote"])
  }

  @Test func anUnterminatedQuoteIs65WhereItOpens() throws {
    var fixture = SurveyFixture()
    fixture.rows[3] = fixture.rows[3] + "\"never closed"
    try fixture.expectFailure(status: 65, at: "\(responses):5:12: ", saying: ["not closed"])
  }

  @Test func aRecordOver16MBIs65() throws {
    var fixture = SurveyFixture()
    let filler = Array(repeating: fixture.rows[0].utf8 + [0x0A], count: 1000).flatMap(\.self)
    var bytes = Array(fixture.responsesText.utf8) + Array("r9,AAA,1,north,p1,full,,yes,,,,\"".utf8)
    while bytes.count < 17 << 20 { bytes += filler }
    fixture.responses = bytes
    try fixture.expectFailure(status: 65, at: "\(responses):10:12: ", saying: ["16 MB", "is a quote unterminated?"])
  }

  @Test func aNULByteInAUsedColumnIs65() throws {
    try SurveyFixture.adding("r9,AAA,1,north,p1,fu\0ll,,yes,,,,").expectFailure(
      status: 65, at: "\(responses):10:6: ", saying: ["NUL"])
  }

  @Test func aNULByteInTheHeaderIs65() throws {
    var fixture = SurveyFixture()
    fixture.header = fixture.header.replacingOccurrences(of: "note", with: "no\0te")
    try fixture.expectFailure(status: 65, at: "\(responses):1:12: ", saying: ["NUL"])
  }

  @Test func invalidUTF8InAUsedColumnIs65() throws {
    var fixture = SurveyFixture()
    fixture.responses =
      Array(fixture.responsesText.utf8) + Array("r9,AAA,1,north,p1,f".utf8) + [0xE9] + Array(",,,,,,\n".utf8)
    try fixture.expectFailure(status: 65, at: "\(responses):10:6: ", saying: ["UTF-8"])
  }

  @Test func invalidUTF8InTheHeaderIs65() throws {
    var fixture = SurveyFixture()
    fixture.responses = Array("id,\u{0}".utf8).dropLast() + [0xC3, 0x28] + Array("\nr1,x\n".utf8)
    try fixture.expectFailure(status: 65, at: "\(responses):1:2: ", saying: ["UTF-8"])
  }

  @Test func bytesInUnusedColumnsDoNotMatter() throws {
    var fixture = SurveyFixture()
    fixture.responses =
      Array(fixture.responsesText.utf8) + Array("r9,AAA,1,north,p1,full,,yes,,,,".utf8) + [0, 0xFF, 0x0A]
    let results = try fixture.results()
    #expect(try results.rows().rowsUsed == 9)
    #expect(try results.rejected.isEmpty)
  }
}
