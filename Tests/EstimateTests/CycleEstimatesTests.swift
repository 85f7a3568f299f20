import Estimate
import OrderedCollections
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("All estimates of a cycle")
struct CycleEstimatesTests {
  /// Two dimensions, one with labels; rows lie in (b, x), (b, y), (z, x) and (_U, y).
  private static func cycle(groupings: [[String]], indicators: [Indicator]) -> SurveyCycle {
    SurveyCycle(
      name: "now", title: "Now", cycle: "now",
      tables: ["responses": TableDefinition(name: "responses", paths: ["r.csv"])],
      dimensions: [
        "region": Dimension(name: "region", source: .column("region"), labels: ["c": "C", "b": "B"]),
        "sector": Dimension(name: "sector", source: .column("sector")),
      ], groupings: groupings, design: SampleDesign(lonelyPSU: .adjust), indicators: indicators)
  }

  private static let rule = IndicatorRule(numerator: .answered(["Q"]), denominator: .answered(["Q"]))
  private static let asked = Indicator(id: "I", title: "I", table: "responses", rule: .asked(rule))
  private static let notAsked = Indicator(
    id: "J", title: "J", table: "responses", rule: .notAsked(reason: "the form had no such question"))

  private static let rows = UnitKind(table: "responses", rollUp: .none)

  private static func sums(dimensions: Set<Int> = [0, 1]) -> CycleSums {
    let cells: [[String?]] = [
      [nil, nil], ["b", nil], ["z", nil], ["_U", nil], [nil, "x"], [nil, "y"], ["b", "x"], ["b", "y"], ["z", "x"],
      ["_U", "y"],
    ]
    let total = PSUTotal(psu: 0, rows: 2, rowsYes: 1, weight: 2, weightYes: 1)
    return CycleSums(
      places: [CycleSums.IndicatorPlace(units: rows, index: 0), nil],
      tables: [
        rows: TableSums(
          design: .sample, strata: [Stratum(name: "all")], psus: [PrimarySamplingUnit(stratum: 0, id: "1")],
          isSampled: [true], sampledPSUs: [1], knownPSUs: [],
          cells: Dictionary(uniqueKeysWithValues: cells.enumerated().map { (Cell(members: $1), $0) }),
          totals: cells.map { _ in [.byPSU([total])] }, dimensions: dimensions)
      ])
  }

  @Test func cellsStandInTheOrderOfTheLabelsAndAfterThemByBytes() throws {
    let estimates = try CycleEstimates(
      cycle: Self.cycle(groupings: [["region"], ["sector"]], indicators: [Self.asked, Self.notAsked]),
      sums: Self.sums())
    let members = estimates.all.filter { $0.indicator == 0 }.map(\.cell.printedMembers)
    #expect(
      members == [
        ["_T", "_T"], ["c", "_T"], ["b", "_T"], ["_U", "_T"], ["z", "_T"], ["_T", "x"], ["_T", "y"],
      ])
  }

  @Test func crossingsAreCrossedInFull() throws {
    let estimates = try CycleEstimates(
      cycle: Self.cycle(groupings: [["region", "sector"]], indicators: [Self.asked, Self.notAsked]), sums: Self.sums())
    let rows = estimates.all.filter { $0.indicator == 0 }
    #expect(rows.count == 1 + 4 * 2)
    #expect(rows[1].cell.printedMembers == ["c", "x"])
    #expect(rows[1].estimate.status == .noData)
    #expect(rows[3].cell.printedMembers == ["b", "x"])
    #expect(rows[3].estimate.status == .ok)
  }

  @Test func aTableWithoutADimensionHasOnlyTheTotalThere() throws {
    let estimates = try CycleEstimates(
      cycle: Self.cycle(groupings: [["region"], ["sector"], ["region", "sector"]], indicators: [Self.asked]),
      sums: Self.sums(dimensions: [1]))
    #expect(estimates.all.map(\.cell.printedMembers) == [["_T", "_T"], ["_T", "x"], ["_T", "y"]])
  }

  @Test func anIndicatorThatWasNotAskedSaysWhyInEveryCell() throws {
    let estimates = try CycleEstimates(
      cycle: Self.cycle(groupings: [["sector"]], indicators: [Self.asked, Self.notAsked]), sums: Self.sums())
    let rows = estimates.all.filter { $0.indicator == 1 }
    #expect(rows.count == 3)
    for row in rows {
      #expect(row.estimate.status == .notAsked)
      #expect(row.estimate.reason == "the form had no such question")
      #expect(row.estimate.value == nil)
      #expect(row.estimate.interval == nil)
    }
  }

  @Test func anIntervalOfTheRunReplacesTheDefinitions() throws {
    let cycle = Self.cycle(groupings: [], indicators: [Self.asked, Self.notAsked])
    let own = try CycleEstimates(cycle: cycle, sums: Self.sums())
    let other = try CycleEstimates(
      cycle: cycle, sums: Self.sums(), interval: IntervalRequest(method: .beta, level: 0.5))
    #expect(own.estimators[0]?.level == 0.95)
    #expect(other.estimators[0]?.level == 0.5)
  }
}
