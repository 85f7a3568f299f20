import Engine
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Slopes from definition to files")
struct SlopeRunTests {
  private func pipelines(
    _ cycles: [(name: String, more: String)], design: String = "{weight: w, strata: [h], psu: p}"
  ) throws -> WrittenPipelines {
    try WrittenPipelines(
      cycles.enumerated().map { place, cycle in
        .init(
          name: cycle.name, definition: UnitSample.definition(design, more: cycle.more),
          rows: UnitSample(seed: UInt64(place) + 30, units: place * 10..<place * 10 + 80).rows)
      })
  }

  private func order(_ file: ResultFile) -> [String] {
    var result: [String] = []
    for row in file.rows where result.last != row["cycle"] { result.append(row["cycle"] ?? "") }
    return result
  }

  @Test func theSlopeIsThatOfLeastSquares() async throws {
    let results = try await pipelines([
      ("a", "year: 2001"), ("b", "year: 2003.5"), ("c", "year: 2010\ntrend: {previous: b, baseline: a, overlap: psu}"),
    ]).run("c")
    let years = ["a": 2001.0, "b": 2003.5, "c": 2010.0]
    let mean = years.values.reduce(0, +) / 3
    let spread = years.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(results.slopes.rows.count == results.estimates.rows(["cycle": "c"]).count)
    var compared = 0
    var intervals = 0
    for row in results.slopes.rows where row["slope"] != "" {
      #expect(row["cycles"] == "a b c")
      var slope = 0.0
      for (cycle, year) in years {
        let estimate = try #require(
          results.estimates.rows([
            "cycle": cycle, "indicator": row["indicator"] ?? "", "g": row["g"] ?? "", "s": row["s"] ?? "",
          ]).first)
        slope += (year - mean) / spread * (try #require(estimate.number("estimate")))
      }
      compared += 1
      #expect(areClose(try #require(row.number("slope")), slope, relative: 1e-11))
      guard let low = row.number("ci_low"), let high = row.number("ci_high") else {
        #expect(row["reason"] != "" && row["p_value"] == "")
        continue
      }
      intervals += 1
      #expect(areClose((low + high) / 2, slope, relative: 1e-9))
    }
    #expect(compared > 15 && intervals > 10)
  }

  /// Two years, of which one has two cycles: the slope of independent samples is a difference of means.
  @Test func theErrorOfIndependentCycles() async throws {
    let results = try await pipelines(
      [
        ("a", "year: 0"), ("b", "year: 0"),
        ("c", "year: 2\ntrend: {previous: b, baseline: a, overlap: none}"),
      ]
    ).run("c")
    let row = try #require(results.slopes.rows.first)
    let errors = try ["a", "b", "c"].map { cycle in
      try #require(results.estimates.rows(["cycle": cycle]).first?.number("se"))
    }
    // c_k is -1/4, -1/4 and 1/2.
    let variance = (errors[0] * errors[0] + errors[1] * errors[1]) / 16 + errors[2] * errors[2] / 4
    #expect(areClose(try #require(row.number("se")), variance.squareRoot(), relative: 1e-12))
    let df = try ["a", "b", "c"].reduce(0) { sum, cycle in
      sum + (try #require(results.estimates.rows(["cycle": cycle]).first?.number("df")))
    }
    #expect(row.number("df") == df)
  }

  @Test func threeCopiesOfAPanelHaveNoSlopeAndNoError() async throws {
    let rows = UnitSample(seed: 9, units: 0..<100).rows
    let results = try await WrittenPipelines(
      (0..<3).map { year in
        .init(
          name: "c\(year)",
          definition: UnitSample.definition(
            "{weight: w, strata: [h], psu: p}",
            more: "year: \(year)" + (year == 2 ? "\ntrend: {previous: c1, baseline: c0, overlap: psu}" : "")),
          rows: rows)
      }
    ).run("c2")
    var inside = 0
    for (row, estimate) in zip(results.slopes.rows, results.estimates.rows(["cycle": "c2"]))
    where row["slope"] != "" && estimate.isInside {
      inside += 1
      #expect(abs(try #require(row.number("slope"))) < 1e-12)
      // R has NaN here: no error is no test.
      #expect(row["se"] == "0" && row["significance"] == "" && row["p_value"] == "" && row["ci_low"] == "", "\(row)")
    }
    #expect(inside > 15)
  }

  @Test func aNamedCycleWithoutAYearIsABadDefinition() async throws {
    for missing in 0..<3 {
      let cycles = ["a", "b", "c"].enumerated().map { place, name in
        (
          name: name,
          more: (place == missing ? "" : "year: \(place)\n")
            + (place == 2 ? "trend: {slope: [a, b, c], overlap: psu}" : "")
        )
      }
      let pipelines = try pipelines(cycles)
      do {
        _ = try await pipelines.run("c")
        Issue.record("nothing was thrown")
      } catch let failure as any Failure {
        #expect(failure.exitStatus == .badDefinition)
        #expect(failure.report.contains("\(cycles[missing].name) is part of a slope, but declares no `year`"))
        #expect(failure.location?.file.hasSuffix("\(cycles[missing].name).yaml") == true)
      }
    }
  }

  @Test func withoutASlopeAllCyclesThatRanCount() async throws {
    let results = try await pipelines([
      ("a", "year: 1"), ("b", "year: 2"), ("c", "year: 3\ntrend: {previous: b, baseline: a, overlap: psu}"),
    ]).run("c")
    #expect(results.slopes.rows.first?["cycles"] == "a b c")
    let two = try await pipelines([("a", "year: 1"), ("b", "year: 2\ntrend: {previous: a, overlap: psu}")]).run("b")
    #expect(two.slopes.rows.isEmpty)
    // A cycle without a year has no place on the line; it is not named, so it is no error.
    let unplaced = try await pipelines([
      ("a", ""), ("b", "year: 2"), ("c", "year: 3\ntrend: {previous: b, baseline: a, overlap: psu}"),
    ]).run("c")
    let row = try #require(unplaced.slopes.rows.first)
    #expect(row["cycles"] == "b c" && row["slope"] == "")
    #expect(row["reason"] == "a declares no `year`; fewer than three cycles have an estimate")
  }

  @Test func cyclesOfTheSlopeAloneRunLastAndHaveNoTrend() async throws {
    let results = try await pipelines([
      ("a", "year: 1"), ("b", "year: 2"), ("c", "year: 3"),
      ("d", "year: 4\ntrend: {previous: c, baseline: b, slope: [a, b, d], overlap: psu}"),
    ]).run("d")
    #expect(order(results.estimates) == ["d", "c", "b", "a"])
    #expect(Set(results.trends.rows.map { $0["compare_to"] }) == ["c", "b"])
    #expect(results.slopes.rows.allSatisfy { $0["cycles"] == "a b d" })
  }
}
