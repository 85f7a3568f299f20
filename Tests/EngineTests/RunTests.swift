import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("A run from definition to files")
struct RunTests {
  @Test func itWritesItsFilesAndNothingElse() async throws {
    let survey = try SmallSurvey()
    try await survey.run()
    let files = try FileManager.default.contentsOfDirectory(atPath: survey.directory.path(of: "out")).sorted()
    for file in ["estimates.csv", "rejected.csv", "run.json", "trends.csv"] { #expect(files.contains(file)) }
    #expect(try survey.leftovers() == [])
  }

  @Test func anotherRunGivesTheSameBytes() async throws {
    let survey = try SmallSurvey(seed: 4)
    try await survey.run(to: "one", threads: 1)
    try await survey.run(to: "two", threads: 4)
    for file in ["estimates.csv", "trends.csv", "rejected.csv"] {
      #expect(try survey.text("one/\(file)") == survey.text("two/\(file)"))
    }
  }

  @Test func everyCycleThatRanIsInTheEstimatesInOrder() async throws {
    let survey = try SmallSurvey()
    let outcome = try await survey.run()
    let cycles = try ResultFile(survey.directory.path(of: "out/estimates.csv")).rows.map { $0["cycle"] ?? "" }
    #expect(Set(cycles) == ["now", "then"])
    #expect(cycles == cycles.sorted())
    #expect(outcome.estimates.map(\.cycle.name) == ["now", "then"])
  }

  /// The shares of the responses, counted by hand from the CSV: the latest row of each Party, N_h / n_h a region.
  @Test func theTotalsAreThoseOfTheRows() async throws {
    for seed in UInt64(1)...5 {
      let survey = try SmallSurvey(seed: seed)
      try await survey.run("then")
      var latest: [String: (date: String, answer: String)] = [:]
      for line in try survey.text("data/then.csv").split(separator: "\n").dropFirst() {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let number = try #require(Int(fields[1].dropFirst()))
        guard number % 8 != 7 else { continue }
        if let known = latest[fields[1]], known.date > fields[3] { continue }
        latest[fields[1]] = (fields[3], fields[4])
      }
      var yes = 0.0
      var all = 0.0
      for region in 0..<3 {
        let members = (0..<40).filter { $0 % 3 == region && $0 % 8 != 7 }
        let answers = members.compactMap { latest["P\($0)"]?.answer }.filter { !$0.isEmpty }
        guard !answers.isEmpty else { continue }
        let weight = Double(members.count) / Double(answers.count)
        yes += weight * Double(answers.count { $0 != "none" })
        all += weight * Double(answers.count)
      }
      let row = try #require(
        try ResultFile(survey.directory.path(of: "out/estimates.csv")).rows.first {
          $0["indicator"] == "A" && $0["region"] == "_T" && $0["sector"] == "_T"
        })
      #expect(areClose(try #require(Double(row["estimate"] ?? "")), 100 * yes / all, relative: 1e-12))
      #expect(row["population"] == "35")
    }
  }

  @Test func aFilterOfIndicatorsChangesNoNumber() async throws {
    for filter in [["A"], ["B"], ["C"], ["B", "A"]] {
      let survey = try SmallSurvey(seed: 7)
      try await survey.run(to: "all")
      try await survey.run(to: "some", indicators: filter)
      for file in ["estimates.csv", "trends.csv"] {
        let all = try survey.text("all/\(file)").split(separator: "\n")
        let some = try survey.text("some/\(file)").split(separator: "\n")
        let column = file == "estimates.csv" ? 1 : 4
        let expected = all.enumerated().filter { place, line in
          place == 0 || filter.contains(String(line.split(separator: ",", omittingEmptySubsequences: false)[column]))
        }.map(\.element)
        #expect(some == expected)
        #expect(some.count > 1)
      }
    }
  }

  @Test func theOrderOfTheRowsDoesNotMatter() async throws {
    for seed in UInt64(1)...6 {
      let survey = try SmallSurvey(seed: seed)
      try await survey.run(to: "before")
      for cycle in ["now", "then"] {
        let lines = try survey.text("data/\(cycle).csv").split(separator: "\n").map(String.init)
        let shuffled = Shuffle.rows(Array(lines.dropFirst()), seed: seed) {
          String($0.split(separator: ",", omittingEmptySubsequences: false)[1])
        }
        #expect(shuffled != Array(lines.dropFirst()))
        try survey.directory.write(([lines[0]] + shuffled).joined(separator: "\n") + "\n", to: "data/\(cycle).csv")
      }
      try await survey.run(to: "after")
      for file in ["estimates.csv", "trends.csv"] {
        let before = try ResultFile(survey.directory.path(of: "before/\(file)"))
        #expect(before.differences(from: try ResultFile(survey.directory.path(of: "after/\(file)"))) == [])
      }
    }
  }

  @Test func theOrderOfColumnsAndUnknownColumnsDoNotMatter() async throws {
    let survey = try SmallSurvey(seed: 2)
    try await survey.run(to: "before")
    var lines = ["Q2,more,id,submitted,party,Q1,sector"]
    for line in try survey.text("data/now.csv").split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let reordered = [fields[5], "\"y\n\"\"\"", fields[0], fields[3], fields[1], fields[4], fields[2]]
      lines.append(reordered.joined(separator: ","))
    }
    try survey.directory.write(lines.joined(separator: "\r\n"), to: "data/now.csv")
    try await survey.run(to: "after")
    #expect(try survey.text("before/estimates.csv") == survey.text("after/estimates.csv"))
  }

  @Test func theOrderOfTheOptionsDoesNotMatter() async throws {
    let survey = try SmallSurvey(seed: 3)
    try await survey.run(to: "before")
    try survey.directory.write(
      """
      missing: [""]
      questions:
        Q2: {type: one, options: ["false", "true"]}
        Q1: {type: one, options: [none, part, full]}

      """, to: "pipelines/codebook.yaml")
    try await survey.run(to: "after")
    for file in ["estimates.csv", "trends.csv"] {
      #expect(try survey.text("before/\(file)") == survey.text("after/\(file)"))
    }
  }

  @Test func groupingsOfTheRunReplaceTheDefinitions() async throws {
    let survey = try SmallSurvey(seed: 3)
    try await survey.run(to: "all")
    try await survey.run(to: "some", groupings: [["sector"]])
    let all = try survey.text("all/estimates.csv").split(separator: "\n")
    let some = try survey.text("some/estimates.csv").split(separator: "\n")
    #expect(some.count < all.count)
    #expect(some.allSatisfy(all.contains))
  }

  @Test func whatIsNotThereIsAUsageError() async throws {
    let survey = try SmallSurvey()
    #expect(await status { try await survey.run(indicators: ["AA"]) } == .usage)
    #expect(await status { try await survey.run(groupings: [["regoin"]]) } == .usage)
    #expect(await status { try await survey.run("nwo") } == .missingInput)
    #expect(try survey.leftovers() == [])
  }

  @Test func aCancelledRunLeavesThePreviousResults() async throws {
    let survey = try SmallSurvey()
    try await survey.run()
    let before = try survey.text("out/run.json")
    let task = Task {
      try await Task.sleep(for: .zero)
      try await survey.run()
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try survey.text("out/run.json") == before)
    #expect(try survey.leftovers() == [])
  }
}

/// Rows in another order, but those with the same key in their own: a tie goes to the later row of the file.
enum Shuffle {
  static func rows(_ rows: [String], seed: UInt64, key: (String) -> String) -> [String] {
    var generator = SeededGenerator(seed: seed)
    var queues: [String: [String]] = Dictionary(grouping: rows, by: key).mapValues { $0.reversed() }
    return rows.map(key).shuffled(using: &generator).compactMap { queues[$0]?.popLast() }
  }
}

@Suite("The fourth national reports")
struct FourthReportsTests {
  private static func run(
    pipelines: String, to output: String, threads: Int = 2, indicators: [String] = []
  ) async throws {
    _ = try await PipelineRun(
      name: "cycle-4",
      options: RunOptions(pipelines: pipelines, output: output, indicators: indicators, threads: threads)
    ).run()
  }

  private static let project = "\(projectDirectory)/Pipelines"

  @Test func oneThreadAndFourGiveTheSameBytes() async throws {
    let place = try TemporaryDirectory()
    try await Self.run(pipelines: Self.project, to: place.path(of: "one"), threads: 1)
    try await Self.run(pipelines: Self.project, to: place.path(of: "four"), threads: 4)
    for file in ["estimates.csv", "trends.csv", "rejected.csv"] {
      #expect(try place.text(of: "one/\(file)") == place.text(of: "four/\(file)"))
    }
    #expect(try ResultFile(place.path(of: "one/estimates.csv")).rows.count > 3000)
  }

  @Test func aFilterChangesNoNumberAndNoAdjustedValue() async throws {
    let place = try TemporaryDirectory()
    try await Self.run(pipelines: Self.project, to: place.path(of: "all"))
    try await Self.run(pipelines: Self.project, to: place.path(of: "some"), indicators: ["A.1(a)"])
    for file in ["estimates.csv", "trends.csv"] {
      let all = try ResultFile(place.path(of: "all/\(file)")).rows.filter { $0["indicator"] == "A.1(a)" }
      #expect(try ResultFile(place.path(of: "some/\(file)")).rows == all)
      #expect(!all.isEmpty)
    }
  }

  @Test func rowsAndOptionsMayStandInAnyOrder() async throws {
    let place = try TemporaryDirectory()
    for directory in ["Pipelines", "SampleData"] {
      try FileManager.default.copyItem(
        atPath: "\(projectDirectory)/\(directory)", toPath: place.path(of: directory))
    }
    try await Self.run(pipelines: place.path(of: "Pipelines"), to: place.path(of: "before"))

    let data = Records(try place.text(of: "SampleData/cycle-4/responses.csv"))
    let party = try #require(data.header.split(separator: ",").firstIndex(of: "party"))
    let shuffled = Shuffle.rows(data.rows, seed: 4) { String($0.split(separator: ",")[party]) }
    #expect(shuffled != data.rows && shuffled.sorted() == data.rows.sorted())
    try place.write(([data.header] + shuffled).joined(separator: "\n") + "\n", to: "SampleData/cycle-4/responses.csv")

    let codebook = try place.text(of: "Pipelines/cartagena/codebook-cycle-4.yaml")
    let reversed = codebook.split(separator: "\n", omittingEmptySubsequences: false).map(Self.withReversedOptions)
    #expect(reversed.joined(separator: "\n") != codebook)
    try place.write(reversed.joined(separator: "\n"), to: "Pipelines/cartagena/codebook-cycle-4.yaml")

    try await Self.run(pipelines: place.path(of: "Pipelines"), to: place.path(of: "after"))
    for file in ["estimates.csv", "trends.csv"] {
      let before = try ResultFile(place.path(of: "before/\(file)"))
      let differences = before.differences(from: try ResultFile(place.path(of: "after/\(file)")))
      #expect(differences == [])
    }
  }

  private static func withReversedOptions(_ line: Substring) -> String {
    guard let start = line.range(of: "options: ["), let end = line[start.upperBound...].firstIndex(of: "]") else {
      return String(line)
    }
    let options = line[start.upperBound..<end].components(separatedBy: ", ")
    return line[..<start.upperBound] + options.reversed().joined(separator: ", ") + line[end...]
  }

  /// The records of a CSV as they stand in the file; quoted fields may hold line breaks.
  private struct Records {
    var header: String
    var rows: [String] = []

    init(_ text: String) {
      var records: [String] = []
      var open = ""
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        open += open.isEmpty ? String(line) : "\n\(line)"
        if open.count(where: { $0 == "\"" }) % 2 == 0 {
          if !open.isEmpty { records.append(open) }
          open = ""
        }
      }
      header = records[0]
      rows = Array(records.dropFirst())
    }
  }
}
