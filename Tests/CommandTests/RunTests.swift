import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// What an analyst gets from the project's own pipelines.
@Suite("Running the national reports")
struct RunTests {
  /// `run cycle-4`, once for all tests that only look at it.
  static let cycle4 = Result { try ProjectRun("cycle-4") }

  /// A Party answers a question of the fourth reports that it was not asked.
  static let standing =
    "note: cycle-4: responses: 1 answer to 1 question stands where the routing did not ask (REDCap writes 0 there): counted; "
    + "`answers-when-routed-out: ignore` reads it as routed out\n"

  @Test func allIndicatorsArePrintedAndFiveFilesWritten() throws {
    let run = try Self.cycle4.get()
    #expect(run.command.status == 0)
    #expect(run.command.error == Self.standing)
    let lines = run.command.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "cycle-4: Fourth national reports")
    let ids = lines.prefix { !$0.hasPrefix("▲") }.compactMap(indicatorID)
    #expect(ids.count == 39)
    #expect(Set(ids).count == 39)
    #expect((ids.first, ids.last) == ("A.1(a)", "B.4(c)"))
    #expect(run.files.keys.sorted() == ["estimates.csv", "rejected.csv", "run.json", "slopes.csv", "trends.csv"])
    let estimates = try run.table("estimates.csv")
    #expect(Set(estimates.column("indicator")) == Set(ids))
    #expect(estimates.column("cycle").removingRepetitions == ["cycle-4", "cycle-3", "cycle-2"])
    #expect(try run.table("trends.csv").column("compare_to").removingRepetitions == ["cycle-3", "cycle-2"])
    #expect(try run.text("rejected.csv") == "file,line,column,scope,reason,value\n")
  }

  private func indicatorID(_ line: String) -> String? {
    guard let first = line.split(separator: " ").first, first.hasSuffix(")"), "AB".contains(first.prefix(1)) else {
      return nil
    }
    return String(first)
  }

  @Test func theAccountingOfEveryTableIsBalanced() throws {
    let run = try Self.cycle4.get()
    let record = try RunJSON(run.text("run.json"))
    #expect(record.pipeline == "cycle-4")
    #expect(record.cycles.map(\.name) == ["cycle-4", "cycle-3", "cycle-2"])
    #expect(record.cycles.map(\.role) == ["main", "previous", "baseline"])
    for cycle in record.cycles {
      for table in cycle.tables {
        #expect(table.isBalanced, "\(cycle.name) \(table.table)")
        #expect(table.files.allSatisfy { $0.hash.count == 64 && $0.algorithm == "SHA-256" })
      }
      let rows = try #require(cycle.tables.first { $0.table == "responses" })
      #expect(rows.rowsRead > 100)
      #expect(
        run.command.output.contains(
          "\(cycle.name): \(rows.rowsRead) responses read = \(rows.rowsUsed) used + "
            + "\(rows.rowsSuperseded) superseded + \(rows.rowsOutsidePopulation) outside the population + "
            + "\(rows.rowsRejected) rejected"))
    }
    for file in record.outputs {
      #expect(try run.text(file.path).utf8.count == Int(file.bytes), "\(file.path)")
    }
    #expect(record.definitions.contains { $0.path == "Pipelines/cartagena/indicators.yaml" })
  }

  @Test func theSummaryIsAtMost100ColumnsWide() throws {
    for line in try Self.cycle4.get().command.output.split(separator: "\n") where !line.hasPrefix("written to ") {
      #expect(terminalWidth(line) <= 100, "\(line)")
    }
  }

  @Test func theSummaryIsAtMost80ColumnsWideWhereTheTerminalIs() throws {
    let run = try ProjectRun("cycle-4", environment: ["COLUMNS": "80"])
    #expect(run.command.status == 0)
    for line in run.command.output.split(separator: "\n") where !line.hasPrefix("written to ") {
      #expect(terminalWidth(line) <= 80, "\(line)")
    }
  }

  /// What is aligned in columns fits, whatever is said about the lines below it.
  @Test(arguments: [100, 80])
  func theTableFits(columns: Int) throws {
    let run = try ProjectRun("cycle-4", ["--indicator", "A.6(c)"], environment: ["COLUMNS": "\(columns)"])
    let table = run.command.output.split(separator: "\n").prefix { !$0.hasPrefix("▲") }
    #expect(table.contains { $0.hasPrefix("A.6(c)") })
    for line in table { #expect(terminalWidth(line) <= columns, "\(line)") }
  }

  private struct Summary: Decodable {
    struct Indicator: Decodable {
      var id: String
      var estimate: Double?
    }
    var pipeline: String
    var indicators: [Indicator]
  }

  @Test func jsonIsAloneOnStandardOutput() throws {
    let run = try ProjectRun("cycle-4", ["--json", "--timings"])
    #expect(run.command.status == 0)
    let summary = try JSONDecoder().decode(Summary.self, from: Data(run.command.output.utf8))
    #expect(summary.pipeline == "cycle-4")
    #expect(summary.indicators.count == 39)
    let estimates = try run.table("estimates.csv").rows.filter {
      $0["cycle"] == "cycle-4" && $0["region"] == "_T" && $0["sector"] == "_T"
    }
    #expect(summary.indicators.map(\.id) == estimates.column("indicator"))
    #expect(summary.indicators.map(\.estimate) == estimates.column("estimate").map(Double.init))
    #expect(run.command.error.contains(" s  estimate"))
  }

  @Test func quietPrintsNothing() throws {
    let run = try ProjectRun("cycle-5", ["--quiet"])
    #expect(run.command.status == 0)
    #expect(run.command.output.isEmpty)
    #expect(run.command.error.withoutNotes.isEmpty)
    #expect(try run.table("estimates.csv").rows.count > 39)
  }

  @Test func theIndicatorFilterLeavesNumbersUnchanged() throws {
    let all = try Self.cycle4.get()
    let some = try ProjectRun("cycle-4", ["--indicator", "A.6(c)", "--indicator", "A.2(a)"])
    #expect(some.command.status == 0)
    #expect(some.command.output.contains("A.6(c)"))
    #expect(!some.command.output.contains("A.1(a)"))
    for file in ["estimates.csv", "trends.csv"] {
      let expected = try all.table(file).rows.filter { ["A.6(c)", "A.2(a)"].contains($0["indicator"] ?? "") }
      let rows = try some.table(file).rows
      #expect(!rows.isEmpty)
      #expect(rows == expected, "\(file)")
    }
  }

  @Test func byReplacesTheGroupings() throws {
    let all = try Self.cycle4.get().table("estimates.csv").rows
    let run = try ProjectRun("cycle-4", ["--by", "sector", "--by", "region,sector"])
    let rows = try run.table("estimates.csv").rows
    #expect(!rows.contains { $0["region"] != "_T" && $0["sector"] == "_T" })
    #expect(rows == all.filter { $0["region"] == "_T" || $0["sector"] != "_T" })
  }

  @Test func methodAndLevelReachAllCycles() throws {
    let run = try ProjectRun("cycle-4", ["--method", "beta", "--level", "0.9"])
    #expect(run.command.output.contains("90% interval"))
    let rows = try run.table("estimates.csv").rows.filter { $0["se"]?.isEmpty == false && $0["method"] != "census" }
    #expect(rows.column("cycle").removingRepetitions == ["cycle-4", "cycle-3", "cycle-2"])
    #expect(rows.column("method").removingRepetitions == ["beta"])
    #expect(rows.column("level").removingRepetitions == ["0.9"])
  }

  @Test(arguments: [("cycle-5", 4), ("cycle-3", 2), ("cycle-2", 1), ("nhanes", 1)])
  func theOtherPipelinesRun(_ name: String, cycles: Int) throws {
    let run = try ProjectRun(name)
    #expect(run.command.status == 0)
    #expect(
      run.command.error
        == (name == "cycle-5" ? Self.standing.replacing("cycle-4", with: "cycle-5") + Self.standing : ""))
    let record = try RunJSON(run.text("run.json"))
    #expect(record.cycles.count == cycles)
    #expect(record.cycles.first?.name == name)
    for table in record.cycles.flatMap(\.tables) { #expect(table.isBalanced, "\(table.table)") }
    #expect(Set(try run.table("estimates.csv").column("indicator")).count == (name == "nhanes" ? 1 : 39))
    #expect(try run.table("trends.csv").rows.isEmpty == (cycles == 1))
  }

  @Test func aSecondRunWritesTheSameBytes() throws {
    let first = try Self.cycle4.get()
    let second = try ProjectRun("cycle-4", ["--threads", "1"])
    for file in ["estimates.csv", "trends.csv", "rejected.csv"] {
      #expect(try first.text(file) == second.text(file), "\(file)")
    }
  }
}

/// One run of a pipeline of the project into a directory of its own, and the files that it wrote there.
struct ProjectRun {
  let command: CommandRun
  let files: [String: String]

  init(_ name: String, _ options: [String] = [], environment: [String: String] = [:]) throws {
    let directory = try TemporaryDirectory()
    let output = directory.path(of: "missing/parents/results")
    command = try CommandRun(["run", name, "--output", output] + options, environment: environment)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
    files = try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try directory.text(of: "missing/parents/results/\($0)")) })
  }

  func text(_ file: String) throws -> String { try #require(files[file]) }

  func table(_ file: String) throws -> ResultsFile {
    let directory = try TemporaryDirectory()
    return try withExtendedLifetime(directory) { try ResultsFile(directory.write(text(file), to: file)) }
  }
}

/// A file of results, row by row and by column.
struct ResultsFile {
  let rows: [[String: String]]

  init(_ path: String) throws {
    let table = try SmallTable(contentsOf: path)
    rows = table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
  }

  func column(_ name: String) -> [String] { rows.column(name) }
}

extension [[String: String]] {
  func column(_ name: String) -> [String] { map { $0[name] ?? "?" } }
}

extension [String] {
  /// Each once, in the order of its first place.
  var removingRepetitions: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

/// Columns on a terminal, told apart from the command's own way of counting: every character that these tests meet
/// takes one, East Asian ones two.
func terminalWidth(_ line: some StringProtocol) -> Int {
  line.reduce(0) { width, character in
    let scalar = character.unicodeScalars.first?.value ?? 0
    return width + ((0x1100...0x115F).contains(scalar) || (0x2E80...0xFFDF).contains(scalar) ? 2 : 1)
  }
}
