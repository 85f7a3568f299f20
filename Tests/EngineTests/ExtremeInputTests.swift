import Engine
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Numbers and names at the edge of what can be computed")
struct ExtremeInputTests {
  private static let indicators = "- {id: A, title: First, numerator: {q: \"1\"}}\n"

  private func definition(_ design: String, more: String = "") -> String {
    "tables: {responses: {path: NAME.csv, unit: u}}\ndesign: \(design)\nreliability: none\nmax-rejected: 100%\n\(more)"
  }

  /// Their squares would be infinite, or 0, and with them every standard error.
  @Test(arguments: ["1e308", "1e101", "1e-101", "1e-320"])
  func aWeightThatCannotBeSquaredRejectsItsRow(_ weight: String) async throws {
    let good = ["u,w,q", "a,1,1", "b,2,0", "c,0,1", "d,1e100,1", "e,1e-100,0"]
    let before = try await WrittenPipelines.run(definition("{weight: w}"), good, indicators: Self.indicators)
    let after = try await WrittenPipelines.run(
      definition("{weight: w}"), good + ["f,\(weight),1", "g,\(weight),0"], indicators: Self.indicators)
    #expect(before.estimates.rows == after.estimates.rows)
    #expect(
      after.outcome.rejections.map(\.reason)
        == Array(repeating: "the weight must be 0, or between 1e-100 and 1e100", count: 2))
  }

  @Test(arguments: ["{weight: w}", "{weight: w, psu: p}", "{weight: w, replicates: {columns: [p, r], type: brr}}"])
  func theLargestWeightsHaveAnError(_ design: String) async throws {
    let rows = try await WrittenPipelines.run(
      definition(design),
      ["u,w,q,p,r"] + (0..<6).map { "u\($0),1e100,\([1, 1, 0, 0, 1, 0][$0]),\($0 / 2 + 1)e99,\(7 - $0)e99" },
      indicators: Self.indicators
    ).estimates.rows
    #expect(areClose(try #require(rows[0].number("estimate")), 50))
    #expect(rows[0].number("se") != nil && rows[0].number("ci_low") != nil)
  }

  @Test func noChangeAtALevelOfNearlyOne() async throws {
    let sample = UnitSample(seed: 1)
    let trends = try await WrittenPipelines(
      ["then", "now"].map { name in
        .init(
          name: name,
          definition: UnitSample.definition(
            "{weight: w}",
            more: "interval: {level: 0.9999999999999999}"
              + (name == "now" ? "\ntrend: {previous: then, overlap: psu}" : "")),
          rows: sample.rows)
      }
    ).run("now").trends
    #expect(trends.rows[0]["se"] == "0" && trends.rows[0]["ci_low"] == "" && trends.rows[0]["ci_high"] == "")
  }

  /// "é" as one code point and as two: other bytes, the same text, and so the same stratum and the same member.
  @Test func twoSpellingsOfATextAreOneName() async throws {
    func rows(_ one: String, _ two: String) -> [String] {
      ["u,h,N,q"] + (0..<8).map { "u\($0),\($0 % 2 == 0 ? one : two),30,\($0 / 4)" }
    }
    let design = definition(
      "{strata: [h], population: {column: N}}", more: "dimensions: {h: {column: h}}\ngroup-by: [[h]]\n")
    let results = try await WrittenPipelines.run(
      design, rows("\u{E9}", "e\u{301}"), indicators: Self.indicators)
    let expected = try await WrittenPipelines.run(design, rows("\u{E9}", "\u{E9}"), indicators: Self.indicators)
    #expect(results.estimates.rows == expected.estimates.rows)
    #expect(results.estimates.rows.map { $0["n"] } == ["8", "8"])
  }

  @Test(arguments: ["1e16", "1e300"]) func aPopulationBeyondCountingIsRefused(_ size: String) async throws {
    let refused = await status {
      _ = try await WrittenPipelines.run(
        definition("{strata: [h], population: {column: N}, lonely-psu: adjust}"),
        ["u,h,N,q", "a,x,10,1", "b,x,10,0", "c,y,\(size),", "d,y,\(size),"], indicators: Self.indicators)
    }
    #expect(refused == .unacceptableData)
  }

  @Test func yearsFarApartMakeNoTrap() async throws {
    let sample = UnitSample(seed: 2)
    let slopes = try await WrittenPipelines(
      [("a", "-1e200"), ("b", "0"), ("c", "1e200\ntrend: {previous: b, baseline: a, overlap: psu}")].map { name, year in
        .init(name: name, definition: UnitSample.definition("{weight: w}", more: "year: \(year)"), rows: sample.rows)
      }
    ).run("c").slopes
    #expect(slopes.rows[0]["slope"] == "0")
  }

  @Test func cyclesThatRollUpDifferentlyAreNotMatchedAndSaySo() async throws {
    let rows = ["u,q", "a,1", "b,0", "c,1", "d,0"]
    let trends = try await WrittenPipelines(
      [
        .init(name: "then", definition: definition("{}"), rows: rows),
        .init(
          name: "now",
          definition: definition("{}", more: "trend: {previous: then, overlap: psu}")
            .replacingOccurrences(of: "unit: u", with: "unit: u, roll-up: any"), rows: rows),
      ], indicators: Self.indicators
    ).run("now").trends
    #expect(trends.rows(["basis": "all"])[0]["status"] == "ok")
    let matched = trends.rows(["basis": "matched"])[0]
    #expect(matched["status"] == "no-data" && matched["n_matched"] == "")
    #expect(matched["reason"] == "the two cycles count different units: their tables or roll-ups differ")
  }
}
