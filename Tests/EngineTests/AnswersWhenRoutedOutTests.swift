import Engine
import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// What stands where the routing asked nothing: REDCap writes 0 into the boxes of questions that it did not show.
@Suite("Answers where the routing did not ask")
struct AnswersWhenRoutedOutTests {
  private static let indicators = """
    - {id: A, title: Bus, numerator: {ways: bus}}
    - {id: B, title: Answered, numerator: {answered: ways}, denominator: {answered: gate}}
    - {id: C, title: Not asked, numerator: {routed-out: ways}, denominator: {answered: gate}}
    - {id: D, title: Far, numerator: {km: {at-least: 5}}}

    """

  private func codebook(_ use: String, blank: String = "missing") -> String {
    """
    answers-when-routed-out: \(use)
    questions:
      gate: {type: one, options: ["1", "2"]}
      ways: {type: many, columns: {bus: w1, train: w2}, ticked: ["1"], unticked: ["0"], blank: \(blank),
        asked-if: {gate: "1"}}
      km: {type: number, asked-if: {ways: bus}}

    """
  }

  /// 23 who travel, 17 of them by bus; 57 who do not, with zeros; one whose gate is blank.
  private static let rows =
    ["id,gate,w1,w2,km"] + (0..<23).map { "y\($0),1,\($0 < 17 ? 1 : 0),0,\($0 < 17 ? "\($0)" : "")" }
    + (0..<57).map { "n\($0),2,0,0,0" } + ["b,,0,0,"]

  private func run(
    _ codebook: String, rows: [String] = Self.rows, indicators: String = Self.indicators, engine: DuckDB? = nil
  ) async throws -> (RunOutcome, [String: String]) {
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, codebook: codebook.yaml}}
            reliability: none
            max-rejected: 50%
            """, rows: rows)
      ], indicators: indicators, files: ["codebook.yaml": codebook])
    var options = RunOptions(pipelines: survey.directory.path, output: survey.directory.path(of: "out"))
    options.engine = engine
    let outcome = try await PipelineRun(name: "s", options: options).run()
    let estimates = try ResultFile(survey.directory.path(of: "out/estimates.csv"))
    let numbers = estimates.rows.map { row in
      (row["indicator"] ?? "", "\(row["n"] ?? "") \((Double(row["estimate"] ?? "") ?? .nan).rounded(toHundredths: ()))")
    }
    return (outcome, Dictionary(uniqueKeysWithValues: numbers))
  }

  @Test("They count, and the run says how many; or they are read as routed out")
  func useAndIgnore() async throws {
    let (used, asWritten) = try await run(codebook("use"))
    #expect(asWritten["A"] == "81 20.99" && asWritten["C"] == "80 0.0")
    let standing = try #require(used.accounting.first?.standing.first)
    // Two boxes and a distance of each of the 57; the distances of those who did not tick the bus are blank.
    #expect(standing.notAsked.questions == ["ways", "km"] && standing.notAsked.answers == 171)
    let blank =
      "responses: 2 answers to 1 question stand where a question that `asked-if` names was left blank (ways): counted; "
      + "if such rows are of another form or event, leave them out of the `denominator`"
    #expect(
      standing.lines == [
        "responses: 171 answers to 2 questions stand where the routing did not ask (REDCap writes 0 there): counted; "
          + "`answers-when-routed-out: ignore` reads them as routed out", blank,
      ])
    let (ignored, routed) = try await run(codebook("ignore"))
    // The one whose gate is blank is not known to have been skipped.
    #expect(routed == ["A": "24 70.83", "B": "80 28.75", "C": "80 71.25", "D": "17 70.59"])
    #expect(ignored.accounting.first?.standing.map(\.lines) == [[blank]])
  }

  @Test("Behind a gate that cannot be read no answer can be read", arguments: [false, true])
  func unreadableGate(isQueried: Bool) async throws {
    func counts(_ codebook: String, _ rows: [String], _ indicators: String) async throws -> [String] {
      let (outcome, _) = try await run(codebook, rows: rows, indicators: indicators, engine: isQueried ? DuckDB() : nil)
      return outcome.results.estimates.map {
        "\($0.indicator) \($0.nYes ?? -1) of \($0.n ?? -1), \($0.nUnreadable ?? -1)"
      }
    }
    let ignoring = """
      answers-when-routed-out: ignore
      questions:
        g: {type: one, options: ["y", "n"]}
        q: {type: one, options: ["1", "0"], asked-if: {g: "y"}}

      """
    let one = "- {id: A, title: One, numerator: {q: \"1\"}}\n"
    #expect(
      try await counts(ignoring, ["id,g,q", "1,y,1", "2,y,1", "3,n,0", "4,Y,0", "5,Nope,0", "6,N,"], one)
        == ["A 2 of 2, 2"])
    let boxes = """
      questions:
        id: {type: text}
        g: {type: one, options: ["y", "n"]}
        s: {type: many, columns: {x: sx, y: sy}, ticked: ["1"], blank: unticked, asked-if: {g: "y"}}

      """
    let indicators = """
      - {id: A, title: X, numerator: {s: x}}
      - {id: B, title: Answered, numerator: {answered: s}, denominator: {g: {empty: false}}}
      - {id: C, title: Empty, numerator: {s: {empty: true}}, denominator: {id: {empty: false}}}

      """
    #expect(
      try await counts(boxes, ["id,g,sx,sy", "1,y,1,", "2,y,,", "3,n,,", "4,Yes,,", "5,No,,"], indicators)
        == ["A 1 of 2, 2", "B 2 of 3, 2", "C 1 of 3, 2"])
  }

  @Test("What the routing ignores counts towards no limit and is not listed", arguments: [false, true])
  func ignoredJunk(isQueried: Bool) async throws {
    let rows = ["id,gate,w1,w2,km"] + (0..<20).map { "\($0),1,1,0,5" } + (0..<60).map { "n\($0),2,junk,0,?" }
    let (outcome, numbers) = try await run(codebook("ignore"), rows: rows, engine: isQueried ? DuckDB() : nil)
    #expect(numbers["A"] == "20 100.0" && outcome.rejections == [])
    #expect(outcome.accounting.first?.tables.first?.answersRejected == 0)
  }

  @Test("Queries give the same", arguments: ["use", "ignore"], ["missing", "unticked"])
  func queries(use: String, blank: String) async throws {
    var generator = SeededGenerator(seed: 41)
    func one(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
    let rows =
      ["id,gate,w1,w2,km"]
      + (0..<300).map { number in
        "\(number),\(one(["1", "1", "2", "", "9"])),\(one(["1", "0", "", "x"])),\(one(["1", "0", ""])),"
          + one(["3", "7", "", "x", "5"])
      }
    let indicators =
      Self.indicators + """
        - {id: E, title: Either, numerator: {ways: [bus, train]}}
        - {id: F, title: Silent, numerator: {km: {empty: true}}, denominator: {any: [{answered: gate}, {routed-out: km}]}}

        """
    let (embedded, numbers) = try await run(codebook(use, blank: blank), rows: rows, indicators: indicators)
    let (queried, others) = try await run(
      codebook(use, blank: blank), rows: rows, indicators: indicators, engine: DuckDB())
    #expect(numbers == others)
    let comparison = ResultsComparison(from: embedded.results, to: queried.results)
    #expect(comparison.differences == [] && comparison.count > 30)
  }

  @Test("A blank cell is an option that was not ticked only where the question was asked")
  func blanks() async throws {
    let rows = ["id,gate,w1,w2,km", "1,1,1,,", "2,1,,,", "3,2,,,", "4,,,,", "5,1,,1,"]
    let (outcome, numbers) = try await run(codebook("use", blank: "unticked"), rows: rows)
    #expect(numbers["A"] == "3 33.33" && numbers["B"] == "4 75.0" && numbers["C"] == "4 25.0")
    #expect(outcome.accounting.first?.standing == [])
  }

  @Test("A file that lacks the columns of the routing runs; their rejected answers are nobody's")
  func countingReadsNoMoreThanThereIs() async throws {
    let indicators = "- {id: D, title: Far, numerator: {km: {at-least: 5}}}\n"
    let lacking = ["id,km", "1,7", "2,3"]
    let (outcome, numbers) = try await run(codebook("use"), rows: lacking, indicators: indicators)
    #expect(numbers == ["D": "2 50.0"] && outcome.accounting.first?.standing == [])
    let wrong = ["id,gate,w1,w2,km", "1,1,1,0,7", "2,9,x,0,3", "3,2,0,0,3"]
    let (other, _) = try await run(codebook("use"), rows: wrong, indicators: indicators)
    #expect(other.rejections == [] && other.accounting.first?.standing.first?.notAsked.answers == 1)
  }
}

extension Double {
  fileprivate func rounded(toHundredths: ()) -> Double { (self * 100).rounded() / 100 }
}
