import Export
import SurveyTestSupport
import Testing

/// A selection leaves rows out and changes none.
struct SelectionTests {
  private let results = SampleResults().results

  @Test func theGroupingsOfARunAreThoseOfItsRows() {
    #expect(results.groupings == [["region"], ["sector"], ["region", "sector"]])
  }

  @Test func theTotalIsAlwaysThere() {
    let selection = results.selecting(groupings: [["region"]])
    #expect(Set(selection.estimates.map(\.members)) == [[nil, nil], ["AFR", nil], ["APA", nil]])
    #expect(Set(selection.trends.map(\.members)) == [[nil, nil], ["AFR", nil], ["APA", nil]])
    #expect(Set(selection.slopes.map(\.members)) == [[nil, nil], ["AFR", nil], ["APA", nil]])
    #expect(selection.cells == [[nil, nil], ["AFR", nil], ["APA", nil]])
  }

  @Test func noGroupingIsTheTotalAloneAndNothingSaidIsEverything() {
    #expect(results.selecting(groupings: []).cells == [[nil, nil]])
    let everything = results.selecting(groupings: nil)
    #expect(everything.estimates == results.estimates)
    #expect(everything.trends == results.trends)
    #expect(everything.slopes == results.slopes)
  }

  @Test func theNamesOfACrossingMayStandInAnyOrder() {
    let selection = results.selecting(groupings: [["sector", "region"]])
    #expect(selection.cells.count == 5)
    #expect(selection.cells.dropFirst().allSatisfy { $0[0] != nil && $0[1] != nil })
  }

  @Test func rowsStayAsTheyAre() {
    let selection = results.selecting(groupings: [["region"], ["sector"]], indicators: ["A.2"])
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
}
