import Foundation
import Ingest
import SurveyTestSupport
import Testing

/// Answers as forms and countries write them, through the real binary.
@Suite("Answers as they are written")
struct WrittenAnswersTests {
  private struct Survey {
    let directory: TemporaryDirectory

    init(table: String = "", design: String = "", codebook: String, indicators: String, rows: [String]) throws {
      directory = try TemporaryDirectory()
      try directory.write(
        """
        pipeline: s
        tables: {responses: {path: ../s.csv, codebook: codebook.yaml\(table)}}
        \(design)
        reliability: none
        max-rejected: 60%
        indicators: indicators.yaml

        """, to: "Pipelines/s.yaml")
      try directory.write(codebook + "\n", to: "Pipelines/codebook.yaml")
      try directory.write(indicators + "\n", to: "Pipelines/indicators.yaml")
      try directory.write(rows.map { $0 + "\n" }.joined(), to: "s.csv")
    }

    func command(_ arguments: String...) throws -> CommandRun { try CommandRun(arguments, in: directory.path) }

    /// By indicator, n and the percentage to one digit; and what stands on standard error.
    func estimates() throws -> (numbers: [String: String], error: String) {
      let run = try command("run", "s")
      #expect(run.status == 0, "\(run.error)")
      let table = try SmallTable(contentsOf: directory.path(of: "Output/s/estimates.csv"))
      func column(_ name: String) -> Int { table.header.firstIndex(of: name) ?? 0 }
      var numbers: [String: String] = [:]
      for row in table.rows {
        let percentage = Double(row[column("estimate")]).map { "\(($0 * 10).rounded() / 10)" } ?? ""
        numbers[row[column("indicator")]] = "\(row[column("n")]) \(percentage)"
      }
      return (numbers, run.error)
    }

    /// Column, value and reason of what was rejected.
    func rejected() throws -> [String] {
      let table = try SmallTable(contentsOf: directory.path(of: "Output/s/rejected.csv"))
      let places = ["column", "value", "reason"].map { table.header.firstIndex(of: $0) ?? 0 }
      return table.rows.map { row in places.map { row[$0] }.joined(separator: " | ") }
    }
  }

  @Test("Codes that another program wrote as 1.0")
  func numericCodes() throws {
    let rows = ["id,q", "1,1", "2,2", "3,1.0", "4,2.0", "5,1.0"]
    func survey(_ key: String) throws -> Survey {
      try Survey(
        codebook: "\(key)questions: {q: {type: one, options: [\"1\", \"2\"]}}",
        indicators: "- {id: A, title: One, numerator: {q: \"1\"}}", rows: rows)
    }
    let exact = try survey("")
    #expect(try exact.estimates().numbers == ["A": "2 50.0"])
    #expect(
      try exact.rejected().first
        == "q | 1.0 | not a code of the codebook; 1.0 looks like the code 1: set `numeric-codes: true` in the codebook")
    #expect(try survey("numeric-codes: true\n").estimates().numbers == ["A": "5 60.0"])
  }

  @Test("A number and a day are compared by what they are, however they are written")
  func equality() throws {
    let survey = try Survey(
      codebook: """
        missing: ["", "99"]
        not-applicable: ["77"]
        questions: {age: {type: integer}, share: {type: number}, visited: {type: date}}
        """,
      indicators: """
        - {id: A, title: Eighteen, numerator: {age: 18}}
        - {id: B, title: Eighteen or none, numerator: {age: [18, "77"]}}
        - {id: C, title: Half, numerator: {share: 0.5}}
        - {id: D, title: First of May, numerator: {visited: 2024-05-01}}
        - {id: E, title: Not eighteen, numerator: {not: {age: 18.0}}}
        """,
      rows: [
        "id,age,share,visited", "1,18.0,.5,2024-05-01T08:30:00Z", "2,18,0.50,2024-05-01", "3,+18,5e-1,2024-05-02",
        "4,19,1,2024-04-30", "5,99,,", "6,77,0.5,",
      ])
    #expect(
      try survey.estimates().numbers == [
        "A": "4 75.0", "B": "5 80.0", "C": "5 80.0", "D": "4 50.0", "E": "4 25.0",
      ])
    #expect(try survey.command("show", "s", "--indicator", "A").output.contains("age is 18\n"))
  }

  @Test("An accent is the same however Unicode writes it", arguments: ["wide", "long"])
  func normalForm(layout: String) throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    let answers = [composed, decomposed, "tea", decomposed]
    let rows =
      layout == "wide"
      ? ["id,re\u{301}gion,\(composed)"] + answers.enumerated().map { "\($0),\($0 < 2 ? composed : decomposed),\($1)" }
      : ["id,re\u{301}gion,question,answer"]
        + answers.enumerated().map {
          "\($0),\($0 < 2 ? composed : decomposed),\($0 % 2 == 0 ? composed : decomposed),\($1)"
        }
    let survey = try Survey(
      table: layout == "wide" ? "" : ", layout: long, question: question, answer: answer, respondent: id",
      design: "dimensions: {r: {column: r\u{E9}gion}}\ngroup-by: [[r]]",
      codebook: "questions: {\(decomposed): {type: one, options: [\(composed), tea]}}",
      indicators: "- {id: A, title: Drink, numerator: {\(composed): \(decomposed)}}", rows: rows)
    _ = try survey.estimates()
    let table = try SmallTable(contentsOf: survey.directory.path(of: "Output/s/estimates.csv"))
    let places = ["r", "n", "n_yes"].compactMap { table.header.firstIndex(of: $0) }
    #expect(table.rows.map { row in places.map { row[$0] } } == [["_T", "4", "3"], [composed, "4", "3"]])
    #expect(try survey.rejected() == [])
  }

  @Test("Rows without anything in them are pointed out", arguments: [true, false])
  func blankRows(isQuoted: Bool) throws {
    let blank = isQuoted ? "\"\",\"\",\"\"" : ",,"
    func survey(_ table: String) throws -> Survey {
      try Survey(
        table: table,
        codebook: """
          questions:
            t: {type: many, columns: {bus: bus}, ticked: ["Y"], blank: unticked}
            q: {type: one, options: [a, b]}
          """,
        indicators: "- {id: A, title: Bus, numerator: {t: bus}}\n- {id: B, title: a, numerator: {q: a}}",
        rows: ["id,bus,q", "1,Y,a", "2,,", blank, "3,Y,b", blank, blank])
    }
    let nameless = try survey("").estimates()
    #expect(nameless.numbers == ["A": "6 33.3", "B": "2 50.0"])
    let facts = "note: s: table responses: 3 rows have nothing in any field (the first: "
    #expect(
      nameless.error.contains(facts) && nameless.error.contains("s.csv:4), as a spreadsheet leaves below the data:"))
    #expect(nameless.error.contains("they count as a response without answers; delete them, or declare `respondent`"))
    let named = try survey(", respondent: id").estimates()
    #expect(named.numbers == ["A": "3 66.7", "B": "2 50.0"])
    #expect(named.error.contains(facts) && named.error.contains("below the data: they are rejected\n"))
  }

  @Test("A question may have more codes than two bytes tell apart", arguments: ["", "codebook"])
  func manyCodes(place: String) throws {
    let codes = (0..<70_000).map { "c\($0)" }
    // Every code once; the last ones would be one code if there were room for 65,536.
    let rows = ["id,q"] + codes.enumerated().map { "\($0),\($1)" }
    let named =
      "- {id: A, title: One, numerator: {q: c69999}}\n- {id: B, title: All, numerator: {q: [\(codes.joined(separator: ", "))]}}"
    let survey = try Survey(
      codebook: place == "codebook"
        ? "questions: {q: {type: one, options: [\(codes.joined(separator: ", "))]}}" : "questions: {q: {type: text}}",
      indicators: named, rows: rows)
    _ = try survey.estimates()
    let table = try SmallTable(contentsOf: survey.directory.path(of: "Output/s/estimates.csv"))
    let place = try #require(table.header.firstIndex(of: "n_yes"))
    #expect(table.rows.map { $0[place] } == ["1", "70000"])
  }

  @Test("Selections with a space behind the separator, or a last separator")
  func selections() throws {
    func survey(_ keys: String, _ answers: [String]) throws -> Survey {
      try Survey(
        table: ", \(keys)", codebook: "questions: {travel: {type: many, options: [Bus, Train]}}",
        indicators: "- {id: A, title: Both, numerator: {travel: {includes-all: [Bus, Train]}}}",
        rows: ["id,travel"] + answers.enumerated().map { "\($0),\"\($1)\"" })
    }
    let spaced = ["Bus, Train", "Bus", "Train", "Bus, Train"]
    for keys in ["multiple-separator: \", \"", "multiple-separator: \",\", multiple-trim: true"] {
      #expect(try survey(keys, spaced).estimates().numbers == ["A": "4 50.0"])
    }
    #expect(try survey("multiple-separator: \";\"", ["Bus;Train;", "Bus;"]).estimates().numbers == ["A": "2 50.0"])
    let strict = try survey("multiple-separator: \",\"", spaced)
    #expect(try strict.estimates().numbers == ["A": "2 0.0"])
    #expect(
      try strict.rejected().first?.hasSuffix("set `multiple-trim: true` or `multiple-separator: \", \"` for the table")
        == true)
  }

  @Test("Numbers with a comma, as weights and as answers")
  func commas() throws {
    let rows = ["w;km", "1,5;38,5", "1.204,50;2", "0,5;7", "2;1.000"]
    func survey(_ keys: String) throws -> Survey {
      try Survey(
        table: ", delimiter: \";\"\(keys)", design: "design: {weight: w}", codebook: "questions: {km: {type: number}}",
        indicators: "- {id: A, title: Far, numerator: {km: {at-least: 5}}}", rows: rows)
    }
    // 1.5 + 0.5 + 2 of 1208.5
    #expect(try survey(", decimal: \",\", thousands: \".\"").estimates().numbers == ["A": "4 0.3"])
    let plain = try survey("")
    let refused = try plain.command("run", "s")
    #expect(refused.status == 65)
    #expect(
      refused.error.contains(
        " of them: column w: the weight must be a number from 0: it has a comma; set `decimal: \",\"` for the table"))
    let list = try plain.directory.text(of: "Output/s.rejected.csv")
    #expect(list.contains("it has a comma; set `decimal: \"\",\"\"` for the table"))
    #expect(list.contains("it has a comma; set `decimal: \"\",\"\"` and `thousands: \"\".\"\"` for the table"))
  }

  @Test("Tick boxes: `check` asks, and `blank: unticked` reads them")
  func tickBoxes() throws {
    let rows = ["id,t[BUS],t[TRAIN]"] + (0..<100).map { "\($0),\($0 < 39 ? "Y" : ""),\($0 % 4 == 0 ? "Y" : "")" }
    func survey(_ question: String) throws -> Survey {
      try Survey(
        codebook: "questions:\n  \(question)",
        indicators:
          "- {id: A, title: Bus, numerator: {\(question.prefix(8) == "\"t[BUS]\"" ? "\"t[BUS]\": Y" : "t: bus")}}",
        rows: rows)
    }
    let columns = "t: {type: many, columns: {bus: \"t[BUS]\", train: \"t[TRAIN]\"}, ticked: [\"Y\", \"1\"]"
    #expect(try survey("\(columns), blank: unticked}").estimates().numbers == ["A": "100 39.0"])
    let missing = try survey("\(columns), unticked: [\"0\"]}")
    #expect(try missing.estimates().numbers == ["A": "39 100.0"])
    let single = try survey("\"t[BUS]\": {type: one, options: [\"Y\", \"N\"]}")
    let facts =
      "table responses, column t[BUS]: the single answer is \"Y\" (39 rows), and 61 cells are blank, like a tick box"
    let advice = "if a blank cell means not ticked, write `blank: unticked` for question t"
    #expect(try missing.command("check", "s").output.contains("look at \(facts): \(advice)\n"))
    #expect(try missing.command("run", "s").error.contains("note: s: \(facts): \(advice)\n"))
    for command in ["check", "run"] {
      let run = try single.command(command, "s")
      #expect((run.output + run.error).contains("\(facts): if a blank cell means not ticked, make it an option"))
    }
    #expect(try survey("\(columns), blank: unticked}").command("run", "s").error.isEmpty)
  }

  @Test("Zeros where the routing asked nothing: the run says how many, or reads them as routed out")
  func routedOut() throws {
    let rows = ["id,gate,w1"] + (0..<80).map { "\($0),\($0 < 23 ? 1 : 2),\($0 < 17 ? 1 : 0)" }
    func survey(_ key: String) throws -> Survey {
      try Survey(
        codebook: """
          \(key)
          questions:
            gate: {type: one, options: ["1", "2"]}
            ways: {type: many, columns: {bus: w1}, ticked: ["1"], unticked: ["0"], asked-if: {gate: "1"}}
          """, indicators: "- {id: A, title: Bus, numerator: {ways: bus}}", rows: rows)
    }
    let used = try survey("answers-when-routed-out: use").estimates()
    #expect(used.numbers == ["A": "80 21.3"])
    #expect(
      used.error
        == "note: s: responses: 57 answers to 1 question stand where the routing did not ask (REDCap writes 0 there): counted; "
        + "`answers-when-routed-out: ignore` reads them as routed out\n")
    let ignored = try survey("answers-when-routed-out: ignore").estimates()
    #expect(ignored.numbers == ["A": "23 73.9"] && ignored.error.isEmpty)
  }
}
