import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

/// The examples by hand in docs/statistics.md, run as surveys. Numbers are compared as the document prints them.
@Suite("The examples of docs/statistics.md")
struct WorkedExampleTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try directory.write("- {id: yes, title: Share of yes, numerator: {q: yes}}\n", to: "indicators.yaml")
  }

  /// Writes a survey of rows `unit,stratum,weight,q,...` and runs it.
  private func run(
    _ name: String, design: String, rows: [String], columns: String = "unit,stratum,weight,q", more: String = "",
    method: IntervalMethod? = nil
  ) async throws {
    try write(name, design: design, rows: rows, columns: columns, more: more)
    let options = RunOptions(pipelines: directory.path, output: directory.path(of: "out"), method: method)
    _ = try await PipelineRun(name: name, options: options).run()
  }

  private func write(
    _ name: String, design: String, rows: [String], columns: String = "unit,stratum,weight,q", more: String = ""
  ) throws {
    try directory.write(([columns] + rows).joined(separator: "\n") + "\n", to: "\(name).csv")
    try directory.write(
      """
      pipeline: \(name)
      tables: {responses: {path: \(name).csv, unit: unit}}
      design: {\(design)}
      reliability: none
      indicators: indicators.yaml
      \(more)

      """, to: "\(name).yaml")
  }

  private func row(_ file: String = "estimates.csv", where matches: ([String: String]) -> Bool = { _ in true }) throws
    -> [String: String]
  {
    try #require(try ResultFile(directory.path(of: "out/\(file)")).rows.first(where: matches))
  }

  /// A number of a row on the 0..1 scale, with so many digits.
  private func text(_ row: [String: String], _ column: String, _ digits: Int, scale: Double = 0.01) throws -> String {
    String(format: "%.\(digits)f", try #require(Double(row[column] ?? "")) * scale)
  }

  private static let exampleA = ["1,1,1,yes", "2,1,1,yes", "3,1,1,no", "4,2,1,yes", "5,2,1,no", "6,2,1,no"]

  @Test func theWeightedShare() async throws {
    try await run("a", design: "weight: weight", rows: ["1,1,3,yes", "2,1,1,yes", "3,1,1,no"])
    let row = try row()
    #expect(try text(row, "estimate", 0, scale: 1) == "80")
    #expect((row["n"], row["n_yes"]) == ("3", "2"))
  }

  @Test(arguments: [("any", "100"), ("all", "0"), ("majority", "0")])
  func threeReportsOfAParty(rollUp: String, expected: String) async throws {
    try directory.write(
      "- {id: yes, title: Share of yes, roll-up: \(rollUp), numerator: {q: yes}}\n", to: "indicators.yaml")
    try await run("a", design: "", rows: ["1,1,1,yes", "1,1,1,no", "1,1,1,", "2,1,1,"])
    #expect(try row()["estimate"] == expected)
    #expect(try row()["n"] == "1")
  }

  @Test func exampleA() async throws {
    try await run("a", design: "strata: [stratum]", rows: Self.exampleA)
    let row = try row()
    #expect(try text(row, "se", 4) == "0.2357")
    #expect(row["df"] == "4")
    #expect(try text(row, "deff", 4, scale: 1) == "1.1111")
    #expect(try text(row, "n_eff", 1, scale: 1) == "4.5")
  }

  @Test(arguments: [
    (IntervalMethod.wilson, "10.3", "89.7"), (.wald, "0.0", "100.0"), (.logit, "6.8", "93.2"),
    (.arcsine, "1.7", "98.3"), (.beta, "6.4", "93.6"), (.agrestiCoull, "14.7", "85.3"), (.jeffreys, "11.9", "88.1"),
    (.likelihood, "3.3", "96.7"),
  ])
  func intervalsOfExampleA(method: IntervalMethod, low: String, high: String) async throws {
    try await run("a", design: "strata: [stratum]", rows: Self.exampleA, method: method)
    let row = try row()
    #expect(try text(row, "ci_low", 1, scale: 1) == low)
    #expect(try text(row, "ci_high", 1, scale: 1) == high)
    let document = try String(contentsOfFile: "\(projectDirectory)/docs/statistics.md", encoding: .utf8)
    let line = document.split(separator: "\n").first { $0.hasPrefix("    \(method.rawValue) ") }
    #expect(line?.hasSuffix("\(low) % to \(high) %") == true)
  }

  @Test(arguments: [("certainty", "0.2020"), ("adjust", "0.2111"), ("average", "0.2474")])
  func aLonelyPSU(rule: String, expected: String) async throws {
    try await run("a", design: "strata: [stratum], lonely-psu: \(rule)", rows: Self.exampleA + ["7,3,1,yes"])
    #expect(try text(try row(), "se", 4) == expected)
  }

  @Test func halfSamples() async throws {
    let rows = ["1,1,1,yes,2,2,0,0", "2,1,1,no,0,0,2,2", "3,2,1,yes,2,0,2,0", "4,2,1,yes,0,2,0,2"]
    try await run(
      "a", design: "weight: weight, replicates: {columns: \"r?\", type: brr}", rows: rows,
      columns: "unit,stratum,weight,q,r1,r2,r3,r4")
    #expect(try text(try row(), "se", 4) == "0.2500")
    #expect(try row()["df"] == "2")
    try await run("a", design: "strata: [stratum]", rows: rows, columns: "unit,stratum,weight,q,r1,r2,r3,r4")
    #expect(try text(try row(), "se", 4) == "0.2500")
  }

  @Test func aCensusWithNonResponse() async throws {
    let rows = ["1,1,5,yes", "2,1,5,yes", "3,1,5,no", "4,2,4,yes", "5,2,4,no", "6,2,4,no", "7,2,4,no"]
    try await run("a", design: "strata: [stratum], population: {column: weight}", rows: rows)
    let row = try row()
    #expect(try text(row, "estimate", 4) == "0.4815")
    #expect(try text(row, "se", 4) == "0.1171")
    #expect(row["df"] == "5")
  }

  @Test func fourPSUsInBothCycles() async throws {
    try write("then", design: "", rows: ["1,1,1,no", "2,1,1,no", "3,1,1,yes", "4,1,1,yes"])
    try await run(
      "now", design: "", rows: ["1,1,1,yes", "2,1,1,no", "3,1,1,yes", "4,1,1,yes"],
      more: "trend: {previous: then, overlap: psu}")
    for basis in ["all", "matched"] {
      let row = try row("trends.csv") { $0["basis"] == basis }
      #expect(try text(row, "delta", 2) == "0.25")
      #expect(try text(row, "se", 4) == "0.2500")
      #expect(row["df"] == "3")
      #expect(try text(row, "p_value", 3, scale: 1) == "0.391")
    }
  }

  /// The factors are those of the example; V of each cycle is that of ten answers.
  @Test func aSlopeOfThreeCycles() async throws {
    func rows(_ yes: Int) -> [String] { (0..<10).map { "\($0),1,1,\($0 < yes ? "yes" : "no")" } }
    try write("a", design: "", rows: rows(3), more: "year: 2010")
    try write("b", design: "", rows: rows(4), more: "year: 2014")
    try await run(
      "c", design: "", rows: rows(6), more: "year: 2020\ntrend: {previous: b, baseline: a, overlap: none}")
    let row = try row("slopes.csv")
    #expect(row["cycles"] == "a b c")
    #expect(try text(row, "slope", 2, scale: 1) == "3.03")
    // V of each cycle is p (1 - p) / 9.
    let factors = [-0.09210526, -0.01315789, 0.10526316]
    let variance = zip(factors, [0.3, 0.4, 0.6]).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * (1 - $1.1) / 9 }
    #expect(try text(row, "se", 6) == String(format: "%.6f", variance.squareRoot()))
    #expect(row["df"] == "27")
  }

  @Test func theSmallestOtherCellGoesToo() async throws {
    let regions = Array(repeating: "a", count: 9) + Array(repeating: "b", count: 8) + Array(repeating: "c", count: 3)
    try await run(
      "a", design: "", rows: regions.enumerated().map { "\($0),\($1),1,\($0 % 2 == 0 ? "yes" : "no")" },
      more: "dimensions: {stratum: {column: stratum}}\ngroup-by: [[stratum]]\nmin-cell: 5")
    let file = try ResultFile(directory.path(of: "out/estimates.csv"))
    #expect(file.rows.map { $0["status"] } == ["ok", "ok", "suppressed", "suppressed"])
    #expect(file.rows.map { $0["n"] } == ["20", "9", "", ""])
    #expect(file.rows.suffix(2).allSatisfy { row in ["estimate", "se", "ci_low", "df"].allSatisfy { row[$0] == "" } })
  }
}
