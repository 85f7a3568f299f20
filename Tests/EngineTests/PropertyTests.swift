import Engine
import SurveyModel
import SurveyTestSupport
import Testing

/// What must stay the same, or change in a known way, when a survey is written down in another way.
@Suite("Properties of whole runs")
struct PropertyTests {
  static let designs = [
    "{weight: w, strata: [h], psu: p}", "{weight: w, strata: [h]}", "{weight: w, psu: p}", "{weight: w}",
  ]

  private func scaled(_ sample: UnitSample, by factor: Double) -> UnitSample {
    var result = sample
    for index in result.units.indices { result.units[index].weight *= factor }
    return result
  }

  private func trend(_ then: UnitSample, _ now: UnitSample, _ design: String) async throws -> WrittenPipelines.Results {
    try await WrittenPipelines([
      .init(name: "then", definition: UnitSample.definition(design), rows: then.rows),
      .init(
        name: "now", definition: UnitSample.definition(design, more: "trend: {previous: then, overlap: psu}"),
        rows: now.rows),
    ]).run("now")
  }

  @Test(arguments: designs) func theScaleOfTheWeightsDoesNotMatter(_ design: String) async throws {
    let (then, now) = (UnitSample(seed: 1), UnitSample(seed: 2, units: 20..<110))
    let before = try await trend(then, now, design)
    // A power of 2 changes no bit.
    let doubled = try await trend(scaled(then, by: 0.25), scaled(now, by: 4), design)
    #expect(before.estimates.differences(from: doubled.estimates, relative: 0) == [])
    #expect(before.trends.differences(from: doubled.trends, relative: 0) == [])
    let other = try await trend(scaled(then, by: 1000), scaled(now, by: 0.37), design)
    #expect(before.estimates.differences(from: other.estimates, relative: 1e-9) == [])
    #expect(before.trends.differences(from: other.trends, relative: 1e-9) == [])
    #expect(before.estimates.rows.count > 50 && before.trends.rows.count > 50)
  }

  @Test func halvesOfARowInItsPSUAreTheRow() async throws {
    let design = UnitSample.definition("{weight: w, strata: [h], psu: p}", table: "delimiter: \",\"")
    let whole = UnitSample(seed: 3)
    var halves = whole
    halves.units = whole.units.flatMap { unit in
      var half = unit
      half.weight = unit.weight / 2
      return [half, half]
    }
    let before = try await WrittenPipelines.run(design, whole.rows).estimates
    let after = try await WrittenPipelines.run(design, halves.rows).estimates
    #expect(before.rows.count == after.rows.count)
    var compared = 0
    for (one, two) in zip(before.rows, after.rows) where one["status"] == "ok" {
      #expect(two.number("n") == 2 * (one.number("n") ?? -1))
      #expect(two.number("n_yes") == 2 * (one.number("n_yes") ?? -1))
      #expect(one["df"] == two["df"])
      let columns = one.isInside ? ["estimate", "se", "n_eff", "ci_low", "ci_high"] : ["estimate", "se"]
      for column in columns where one[column] != two[column] {
        compared += 1
        let (a, b) = (try #require(one.number(column)), try #require(two.number(column)))
        #expect(areClose(a, b, relative: 1e-11), "\(column): \(a), \(b)")
      }
    }
    #expect(before.rows.count { $0.isInside && $0["se"] != "" } > 20)
  }

  @Test(arguments: designs) func theOrderOfTheRowsMattersOnlyToRounding(_ design: String) async throws {
    var generator = SeededGenerator(seed: 5)
    let (then, now) = (UnitSample(seed: 4), UnitSample(seed: 5, units: 10..<95))
    let before = try await trend(then, now, design)
    var (otherThen, otherNow) = (then, now)
    otherThen.units.shuffle(using: &generator)
    otherNow.units.shuffle(using: &generator)
    let after = try await trend(otherThen, otherNow, design)
    #expect(before.estimates.differences(from: after.estimates) == [])
    // p-values near 1 and differences near 0 are judged by the scale of what they are differences of.
    #expect(before.trends.differences(from: after.trends, relative: 1e-10) == [])
  }

  @Test func membersAddUpToTheTotal() async throws {
    for seed in UInt64(1)...3 {
      let survey = try SmallSurvey(seed: seed)
      try await survey.run()
      let file = try ResultFile(survey.directory.path(of: "out/estimates.csv"))
      for cycle in ["now", "then"] {
        for indicator in ["A", "B"] {
          let rows = file.rows(["cycle": cycle, "indicator": indicator])
          let total = try #require(rows.first { $0["region"] == "_T" && $0["sector"] == "_T" })
          let groupings = [
            rows.filter { $0["region"] != "_T" && $0["sector"] == "_T" },
            rows.filter { $0["region"] == "_T" && $0["sector"] != "_T" },
            rows.filter { $0["region"] != "_T" && $0["sector"] != "_T" },
          ]
          for grouping in groupings {
            #expect(grouping.count > 2)
            for column in ["n", "n_yes"] {
              #expect(grouping.reduce(0) { $0 + ($1.number(column) ?? 0) } == total.number(column))
            }
          }
        }
      }
    }
  }

  @Test func threadsMakeNoDifferenceToABit() async throws {
    var cycles: [WrittenPipelines.Cycle] = []
    for year in 0..<4 {
      let trend = year == 3 ? "\ntrend: {previous: c2, baseline: c0, slope: [c0, c1, c2, c3], overlap: psu}" : ""
      cycles.append(
        WrittenPipelines.Cycle(
          name: "c\(year)", definition: UnitSample.definition(Self.designs[0], more: "year: \(year)\(trend)"),
          rows: UnitSample(seed: UInt64(year), units: year * 8..<80 + year * 8).rows))
    }
    let pipelines = try WrittenPipelines(cycles)
    _ = try await pipelines.run("c3", to: "one", threads: 1)
    _ = try await pipelines.run("c3", to: "four", threads: 4)
    for file in ["estimates.csv", "trends.csv", "slopes.csv", "rejected.csv"] {
      let text = try pipelines.text("one/\(file)")
      #expect(text == (try pipelines.text("four/\(file)")), "\(file)")
      if file != "rejected.csv" { #expect(text.split(separator: "\n").count > 30) }
    }
  }
}

@Suite("Strata without an answer")
struct EmptyStratumTests {
  /// Reports of Parties, whose population is a register by region.
  private func run(parties: [String]) async throws -> ResultFile {
    let survey = try SmallSurvey(seed: 6)
    let text = try survey.text("data/parties.csv") + parties.map { $0 + "\n" }.joined()
    try survey.directory.write(text, to: "data/parties.csv")
    try await survey.run()
    return try ResultFile(survey.directory.path(of: "out/estimates.csv"))
  }

  @Test func aUnitOutsideThePopulationMakesNoStratum() async throws {
    let before = try await run(parties: [])
    // The count of the register's own indicator has one row more, and a region.
    let after = try await run(parties: ["X1,ZZZ,no"])
    func shares(_ file: ResultFile) -> [[String: String]] { file.rows.filter { $0["indicator"] != "C" } }
    #expect(shares(before) == shares(after))
  }

  @Test func aStratumThatNobodySpeaksForChangesNoShare() async throws {
    let before = try await run(parties: [])
    let after = try await run(parties: ["X1,ZZZ,yes", "X2,ZZZ,yes"])
    for indicator in ["A", "B"] {
      for row in before.rows(["cycle": "now", "indicator": indicator]) {
        let place = row.filter { ["cycle", "indicator", "region", "sector"].contains($0.key) }
        let other = try #require(after.rows(place).first)
        for column in ["n", "n_yes", "estimate", "se", "df", "ci_low", "ci_high"] {
          #expect(row[column] == other[column], "\(place) \(column)")
        }
        let isTotal = row["region"] == "_T"
        #expect(other["flag"]?.contains("partial") == (isTotal && row["status"] == "ok"), "\(place)")
        if isTotal, row["sector"] == "_T" { #expect(row["population"] == "35" && other["population"] == "37") }
      }
      let own = try #require(
        after.rows(["cycle": "now", "indicator": indicator, "region": "ZZZ", "sector": "_T"]).first)
      #expect(own["status"] == "no-data" && own["n"] == "0" && own["population"] == "2" && own["estimate"] == "")
      #expect(own["reason"] == "no report from ZZZ")
    }
  }

  @Test(arguments: ["{weight: w, strata: [h], psu: p}", "{weight: w, strata: [h]}"])
  func aStratumOfWeightZeroChangesNothing(_ design: String) async throws {
    let sample = UnitSample(seed: 7)
    let empty = (0..<6).map { "x\($0),h9,p\($0 % 3),0,g\($0 % 5),s\($0 % 2),\($0 % 2),1" }
    let definition = UnitSample.definition(design)
    let before = try await WrittenPipelines.run(definition, sample.rows).estimates
    let after = try await WrittenPipelines.run(definition, sample.rows + empty).estimates
    #expect(before.rows == after.rows)
    #expect(before.rows.count > 30)
  }

  /// The PSU counts in n_h: the stratum's other PSUs now have a factor n / (n - 1) of one more.
  @Test func aPSUOfWeightZeroCounts() async throws {
    let definition = "tables: {responses: {path: NAME.csv}}\ndesign: {weight: w, psu: p}\nreliability: none"
    let indicators = "- {id: A, title: First, numerator: {q: \"1\"}}\n"
    let rows = ["q,w,p", "1,1,a", "0,1,b", "0,1,c"]
    func se(_ rows: [String]) async throws -> Double {
      let row = try await WrittenPipelines.run(definition, rows, indicators: indicators).estimates.rows[0]
      #expect(row["df"] == "2" && row["n"] == "3")
      return try #require(row.number("se"))
    }
    let (before, after) = (try await se(rows), try await se(rows + ["1,0,d"]))
    #expect(areClose(before * before / 1.5, after * after / (4.0 / 3), relative: 1e-12))
  }
}

@Suite("A cycle and its copy, and a panel without gaps")
struct PanelTests {
  private func trends(
    _ then: [String], _ now: [String], _ design: String, files: [String: String] = [:], tables: String = ""
  ) async throws -> ResultFile {
    func definition(_ more: String) -> String {
      "tables:\n  responses: {path: NAME.csv, unit: u}\n\(tables)design: \(design)\n\(UnitSample.dimensions)\(more)"
    }
    return try await WrittenPipelines(
      [
        .init(name: "then", definition: definition(""), rows: then),
        .init(name: "now", definition: definition("trend: {previous: then, overlap: psu}"), rows: now),
      ], files: files
    ).run("now").trends
  }

  static let designs = [
    "{weight: w, strata: [h], psu: p}", "{weight: w, psu: p}", "{weight: w, strata: [h]}", "{weight: w}", "{}",
    "{strata: [h], population: {table: frame}}", "{population: {table: frame}}",
  ]

  /// 150 units, of which 90 answer.
  private let frame = (0..<150).reduce("u,h\n") { $0 + "u\($1),h\($1 % 3)\n" }

  private func run(_ then: UnitSample, _ now: UnitSample, _ design: String) async throws -> ResultFile {
    let hasFrame = design.contains("frame")
    return try await trends(
      then.rows, now.rows, design, files: hasFrame ? ["frame.csv": frame] : [:],
      tables: hasFrame ? "  frame: {path: frame.csv, unit: u}\n" : "")
  }

  @Test(arguments: designs) func aCopyIsNoChange(_ design: String) async throws {
    let sample = UnitSample(seed: 8)
    let trends = try await run(sample, sample, design)
    var inside = 0
    for row in trends.rows where row["status"] == "ok" {
      #expect(row["delta"] == "0", "\(row)")
      #expect(row["n_then"] == row["n_now"] && row["n_matched"] == row["n_now"])
      guard row.isInside, row["se"] != "" else { continue }
      inside += 1
      #expect(row["se"] == "0" && row["significance"] != "up" && row["significance"] != "down", "\(row)")
      // Nothing varies: that is no certainty, and there is nothing to test.
      #expect(row["ci_low"] == "" && row["ci_high"] == "" && row["p_value"] == "", "\(row)")
    }
    #expect(inside > 40)
  }

  @Test(arguments: designs) func matchedIsAllWhereEverybodyAnsweredTwice(_ design: String) async throws {
    for seed in UInt64(1)...2 {
      let then = UnitSample(seed: seed, answering: 1)
      let now = UnitSample(seed: seed + 50, answering: 1)
      let trends = try await run(then, now, design)
      let (all, matched) = (trends.rows(["basis": "all"]), trends.rows(["basis": "matched"]))
      #expect(all.count == matched.count && all.count > 30)
      var errors = 0
      for (one, two) in zip(all, matched) {
        for column in ["indicator", "g", "s", "status", "n_then", "n_now", "n_matched", "df", "significance"] {
          #expect(one[column] == two[column], "\(column)")
        }
        for column in ["then", "now", "delta", "se", "ci_low", "ci_high", "p_value"] {
          guard let a = one.number(column), let b = two.number(column) else {
            #expect(one[column] == two[column], "\(column): \(one) \(two)")
            continue
          }
          if column == "se", a > 0 { errors += 1 }
          #expect(areClose(a, b, relative: 1e-8), "\(column): \(a), \(b)")
        }
      }
      #expect(errors > 20)
    }
  }
}
