import Foundation
import SurveyTestSupport
import Testing

/// The other commands, wrong usage, and wrong definitions.
@Suite("The command line")
struct CommandLineTests {
  @Test func listNamesEveryPipeline() throws {
    let run = try CommandRun(["list"])
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    for name in ["cycle-2", "cycle-3", "cycle-4", "cycle-5", "nhanes"] {
      #expect(run.output.contains("\n\(name) "), "\(name)")
    }
    for line in run.output.split(separator: "\n") { #expect(terminalWidth(line) <= 100, "\(line)") }
  }

  @Test func listShowsTheLastRunAndBrokenDefinitions() throws {
    let directory = try SurveyFixture().write()
    try directory.write("pipeline: broken\n", to: "Pipelines/broken.yaml")
    func line(_ name: String) throws -> String {
      let run = try CommandRun(["list"], in: directory.path)
      #expect(run.status == 0)
      return try #require(run.output.split(separator: "\n").first { $0.hasPrefix(name) }.map(String.init))
    }
    #expect(try line("survey").hasSuffix("never"))
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    let words = try line("survey").split(separator: " ")
    #expect(words.dropLast() == ["survey", "A", "small", "survey", "2024", "6", "8"])
    #expect(words.last?.hasPrefix("20") == true)
    #expect(try line("broken").contains("error: the pipeline lacks"))
  }

  @Test func aDirectoryWithoutDefinitionsIs66() throws {
    let run = try CommandRun(["list", "--pipelines", "nowhere"])
    #expect(run.status == 66)
    #expect(run.output.isEmpty)
    expectMessage(run.error, saying: ["nowhere"])
  }

  @Test(arguments: ["cycle-2", "cycle-3", "cycle-4", "cycle-5", "nhanes"])
  func showListsTheIndicators(_ name: String) throws {
    let run = try CommandRun(["show", name])
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    #expect(run.output.hasPrefix("\(name): "))
    #expect(run.output.split(separator: "\n").count { $0.contains(")  ") } >= (name == "nhanes" ? 0 : 39))
  }

  @Test func showExplainsAnIndicatorInEveryCycle() throws {
    // Elsewhere there is no last run, whose totals would be shown, too.
    let directory = try TemporaryDirectory()
    let run = try CommandRun(
      ["show", "cycle-4", "--indicator", "A.1(b)", "--pipelines", "\(projectDirectory)/Pipelines"], in: directory.path)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("A.1(b)  Biosafety built into national strategies, policies and laws\n"))
    for text in [
      "\ncycle-2: ", "\ncycle-3: ", "\ncycle-4: ", "\ncycle-5: ", "not asked: the second report had no question",
      "\ncycle-3  2015  not asked\ncycle-4  2019  responses  Q016\n", "counts as yes where", "out of those where",
      "Compare with care\n  cycle-4 to cycle-5: ",
    ] {
      #expect(run.output.contains(text), "\(text)")
    }
    for line in run.output.split(separator: "\n") { #expect(terminalWidth(line) <= 100, "\(line)") }
  }

  @Test func showHasTheTotalsOfTheLastRun() throws {
    let directory = try SurveyFixture().write()
    func lines() throws -> [String] {
      let run = try CommandRun(["show", "survey", "--indicator", "P1"], in: directory.path)
      #expect(run.status == 0)
      #expect(run.error.withoutNotes.isEmpty)
      return run.output.split(separator: "\n").map(String.init)
    }
    #expect(try lines().contains("survey  2024  responses  plan"))
    #expect(try CommandRun(["run", "survey"], in: directory.path).status == 0)
    let row = try #require(try lines().first { $0.hasPrefix("survey  2024  responses  plan ") })
    #expect(row.split(separator: " ").dropFirst(4).prefix(2) == ["8", "70.0"])
    try directory.write(
      try directory.text(of: "Pipelines/indicators.yaml") + "# more\n", to: "Pipelines/indicators.yaml")
    #expect(
      try lines().contains(
        "no numbers of the last run of survey: changed since the run: Pipelines/indicators.yaml"))
    #expect(try lines().contains("survey  2024  responses  plan"))
  }

  /// In three reports an answer stands where the routing had asked nothing (SampleData/README.md).
  @Test(arguments: [("cycle-2", 0), ("cycle-3", 1), ("cycle-4", 1), ("cycle-5", 1), ("nhanes", 0)])
  func checkReadsTheSampleData(_ name: String, problems: Int) throws {
    let run = try CommandRun(["check", name])
    #expect(run.status == (problems == 0 ? 0 : 65))
    #expect(run.error.withoutNotes.isEmpty)
    #expect(
      run.output.split(separator: "\n").count { $0.contains(": routing: the question was not asked") } == problems)
    #expect(run.output.hasSuffix(problems == 0 ? "\nno problem found\n" : "\n1 problem found\n"))
  }

  @Test func generateWritesTheSampleDataByteForByte() throws {
    let directory = try TemporaryDirectory()
    let institutions = directory.path(of: "institutions")
    for arguments in [
      ["national-reports", "--output", directory.path],
      ["institutions", "--responses", "3000", "--cycles", "2..5", "--output", institutions],
    ] {
      let run = try CommandRun(["generate"] + arguments)
      #expect(run.status == 0)
      #expect(run.error.withoutNotes.isEmpty)
    }
    let files = try #require(FileManager.default.subpaths(atPath: directory.path)).filter { $0.contains(".") }.sorted()
    let committed = try #require(FileManager.default.subpaths(atPath: "\(projectDirectory)/SampleData"))
      .filter { $0.contains(".") && !$0.hasPrefix("nhanes") && $0 != "datapackage.json" }.sorted()
    #expect(files == committed)
    for file in files {
      #expect(
        FileManager.default.contentsEqual(
          atPath: directory.path(of: file), andPath: "\(projectDirectory)/SampleData/\(file)"), "\(file)")
    }
  }

  // MARK: - Help and wrong usage

  @Test(arguments: [
    "run", "list", "show", "check", "compare", "export", "units", "generate", "generate national-reports",
    "generate institutions",
    "generate reference-job",
  ])
  func everyCommandExplainsItself(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    for arguments in [words + ["--help"], ["help"] + words] {
      let run = try CommandRun(arguments)
      #expect(run.status == 0)
      #expect(run.error.withoutNotes.isEmpty)
      #expect(run.output.hasPrefix("OVERVIEW: "))
      #expect(run.output.contains("USAGE: pipeline \(command)"))
    }
  }

  @Test func helpNamesCommandsAndExitStatuses() throws {
    let run = try CommandRun(["--help"])
    #expect(run.status == 0)
    for text in [
      "run ", "list ", "show ", "check ", "compare ", "export ", "units ", "generate ", "64 wrong usage",
      "143 terminated",
    ] {
      #expect(run.output.contains(text), "\(text)")
    }
    // Every status that docs/results.md lists.
    let table = try MarkdownPage("docs/results.md").text.components(separatedBy: "## Exit status")[1]
      .components(separatedBy: "\n## ")[0]
    let statuses = table.matches(of: /(?m)^\| ([0-9, ]+) \|/).flatMap { $0.1.split(separator: ", ") }
    #expect(statuses.count == 11)
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for status in statuses { #expect(words.contains(" \(status) "), "\(status)") }
  }

  @Test(arguments: [
    ["frobnicate"], ["run"], ["run", "cycle-4", "cycle-5"], ["run", "cycle-4", "--frobnicate"],
    ["run", "cycle-4", "--level", "0"], ["run", "cycle-4", "--level", "1"], ["run", "cycle-4", "--level", "95"],
    ["run", "cycle-4", "--level", "nan"], ["run", "cycle-4", "--level", "high"],
    ["run", "cycle-4", "--method", "bayes"],
    ["run", "cycle-4", "--threads", "0"], ["run", "cycle-4", "--quiet", "--json"],
    ["run", "cycle-4", "--progress", "loud"], ["generate", "frobnicate"], ["generate", "national-reports"],
    ["generate", "national-reports", "--output", "x", "--seed", "-1"],
    ["generate", "institutions", "--output", "x"],
    ["generate", "institutions", "--output", "x", "--responses", "499"],
    ["generate", "institutions", "--output", "x", "--responses", "1e4"],
    ["generate", "institutions", "--output", "x", "--responses", "1000000001"],
    ["generate", "institutions", "--output", "x", "--responses", "600", "--cycles", "5..2"],
    ["generate", "institutions", "--output", "x", "--responses", "600", "--cycles", "1..4"],
    ["generate", "institutions", "--output", "x", "--responses", "600", "--cycles", "2.4"],
    ["generate", "institutions", "--output", "x", "--responses", "600", "--cycles", ""],
    ["generate", "reference-job", "--output", "x"],
    ["generate", "reference-job", "--output", "x", "--responses", "499"],
    ["generate", "reference-job", "--output", "x", "--responses", "500", "--psus", "39"],
    ["generate", "reference-job", "--output", "x", "--responses", "500", "--questions", "50"],
    ["generate", "reference-job", "--output", "x", "--responses", "500", "--replicates", "1"],
    ["list", "cycle-4"], ["show"], ["check"], ["compare"], ["compare", "cycle-4"],
    ["compare", "cycle-4", "cycle-3", "cycle-2"], ["compare", "cycle-4", "cycle-3", "--basis", "some"],
    ["export"], ["export", "cycle-4", "--wide", "--format", "json"], ["units", "cycle-4"],
    ["compare", "cycle-4", "cycle-3", "--by", "region,"], ["compare", "cycle-4", "cycle-3", "--level", "2"],
  ])
  func wrongUsageIs64(_ arguments: [String]) throws {
    let directory = try TemporaryDirectory()
    let run = try CommandRun(arguments, in: directory.path)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.error.lowercased().hasPrefix("error: "))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test func anUnknownIndicatorIs64() throws {
    let directory = try TemporaryDirectory()
    for arguments in [["run", "cycle-4", "--output", directory.path(of: "results")], ["show", "cycle-4"]] {
      let run = try CommandRun(arguments + ["--indicator", "A.1(z)"])
      #expect(run.status == 64)
      expectMessage(run.error, saying: ["no indicator \"A.1(z)\"", "did you mean \"A.1(a)\"?"])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test func anUnknownDimensionIs64() throws {
    let directory = try TemporaryDirectory()
    let run = try CommandRun(["run", "cycle-4", "--by", "regoin", "--output", directory.path(of: "results")])
    #expect(run.status == 64)
    expectMessage(run.error, saying: ["no dimension \"regoin\"", "did you mean \"region\"?"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test(arguments: ["run", "show", "check"])
  func anUnknownPipelineIs66(_ command: String) throws {
    let run = try CommandRun([command, "cycle-44"])
    #expect(run.status == 66)
    expectMessage(run.error, saying: ["there is no Pipelines/cycle-44.yaml", "did you mean \"cycle-4\"?"])
  }

  @Test(arguments: ["a\nb", "a\u{1B}[31mb", "a\rb"])
  func aNameWithControlCharactersStaysOnItsLine(_ name: String) throws {
    let run = try CommandRun(["run", "--", name])
    #expect(run.status == 64)
    expectMessage(run.error, saying: ["is not the name of a pipeline"])
    #expect(!run.error.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test func aSecondRunIntoTheSameDirectoryIs75() throws {
    let directory = try LargeSurvey.write(megabytes: 20)
    let first = try StartedCommand(["run", "survey"], in: directory.path)
    #expect(first.waitForFile(directory.path(of: "Output/.survey.lock")))
    let second = try CommandRun(["run", "survey"], in: directory.path)
    #expect(first.isRunning)
    #expect(second.status == 75)
    expectMessage(second.error, saying: ["another run is writing to Output/survey"])
    first.send(SIGTERM)
    #expect(first.status(within: 10 * Double(Sanitizer.patience)) == 143)
  }
}
