import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// The same answers as one file, as several, compressed, and as one row an answer: the same numbers.
@Suite("The form of a table changes no number")
struct TableInputsTests {
  private static let wide = "path: ../data/now.csv, codebook: codebook.yaml, respondent: id, unit: party"
  private static let latest = ", roll-up: latest, submitted: submitted"
  /// Conditions that look at the responses from a register and from the responses themselves take several passes.
  private static let indicators =
    SmallSurvey.indicators + """

      - id: D
        title: Parties that reported
        table: parties
        numerator: {reported: {on-or-before: 2019-02-01}}
        denominator: {is_party: yes}
      """
  private static let related = """

    - id: E
      title: Measures in full where another answer of the Party is in full
      numerator: {Q1: full}
      denominator: {related: {table: responses, on: party, where: {Q1: full}, at-least: 2}}
    """

  private static func survey(rollUp: Bool, seed: UInt64) throws -> SmallSurvey {
    var survey = try SmallSurvey(seed: seed)
    survey.responses = wide + (rollUp ? latest : ", submitted: submitted")
    survey.indicators = indicators + (rollUp ? "" : related)
    try survey.writeDefinitions()
    return survey
  }

  private static func rows(of survey: SmallSurvey) throws -> [[String]] {
    try survey.text("data/now.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static func expectSame(_ survey: inout SmallSurvey, path: String, layout: String? = nil) async throws {
    try await survey.run(to: "wide")
    let before = try SummaryRows(survey, "wide")
    survey.responses = survey.responses.replacingOccurrences(of: "../data/now.csv", with: path)
    if let layout { survey.responses += layout }
    // The earlier cycle stays as it is.
    let then = try survey.text("pipelines/then.yaml")
    try survey.writeDefinitions()
    try survey.directory.write(then, to: "pipelines/then.yaml")
    try await survey.run(to: "other", strict: true)
    for file in ["estimates.csv", "trends.csv"] {
      let wide = try ResultFile(survey.directory.path(of: "wide/\(file)"))
      #expect(wide.rows.count > 10)
      #expect(wide.differences(from: try ResultFile(survey.directory.path(of: "other/\(file)"))) == [])
    }
    #expect(try SummaryRows(survey, "other") == before)
  }

  /// The accounting of the responses.
  private struct SummaryRows: Equatable {
    var counts: [String: Int] = [:]

    init(_ survey: SmallSurvey, _ output: String) throws {
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(try survey.text("\(output)/run.json").utf8)) as? [String: Any])
      let tables = (json["cycles"] as? [[String: Any]])?.first?["tables"] as? [[String: Any]]
      let table = try #require(tables?.first { $0["table"] as? String == "responses" })
      for (key, value) in table { counts[key] = value as? Int }
      #expect(counts.count == 6)
    }
  }

  @Test(arguments: [true, false], [UInt64(1), 2, 3]) func severalFiles(rollUp: Bool, seed: UInt64) async throws {
    for path in ["../data/part-*.csv", "[../data/part-1.csv, ../data/part-2.csv, ../data/part-3.csv]"] {
      var survey = try Self.survey(rollUp: rollUp, seed: seed)
      let rows = try Self.rows(of: survey)
      for (number, part) in [rows[..<10], rows[10..<10], rows[10...]].enumerated() {
        try survey.directory.write(Self.wideText(Array(part)), to: "data/part-\(number + 1).csv")
      }
      try await Self.expectSame(&survey, path: path)
    }
  }

  @Test(arguments: [true, false]) func compressed(rollUp: Bool) async throws {
    var survey = try Self.survey(rollUp: rollUp, seed: 4)
    let rows = try Self.rows(of: survey)
    try survey.directory.write(gzipped(Self.wideText(rows)), to: "data/now.csv.gz")
    try await Self.expectSame(&survey, path: "../data/now.csv.gz")
    // Compressed and not, side by side.
    survey = try Self.survey(rollUp: rollUp, seed: 4)
    try survey.directory.write(Self.wideText(Array(rows[..<30])), to: "data/1.csv")
    try survey.directory.write(gzipped(Self.wideText(Array(rows[30...]))), to: "data/2.csv.gz")
    try await Self.expectSame(&survey, path: "\"../data/[12].csv*\"")
  }

  @Test func otherSeparatorsAndOrdinaryQuotes() async throws {
    var survey = try Self.survey(rollUp: true, seed: 5)
    let text = Self.wideText(try Self.rows(of: survey))
    try survey.directory.write(
      text.replacingOccurrences(of: ",", with: "\t").replacingOccurrences(of: "health", with: "\"health\""),
      to: "data/tabs.csv")
    try survey.directory.write(
      survey.text("data/now.csv").replacingOccurrences(of: "health", with: "\"\"\"health\"\"\""), to: "data/now.csv")
    try await Self.expectSame(&survey, path: "../data/tabs.csv", layout: ", delimiter: \"\\t\", quote: none")
  }

  private static let long = ", layout: long, question: question, answer: answer"

  /// Rows in any order, in one file or three, one of them compressed. Under `latest` a tie goes to the later row, so
  /// there the respondents keep their order.
  @Test(arguments: [true, false], [UInt64(1), 2, 3, 4]) func oneRowAnAnswer(rollUp: Bool, seed: UInt64) async throws {
    var survey = try Self.survey(rollUp: rollUp, seed: seed)
    var generator = SeededGenerator(seed: seed + 100)
    var first: [String] = []
    var rest: [String] = []
    for row in try Self.rows(of: survey) {
      let key = "\(row[3]),\(row[0]),\(row[1]),\(row[2])"
      // A row without an answer says that the respondent is there.
      first.append(",,\(key)\n")
      if !row[4].isEmpty || Bool.random(using: &generator) { rest.append("\(row[4]),Q1,\(key)\n") }
      if !row[5].isEmpty || Bool.random(using: &generator) { rest.append("\(row[5]),Q2,\(key)\n") }
    }
    rest.shuffle(using: &generator)
    var lines = first + rest
    if !rollUp { lines.shuffle(using: &generator) }
    let header = "answer,question,submitted,id,party,sector\n"
    try survey.directory.write(header + lines[..<40].joined(), to: "data/long-1.csv")
    try survey.directory.write(gzipped(header + lines[40..<90].joined()), to: "data/long-2.csv.gz")
    try survey.directory.write(header + lines[90...].joined(), to: "data/long-3.csv")
    try survey.directory.write(header + lines.joined(), to: "data/long.csv")
    var other = survey
    try await Self.expectSame(&survey, path: "../data/long.csv", layout: Self.long)
    other.responses = other.responses.replacingOccurrences(of: "long.csv", with: "now.csv")
    try await Self.expectSame(&other, path: "../data/long-*", layout: Self.long)
  }

  private static func wideText(_ rows: [[String]]) -> String {
    ([SmallSurvey.header] + rows.map { $0.joined(separator: ",") }).joined(separator: "\n") + "\n"
  }

  // MARK: - Where things stood

  @Test func supersededRowsNameTheirFile() async throws {
    var survey = try SmallSurvey()
    survey.responses = survey.responses.replacingOccurrences(of: "../data/now.csv", with: "../data/n*.csv")
    survey.trend = "{}"
    try survey.writeDefinitions()
    let header = SmallSurvey.header + "\n"
    try survey.directory.write(
      header + "a,P1,x,2019-01-02,full,true\nb,P2,x,2019-01-02,full,true\n", to: "data/n1.csv")
    try survey.directory.write(
      header + "c,P2,x,2019-01-01,full,true\nd,P1,x,2019-01-02,full,true\n", to: "data/n2.csv")
    try FileManager.default.removeItem(atPath: survey.directory.path(of: "data/now.csv"))
    try await survey.run()
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(try survey.text("out/run.json").utf8)) as? [String: Any])
    let tables = (json["cycles"] as? [[String: Any]])?.first?["tables"] as? [[String: Any]]
    let table = try #require(tables?.first { $0["table"] as? String == "responses" })
    let superseded = try #require(table["superseded"] as? [[String: Any]])
    #expect(superseded.map { ($0["file"] as? String)?.suffix(6) } == ["n1.csv", "n2.csv"])
    #expect(superseded.map { $0["line"] as? Int } == [2, 2])
    #expect(superseded.map { $0["unit"] as? String } == ["P1", "P2"])
    #expect((table["files"] as? [[String: Any]])?.map { ($0["path"] as? String)?.suffix(6) } == ["n1.csv", "n2.csv"])
  }

  @Test func aRegisterMayBeLongOrCompressedOrInParts() async throws {
    let survey = try SmallSurvey(seed: 9)
    try await survey.run(to: "before")
    let lines = try survey.text("data/parties.csv").split(separator: "\n").map(String.init)
    try survey.directory.write(
      (["iso,region,q,a"]
        + lines.dropFirst().map { line in
          let fields = line.split(separator: ",")
          return "\(fields[0]),\(fields[1]),is_party,\(fields[2])"
        }).joined(separator: "\n"), to: "data/long.csv")
    try survey.directory.write(gzipped(lines[..<20].joined(separator: "\n")), to: "data/parts/1.csv.gz")
    try survey.directory.write(([lines[0]] + lines[20...]).joined(separator: "\n"), to: "data/parts/2.csv")
    for path in [
      "[../data/parts/1.csv.gz, ../data/parts/2.csv]", "../data/parts/*",
      "../data/long.csv, layout: long, respondent: iso, question: q, answer: a",
    ] {
      for name in ["now", "then"] {
        let text = try survey.text("pipelines/\(name).yaml")
        let start = try #require(text.range(of: "parties: {path: "))
        let end = try #require(text.range(of: ", unit: iso}"))
        try survey.directory.write(
          text.replacingCharacters(in: start.upperBound..<end.lowerBound, with: path), to: "pipelines/\(name).yaml")
      }
      try await survey.run(to: "after")
      for file in ["estimates.csv", "trends.csv"] {
        #expect(try survey.text("before/\(file)") == survey.text("after/\(file)"), "\(path)")
      }
    }
  }

  @Test func progressCountsEveryFile() async throws {
    var survey = try SmallSurvey(seed: 9)
    survey.trend = "{}"
    survey.responses = survey.responses.replacingOccurrences(of: "now.csv", with: "now.csv*")
    try survey.writeDefinitions()
    let header = SmallSurvey.header + "\n"
    try survey.directory.write(gzipped(header + "z,P1,x,,full,true\n"), to: "data/now.csv.gz")
    let progress = ReadProgress()
    _ = try await PipelineRun(
      name: "now",
      options: RunOptions(
        pipelines: survey.directory.path(of: "pipelines"), output: survey.directory.path(of: "out"),
        progress: progress)
    ).run()
    let sizes = try ["now.csv", "now.csv.gz", "parties.csv"].map { name in
      try Data(contentsOf: URL(fileURLWithPath: survey.directory.path(of: "data/\(name)"))).count
    }
    let state = try #require(progress.current["now"])
    #expect(state.bytes == Int64(sizes.reduce(0, +)))
    #expect(state.totalBytes == state.bytes)
  }
}
