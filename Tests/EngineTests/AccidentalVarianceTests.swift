import Engine
import SurveyModel
import SurveyTestSupport
import Testing

/// A variance of 0 by accident of few PSUs is no certainty (docs/statistics.md 3.3 and 3.5).
@Suite("A variance that is 0 by accident")
struct AccidentalVarianceTests {
  private static let indicators = "- {id: Y, title: y, numerator: {y: \"1\"}, denominator: {y: {empty: false}}}\n"
  private static let answers = [("A", 1), ("A", 0), ("B", 1), ("B", 1), ("C", 0), ("C", 1)]

  /// Areas are PSUs: 1.5 where another area is left out, 0 where the own one is.
  private static func rows(_ factor: (Double) -> String = { "\($0)" }, weights: [Double] = [1, 1, 1, 1, 1, 1])
    -> [String]
  {
    ["area,y,w,r1,r2,r3"]
      + answers.enumerated().map { place, answer in
        let replicates = ["A", "B", "C"].map { factor($0 == answer.0 ? 0 : 1.5 * weights[place]) }
        return "\(answer.0),\(answer.1),\(weights[place]),\(replicates.joined(separator: ","))"
      }
  }

  private static func definition(_ replicates: String, more: String = "") -> String {
    """
    tables: {responses: {path: NAME.csv}}
    design: {weight: w, replicates: {columns: "r*", \(replicates)}}
    dimensions: {area: {column: area}}
    group-by: [[area]]
    \(more)
    """
  }

  /// Case 2: R says degf 0 and NaN.
  @Test(arguments: ["type: jk1", "type: brr", "type: jkn, rscales: 0.5", "type: bootstrap", "type: jk1, df: 30"])
  func aDomainInsideOnePSUHasNoDegreesOfFreedom(_ type: String) async throws {
    // Weights of six digits, with which the replicates differ by rounding.
    let uneven = [1.2345678, 2.7182818, 3.1415926, 0.5772156, 1.4142135, 1.7320508]
    for rows in [
      Self.rows(), Self.rows(weights: uneven),
      Self.rows({ "\(($0 * 1e6).rounded() / 1e6)" }, weights: uneven),
    ] {
      let found = try await WrittenPipelines.run(Self.definition(type), rows, indicators: Self.indicators)
      let estimates = found.estimates
      #expect(estimates.rows[0]["df"] == "2" && estimates.rows[0]["ci_low"] != "")
      for row in estimates.rows.dropFirst() {
        #expect(row["df"] == "0" && row["se"] == "" && row["ci_low"] == "" && row["ci_high"] == "", "\(row)")
        #expect(row["reason"]?.contains("no degrees of freedom") == true)
      }
    }
  }

  @Test func changesOfSuchDomainsHaveNoTest() async throws {
    let pipelines = try WrittenPipelines(
      [
        .init(name: "then", definition: Self.definition("type: jk1", more: "year: 1"), rows: Self.rows()),
        .init(name: "mid", definition: Self.definition("type: jk1", more: "year: 2"), rows: Self.rows()),
        .init(
          name: "now",
          definition: Self.definition("type: jk1", more: "year: 3\ntrend: {previous: then, slope: [then, mid, now]}"),
          rows: Self.rows().map { $0.replacing("A,0", with: "A,1").replacing("C,0,", with: "C,0,") } + [
            "A,0,1,0,1.5,1.5"
          ]),
      ], indicators: Self.indicators)
    let found = try await pipelines.run("now")
    for row in found.trends.rows + found.slopes.rows where row["area"] == "A" {
      for column in ["ci_low", "ci_high", "p_value", "p_adjusted", "significance"] {
        #expect(row[column] == "", "\(column): \(row)")
      }
      #expect(row["reason"] != "")
    }
  }

  /// Two strata whose PSUs all have the same share: V = 0 with 4 degrees of freedom.
  private static func even(_ share: Int) -> [String] {
    ["h,p,y"]
      + (0..<2).flatMap { h in
        (0..<3).flatMap { p in (0..<20).map { "h\(h),p\(p),\($0 < share ? 1 : 0)" } }
      }
  }

  private static func strata(_ more: String) -> String {
    "tables: {responses: {path: NAME.csv}}\ndesign: {strata: h, psu: p}\n\(more)"
  }

  @Test func anEstimateKeepsItsErrorAndHasNoInterval() async throws {
    let row = try await WrittenPipelines.run(Self.strata(""), Self.even(8), indicators: Self.indicators).estimates.rows[
      0]
    #expect(row["estimate"] == "40" && row["se"] == "0" && row["df"] == "4")
    for column in ["ci_low", "ci_high", "level", "method", "deff", "n_eff"] { #expect(row[column] == "", "\(column)") }
    #expect(row["flag"]?.split(separator: " ").contains("review-no-variance") == true)
    #expect(row["reason"]?.contains("variance is 0") == true)
    // At 0 % the interval stays: it rests on n.
    let zero = try await WrittenPipelines.run(Self.strata(""), Self.even(0), indicators: Self.indicators).estimates
      .rows[0]
    #expect(zero["ci_high"] != "" && zero["n_eff"] == "120")
  }

  @Test(arguments: ["psu", "none"])
  func aChangeWithSuchAnEndHasNoTest(_ overlap: String) async throws {
    let pipelines = try WrittenPipelines(
      [
        .init(name: "then", definition: Self.strata("year: 1"), rows: Self.even(8)),
        .init(name: "mid", definition: Self.strata("year: 2"), rows: Self.even(10)),
        .init(
          name: "now",
          definition: Self.strata("year: 3\ntrend: {previous: then, slope: [then, mid, now], overlap: \(overlap)}"),
          rows: Self.even(12)),
      ], indicators: Self.indicators)
    let found = try await pipelines.run("now")
    let change = found.trends.rows[0]
    #expect(areClose(try #require(change.number("delta")), 20) && change["status"] == "ok")
    for row in [change, found.slopes.rows[0]] {
      for column in ["ci_low", "ci_high", "p_value", "p_adjusted", "significance"] {
        #expect(row[column] == "", "\(column): \(row)")
      }
      #expect(row["reason"]?.contains("variance") == true, "\(row)")
    }
  }

  /// Every unit changes by as much: the matched difference has no variance, and that is no proof.
  @Test func aChangeWithoutVarianceHasNoMark() async throws {
    let design = "tables: {responses: {path: NAME.csv, unit: u}}\ndesign: {psu: p}\n"
    func rows(_ shares: [Int]) -> [String] {
      ["u,p,y"]
        + shares.enumerated().flatMap { p, share in (0..<10).map { "u\(p * 10 + $0),p\(p),\($0 < share ? 1 : 0)" } }
    }
    let found = try await WrittenPipelines(
      [
        .init(name: "then", definition: design, rows: rows([2, 4, 6])),
        .init(name: "now", definition: design + "trend: {previous: then, overlap: psu}", rows: rows([4, 6, 8])),
      ], indicators: Self.indicators
    ).run("now")
    for row in found.trends.rows {
      #expect(row["delta"] == "20" || row.number("delta").map { abs($0 - 20) < 1e-9 } == true)
      #expect(row["se"] == "0" && row["df"] == "2" && row["n_linked"] == "3", "\(row)")
      #expect(row["ci_low"] == "" && row["p_value"] == "" && row["significance"] == "", "\(row)")
      #expect(row["reason"]?.contains("variance is 0") == true)
    }
  }
}
