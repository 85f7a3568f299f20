import Export
import SurveyTestSupport
import Testing

/// A selection leaves rows out and changes none.
struct SelectionTests {
  private let results = SampleResults().results

  @Test func theGroupingsOfARunAreThoseOfItsRows() {
    #expect(results.groupings == [["region"], ["sector"], ["region", "sector"]])
  }

  @Test func aGroupingThatWasAskedForAndHasNoRowsWasRun() throws {
    var results = results
    results.record.options.groupings = [["sector", "region"]]
    results.estimates.removeAll { !$0.isTotal }
    #expect(results.groupings == [["region", "sector"]])
    #expect(try results.selecting(groupings: [["region", "sector"]]).estimates.allSatisfy(\.isTotal))
  }

  @Test func theTotalIsAlwaysThere() throws {
    let selection = try results.selecting(groupings: [["region"]])
    #expect(Set(selection.estimates.map(\.members)) == [[nil, nil], ["AFR", nil], ["APA", nil]])
    #expect(Set(selection.trends.map(\.members)) == [[nil, nil], ["AFR", nil], ["APA", nil]])
    #expect(Set(selection.slopes.map(\.members)) == [[nil, nil], ["AFR", nil], ["APA", nil]])
    #expect(selection.cells == [[nil, nil], ["AFR", nil], ["APA", nil]])
  }

  @Test func noGroupingIsTheTotalAloneAndNothingSaidIsEverything() throws {
    #expect(try results.selecting(groupings: []).cells == [[nil, nil]])
    let everything = try results.selecting(groupings: nil)
    #expect(everything.estimates == results.estimates)
    #expect(everything.trends == results.trends)
    #expect(everything.slopes == results.slopes)
  }

  @Test func theNamesOfACrossingMayStandInAnyOrder() throws {
    let selection = try results.selecting(groupings: [["sector", "region"]])
    #expect(selection.cells.count == 5)
    #expect(selection.cells.dropFirst().allSatisfy { $0[0] != nil && $0[1] != nil })
  }

  @Test func rowsStayAsTheyAre() throws {
    let selection = try results.selecting(groupings: [["region"], ["sector"]], indicators: ["A.2"])
    #expect(selection.indicators.map(\.id) == ["A.2"])
    #expect(selection.slopes.isEmpty)
    #expect(
      selection.estimates
        == results.estimates.filter { $0.indicator == "A.2" && $0.grouping.count < 2 })
    #expect(selection.dimensionNames == results.dimensionNames)
  }

  @Test func cellsStandInTheOrderOfTheLabels() {
    var results = results
    results.estimates.reverse()
    #expect(results.cells[0] == [nil, nil])
    #expect(results.cells.filter { $0[0] != nil && $0[1] == nil } == [["AFR", nil], ["APA", nil]])
  }

  @Test func aCellIsCalledByItsLabels() {
    var results = results
    #expect(results.label(of: [nil, nil]) == "Total")
    #expect(results.label(of: ["AFR", "env"]) == "Africa, Environment")
    #expect(results.label(of: ["_U", nil]) == "region _U")
    results.dimensions[0].name = "Region"
    #expect(results.label(of: ["XYZ", "agr"]) == "Region XYZ, Farming")
  }

  @Test func aGroupingThatWasNotRun() {
    var results = results
    results.estimates.removeAll { $0.grouping == [0, 1] }
    expectFailure(
      #"""
      error: the results of now are not broken down by sector,region
        they have region; sector; `pipeline run now --by sector,region` makes this breakdown
      """#
    ) { () throws(SelectionError) in _ = try results.selecting(groupings: [["sector", "region"]]) }
    results.estimates.removeAll { !$0.isTotal }
    expectFailure(
      #"""
      error: the results of now are not broken down by region
        they have the total alone; `pipeline run now --by region` makes this breakdown
      """#
    ) { () throws(SelectionError) in _ = try results.selecting(groupings: [["region"]]) }
  }

  @Test func namesThatDoNotExist() {
    expectFailure(
      #"""
      error: there is no dimension "regoin"; did you mean "region"?
        the definition lists its dimensions under `dimensions`
      """#
    ) { () throws(SelectionError) in _ = try results.selecting(groupings: [["regoin"]]) }
    expectFailure(
      #"""
      error: the results have no indicator "A.3"; did you mean "A.1"?
        `pipeline show NAME` lists the indicators; a run with --indicator has those alone
      """#
    ) { () throws(SelectionError) in _ = try results.selecting(groupings: nil, indicators: ["A.1", "A.3"]) }
  }

  private func expectFailure(_ report: String, _ select: () throws(SelectionError) -> Void) {
    do {
      try select()
      Issue.record("no failure")
    } catch {
      #expect(error.report == report)
      #expect(error.exitStatus == .usage)
    }
  }
}
