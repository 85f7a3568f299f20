import Engine
import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// A select-many question whose options stand in a column each.
@Suite("Options in columns of their own")
struct ColumnSelectionTests {
  private static let rows = [
    "id,t[BUS],t[TRAIN]", "1,Y,", "2,,Y", "3,Y,Y", "4,,", "5,,", "6,,", "7,,Y", "8,,", "9,Y,", "10,,",
  ]

  private func survey(
    _ question: String, rows: [String], indicators: String, more: String = ""
  ) throws -> WrittenPipelines {
    try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, codebook: codebook.yaml}}
            max-rejected: 50%
            reliability: none
            """, rows: rows)
      ], indicators: indicators,
      files: ["codebook.yaml": "missing: [\"\", \"NA\"]\nquestions:\n  transport: \(question)\n\(more)"])
  }

  /// By indicator, n and the percentage.
  private func estimates(_ survey: WrittenPipelines) async throws -> [String: String] {
    let results = try await survey.run("s")
    return Dictionary(
      uniqueKeysWithValues: results.estimates.rows.map {
        ($0["indicator"] ?? "", "\($0["n"] ?? "") \(Double($0["estimate"] ?? "").map { "\($0.rounded())" } ?? "")")
      })
  }

  @Test("A blank cell is no answer, or an option that was not ticked: the definition says which")
  func blank() async throws {
    let indicators = """
      - {id: A, title: Bus, numerator: {transport: bus}, denominator: {answered: transport}}
      - {id: B, title: Bus or train, numerator: {transport: [bus, train]}, denominator: {answered: transport}}
      - {id: C, title: Both, numerator: {transport: {includes-all: [bus, train]}}, denominator: {answered: transport}}
      - {id: D, title: Empty, numerator: {transport: {empty: true}}, denominator: {id: {empty: false}}}

      """
    let columns = "type: many, columns: {bus: \"t[BUS]\", train: \"t[TRAIN]\"}, ticked: [\"Y\"]"
    let missing = try survey("{\(columns)}", rows: Self.rows, indicators: indicators, more: "  id: {type: text}\n")
    #expect(try await estimates(missing) == ["A": "5 60.0", "B": "5 100.0", "C": "5 20.0", "D": "10 50.0"])
    let unticked = try survey(
      "{\(columns), blank: unticked}", rows: Self.rows, indicators: indicators, more: "  id: {type: text}\n")
    #expect(try await estimates(unticked) == ["A": "10 30.0", "B": "10 50.0", "C": "10 10.0", "D": "10 0.0"])
  }

  @Test("Each option has its codes, and what is none of them is rejected under the name of its column")
  func codes() async throws {
    let rows = ["id,a,b", "1,Y,0", "2,1,no", "3,0,1", "4,x,1", "5,NA,NA", "6,NA,0"]
    let survey = try survey(
      "{type: many, columns: {bus: a, train: b}, ticked: [\"Y\", \"1\"], unticked: [\"0\", no]}", rows: rows,
      indicators: "- {id: A, title: Bus, numerator: {transport: bus}, denominator: {answered: transport}}\n")
    let results = try await survey.run("s")
    // Row 4 has an answer, but whether it is the bus cannot be read; row 5 has none.
    #expect(results.estimates.rows.first?["n"] == "4")
    #expect(results.outcome.rejections.map { "\($0.column) \($0.line) \($0.value)" } == ["a 5 x"])
  }

  @Test("Queries give the same")
  func queries() async throws {
    var generator = SeededGenerator(seed: 21)
    func one(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
    for blank in ["missing", "unticked"] {
      let rows =
        ["id,a,b,c"]
        + (0..<200).map { "\($0),\(one(["Y", "1", "0", "", "", "x", "NA"])),\(one(["Y", "0", ""])),\(one(["1", ""]))" }
      let survey = try survey(
        "{type: many, columns: {bus: a, train: b, foot: c}, ticked: [\"Y\", \"1\"], unticked: [\"0\"], blank: \(blank)}",
        rows: rows,
        indicators: """
          - {id: A, title: Bus, numerator: {transport: bus}}
          - {id: B, title: Some, numerator: {transport: [bus, train]}}
          - {id: C, title: Both, numerator: {transport: {includes-all: [bus, foot]}}, denominator: {answered: transport}}
          - {id: D, title: Empty, numerator: {transport: {empty: true}}, denominator: {answered: transport}}

          """)
      var options = RunOptions(pipelines: survey.directory.path, output: survey.directory.path(of: "queried"))
      options.engine = DuckDB()
      let queried = try await PipelineRun(name: "s", options: options).run()
      let embedded = try await survey.run("s").outcome
      let comparison = ResultsComparison(from: embedded.results, to: queried.results)
      #expect(comparison.differences == [] && comparison.count > 20)
    }
  }
}
