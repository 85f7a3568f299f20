import Export
import SurveyTestSupport
import Testing

@testable import SDMX

/// What stands in `data.csv` for each row of the results.
struct ObservationTests {
  private let data: DataRows

  init() throws {
    data = DataRows(try SDMXFiles(SampleResults().results))
  }

  private static let total = ["REF_AREA": "_T", "SECTOR": "_T", "INDICATOR": "A$2E1", "TIME_PERIOD": "2019"]

  private func row(_ measure: String, _ more: [String: String] = [:]) throws -> [String: String] {
    let rows = data.rows(Self.total.merging(["MEASURE": measure]) { $1 }.merging(more) { $1 })
    try #require(rows.count == 1, "\(rows.count) rows")
    return rows[0]
  }

  @Test func theColumns() {
    #expect(
      data.header == [
        "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "SECTOR", "INDICATOR", "MEASURE", "COMPARED_WITH",
        "BASIS", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "UNIT_MULT", "STAT_UNIT",
        "CI_METHOD", "CI_LEVEL", "FLAG", "COMMENT_OBS",
      ])
    #expect(data.rows.allSatisfy { $0["STRUCTURE"] == "dataflow" && $0["STRUCTURE_ID"] == "PIPELINE:DF_NOW(1.0)" })
    #expect(data.rows.allSatisfy { $0["FREQ"] == "A4" && $0["ACTION"] == "I" })
  }

  @Test func anEstimateIsARowForEachOfItsNumbers() throws {
    let value = try row("VALUE")
    #expect(value["OBS_VALUE"] == "72")
    #expect(value["OBS_STATUS"] == "A")
    #expect(value["UNIT_MEASURE"] == "PT")
    #expect(value["STAT_UNIT"] == "party")
    #expect(value["COMPARED_WITH"] == "_Z")
    #expect(value["BASIS"] == "_Z")
    #expect(try row("SE")["OBS_VALUE"] == "3.125")
    #expect(try row("SE")["UNIT_MEASURE"] == "PP")
    #expect(try row("CI_LOW")["OBS_VALUE"] == "65.75")
    #expect(try row("CI_HIGH")["CI_METHOD"] == "wilson")
    #expect(try row("CI_HIGH")["CI_LEVEL"] == "0.95")
    #expect(try row("N")["OBS_VALUE"] == "90")
    #expect(try row("N_YES")["UNIT_MEASURE"] == "NUMBER")
    #expect(data.rows(Self.total.merging(["COMPARED_WITH": "_Z"]) { $1 }).count == 6)
  }

  @Test func everyCycleHasItsYear() throws {
    #expect(
      try row("VALUE", ["TIME_PERIOD": "2015"])["OBS_VALUE"].flatMap(Double.init).map { abs($0 - 66) < 1e-9 } == true)
    #expect(Set(data.rows.map { $0["TIME_PERIOD"] ?? "" }) == ["2011", "2015", "2019"])
  }

  @Test func aCountIsANumber() throws {
    let value = try row("VALUE", ["INDICATOR": "A$2E2"])
    #expect(value["OBS_VALUE"] == "60")
    #expect(value["UNIT_MEASURE"] == "NUMBER")
  }

  @Test func whyThereIsNoValue() throws {
    let suppressed = try row("VALUE", ["REF_AREA": "APA", "SECTOR": "env"])
    #expect(suppressed["OBS_VALUE"] == "")
    #expect(suppressed["OBS_STATUS"] == "Q")
    #expect(suppressed["CONF_STATUS"] == "C")
    let missing = try row("VALUE", ["REF_AREA": "APA", "SECTOR": "agr"])
    #expect(missing["OBS_STATUS"] == "O")
    #expect(missing["CONF_STATUS"] == "F")
    let notAsked = try row("VALUE", ["INDICATOR": "B$2E1"])
    #expect(notAsked["OBS_STATUS"] == "L")
    #expect(notAsked["COMMENT_OBS"] == "the form had no such question")
    #expect(data.rows(["REF_AREA": "APA", "SECTOR": "env", "MEASURE": "N"]).isEmpty)
  }

  @Test func flagsAreKeptAndActedOn() throws {
    let value = try row("VALUE", ["REF_AREA": "AFR", "SECTOR": "agr"])
    #expect(value["OBS_STATUS"] == "U")
    #expect(value["FLAG"] == "not-shown review-df")
    #expect(value["COMMENT_OBS"] == "too few")
    #expect(value["OBS_VALUE"] != "")
    #expect(try row("N", ["REF_AREA": "AFR", "SECTOR": "agr"])["OBS_STATUS"] == "A")
  }

  @Test func aChangeSaysWithWhatItCompares() throws {
    let previous = try row("CHANGE", ["COMPARED_WITH": "2015", "BASIS": "ALL"])
    #expect(previous["OBS_VALUE"] == "6")
    #expect(previous["UNIT_MEASURE"] == "PP")
    #expect(previous["OBS_STATUS"] == "D")
    #expect(previous["COMMENT_OBS"] == "the words changed")
    let baseline = try row("CHANGE", ["COMPARED_WITH": "2011", "BASIS": "MATCHED"])
    #expect(baseline["OBS_VALUE"] == "12")
    #expect(baseline["OBS_STATUS"] == "A")
    #expect(try row("CHANGE_P", ["COMPARED_WITH": "2015", "BASIS": "ALL"])["UNIT_MEASURE"] == "PURE_NUMB")
  }

  @Test func aChangeWithoutANumberIsMissing() throws {
    let change = try row("CHANGE", ["INDICATOR": "A$2E2", "COMPARED_WITH": "2011", "BASIS": "ALL"])
    #expect(change["OBS_VALUE"] == "")
    #expect(change["OBS_STATUS"] == "O")
  }

  @Test func aSlopeLeadsFromTheFirstCycleToTheLast() throws {
    let slope = try row("SLOPE", ["COMPARED_WITH": "2011", "BASIS": "ALL"])
    #expect(slope["OBS_VALUE"] == "1.5")
    #expect(slope["UNIT_MEASURE"] == "PP_A")
  }

  @Test func aCycleThatIsPreviousAndBaselineIsComparedOnce() throws {
    var results = SampleResults().results
    results.trends += results.trends.filter { $0.role == .previous }.map { row in
      var row = row
      row.role = .baseline
      return row
    }
    #expect(try SDMXFiles(results).data == SDMXFiles(SampleResults().results).data)
  }

  @Test func slopesWithoutCyclesAndNumbersThatAreNoneAreLeftOut() throws {
    var results = SampleResults().results
    results.slopes[0].cycles = "now"
    results.estimates[0].standardError = .nan
    results.estimates[0].estimate = .infinity
    let data = DataRows(try SDMXFiles(results))
    #expect(data.rows(Self.total.merging(["MEASURE": "SLOPE"]) { $1 }).isEmpty)
    #expect(data.rows(Self.total.merging(["MEASURE": "SE"]) { $1 }).isEmpty)
    #expect(data.rows(Self.total.merging(["MEASURE": "VALUE"]) { $1 }).first?["OBS_STATUS"] == "O")
  }
}
