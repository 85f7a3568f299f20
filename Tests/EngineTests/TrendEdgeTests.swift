import Engine
import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Trends at the edges of their designs")
struct TrendEdgeTests {
  /// Two pipelines `a` (earlier) and `b` of one indicator, each with its data; answers with the rows of b's trends by
  /// basis and members.
  private func trends(
    _ earlier: (definition: String, data: String), _ later: (definition: String, data: String), columns: [String] = []
  ) async throws -> [[String]: [String: String]] {
    let directory = try TemporaryDirectory()
    try directory.write("- {id: yes, title: Yes, numerator: {q: \"1\"}}\n", to: "indicators.yaml")
    for (name, cycle, trend) in [("a", earlier, ""), ("b", later, "trend: {previous: a, overlap: psu}\n")] {
      try directory.write(
        "pipeline: \(name)\nreliability: none\nindicators: indicators.yaml\n\(trend)\(cycle.definition)\n",
        to: "\(name).yaml")
      try directory.write(cycle.data, to: "\(name).csv")
    }
    let output = directory.path(of: "out")
    _ = try await PipelineRun(name: "b", options: RunOptions(pipelines: directory.path, output: output)).run()
    let table = try SmallTable(contentsOf: "\(output)/trends.csv")
    var result: [[String]: [String: String]] = [:]
    for fields in table.rows {
      let row = Dictionary(uniqueKeysWithValues: zip(table.header, fields))
      result[(["basis"] + columns).map { row[$0] ?? "" }] = row
    }
    return result
  }

  @Test("Matched cells pair by the name of their dimension, wherever the two definitions declare it")
  func dimensionsByName() async throws {
    // 48 units, the same in both cycles; the members of both dimensions have the same codes.
    let rows = (0..<48).map { "u\($0),\($0 % 2 == 0 ? "Y" : "N"),\($0 % 3 == 0 ? "Y" : "N"),\($0 % 5 == 0 ? 1 : 0)" }
    let data = "unit,r,s,q\n" + rows.joined(separator: "\n") + "\n"
    func definition(_ name: String, _ order: [String]) -> String {
      let dimensions = order.map { "  \($0): {column: \($0)}" }.joined(separator: "\n")
      return "tables: {responses: {path: \(name).csv, unit: unit}}\ndimensions:\n\(dimensions)\ngroup-by: [[r], [s]]"
    }
    let swapped = try await trends(
      (definition("a", ["s", "r"]), data), (definition("b", ["r", "s"]), data), columns: ["r", "s"])
    #expect(swapped[["matched", "N", "_T"]]?["n_matched"] == "24")
    #expect(swapped[["matched", "_T", "Y"]]?["n_matched"] == "16")
    for row in swapped.values { #expect(row["delta"] == "0", "\(row)") }

    let lacking = try await trends(
      (definition("a", ["r"]).replacing(", [s]", with: ""), data), (definition("b", ["r", "s"]), data),
      columns: ["r", "s"])
    #expect(lacking[["matched", "_T", "_T"]]?["n_matched"] == "48")
    #expect(lacking[["matched", "N", "_T"]]?["n_matched"] == "24")
    #expect(lacking[["all", "_T", "Y"]]?["status"] == "no-data")
  }

  @Test("A count and a percentage have no difference, and no slope", arguments: [true, false])
  func otherKinds(_ isCountNow: Bool) async throws {
    let years = [("a", 2001), ("b", 2005), ("c", 2009)]
    let pipelines = try WrittenPipelines(
      years.map { name, year in
        .init(
          name: name,
          definition: """
            year: \(year)
            tables: {responses: {path: NAME.csv, unit: u}}
            reliability: none
            \(name == "c" ? "trend: {previous: b, baseline: a, overlap: psu}" : "")
            """, rows: ["u,q1,q2"] + (0..<9).map { "u\($0),\(1 + $0 % 2),1" })
      })
    let text = try pipelines.text("indicators.yaml")
    let isCount = ["a": false, "b": !isCountNow, "c": isCountNow]
    for (name, isCount) in isCount {
      try pipelines.directory.write(
        isCount ? text.replacing("{id: A,", with: "{id: A, kind: count,") : text, to: "\(name)-indicators.yaml")
      let definition = try pipelines.text("\(name).yaml")
      try pipelines.directory.write(
        definition.replacing("indicators.yaml", with: "\(name)-indicators.yaml"), to: "\(name).yaml")
    }
    let results = try await pipelines.run("c")
    let rows = results.trends.rows(["indicator": "A", "compare_to": "b"])
    #expect(rows.count == 2)
    for row in rows {
      #expect(row["delta"] == "" && row["then"] == "" && row["status"] == "not-asked")
      #expect(row["reason"] == "b has it as a \(isCountNow ? "percentage" : "count")")
    }
    let slope = try #require(results.slopes.rows(["indicator": "A"]).first)
    #expect(slope["slope"] == "" && slope["cycles"] == (isCountNow ? "c" : "a c"))
    #expect(slope["reason"]?.contains("b has it as a \(isCountNow ? "percentage" : "count")") == true)
    for row in results.trends.rows(["indicator": "B"]) { #expect(row["delta"] == "0") }
  }

  @Test("Weights that stand for fewer than the rows make no negative variance")
  func weightsBelowOne() async throws {
    let data = "q,w,N\n" + String(repeating: "1,0.1,50\n", count: 10)
    func definition(_ name: String) -> String {
      "tables: {responses: {path: \(name).csv}}\ndesign: {weight: w, population: {column: N}}"
    }
    let rows = try await trends((definition("a"), data), (definition("b"), data))
    // (1 - 0) q (1 - q) / (n + 2) for each cycle, with q = 11 / 12.
    let variance = 2 * (11.0 / 12 * 1 / 12 / 12)
    let se = try #require(Double(rows[["all"]]?["se"] ?? ""))
    #expect(areClose(se, 100 * variance.squareRoot()))
  }

  @Test("The same answers in another order are no change")
  func rounding() async throws {
    var generator = SeededGenerator(seed: 7)
    let lines = (0..<200).map { row in
      "u\(row),\(Double(Int.random(in: 100...3000, using: &generator)) / 1000),p\(row % 15),"
        + "\(Int.random(in: 0...1, using: &generator))"
    }
    func definition(_ name: String) -> String {
      "tables: {responses: {path: \(name).csv, unit: unit}}\ndesign: {weight: w, psu: p}"
    }
    for _ in 0..<5 {
      func data() -> String { "unit,w,p,q\n" + lines.shuffled(using: &generator).joined(separator: "\n") + "\n" }
      let rows = try await trends((definition("a"), data()), (definition("b"), data()))
      for basis in ["all", "matched"] {
        #expect(rows[[basis]]?["se"] == "0")
        #expect(rows[[basis]]?["p_value"] == "" && rows[[basis]]?["significance"] == "")
      }
    }
  }

  @Test("Without a unit nothing is matched, and the reason says so")
  func noUnit() async throws {
    let data = "q,N\n" + String(repeating: "1,50\n0,50\n", count: 10)
    func definition(_ name: String) -> String {
      "tables: {responses: {path: \(name).csv}}\ndesign: {population: {column: N}}"
    }
    let rows = try await trends((definition("a"), data), (definition("b"), data))
    #expect(rows[["matched"]]?["status"] == "no-data")
    #expect(rows[["matched"]]?["n_matched"] == "")
    #expect(rows[["matched"]]?["reason"]?.contains("`unit`") == true)
    #expect(rows[["all"]]?["status"] == "ok")
  }

  @Test("A member that only one of the cycles has is listed, with the reason")
  func membersOfOneCycle() async throws {
    func definition(_ name: String) -> String {
      "tables: {responses: {path: \(name).csv, unit: unit}}\ndimensions: {g: {column: g}}\ngroup-by: [[g]]"
    }
    let rows = try await trends(
      (definition("a"), "unit,g,q\n1,x,1\n2,x,0\n3,old,1\n"), (definition("b"), "unit,g,q\n1,x,1\n2,x,1\n3,new,0\n"),
      columns: ["g"])
    #expect(rows[["all", "old"]]?["status"] == "no-data")
    #expect(rows[["all", "old"]]?["n_now"] == "0")
    #expect(rows[["all", "new"]]?["status"] == "no-data")
    #expect(rows[["all", "new"]]?["n_then"] == "0")
    #expect(rows[["all", "x"]]?["status"] == "ok")
  }
}

@Suite("Counts obey their design")
struct CountDesignTests {
  private func run(_ design: String, data: String, register: String) async throws -> [String: String] {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      pipeline: survey
      tables:
        responses: {path: data.csv, unit: unit}
        units: {path: units.csv, unit: unit}
      design: \(design)
      dimensions: {area: {join: units, on: unit, column: area}}
      indicators: indicators.yaml
      """, to: "survey.yaml")
    try directory.write("- {id: yes, title: Yes, kind: count, numerator: {q: \"1\"}}\n", to: "indicators.yaml")
    try directory.write(data, to: "data.csv")
    try directory.write(register, to: "units.csv")
    let output = directory.path(of: "out")
    _ = try await PipelineRun(name: "survey", options: RunOptions(pipelines: directory.path, output: output)).run()
    let table = try SmallTable(contentsOf: "\(output)/estimates.csv")
    return Dictionary(uniqueKeysWithValues: zip(table.header, table.rows.first ?? []))
  }

  @Test("A count of a census says which strata are silent")
  func partialCount() async throws {
    let row = try await run(
      "{strata: [area], population: {table: units}, lonely-psu: adjust}",
      data: "unit,q\n1,1\n2,1\n3,0\n", register: "unit,area\n1,A\n2,A\n3,B\n4,B\n5,C\n")
    #expect(row["estimate"] == "2")
    #expect(row["flag"] == "partial")
    #expect(row["reason"] == "no report from C: covers 4 of 5 units")
  }

  @Test("A stratum with one PSU stops a count as well under fail")
  func lonelyCount() async throws {
    await #expect {
      _ = try await run(
        "{strata: [area]}", data: "unit,q\n1,1\n2,1\n3,0\n", register: "unit,area\n1,A\n2,A\n3,B\n")
    } throws: {
      ($0 as? any Failure)?.exitStatus.rawValue == 65
    }
  }
}
