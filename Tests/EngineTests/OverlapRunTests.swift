import Engine
import Export
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Overlap, breaks and degrees of freedom from definition to files")
struct OverlapRunTests {
  private static let indicators = "- {id: Y, title: y, numerator: {y: \"1\"}, denominator: {y: {empty: false}}MORE}\n"

  /// Two strata of clusters that are numbered from 1 in every wave.
  private static func wave(seed: UInt64, clusters: ClosedRange<Int> = 1...12) -> [String] {
    var generator = SeededGenerator(seed: seed)
    return ["stratum,cluster,unit,area,y"]
      + (1...2).flatMap { stratum in
        clusters.flatMap { cluster in
          let share = Double.random(in: 0...1, using: &generator)
          return (0..<10).map { row in
            let yes = Double.random(in: 0..<1, using: &generator) < share
            return "\(stratum),\(cluster),u\(stratum)-\(cluster)-\(row),a\(cluster % 2),\(yes ? 1 : 0)"
          }
        }
      }
  }

  private static func definition(
    year: Int, design: String = "{strata: stratum, psu: cluster}", table: String = "", more: String = ""
  ) -> String {
    """
    year: \(year)
    tables: {responses: {path: NAME.csv\(table)}}
    design: \(design)
    dimensions: {area: {column: area}}
    group-by: [[area]]
    reliability: none
    \(more)
    """
  }

  private static func run(
    _ trend: String, design: String = "{strata: stratum, psu: cluster}", table: String = "", indicator: String = "",
    last: ClosedRange<Int> = 1...12
  ) async throws -> WrittenPipelines.Results {
    try await WrittenPipelines(
      [
        .init(name: "a", definition: definition(year: 2001, design: design, table: table), rows: wave(seed: 1)),
        .init(name: "b", definition: definition(year: 2005, design: design, table: table), rows: wave(seed: 2)),
        .init(
          name: "c", definition: definition(year: 2012, design: design, table: table, more: "trend: {\(trend)}"),
          rows: wave(seed: 3, clusters: last)),
      ], indicators: indicators.replacing("MORE", with: indicator)
    ).run("c")
  }

  // MARK: - Overlap

  @Test(arguments: ["previous: b", "baseline: a", "slope: [a, b, c]"])
  func overlapMustBeDeclaredWhereSomethingCouldLink(_ trend: String) async throws {
    for (design, table, key) in [
      ("{strata: stratum, psu: cluster}", "", "psu"), ("{}", ", unit: unit", "unit"),
      ("{psu: cluster}", ", unit: unit", "psu"),
    ] {
      do {
        _ = try await Self.run(trend, design: design, table: table)
        Issue.record("\(trend) ran without overlap")
      } catch let error as any Failure {
        #expect(error.exitStatus == .badDefinition)
        #expect(error.report.contains("`\(key)`"), "\(error.report)")
        #expect(error.advice?.contains("overlap: psu") == true && error.advice?.contains("overlap: none") == true)
      }
    }
    // Nothing could link, or nothing is asked.
    _ = try await Self.run(trend, design: "{strata: stratum}")
    _ = try await Self.run("adjust: holm")
  }

  /// Case 5: the same numbers of clusters, which are other clusters.
  @Test func newSamplesAreIndependent() async throws {
    let none = try await Self.run("previous: b, overlap: none")
    let psu = try await Self.run("previous: b, overlap: psu")
    let separate = try await WrittenPipelines(
      [.init(name: "c", definition: Self.definition(year: 1), rows: Self.wave(seed: 3))],
      indicators: Self.indicators.replacing("MORE", with: "")
    ).run("c").estimates.rows
    for (row, own) in zip(none.trends.rows(["basis": "all"]), separate) {
      let then = try #require(none.estimates.rows(["cycle": "b", "area": row["area"] ?? ""]).first?.number("se"))
      let now = try #require(own.number("se"))
      #expect(areClose(try #require(row.number("se")), (then * then + now * now).squareRoot()))
      #expect(row["n_linked"] == "0" && row["df"] == (row["area"] == "_T" ? "44" : "20"))
    }
    for row in psu.trends.rows(["basis": "all"]) {
      #expect(
        row["n_linked"] == (row["area"] == "_T" ? "24" : "12") && row["df"] == (row["area"] == "_T" ? "22" : "10"))
    }
    #expect(none.outcome.results.record.links?.map(\.psusInBoth) == [0])
    #expect(
      psu.outcome.results.record.links == [
        RunRecord.LinkRecord(cycle: "c", compareTo: "b", overlap: "psu", psusNow: 24, psusThen: 24, psusInBoth: 24)
      ])
  }

  @Test func linkedPSUsAreCounted() async throws {
    let found = try await Self.run("previous: b, slope: [a, b, c], overlap: psu", last: 9...20)
    #expect(
      found.outcome.results.record.links?.map { [$0.compareTo, "\($0.psusInBoth)", "\($0.psusNow)"] } == [
        ["b", "8", "24"], ["a", "8", "24"],
      ])
    #expect(found.trends.rows(["basis": "all"]).map { $0["n_linked"] } == ["8", "4", "4"])
    let units = try await Self.run("previous: b, overlap: psu", design: "{}", table: ", unit: unit", last: 9...20)
    #expect(units.outcome.results.record.links?.first?.psusInBoth == 80)
    #expect(units.trends.rows.allSatisfy { $0["n_linked"] == $0["n_matched"] && $0["n_linked"] != "" })
    // Nothing links rows without an id.
    let rows = try await Self.run("previous: b", design: "{strata: stratum}")
    #expect(rows.outcome.results.record.links == [] && rows.trends.rows.allSatisfy { $0["n_linked"] == "" })
  }

  // MARK: - Breaks

  @Test func nothingIsComputedAcrossABreak() async throws {
    let trend = "previous: b, baseline: a, slope: [a, b, c], overlap: psu"
    let found = try await Self.run(
      trend, table: ", unit: unit",
      indicator: ", comparability: {a -> b: {break: \"another frame\"}, b -> c: \"a new wording\"}")
    let plain = try await Self.run(trend, table: ", unit: unit")
    for row in found.trends.rows {
      if row["compare_to"] == "b" {
        let other = plain.trends.rows(row.filter { ["role", "basis", "area"].contains($0.key) })
        #expect(row["status"] == "ok" && row["delta"] == other[0]["delta"] && row["comparability"] == "a new wording")
        continue
      }
      #expect(row["status"] == "break" && row["reason"] == "break a -> b: another frame", "\(row)")
      for column in ["delta", "se", "ci_low", "ci_high", "df", "p_value", "p_adjusted", "significance"] {
        #expect(row[column] == "", "\(column): \(row)")
      }
    }
    for row in found.slopes.rows {
      #expect(row["slope"] == "" && row["se"] == "" && row["significance"] == "")
      #expect(row["reason"] == "break a -> b: another frame" && row["cycles"] == "a b c")
    }
    #expect(found.estimates.rows == plain.estimates.rows)
    // The words of every form.
    let results = found.outcome.results
    #expect(results.indicators[0].breaks == ["b": "break a -> b: another frame"])
    #expect(results.indicators[0].segments == [["a"], ["b", "c"]])
    let text = ResultsMarkdown(results).text
    #expect(text.contains("| break |") && text.contains("the series is interrupted"))
  }

  @Test func aBreakOfCyclesThatDidNotRunStandsInTheWay() async throws {
    // The year of b is known from its definition alone.
    let found = try await Self.run("baseline: a, overlap: psu", indicator: ", comparability: {b -> c: {break: \"x\"}}")
    #expect(found.trends.rows.allSatisfy { $0["status"] == "break" })
    let before = try await Self.run("previous: b, overlap: psu", indicator: ", comparability: {a -> b: {break: \"x\"}}")
    #expect(before.trends.rows(["basis": "all"]).allSatisfy { $0["status"] == "ok" })
  }

  // MARK: - Degrees of freedom

  @Test func degreesOfFreedomOfTheDesignAreThoseOfTheWholeSample() async throws {
    let design = "{strata: stratum, psu: cluster, df: design}"
    let trend = "previous: b, slope: [a, b, c], overlap: "
    for (overlap, change, slope) in [("psu", "22", "22"), ("none", "44", "66")] {
      let found = try await Self.run(trend + overlap, design: design)
      let domain = try await Self.run(trend + overlap)
      #expect(found.estimates.rows.allSatisfy { $0["df"] == "22" })
      #expect(found.trends.rows(["basis": "all"]).allSatisfy { $0["df"] == change })
      #expect(found.slopes.rows.allSatisfy { $0["df"] == slope })
      for (row, other) in zip(found.estimates.rows, domain.estimates.rows) {
        #expect(row["se"] == other["se"] && row["estimate"] == other["estimate"])
        guard row["area"] != "_T" else { continue }
        #expect(try #require(row.number("ci_low")) > #require(other.number("ci_low")), "more df, a narrower interval")
      }
    }
    // Part of the PSUs in both: the union of the samples.
    let some = try await Self.run("previous: b, overlap: psu", design: design, last: 9...20)
    #expect(some.trends.rows(["basis": "all"]).map { $0["df"] } == ["38", "38", "38"])
  }

  @Test func aCellWithoutDegreesOfFreedomHasNoneOfTheDesign() async throws {
    let rows = ["h,p,area,y", "1,1,x,1", "1,1,x,0", "1,2,y,1", "1,3,y,0", "2,1,y,1", "2,2,y,0"]
    let definition = """
      tables: {responses: {path: NAME.csv}}
      design: {strata: h, psu: p, df: design}
      dimensions: {area: {column: area}}
      group-by: [[area]]
      """
    let found = try await WrittenPipelines.run(
      definition, rows, indicators: Self.indicators.replacing("MORE", with: ""))
    #expect(found.estimates.rows.map { $0["df"] } == ["3", "0", "3"])
    #expect(found.estimates.rows[1]["ci_low"] == "")
  }
}
