import Foundation
import SurveyTestSupport
import Testing

/// Data that is refused as a whole, designs that do not hold, and outputs that cannot be written.
extension BadInputTests {
  // MARK: - Too many rejected rows

  @Test func moreRejectedRowsThanAllowedIs65UntilTheNextSuccess() throws {
    let fixture = SurveyFixture.adding("r9,AAA,x,north,p1,Full,,yes,,,,").defining("max-rejected: 50%\n", "")
    try fixture.expectFailure(
      status: 65, saying: ["1 of 9 rows", "table responses", "max-rejected 1%"])

    let directory = try fixture.write()
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 65)
    let line = "\(responses),10,weight,row,the weight must be a number from 0,x\n"
    #expect(try directory.text(of: "Output/survey.rejected.csv") == "file,line,column,scope,reason,value\n" + line)
    try directory.write(SurveyFixture().definition, to: "Pipelines/survey.yaml")
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    #expect(!FileManager.default.fileExists(atPath: directory.path(of: "Output/survey.rejected.csv")))
    #expect(try FixtureResults(directory: directory).rejected.count == 1)
  }

  @Test func exactlyTheAllowedShareIsAccepted() throws {
    let fixture = SurveyFixture.adding("r9,AAA,x,north,p1,full,,yes,,,,")
    let rows = fixture.rows + [fixture.rows[0].replacingOccurrences(of: "r1,", with: "r10,")]
    var ten = fixture
    ten.rows = rows
    #expect(try ten.defining("50%", "10%").results().rows().rowsRejected == 1)
    try ten.defining("50%", "9.9%").expectFailure(status: 65, saying: ["1 of 10 rows", "9.9%"])
  }

  @Test(arguments: ["r9,AAA,x,north,p1,full,,yes,,,,", "r9,AAA,1,north,p1,Full,,yes,,,,"])
  func anyRejectionUnderStrictIs65(_ row: String) throws {
    try SurveyFixture.adding(row).expectFailure(status: 65, saying: ["rejected", "--strict"], options: ["--strict"])
    _ = try SurveyFixture.adding(row).results()
  }

  // MARK: - Designs that do not hold

  @Test func aStratumWithOnePSUIs65UnderFail() throws {
    let fixture = SurveyFixture.adding("r9,AAA,1,island,p9,full,,yes,,,,")
    try fixture.expectFailure(status: 65, saying: ["stratum island", "single PSU", "lonely-psu"])
    try fixture.defining("psu: psu}", "psu: psu, lonely-psu: fail}").expectFailure(
      status: 65, saying: ["stratum island"])
    for rule in ["certainty", "adjust", "average"] {
      let results = try fixture.defining("psu: psu}", "psu: psu, lonely-psu: \(rule)}").results()
      #expect(try results.estimate("P1")["n"] == "9")
    }
  }

  @Test func aDesignThatDoesNotHoldListsTheRejectedRows() throws {
    var fixture = SurveyFixture.adding("r9,AAA,1,island,p9,full,,yes,,,,")
    fixture.rows.append("r10,AAA,x,north,p1,full,,yes,,,,")
    let directory = try fixture.write()
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 65)
    let line = "\(responses),11,weight,row,the weight must be a number from 0,x\n"
    #expect(try directory.text(of: "Output/survey.rejected.csv") == "file,line,column,scope,reason,value\n" + line)
  }

  @Test func aLineBreakInAStratumStaysOneLine() throws {
    try SurveyFixture.adding("r9,AAA,1,\"is\nland\",p9,full,,yes,,,,").expectFailure(
      status: 65, saying: ["stratum is", "land"])
  }

  @Test func aSampleLargerThanItsPopulationIs65() throws {
    var fixture = SurveyFixture().defining("psu: psu}", "psu: psu, population: {column: size}}")
    fixture.header += ",size"
    let rows = fixture.rows
    fixture.rows = rows.map { $0 + ($0.contains("south") ? ",1" : ",2") }
    try fixture.expectFailure(status: 65, saying: ["stratum south", "2 sampled PSUs", "population of 1"])
    fixture.rows = rows.map { $0 + ",2" }
    _ = try fixture.results()
  }

  @Test func aPopulationSizeThatVariesOrIsNoneIs65() throws {
    var fixture = SurveyFixture().defining("psu: psu}", "psu: psu, population: {column: size}}")
    fixture.header += ",size"
    let rows = fixture.rows
    fixture.rows = rows.enumerated().map { $1 + ($0 == 2 ? ",4" : ",3") }
    try fixture.expectFailure(status: 65, at: "\(responses):4", saying: ["size", "stratum north"])
    fixture.rows = rows.enumerated().map { $1 + ($0 == 2 ? ",many" : ",3") }
    try fixture.expectFailure(status: 65, at: "\(responses):4", saying: ["\"many\"", "size", "stratum north"])
  }

  @Test func aResponsesTableWithoutAUsedRowIs65() throws {
    var fixture = SurveyFixture().defining("50%", "100%")
    fixture.rows = []
    try fixture.expectFailure(status: 65, saying: ["table responses has no row"])
    fixture.rows = ["r1,ZZZ,1,north,p1,full,,yes,,,,", "r2,AAA,-1,north,p1,full,,yes,,,,"]
    try fixture.expectFailure(status: 65, saying: ["no row of table responses", "2 were read"])
  }

  // MARK: - Files that change, disks that are full

  /// Rows are appended from before the reading until the command has ended, so that some of them must fall into it.
  @Test func aFileThatChangesWhileItIsReadIs74() throws {
    var fixture = SurveyFixture().defining("respondent: id, ", "")
    let bytes = fixture.rows.map { $0 + "\n" }.joined()
    fixture.responses = Array((fixture.header + "\n" + String(repeating: bytes, count: 5_000)).utf8)
    let directory = try fixture.write()
    try EarlierResults.write(to: directory, "Output/survey")
    let file = try #require(FileHandle(forWritingAtPath: directory.path(of: "data/responses.csv")))
    try file.seekToEnd()
    let command = try StartedCommand(["run", "survey"], in: directory.path)
    while command.isRunning {
      try file.write(contentsOf: Data((fixture.rows[0] + "\n").utf8))
      Thread.sleep(forTimeInterval: 0.005)
    }
    #expect(command.status(within: 60) == 74)
    try expectMessage(command.error, saying: ["\(responses) changed while it was read"])
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
  }

  /// A limit on the size of files stands for a full disk where nothing can be mounted.
  @Test(.withoutSanitizer, arguments: [false, true])
  func aFailingWriteIs74(hasEarlierResults: Bool) throws {
    let directory = try SurveyFixture().write()
    if hasEarlierResults { try EarlierResults.write(to: directory, "Output/survey") }
    let command = try StartedCommand(
      "/bin/sh", ["-c", "ulimit -f 1; trap '' XFSZ; exec \"$0\" \"$@\"", CommandRun.binary, "run", "survey"],
      in: directory.path)
    #expect(command.status(within: 60) == 74)
    try expectMessage(command.error, saying: ["writing", "Output/survey/estimates.csv failed", "untouched"])
    #expect(try command.output.isEmpty)
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: hasEarlierResults)
  }

  @Test(.enabled("mounting a file system of 8 KB is not permitted here") { SmallDisk.isPermitted })
  func aFullDiskIs74() throws {
    let directory = try SurveyFixture().write()
    let disk = try SmallDisk(kilobytes: 8)
    try EarlierResults.write(to: disk.directory, "disk/survey")
    let run = try CommandRun(["run", "survey", "--output", "\(disk.path)/survey"], in: directory.path)
    #expect(run.status == 74)
    expectMessage(run.error, saying: ["writing \(disk.path)/survey/", "failed", "space", "untouched"])
    try EarlierResults.expectUntouched(in: disk.directory, "disk/survey", exist: true)
  }

  @Test(
    .enabled("there is no /dev/full here") { FileManager.default.fileExists(atPath: "/dev/full") },
    arguments: ["run", "show", "check"])
  func aFullDiskUnderStandardOutputIs74(_ name: String) throws {
    let directory = try SurveyFixture().write()
    let command = try StartedCommand(
      "/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/full", CommandRun.binary, name, "survey"], in: directory.path)
    #expect(command.status(within: 60) == 74)
    try expectMessage(command.error, saying: ["standard output"])
  }

  @Test func anOutputUnderAFileIs73() throws {
    try SurveyFixture().expectFailure(
      status: 73, saying: ["cannot create data/offices.csv/survey", "irectory"],
      options: ["--output", "data/offices.csv/survey"])
  }

  @Test func anOutputThatIsAFileIs73() throws {
    let directory = try SurveyFixture().write()
    let run = try CommandRun(["run", "survey", "--output", "data/offices.csv"], in: directory.path)
    #expect(run.status == 73)
    expectMessage(run.error, saying: ["cannot create data/offices.csv"])
    #expect(try directory.text(of: "data/offices.csv") == SurveyFixture().offices)
  }

  @Test(.enabled(if: geteuid() != 0, "root writes everywhere"))
  func anOutputThatMayNotBeWrittenIs73() throws {
    try SurveyFixture().expectFailure(
      status: 73, saying: ["cannot create locked/survey", "ermission"], options: ["--output", "locked/survey"],
      arrange: {
        try FileManager.default.createDirectory(
          atPath: $0.path(of: "locked"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
      })
  }

  @Test func aDirectoryThatHoldsSomethingElseIs73() throws {
    let directory = try SurveyFixture().write()
    let run = try CommandRun(["run", "survey", "--output", "data"], in: directory.path)
    #expect(run.status == 73)
    expectMessage(run.error, saying: ["cannot create data", "something other than results"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path(of: "data")).sorted()
        == ["offices.csv", "responses.csv"])
  }

  // MARK: - Formulas

  @Test(arguments: [
    "=HYPERLINK(\"http://example.org\",\"click\")", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)",
    "\t=1+1",
  ])
  func textThatASpreadsheetWouldRunIsExportedAsText(_ region: String) throws {
    var fixture = SurveyFixture.adding("r9,AAA,1,north,p1,\(field(region)),,yes,,,,")
    fixture.offices = fixture.offices.replacingOccurrences(of: "africa", with: field(region))
    let results = try fixture.results()
    #expect(try results.estimate("P1", region: "'" + region)["n"] == "4")
    let text = try results.directory.text(of: "Output/survey/estimates.csv")
    #expect(text.contains(",\(field("'" + region)),"))
    #expect(!text.contains(",\(field(region)),"))
    #expect(try results.rejected.map { $0.hasSuffix(",\(field("'" + region))") } == [true])
  }

  @Test func aFormulaAsIndicatorIsExportedAsText() throws {
    var fixture = SurveyFixture()
    fixture.indicators = fixture.indicators.replacingOccurrences(of: "id: P1", with: "id: \"=1+1\"")
    #expect(try fixture.results().estimate("'=1+1")["n"] == "8")
  }

  @Test func negativeNumbersStayNumbers() throws {
    var fixture = SurveyFixture()
    fixture.offices = fixture.offices.replacingOccurrences(of: "africa", with: "-1")
    #expect(try fixture.results().estimate("P1", region: "-1")["n"] == "4")
  }

  private func field(_ text: String) -> String {
    text.contains { "\",".contains($0) } ? "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" : text
  }

  // MARK: - Names that reach outside

  @Test(arguments: [
    "../survey", "a/../survey", "/etc/passwd", "..", ".", "", "./survey", "survey/", ".hidden", "a\\b", "süß",
  ])
  func aNameThatIsAPathIs64(_ name: String) throws {
    let directory = try SurveyFixture().write()
    for command in ["run", "check", "show"] {
      let run = try CommandRun([command, "--", name], in: directory.path)
      #expect(run.status == 64)
      #expect(run.output.isEmpty)
      expectMessage(run.error, saying: ["\"\(name)\" is not the name of a pipeline", "never a path"])
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["Pipelines", "data"])
  }

  @Test(arguments: ["previous", "baseline"], ["../other", "/etc/passwd"])
  func aComparisonThatIsAPathIs78(_ role: String, _ name: String) throws {
    let fixture = SurveyFixture().defining(
      "reliability: none\n", "reliability: none\ntrend: {\(role): \(name), overlap: psu}\n")
    try fixture.expectFailure(
      status: 78, at: "Pipelines/survey.yaml:12:19: ",
      saying: ["\"\(name)\" is not the name of a pipeline"])
  }

  @Test func theRootIsNoOutputDirectory() throws {
    try SurveyFixture().expectFailure(
      status: 64, saying: ["\"/\" cannot be an output directory"], options: ["--output", "/"])
  }

  @Test func theDirectoryAboveIsNotReplaced() throws {
    let directory = try SurveyFixture().write()
    let below = directory.path(of: "above/below")
    try FileManager.default.createDirectory(atPath: below, withIntermediateDirectories: true)
    let run = try CommandRun(["run", "survey", "--pipelines", "../../Pipelines", "--output", ".."], in: below)
    #expect(run.status == 73)
    expectMessage(run.error, saying: ["cannot create ..", "something other than results"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path(of: "above")) == ["below"])
  }
}
