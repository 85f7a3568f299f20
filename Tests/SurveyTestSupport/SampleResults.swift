import Export
import Foundation
import OrderedCollections
import SurveyModel

/// Invented results of a small survey, for the tests of the formats: three cycles, a percentage, a count and an
/// indicator that was not asked, by region, by sector and by both.
public struct SampleResults {
  /// Words that a format might run, read as markup or choke on.
  public static let hostileLabels = [
    "=HYPERLINK(\"http://example.org\")", "</script><b>&amp;", "'; DROP TABLE estimates; --",
    "\u{202E}right to left\u{202C}", "a\u{0}b\u{1B}[31m", String(repeating: "long ", count: 2000), "| pipe | `tick`",
    "line\nbreak", "+1+1", "@sum", "-2+3",
  ]

  /// The label of region `AFR`.
  public var regionLabel = "Africa"
  /// The title of indicator `A.1`.
  public var title = "Measures in place"

  public init() {}

  public init(label: String) {
    regionLabel = label
    title = label
  }

  public var results: Results {
    let definitions = [("now", 2019.0), ("then", 2015), ("first", 2011)].map { cycle(name: $0.0, year: $0.1) }
    return Results(
      definitions: definitions, filter: ResultsFilter(), record: record(definitions),
      estimates: definitions.enumerated().map { age, cycle in estimates(of: cycle, age: Double(age)) },
      trends: trends(of: definitions), slopes: slopes(of: definitions))
  }

  // MARK: - The definitions

  private func cycle(name: String, year: Double) -> SurveyCycle {
    let rule = IndicatorRule(
      numerator: .oneOf(column: "Q1", codes: ["yes"]), denominator: .answered(["Q1"]))
    let codebook = Codebook(questions: [
      "Q1": Question(key: "Q1", type: .one, options: ["yes", "no"], label: "Are measures in place?")
    ])
    return SurveyCycle(
      name: name, title: "The cycle of \(Int(year))", cycle: name, year: year,
      tables: ["responses": TableDefinition(name: "responses", paths: ["responses.csv"], codebook: codebook)],
      dimensions: [
        "region": Dimension(
          name: "region", source: .column("region"), labels: ["AFR": regionLabel, "APA": "Asia and the Pacific"]),
        "sector": Dimension(
          name: "sector", source: .column("sector"), labels: ["env": "Environment", "agr": "Farming"]),
      ],
      groupings: [["region"], ["sector"], ["region", "sector"]],
      trend: TrendRequest(previous: name == "now" ? "then" : nil, baseline: name == "now" ? "first" : nil),
      indicators: [
        Indicator(
          id: "A.1", title: title, goal: "A", unit: "party", table: "responses", rule: .asked(rule),
          comparability: [CyclePair(then: "then", now: "now"): "the words changed"], note: "A note."),
        Indicator(
          id: "A.2", title: "Records", goal: "A", kind: .count, unit: "record", table: "responses", rule: .asked(rule)),
        Indicator(
          id: "B.1", title: "Something new", goal: "B", unit: "party", table: "responses",
          rule: .notAsked(reason: "the form had no such question")),
      ])
  }

  private func record(_ definitions: [SurveyCycle]) -> RunRecord {
    var rows = RowAccounting()
    rows.read = 12
    rows.used = 10
    rows.superseded = 1
    rows.rejected = 1
    let roles = ["main", "previous", "baseline"]
    return RunRecord(
      pipeline: "now", title: "The cycle of 2019", version: "1.0", started: Date(timeIntervalSince1970: 1_700_000_000),
      finished: Date(timeIntervalSince1970: 1_700_000_001), hostCores: 2,
      options: RunRecord.Options(
        indicators: [], groupings: nil, method: nil, level: nil, threads: 2, strict: false, engine: .local),
      definitions: [RunRecord.FileRecord(path: "Pipelines/now.yaml", bytes: 10, hash: "00ff")],
      cycles: zip(definitions, roles).map { cycle, role in
        RunRecord.CycleRecord(
          name: cycle.name, role: role,
          tables: [
            RunRecord.TableRecord(
              table: "responses",
              files: [RunRecord.FileRecord(path: "\(cycle.name).csv", bytes: 100, hash: "ab12")], accounting: rows,
              answersRejected: 2, superseded: [])
          ],
          strata: [
            RunRecord.StratumRecord(name: "AFR", members: ["region": "AFR"], sampled: 6, population: 8),
            RunRecord.StratumRecord(name: "APA", members: ["region": "APA"], sampled: 4, population: 7),
          ], isCensus: true, readSeconds: 0.25)
      }, outputs: [], timings: ["estimate": 0.5])
  }

  // MARK: - The numbers

  private static let cells: [[String?]] = [
    [nil, nil], ["AFR", nil], ["APA", nil], [nil, "env"], [nil, "agr"], ["AFR", "env"], ["AFR", "agr"],
    ["APA", "env"], ["APA", "agr"],
  ]

  /// By position of the cell, in a cycle so many cycles ago; as in real results, no two are alike.
  private static func share(_ place: Int, age: Double) -> Double { (0.72 - 0.06 * age) - Double(place) * 0.031 }

  private func estimates(of cycle: SurveyCycle, age: Double) -> [CellEstimate] {
    cycle.indicators.enumerated().flatMap { index, indicator in
      Self.cells.enumerated().map { place, members in
        CellEstimate(
          cycle: cycle.name, indicator: index, cell: Cell(members: members),
          estimate: estimate(indicator, place: place, age: age))
      }
    }
  }

  private func estimate(_ indicator: Indicator, place: Int, age: Double) -> IndicatorEstimate {
    if case .notAsked(let reason) = indicator.rule { return IndicatorEstimate(status: .notAsked, reason: reason) }
    if place == 8 { return IndicatorEstimate(status: .noData, reason: "no row in the denominator") }
    if place == 7 { return IndicatorEstimate(status: .ok, n: 2, nYes: 1).suppressed(minimumCell: 3) }
    var result = IndicatorEstimate(status: .ok, n: 90 - place * 7, nYes: 60 - place * 6)
    guard indicator.kind == .percentage else {
      result.value = Double(result.nYes)
      return result
    }
    let share = Self.share(place, age: age)
    result.value = share
    result.population = place < 3 ? 15 : nil
    result.standardError = 0.03125
    result.interval = (share - 0.0625)...(share + 0.0625)
    result.level = 0.95
    result.method = "wilson"
    result.degreesOfFreedom = 40 - place
    result.designEffect = 1.25
    result.effectiveSize = 64
    if place == 1 { result.flags = [.partial] }
    if place == 6 {
      result.flags = [.notShown, .reviewDF]
      result.reason = "too few"
    }
    return result
  }

  private func trends(of definitions: [SurveyCycle]) -> [CellTrend] {
    let main = definitions[0]
    return [(definitions[1], TrendRole.previous, 1.0), (definitions[2], .baseline, 2.0)].flatMap { then, role, age in
      TrendBasis.allCases.flatMap { basis in
        main.indicators.indices.flatMap { index in
          Self.cells.enumerated().map { place, members in
            trend(main, index, then: then, role: role, basis: basis, place: place, members: members, age: age)
          }
        }
      }
    }
  }

  private func trend(
    _ main: SurveyCycle, _ index: Int, then: SurveyCycle, role: TrendRole, basis: TrendBasis, place: Int,
    members: [String?], age: Double
  ) -> CellTrend {
    let indicator = main.indicators[index]
    var row = CellTrend(
      cycle: main.name, compareTo: then.name, role: role, basis: basis, indicator: index, cell: Cell(members: members),
      status: indicator.rule.asked == nil ? .notAsked : place > 6 ? .noData : .ok)
    guard row.status == .ok, indicator.kind == .percentage else { return row }
    row.nThen = 80
    row.nNow = 90
    row.nMatched = 70
    row.then = Self.share(place, age: age)
    row.now = Self.share(place, age: 0)
    row.delta = 0.06 * age
    row.standardError = 0.03125
    row.interval = (0.06 * age - 0.0625)...(0.06 * age + 0.0625)
    row.degreesOfFreedom = 60
    row.pValue = 0.0625 / age
    row.adjustedPValue = 0.125 / age
    row.significance = age > 1 ? .up : .noChange
    row.comparability = role == .previous ? "the words changed" : nil
    return row
  }

  private func slopes(of definitions: [SurveyCycle]) -> [CellSlope] {
    Self.cells.prefix(7).map { members in
      var row = CellSlope(indicator: 0, cell: Cell(members: members), cycles: ["first", "then", "now"])
      row.slope = 0.015
      row.standardError = 0.0078125
      row.interval = 0...0.03
      row.degreesOfFreedom = 60
      row.pValue = 0.0625
      row.adjustedPValue = 0.25
      row.significance = .noChange
      return row
    }
  }
}
