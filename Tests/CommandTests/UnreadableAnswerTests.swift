import Ingest
import SurveyTestSupport
import Testing

/// Answers that cannot be read, through the real binary: where they leave the base, and where there are too many.
@Suite("Unreadable answers")
struct UnreadableAnswerTests {
  /// A table with some rows, a codebook and indicators.
  private struct Survey {
    var codebook: String? = "questions:\n  a: {type: one, options: [x, y]}\n  b: {type: one, options: [x, y]}\n"
    var indicators = "- {id: A, title: Both, numerator: {a: x, b: x}}\n"
    var more = "max-rejected: 90%"
    var header = "a,b"
    var rows: [String]

    func write() throws -> TemporaryDirectory {
      let directory = try TemporaryDirectory()
      let book = codebook == nil ? "" : ", codebook: codebook.yaml"
      try directory.write(
        "pipeline: s\ntables: {responses: {path: s.csv\(book)}}\nindicators: indicators.yaml\n\(more)\n",
        to: "Pipelines/s.yaml")
      try directory.write(indicators, to: "Pipelines/indicators.yaml")
      if let codebook { try directory.write(codebook, to: "Pipelines/codebook.yaml") }
      try directory.write(([header] + rows).map { $0 + "\n" }.joined(), to: "Pipelines/s.csv")
      return directory
    }

    func run() throws -> CommandRun {
      let directory = try write()
      return try withExtendedLifetime(directory) { try CommandRun(["run", "s", "--json"], in: directory.path) }
    }

    /// The row of the total of the first indicator.
    func total(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: String] {
      let directory = try write()
      let run = try CommandRun(["run", "s"], in: directory.path)
      #expect(run.status == 0, "\(run.error)", sourceLocation: sourceLocation)
      let table = try SmallTable(contentsOf: directory.path(of: "Output/s/estimates.csv"))
      return Dictionary(uniqueKeysWithValues: zip(table.header, try #require(table.rows.first)))
    }
  }

  /// The cell's counts, as `n n_yes n_missing n_unreadable`.
  private static func counts(_ row: [String: String]) -> String {
    ["n", "n_yes", "n_missing", "n_unreadable"].map { row[$0] ?? "" }.joined(separator: " ")
  }

  @Test func aDateThatIsNoneIsNotInForce() throws {
    var survey = Survey(
      codebook: nil,
      indicators: """
        - id: A
          title: In force
          numerator: {not: {withdrawn: {on-or-before: 2024-01-01}}}
          denominator: {id: {empty: false}}

        """, header: "id,withdrawn", rows: ["a,", "b,2023-05-01", "c,21/02/2023"])
    let row = try survey.total()
    #expect(Self.counts(row) == "2 1 0 1" && row["estimate"] == "50" && row["flag"]?.contains("unreadable") == true)
    survey.more = ""
    let run = try survey.run()
    #expect(run.status == 65)
    #expect(
      run.error.hasPrefix(
        "error: 1 of 2 answers in column withdrawn of table responses cannot be read, more than max-rejected 1%: "
          + "\"21/02/2023\" 1x\n"))
    #expect(run.error.contains("`date-format: dd/MM/yyyy`"))
  }

  @Test func whatIsDecidedCountsAndTheRestIsSaid() throws {
    // Both yes; no and blank; blank and no; yes and blank; blank; no and unreadable; yes and unreadable; blank and
    // unreadable.
    let survey = Survey(rows: ["x,x", "y,", ",y", "x,", ",", "y,?", "x,?", ",?"])
    #expect(Self.counts(try survey.total()) == "4 1 2 2")
    var any = survey
    any.indicators = "- {id: A, title: One of them, numerator: {any: [{a: x}, {b: x}]}}\n"
    // One yes decides: the first, the fourth and the seventh.
    #expect(Self.counts(try any.total()) == "3 3 3 2")
    var explicit = survey
    explicit.indicators = "- {id: A, title: Both, numerator: {a: x, b: x}, denominator: {answered: [a, b]}}\n"
    #expect(Self.counts(try explicit.total()) == "1 1 5 2")
  }

  @Test func aColumnBeyondTheLimitEndsTheRun() throws {
    var survey = Survey(more: "", rows: Array(repeating: "x,x", count: 97) + ["x,z", "x,z", "x,w"])
    let run = try survey.run()
    #expect(run.status == 65)
    #expect(
      run.error.hasPrefix(
        "error: 3 of 100 answers in column b of table responses cannot be read, more than max-rejected 1%: "
          + "\"z\" 2x, \"w\" 1x\n"))
    survey.more = "max-rejected: 3%"
    let allowed = try survey.run()
    #expect(allowed.status == 0)
    #expect(
      allowed.error.contains(
        "note: s: 3 of 100 answers in column b of responses cannot be read and are left out: \"z\" 2x, \"w\" 1x"))
    #expect(allowed.output.contains("\"n_unreadable\" : 3"))
    // Blank answers are none: the share is of those that are there.
    survey.rows = Array(repeating: "x,", count: 97) + ["x,x", "x,x", "x,z"]
    #expect(try survey.run().status == 65)
    // A column that no indicator reads does not matter.
    survey.indicators = "- {id: A, title: One, numerator: {a: x}}\n"
    let other = try survey.run()
    #expect(other.status == 0 && !other.error.contains("cannot be read"))
  }

  @Test func theKeyThatWouldReadThemIsNamed() throws {
    let codes = "questions:\n  a: {type: one, options: [\"1\", \"2\"]}\n"
    let survey = Survey(
      codebook: codes, indicators: "- {id: A, title: One, numerator: {a: \"1\"}}\n", more: "", header: "a",
      rows: ["1", "2", "1.0", "2.0", "2.0"])
    let run = try survey.run()
    #expect(run.status == 65)
    #expect(run.error.contains("3 of 5 answers in column a") && run.error.contains("\"2.0\" 2x, \"1.0\" 1x"))
    #expect(run.error.contains("`numeric-codes: true`"))
    let comma = Survey(
      codebook: "questions:\n  a: {type: number}\n",
      indicators: "- {id: A, title: Many, numerator: {a: {at-least: 38}}}\n", more: "", header: "a",
      rows: ["\"38,5\"", "40"])
    #expect(try comma.run().error.contains("`decimal: \",\"`"))
  }
}
