import Foundation
import SurveyTestSupport
import Testing

/// Where results and lists go, and what stays as it was.
@Suite("Places of outputs")
struct OutputPlacesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try SurveyFixture().write() }

  private func run(_ arguments: [String]) throws -> CommandRun {
    try CommandRun(arguments, in: directory.path)
  }

  private func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory.path(of: path))) ?? []).sorted()
  }

  private func bytes(of path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: directory.path(of: path)))
  }

  private func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: directory.path(of: path))[.posixPermissions] as? Int
  }

  private func spoil() throws {
    try directory.write(
      try directory.text(of: "data/responses.csv") + "r9,AAA,1,\"no\"rth,p1\n", to: "data/responses.csv")
  }

  // MARK: - A file that somebody names

  /// Who waits at a pipe, or a terminal, gets the bytes; it is not replaced by a file.
  @Test(arguments: [
    ["export", "survey", "--by", "region", "--format", "csv"],
    ["export", "survey", "--by", "region", "--format", "html"],
    ["export", "survey", "--by", "region", "--format", "xlsx"],
    ["units", "survey", "--indicator", "P1"], ["compare", "survey", "earlier"],
  ])
  func aPipeGetsTheBytes(_ arguments: [String]) throws {
    let definition = try directory.text(of: "Pipelines/survey.yaml") + "\ntrend: {overlap: psu}\n"
    try directory.write(definition, to: "Pipelines/survey.yaml")
    try directory.write(
      definition.replacingOccurrences(of: "pipeline: survey", with: "pipeline: earlier"), to: "Pipelines/earlier.yaml")
    #expect(try run(["run", "survey"]).status == 0)
    #expect(try run(arguments + ["-o", "file"]).status == 0)
    let pipe = directory.path(of: "pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let reader = try StartedCommand("/bin/sh", ["-c", "cat pipe > copy"], in: directory.path)
    let run = try run(arguments + ["-o", "pipe"])
    #expect(run.status == 0, "\(run.error)")
    #expect(reader.status(within: 20) == 0)
    let (copy, file) = (try bytes(of: "copy"), try bytes(of: "file"))
    // A workbook holds the time at which it was made.
    if arguments.contains("xlsx") { #expect(copy.prefix(4) == Data("PK\u{3}\u{4}".utf8) && copy.count > 5000) }
    #expect(arguments.contains("xlsx") || copy == file)
    let kind = try FileManager.default.attributesOfItem(atPath: pipe)[.type] as? FileAttributeType
    #expect(kind != .typeRegular)
    #expect(names(in: "").allSatisfy { !$0.hasSuffix(".partial") })
  }

  /// Whoever made the directory of results may have put pipes there.
  @Test(arguments: ["estimates.csv", "run.json"]) func nobodyWaitsForAPipeAmongResults(_ name: String) throws {
    #expect(try run(["run", "survey"]).status == 0)
    let path = directory.path(of: "Output/survey/\(name)")
    try FileManager.default.removeItem(atPath: path)
    try #require(mkfifo(path, 0o600) == 0)
    for arguments in [
      ["export", "survey", "--by", "region"], ["verify", "Output/survey"],
      ["run", "survey", "--check-against", "Output/survey", "--output", "Output/again"],
    ] {
      let command = try StartedCommand(arguments, in: directory.path)
      let status = command.status(within: 20 * Double(Sanitizer.patience))
      let error = try command.error
      #expect(status == 65 || status == 66, "\(arguments) \(error)")
    }
  }

  /// What conditions on other responses need is in the pipe once.
  @Test func aPipeIsNotReadTwice() throws {
    let indicators = try directory.text(of: "Pipelines/indicators.yaml")
    try directory.write(
      indicators
        + "- {id: P7, title: Others, denominator: {answered: plan}, numerator: {related: {table: responses, on: office, where: {plan: full}}}}\n",
      to: "Pipelines/indicators.yaml")
    #expect(try run(["run", "survey"]).status == 0)
    try FileManager.default.removeItem(atPath: directory.path(of: "data/responses.csv"))
    try #require(mkfifo(directory.path(of: "data/responses.csv"), 0o600) == 0)
    let command = try StartedCommand(["run", "survey"], in: directory.path)
    #expect(command.status(within: 20 * Double(Sanitizer.patience)) == 66)
    try expectMessage(command.error, saying: ["data/responses.csv is no file", "need it twice"])
  }

  @Test func aLinkStandsForWhatItNames() throws {
    #expect(try run(["run", "survey"]).status == 0)
    try directory.write("old", to: "elsewhere/table.csv")
    try FileManager.default.createSymbolicLink(
      atPath: directory.path(of: "link.csv"), withDestinationPath: "elsewhere/table.csv")
    #expect(try run(["units", "survey", "--indicator", "P1", "-o", "link.csv"]).status == 0)
    #expect(try directory.text(of: "elsewhere/table.csv").hasPrefix("cycle,"))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: directory.path(of: "link.csv")) == "elsewhere/table.csv"
    )
    #expect(names(in: "elsewhere") == ["table.csv"])
  }

  @Test func aLinkToNothingMakesWhatItNames() throws {
    #expect(try run(["run", "survey"]).status == 0)
    try FileManager.default.createDirectory(atPath: directory.path(of: "elsewhere"), withIntermediateDirectories: false)
    for (link, target) in [("a", "b"), ("b", "elsewhere/table.csv"), ("round", "about"), ("about", "round")] {
      try FileManager.default.createSymbolicLink(atPath: directory.path(of: link), withDestinationPath: target)
    }
    #expect(try run(["units", "survey", "--indicator", "P1", "-o", "a"]).status == 0)
    #expect(try directory.text(of: "elsewhere/table.csv").hasPrefix("cycle,"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory.path(of: "a")) == "b")
    let run = try run(["units", "survey", "--indicator", "P1", "-o", "round"])
    #expect(run.status == 73)
    expectMessage(run.error, saying: ["cannot create round"])
  }

  /// What a shell has written to a file before stays there.
  @Test func standardOutputMayBeNamed() throws {
    #expect(try run(["run", "survey"]).status == 0)
    let command = try StartedCommand(
      "/bin/sh",
      [
        "-c",
        "{ echo before; \"$0\" units survey --indicator P1 -o /proc/self/fd/1; echo after; } > log.txt",
        CommandRun.binary,
      ], in: directory.path)
    #expect(command.status(within: 20 * Double(Sanitizer.patience)) == 0)
    let text = try directory.text(of: "log.txt")
    #expect(text.hasPrefix("before\ncycle,") && text.hasSuffix("after\n"), "\(text)")
  }

  /// Nobody waits for a pipe that is called like what a killed run left.
  @Test func aPipeIsNoLeftover() throws {
    #expect(try run(["run", "survey"]).status == 0)
    let pipe = directory.path(of: "Output/.survey.rejected.csv.0123456789abcdef.partial")
    try #require(mkfifo(pipe, 0o600) == 0)
    let command = try StartedCommand(["run", "survey"], in: directory.path)
    #expect(command.status(within: 20 * Double(Sanitizer.patience)) == 0)
  }

  @Test func aNameMayBeAsLongAsTheFileSystemTakes() throws {
    #expect(try run(["run", "survey"]).status == 0)
    for name in [String(repeating: "u", count: 255), String(repeating: "\u{1F30D}", count: 63)] {
      #expect(try run(["units", "survey", "--indicator", "P1", "-o", name]).status == 0)
      #expect(try directory.text(of: name).hasPrefix("cycle,"))
    }
  }

  @Test func aDirectoryIsNoFile() throws {
    #expect(try run(["run", "survey"]).status == 0)
    let run = try run(["units", "survey", "--indicator", "P1", "-o", "data"])
    #expect(run.status == 73)
    expectMessage(run.error, saying: ["data", "irectory"])
    #expect(names(in: "data") == ["offices.csv", "responses.csv"])
  }

  /// Single answers stay with whom they were kept.
  @Test func whatWasPrivateStaysPrivate() throws {
    #expect(try run(["run", "survey"]).status == 0)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o700], ofItemAtPath: directory.path(of: "Output/survey"))
    try directory.write("", to: "units.csv")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: directory.path(of: "units.csv"))
    #expect(try run(["run", "survey"]).status == 0)
    #expect(try mode(of: "Output/survey") == 0o700)
    #expect(try run(["units", "survey", "--indicator", "P1", "-o", "units.csv"]).status == 0)
    #expect(try mode(of: "units.csv") == 0o600)
  }

  // MARK: - The directory of the results, and what stands beside it

  @Test(arguments: ["Results/survey/", "Results/survey//", "Results/./survey/.", "Results/x/../survey"])
  func theListStandsBesideTheDirectory(_ output: String) throws {
    #expect(try run(["run", "survey", "--output", output]).status == 0)
    let before = try directory.text(of: "Results/survey/run.json")
    try spoil()
    for _ in 0..<2 {
      let run = try run(["run", "survey", "--output", output])
      #expect(run.status == 65)
      expectMessage(run.error, saying: ["data/responses.csv:10"])
      #expect(names(in: "Results") == ["survey", "survey.rejected.csv"])
      #expect(try directory.text(of: "Results/survey/run.json") == before)
    }
  }

  @Test func theListStandsBesideADirectoryThatIsNotThereYet() throws {
    try spoil()
    let run = try run(["run", "survey", "--output", "New/survey/"])
    #expect(run.status == 65)
    expectMessage(run.error, saying: ["data/responses.csv:10"])
    #expect(names(in: "New") == ["survey.rejected.csv"])
  }

  /// Only files of these names are ours.
  @Test func directoriesOfSuchNamesStay() throws {
    for name in ["survey.rejected.csv", "survey.differences.csv"] {
      try directory.write("theirs", to: "Output/\(name)/run.json")
    }
    #expect(try run(["run", "survey"]).status == 0)
    #expect(names(in: "Output") == ["survey", "survey.differences.csv", "survey.rejected.csv"])
    #expect(try directory.text(of: "Output/survey.rejected.csv/run.json") == "theirs")
  }

  /// They would go with the previous results.
  @Test(arguments: ["data", "Pipelines", "dat*"]) func inputsInTheDirectoryAreNotRemoved(_ place: String) throws {
    let folder = place.replacingOccurrences(of: "*", with: "a")
    let definition = try directory.text(of: "Pipelines/survey.yaml")
    try directory.write(
      definition.replacingOccurrences(of: "../data/", with: folder == place ? "../data/" : "../\(place)/"),
      to: "Pipelines/survey.yaml")
    #expect(try run(["run", "survey", "--output", "known"]).status == 0)
    try directory.write(try directory.text(of: "known/run.json"), to: "\(folder)/run.json")
    let before = names(in: folder)
    let run = try run(["run", "survey", "--output", folder])
    #expect(run.status == 64)
    expectMessage(
      run.error, saying: ["lies in \(folder), which every run replaces as a whole", "name a file outside of it"])
    #expect(names(in: folder) == before)
  }

  @Test(arguments: ["0", "-1", "1025", "9000000000000000000"]) func aNumberOfThreadsHasBounds(_ number: String) throws {
    let run = try run(["run", "survey", "--threads", number])
    #expect(run.status == 64)
    #expect(run.error.contains("--threads must be a number from 1 to 1024") || number == "-1", "\(run.error)")
    #expect(try self.run(["run", "survey", "--threads", "1024"]).status == 0)
  }
}
