import Engine
import Foundation
import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("What a run refuses")
struct RefusalTests {
  struct Unsupported: Sendable, CustomTestStringConvertible {
    var what: String
    var change: @Sendable (inout SmallSurvey) -> Void
    /// Words of the message.
    var words: String
    var testDescription: String { what }
  }

  static let unsupported: [Unsupported] = [
    Unsupported(
      what: "more options than a selection holds",
      change: {
        $0.codebook += "  many: {type: many, options: [" + (0..<65).map { "o\($0)" }.joined(separator: ", ") + "]}\n"
      }, words: "more than 64 options"),
    Unsupported(
      what: "`related` to rows that a roll-up replaces",
      change: {
        $0.indicators +=
          "\n- {id: R, title: Others, denominator: {answered: Q1}, numerator: {related: {table: responses, "
          + "on: party, where: {Q1: full}}}}\n"
      }, words: "rolled up"),
  ]

  @Test(arguments: unsupported) func whatIsNotBuiltIsRefusedByName(_ feature: Unsupported) async throws {
    var survey = try SmallSurvey()
    feature.change(&survey)
    try survey.writeDefinitions()
    do {
      try await survey.run()
      Issue.record("\(feature.what) was not refused")
    } catch let error as any Failure {
      #expect(error.exitStatus == .badDefinition)
      #expect(error is EngineError)
      #expect(error.summary.contains(feature.words), "\(error.summary)")
      #expect(error.summary.contains("not supported yet"))
      #expect(error.advice != nil)
      #expect(error.location != nil)
    }
    #expect(try survey.leftovers() == [])
    #expect(!survey.exists("out"))
  }

  // MARK: - Data

  @Test func refusedDataLeavesThePreviousResultsAndAList() async throws {
    let survey = try SmallSurvey()
    try await survey.run()
    let before = try ["estimates.csv", "trends.csv", "rejected.csv", "run.json"].map { try survey.text("out/\($0)") }
    let data = try survey.text("data/now.csv")
    try survey.directory.write(
      data + (0..<9).map { "x\($0),Nowhere,health,,full,true\n" }.joined(), to: "data/now.csv")
    #expect(await status { try await survey.run() } == .unacceptableData)
    let after = try ["estimates.csv", "trends.csv", "rejected.csv", "run.json"].map { try survey.text("out/\($0)") }
    #expect(after == before)
    #expect(try survey.leftovers() == ["out.rejected.csv"])
    let list = try ResultFile(survey.directory.path(of: "out.rejected.csv"))
    #expect(list.rows.count == 9)
    #expect(list.rows.allSatisfy { $0["value"] == "Nowhere" && $0["scope"] == "row" && $0["column"] == "party" })
    #expect(list.rows.map { $0["line"] } == (72...80).map(String.init))

    try survey.directory.write(data, to: "data/now.csv")
    try await survey.run()
    #expect(try survey.leftovers() == [])
  }

  @Test func strictAllowsNoRejectedAnswer() async throws {
    var survey = try SmallSurvey()
    survey.more = "max-rejected: 5%"
    try survey.writeDefinitions()
    let data = try survey.text("data/now.csv")
    try survey.directory.write(data + "x,P1,health,,Full,true\n", to: "data/now.csv")
    #expect(await status { try await survey.run(strict: true) } == .unacceptableData)
    #expect(survey.exists("out.rejected.csv"))
    #expect(!survey.exists("out"))
    try await survey.run()
    #expect(!survey.exists("out.rejected.csv"))
    let rows = try ResultFile(survey.directory.path(of: "out/rejected.csv")).rows
    #expect(rows.filter { $0["scope"] == "answer" }.map { $0["value"] } == ["Full"])
    #expect(rows[0]["scope"] == "answer")
    #expect(rows[0]["reason"]?.contains("letter case") == true)
  }

  @Test(
    arguments: [
      (why: "no file", text: nil, expected: SurveyModel.ExitStatus.missingInput),
      (why: "an empty file", text: "", expected: .missingInput),
      (why: "a header only", text: "id,party,sector,submitted,Q1,Q2\n", expected: .unacceptableData),
      (why: "a column is missing", text: "id,party,sector,submitted,Q1\nr,P1,x,,full\n", expected: .unacceptableData),
      (
        why: "a column stands twice", text: "id,party,sector,submitted,Q1,Q1,Q2\nr,P1,x,,full,full,true\n",
        expected: .unacceptableData
      ),
      (
        why: "an open quote", text: "id,party,sector,submitted,Q1,Q2\nr,P1,\"x,,full,true\n",
        expected: .unacceptableData
      ),
      (
        why: "text after a quote", text: "id,party,sector,submitted,Q1,Q2\nr,P1,\"x\"y,,full,true\n",
        expected: .unacceptableData
      ),
      (
        why: "nobody of the population", text: "id,party,sector,submitted,Q1,Q2\nr,P7,x,,full,true\n",
        expected: .unacceptableData
      ),
    ] as [(why: String, text: String?, expected: SurveyModel.ExitStatus)])
  func dataThatCannotBeUsed(aCase: (why: String, text: String?, expected: SurveyModel.ExitStatus)) async throws {
    let survey = try SmallSurvey()
    if let text = aCase.text {
      try survey.directory.write(text, to: "data/now.csv")
    } else {
      try FileManager.default.removeItem(atPath: survey.directory.path(of: "data/now.csv"))
    }
    #expect(await status { try await survey.run() } == aCase.expected, "\(aCase.why)")
    #expect(!survey.exists("out"), "\(aCase.why)")
  }

  private static let lonelyDesign = "{strata: [sector], psu: party, lonely-psu: fail}"

  private func lonelySurvey() throws -> SmallSurvey {
    var survey = try SmallSurvey()
    survey.design = Self.lonelyDesign
    survey.trend = "{}"
    survey.more = "max-rejected: 50%"
    try survey.writeDefinitions()
    let data = try survey.text("data/now.csv")
    try survey.directory.write(
      data + "x,P1,alone,2020-01-01,full,true\ny,P2,health,2020-01-01,Full,true\n", to: "data/now.csv")
    return survey
  }

  @Test func aLonelyStratumFailsTheRunByName() async throws {
    let survey = try lonelySurvey()
    do {
      try await survey.run()
      Issue.record("the lonely stratum was not refused")
    } catch let error as any Failure {
      #expect(error.exitStatus == .unacceptableData)
      #expect(error.summary.contains("alone"))
    }
    #expect(!survey.exists("out"))
  }

  /// docs/results.md: "Where a run fails on its data, the list is written as `<output>.rejected.csv`".
  @Test func aLonelyStratumLeavesTheListOfRejections() async throws {
    let survey = try lonelySurvey()
    #expect(await status { try await survey.run() } == .unacceptableData)
    let list = try ResultFile(survey.directory.path(of: "out.rejected.csv")).rows
    #expect(list.filter { $0["scope"] == "answer" }.map { $0["value"] } == ["Full"])
  }

  @Test func asManyRowsAsThePopulationAreACensusAndOneMoreIsRefused() async throws {
    var survey = try SmallSurvey()
    survey.design = "{strata: [sector], population: {column: size}, lonely-psu: adjust}"
    survey.responses = "path: ../data/now.csv, codebook: codebook.yaml"
    survey.trend = "{}"
    try survey.writeDefinitions()
    let header = "id,party,sector,submitted,Q1,Q2,size\n"
    let rows = "1,P1,x,,full,true,3\n2,P2,x,,none,true,3\n3,P3,x,,none,false,3\n"
    try survey.directory.write(header + rows, to: "data/now.csv")
    try await survey.run()
    let total = try ResultFile(survey.directory.path(of: "out/estimates.csv")).rows[0]
    #expect(total["se"] == "0")
    #expect(total["flag"] == "census")
    #expect(total["method"] == "census")
    try survey.directory.write(header + rows + "4,P4,x,,none,false,3\n", to: "data/now.csv")
    #expect(await status { try await survey.run() } == .unacceptableData)
    try survey.directory.write(header + rows + "4,P4,x,,none,false,4\n", to: "data/now.csv")
    #expect(await status { try await survey.run() } == .unacceptableData)
  }
}

@Suite("Where the rows went")
struct AccountingTests {
  /// Damage that leaves the file a CSV: rows that are cut short or too long, stand twice, speak for nobody, for an
  /// unknown Party or for one outside the population.
  private static func damaged(_ text: String, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    var lines = text.split(separator: "\n").map(String.init)
    for place in lines.indices.dropFirst() where Int.random(in: 0..<3, using: &generator) == 0 {
      var fields = lines[place].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      switch Int.random(in: 0..<9, using: &generator) {
      case 0: fields.removeLast(Int.random(in: 1...5, using: &generator))
      case 1: fields.append("more")
      case 2: lines[place] += "\n" + lines[place]; continue
      case 3: fields[0] = ""
      case 4: fields[1] = ""
      case 5: fields[1] = "Nowhere"
      case 6: fields[1] = "P\(Int.random(in: 0..<5, using: &generator) * 8 + 7)"
      // A date that cannot be read would end the run: a unit has several rows.
      case 7: fields[3] = ""
      default: fields[4] = "ful"
      }
      lines[place] = fields.joined(separator: ",")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test func readIsUsedAndSupersededAndOutsideAndRejected() async throws {
    for seed in UInt64(1)...25 {
      var survey = try SmallSurvey(seed: seed)
      survey.more = "max-rejected: 100%"
      survey.trend = "{}"
      try survey.writeDefinitions()
      let text = Self.damaged(try survey.text("data/now.csv"), seed: seed)
      try survey.directory.write(text, to: "data/now.csv")
      let outcome = try await survey.run()
      let rows = try #require(outcome.accounting.first).responses
      #expect(rows.isBalanced, "seed \(seed): \(rows)")
      #expect(rows.read == text.split(separator: "\n").count - 1, "seed \(seed)")
      #expect(rows.used > 0 && rows.rejected > 0, "seed \(seed)")
      let list = try ResultFile(survey.directory.path(of: "out/rejected.csv")).rows
      #expect(list.count(where: { $0["scope"] == "row" }) == rows.rejected, "seed \(seed)")
      let answers = outcome.accounting.first?.tables.map(\.answersRejected).reduce(0, +)
      #expect(list.count(where: { $0["scope"] == "answer" }) == answers, "seed \(seed)")
      // In the order of the file, and each names a line that exists.
      let lines = list.compactMap { $0["line"].flatMap { Int($0) } }
      #expect(lines == lines.sorted(), "seed \(seed)")
      #expect(lines.allSatisfy { $0 > 1 && $0 <= rows.read + 1 }, "seed \(seed)")

      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(try survey.text("out/run.json").utf8)) as? [String: Any])
      let table = try #require(
        ((json["cycles"] as? [[String: Any]])?.first?["tables"] as? [[String: Any]])?
          .first { $0["table"] as? String == "responses" })
      #expect(table["rows_read"] as? Int == rows.read)
      #expect(table["rows_used"] as? Int == rows.used)
      #expect(table["rows_superseded"] as? Int == rows.superseded)
      #expect((table["superseded"] as? [Any])?.count == rows.superseded)
      #expect(table["rows_outside_population"] as? Int == rows.outsidePopulation)
      #expect(table["rows_rejected"] as? Int == rows.rejected)
    }
  }

  @Test func rejectionsStandInTheOrderOfTheFile() async throws {
    var survey = try SmallSurvey()
    survey.more = "max-rejected: 100%"
    try survey.writeDefinitions()
    let rows = ["a,Nowhere,x,,full,true", "b,P1,x", "c,Nowhere,x,,full,true", "d,P1,x,,full,true", "e,P2"]
    try survey.directory.write(
      SmallSurvey.header + "\n" + rows.joined(separator: "\n") + "\n", to: "data/now.csv")
    let outcome = try await survey.run()
    #expect(outcome.rejections.map(\.line) == [2, 3, 4, 6])
  }

  /// Bytes that nobody meant: the run either ends with its accounts in order or with a status of its own.
  @Test func damageOfAnyByteIsAResultOrAStatus() async throws {
    let survey = try SmallSurvey(seed: 3)
    let bytes = Array(try survey.text("data/now.csv").utf8)
    var kinds: Set<String> = []
    for seed in UInt64(1)...60 {
      var generator = SeededGenerator(seed: seed)
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<damaged.count, using: &generator)
        let choice: [UInt8] = [0, 0x0A, 0x0D, 0x22, 0x2C, 0xFF, 0xC3, 0x20]
        damaged[place] = choice[Int.random(in: 0..<choice.count, using: &generator)]
      }
      try survey.directory.write(damaged, to: "data/now.csv")
      do {
        let outcome = try await survey.run()
        #expect(outcome.accounting.allSatisfy { $0.tables.allSatisfy(\.rows.isBalanced) }, "seed \(seed)")
        kinds.insert("ran")
      } catch let error as any Failure {
        #expect(error.exitStatus == .unacceptableData, "seed \(seed): \(error.report)")
        kinds.insert("refused")
      }
    }
    #expect(kinds == ["ran", "refused"])
  }
}
