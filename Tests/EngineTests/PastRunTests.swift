import Engine
import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("The results of an earlier run, read back from its files")
struct PastRunTests {
  /// Rows are equal to the last bit; what explains them comes from the same definitions.
  private func expectSame(_ past: Results, _ made: Results, _ note: String) throws {
    #expect(past.estimates == made.estimates, "\(note)")
    #expect(past.trends == made.trends, "\(note)")
    #expect(past.slopes == made.slopes, "\(note)")
    #expect(try past.record.json() == made.record.json(), "\(note)")
    #expect(past.dimensions.map(\.name) == made.dimensions.map(\.name))
    #expect(past.dimensions.map(\.members) == made.dimensions.map(\.members))
    #expect(past.indicators.map(\.id) == made.indicators.map(\.id))
    #expect(past.cycles.map(\.role) == made.cycles.map(\.role))
    #expect(!past.estimates.isEmpty)
  }

  @Test(arguments: 1...5)
  func aCensusOfTwoCyclesReadsBackAsItWasMade(_ seed: UInt64) async throws {
    let survey = try SmallSurvey(seed: seed)
    let made = try await survey.run().results
    let past = try PastRun(directory: survey.directory.path(of: "out"))
      .results(of: "now", pipelines: survey.directory.path(of: "pipelines"))
    try expectSame(past, made, "seed \(seed)")
    #expect(past.trends.contains { $0.test.pValue != nil })
    #expect(past.estimates.contains { $0.members.contains(Dimension.unknownMember) })
  }

  @Test(arguments: ["{}", "{weight: w, strata: [h], psu: p}", "{weight: w}"])
  func samplesOfThreeCyclesReadBackAsTheyWereMade(_ design: String) async throws {
    for seed in UInt64(1)...3 {
      let names = ["first", "then", "now"]
      let pipelines = try WrittenPipelines(
        names.enumerated().map { place, name in
          let trend = name == "now" ? "trend: {previous: then, baseline: first, overlap: psu}\n" : ""
          return .init(
            name: name, definition: UnitSample.definition(design, more: "year: \(2000 + place * 4)\n" + trend),
            rows: UnitSample(seed: seed &+ UInt64(place), units: 0..<80).rows)
        })
      let made = try await pipelines.run("now").outcome.results
      let past = try PastRun(directory: pipelines.directory.path(of: "out"))
        .results(of: "now", pipelines: pipelines.directory.path)
      try expectSame(past, made, "\(design) seed \(seed)")
      #expect(!past.slopes.isEmpty)
    }
  }

  /// Members, units and reasons come from people.
  @Test func wordsThatASpreadsheetWouldRunReadBack() async throws {
    let members = ["=1+1", "'=1+1", "''@x", "'plain", "-5", "+a", "a,b", "a \"b\"", "é\u{301}", "_U", "\tx"]
    let rows = ["g,q"] + members.map { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\",1" } + [",0"]
    let pipelines = try WrittenPipelines(
      [
        .init(
          name: "s",
          definition: "tables: {responses: {path: NAME.csv}}\ndimensions: {g: {column: g}}\ngroup-by: [[g]]", rows: rows
        )
      ], indicators: "- {id: \"=A\", title: First, unit: \"@unit\", numerator: {q: \"1\"}}\n")
    let made = try await pipelines.run("s").outcome.results
    let past = try PastRun(directory: pipelines.directory.path(of: "out"))
      .results(of: "s", pipelines: pipelines.directory.path)
    try expectSame(past, made, "")
    #expect(Set(past.estimates.compactMap { $0.members[0] }) == Set(members))
    #expect(past.estimates[0].indicator == "=A" && past.estimates[0].unit == "@unit")
  }

  @Test func aRunOfSomeIndicatorsReadsBackWithThese() async throws {
    let survey = try SmallSurvey()
    let made = try await survey.run(indicators: ["B"], groupings: [["sector"]]).results
    let past = try PastRun(directory: survey.directory.path(of: "out"))
      .results(of: "now", pipelines: survey.directory.path(of: "pipelines"))
    try expectSame(past, made, "")
    #expect(past.indicators.map(\.id) == ["B"])
  }

  // MARK: - What is refused

  private func refused(
    of name: String = "now", _ survey: SmallSurvey, isForced: Bool = false
  ) -> (status: SurveyModel.ExitStatus, report: String)? {
    do {
      _ = try PastRun(directory: survey.directory.path(of: "out"))
        .results(of: name, pipelines: survey.directory.path(of: "pipelines"), isForced: isForced)
      return nil
    } catch {
      guard let failure = error as? any Failure else { return nil }
      return (failure.exitStatus, failure.report.replacingOccurrences(of: survey.directory.path + "/", with: ""))
    }
  }

  @Test func withoutARunThereIsNothingToRead() throws {
    let survey = try SmallSurvey()
    let answer = try #require(refused(survey))
    #expect(answer.status == .missingInput)
    #expect(
      answer.report
        == """
        error: there are no results in out
          `pipeline run NAME` makes them, in Output/NAME unless --output names another directory
        """)
  }

  @Test func resultsOfAnotherVersionOrPipelineAreRefused() async throws {
    let survey = try SmallSurvey()
    try await survey.run()
    let other = try #require(refused(of: "then", survey))
    #expect(other.status == .unacceptableData)
    #expect(other.report.hasPrefix("error: the results in out are those of now, not then\n"))
    let record = try survey.text("out/run.json")
    let version = "\"version\" : \"\(PipelineRun.version)\""
    #expect(record.contains(version))
    try survey.directory.write(
      record.replacingOccurrences(of: version, with: "\"version\" : \"9.9\""), to: "out/run.json")
    let answer = try #require(refused(survey, isForced: true))
    #expect(answer.status == .unacceptableData)
    #expect(answer.report.hasPrefix("error: the results in out are those of version 9.9, not "))
    for text in ["{}", "", "[1]", String(record.dropLast(20))] {
      try survey.directory.write(text, to: "out/run.json")
      let answer = try #require(refused(survey))
      #expect(answer.status == .unacceptableData)
      #expect(answer.report.hasPrefix("error: out/run.json is not the record of a run of this version\n"))
    }
  }

  @Test(arguments: ["estimates.csv", "trends.csv", "slopes.csv"])
  func aFileThatIsNotWhatTheRunWroteIsRefused(_ file: String) async throws {
    let survey = try SmallSurvey()
    try await survey.run()
    let text = try survey.text("out/\(file)")
    // A number more, which no column refuses.
    try survey.directory.write(text + (text.split(separator: "\n").last.map { "\($0)\n" } ?? ""), to: "out/\(file)")
    let answer = try #require(refused(survey, isForced: true))
    #expect(answer.status == .unacceptableData)
    if file != "slopes.csv" { #expect(answer.report.hasPrefix("error: out/\(file) is not what the run wrote\n")) }
    try FileManager.default.removeItem(atPath: survey.directory.path(of: "out/\(file)"))
    let missing = try #require(refused(survey))
    #expect(missing.status == .missingInput)
    #expect(missing.report.hasPrefix("error: there is no out/\(file), although the run wrote it\n"))
  }

  @Test func damageIsNamedWithItsPlace() async throws {
    let survey = try SmallSurvey()
    try await survey.run()
    let lines = try survey.text("out/estimates.csv").split(separator: "\n").map(String.init)
    func damage(_ place: Int, _ line: String) throws -> String {
      var damaged = lines
      damaged[place] = line
      try survey.directory.write(damaged.joined(separator: "\n") + "\n", to: "out/estimates.csv")
      return try #require(refused(survey)).report.split(separator: "\n").first.map(String.init) ?? ""
    }
    func changed(_ column: Int, to value: String) -> String {
      var fields = lines[3].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      fields[column] = value
      return fields.joined(separator: ",")
    }
    for (column, name, value) in [
      (5, "status", "good"), (6, "n", "1.5"), (11, "estimate", "much"), (20, "flag", "census odd"), (3, "region", ""),
    ] {
      #expect(
        try damage(3, changed(column, to: value))
          == "error: out/estimates.csv:4:\(column + 1): \"\(value)\" is no value of the column \"\(name)\"")
    }
    let count = lines[0].split(separator: ",").count
    #expect(
      try damage(2, "now,A") == "error: out/estimates.csv:3: the record has 2 fields, the header has \(count)")
    #expect(
      try damage(0, lines[0].replacingOccurrences(of: "region", with: "place"))
        == "error: out/estimates.csv:1:4: the header has the column \"place\" in place of \"region\"")
    #expect(
      try damage(0, lines[0] + ",more")
        == "error: out/estimates.csv:1:\(count + 1): the header has a column too many: \"more\"")
    #expect(
      try damage(0, String(lines[0].dropLast(",reason".count)))
        == "error: out/estimates.csv:1:\(count): the header ends before the column \"reason\"")
  }

  @Test func definitionsThatChangedStopUnlessForced() async throws {
    let survey = try SmallSurvey()
    let made = try await survey.run().results
    let comment = "# Another word.\n"
    for file in ["pipelines/now.yaml", "pipelines/codebook.yaml"] {
      try survey.directory.write(try survey.text(file) + comment, to: file)
    }
    let answer = try #require(refused(survey))
    #expect(answer.status == .unacceptableData)
    #expect(
      answer.report
        == "error: changed since the run: pipelines/now.yaml, pipelines/codebook.yaml\n"
        + "  run the pipeline again, or go on with --force")
    let past = try PastRun(directory: survey.directory.path(of: "out"))
      .results(of: "now", pipelines: survey.directory.path(of: "pipelines"), isForced: true)
    try expectSame(past, made, "forced")
    // A dimension that the files do not have cannot be forced.
    let definition = try survey.text("pipelines/now.yaml")
    try survey.directory.write(
      definition.replacingOccurrences(of: "  sector: {", with: "  size: {").replacingOccurrences(
        of: "sector", with: "size"
      ).replacingOccurrences(of: "column: size", with: "column: sector"),
      to: "pipelines/now.yaml")
    let columns = try #require(refused(survey, isForced: true))
    #expect(columns.status == .unacceptableData)
    #expect(columns.report.contains("out/estimates.csv:1:5: the header has the column \"sector\" in place of \"size\""))
  }

  /// The same files, called otherwise from another folder.
  @Test func definitionsThatMovedDidNotChange() async throws {
    let survey = try SmallSurvey()
    try await survey.run()
    for name in try FileManager.default.contentsOfDirectory(atPath: survey.directory.path(of: "pipelines")) {
      try survey.directory.write(try survey.text("pipelines/\(name)"), to: "moved/\(name)")
    }
    let past = try PastRun(directory: survey.directory.path(of: "out"))
      .results(of: "now", pipelines: survey.directory.path(of: "moved"))
    #expect(!past.estimates.isEmpty)
  }
}
